#include "server/body.h"

#include "geo/base/text.h"

#include <jansson.h>
#include <string.h>

static enum err take_text(struct request *request, const struct body_field *field,
                          const json_t *value)
{
    if (!json_is_string(value))
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name, "must be text");
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    if (!text_utf8_valid(text, len))
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be UTF-8 without NUL");
    int64_t characters = (int64_t)text_utf8_count(text, len);
    if (characters < field->min || characters > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must have %lld to %lld characters", (long long)field->min,
                           (long long)field->max);
    const char *copy = arena_strndup(request->arena, text, len);
    if (!copy) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    *field->text = copy;
    return ERR_OK;
}

static enum err take_int(struct request *request, const struct body_field *field,
                         const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < field->min ||
        json_integer_value(value) > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be a whole number from %lld to %lld", (long long)field->min,
                           (long long)field->max);
    *field->number = json_integer_value(value);
    return ERR_OK;
}

static enum err take_field(struct request *request, const struct body_field *field,
                           const json_t *root)
{
    const json_t *value = json_object_get(root, field->name);
    if (!value || json_is_null(value)) {
        if (!field->required) return ERR_OK;
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name, "is missing");
    }
    return field->type == BODY_TEXT ? take_text(request, field, value)
                                    : take_int(request, field, value);
}

static enum err refuse_strangers(struct request *request, const struct body_field *fields,
                                 size_t count, json_t *root)
{
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || strcmp(key, fields[i].name) == 0;
        if (!known) return problem_say(request->problem, PROBLEM_PARAMETER, key, "unknown field");
    }
    return ERR_OK;
}

enum err body_read(struct request *request, const struct body_field *fields, size_t count)
{
    json_error_t fault;
    json_t *root = json_loadb(request->body_len ? request->body : "", request->body_len,
                              JSON_REJECT_DUPLICATES, &fault);
    enum err e = ERR_OK;
    if (!root)
        return problem_say(request->problem, PROBLEM_BODY, NULL,
                           "the body is not JSON: %s (line %d, column %d)", fault.text, fault.line,
                           fault.column);
    if (!json_is_object(root))
        e = problem_say(request->problem, PROBLEM_BODY, NULL, "the body must be a JSON object");
    if (!e) e = refuse_strangers(request, fields, count, root);
    for (size_t i = 0; !e && i < count; i++)
        e = take_field(request, &fields[i], root);
    json_decref(root);
    return e;
}

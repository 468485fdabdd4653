#include "data/kinds.h"

#include "geo/base/moment.h"
#include "geo/base/text.h"

#include <string.h>

enum { LINE_MAX_CHARS = 300, TEXT_MAX_CHARS = 4000 };

const char *kinds_answer_name(enum kinds_answer type)
{
    static const char *const names[KINDS_ANSWERS] = {
        "string", "text", "number", "datetime", "singlevaluelist", "multivaluelist"};
    return names[type];
}

const struct kinds_question *kinds_question(const struct kinds_category *category, const char *code)
{
    for (size_t i = 0; i < category->question_count; i++)
        if (strcmp(category->questions[i].code, code) == 0) return &category->questions[i];
    return NULL;
}

static bool is_plain(const char *text, size_t max, bool lines)
{
    size_t n = strlen(text);
    if (!text_utf8_valid(text, n) || text_utf8_count(text, n) > max) return false;
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 && !(lines && strchr("\r\n\t", *text))) return false;
    return true;
}

static bool is_value(const struct kinds_question *question, const char *text)
{
    for (size_t i = 0; i < question->value_count; i++)
        if (strcmp(question->values[i].code, text) == 0) return true;
    return false;
}

/* Whether a value has the form that its question wants; otherwise what that is. */
static bool fits(const struct kinds_question *question, const char *value, const char **form)
{
    double number;
    int64_t ms;
    switch (question->type) {
    case KINDS_STRING:
        *form = "one line of at most 300 characters";
        return is_plain(value, LINE_MAX_CHARS, false);
    case KINDS_TEXT:
        *form = "text of at most 4000 characters";
        return is_plain(value, TEXT_MAX_CHARS, true);
    case KINDS_NUMBER:
        *form = "a number";
        return text_double(value, strlen(value), &number);
    case KINDS_DATETIME:
        *form = "a time as RFC 3339 writes it, like 2026-11-28T08:30:00+08:00";
        return moment_read(value, &ms);
    default:
        *form = "one of its values; GET /v1/kinds lists them";
        return is_value(question, value);
    }
}

static bool said_before(const struct kinds_said *said, size_t i, const struct kinds_question *q)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(said[k].code, said[i].code) == 0 &&
            (q->type != KINDS_MULTI || strcmp(said[k].value, said[i].value) == 0))
            return true;
    return false;
}

static enum err check_one(const struct kinds_category *category, const struct kinds_said *said,
                          size_t i, struct why *why)
{
    const char *form = "";
    const struct kinds_question *question = kinds_question(category, said[i].code);
    if (!question)
        return err_say(why, ERR_INVALID, "attribute[%s]: \"%s\" has no such question", said[i].code,
                       category->code);
    if (said_before(said, i, question))
        return err_say(why, ERR_INVALID, "attribute[%s] is given twice", said[i].code);
    if (!fits(question, said[i].value, &form))
        return err_say(why, ERR_INVALID, "attribute[%s] must be %s", said[i].code, form);
    return ERR_OK;
}

enum err kinds_check(const struct kinds_category *category, const struct kinds_said *said,
                     size_t count, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        enum err e = check_one(category, said, i, why);
        if (e) return e;
    }
    for (size_t q = 0; q < category->question_count; q++) {
        const struct kinds_question *question = &category->questions[q];
        size_t i = 0;
        while (i < count && strcmp(said[i].code, question->code) != 0)
            i++;
        if (question->required && (i == count || !said[i].value[0]))
            return err_say(why, ERR_INVALID, "attribute[%s] is missing: %s", question->code,
                           question->label.en);
    }
    return ERR_OK;
}

#include "server/body.h"

#include "geo/base/text.h"

#include <jansson.h>
#include <stdint.h>
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
    if (!text_inert(text, len))
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must have no control characters, and none that turn its direction");
    int64_t characters = (int64_t)text_utf8_count(text, len);
    if (characters < field->min || characters > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must have %lld to %lld characters", (long long)field->min,
                           (long long)field->max);
    if (field->min > 0 && !field->unseen && !text_visible(text, len))
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must have something to see, not blanks alone");
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

static enum err take_real(struct request *request, const struct body_field *field,
                          const json_t *value)
{
    if (!json_is_number(value))
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name, "must be a number");
    *field->real = json_number_value(value);
    return ERR_OK;
}

static enum err take_bool(struct request *request, const struct body_field *field,
                          const json_t *value)
{
    if (!json_is_boolean(value))
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be true or false");
    *field->flag = json_is_true(value);
    return ERR_OK;
}

static enum err take_pair(struct request *request, const struct body_field *field,
                          const json_t *value)
{
    const json_t *x = json_array_get(value, 0), *y = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !json_is_number(x) || !json_is_number(y))
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be [longitude, latitude]");
    *field->pair = (struct coord){json_number_value(x), json_number_value(y)};
    return ERR_OK;
}

static enum err take_words(struct request *request, const struct body_field *field,
                           const json_t *value)
{
    size_t count = json_array_size(value);
    struct body_words words = {.count = count};
    if (!json_is_array(value) || (int64_t)count < field->min || (int64_t)count > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be a list of %lld to %lld texts", (long long)field->min,
                           (long long)field->max);
    words.items = arena_calloc(request->arena, count + 1, sizeof *words.items);
    if (!words.items) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    for (size_t i = 0; i < count; i++) {
        const char *name = arena_printf(request->arena, "%s/%zu", field->name, i);
        const struct body_field one = {
            .name = name, .type = BODY_TEXT, .min = 1, .max = 64, .text = &words.items[i]};
        enum err e = name ? take_text(request, &one, json_array_get(value, i)) : ERR_NOMEM;
        if (e) return e;
    }
    *field->words = words;
    return ERR_OK;
}

static enum err take_ints(struct request *request, const struct body_field *field,
                          const json_t *value)
{
    size_t count = json_array_size(value);
    struct body_ints ints = {.count = count};
    if (!json_is_array(value) || (int64_t)count < field->min || (int64_t)count > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be a list of %lld to %lld whole numbers", (long long)field->min,
                           (long long)field->max);
    ints.items = arena_calloc(request->arena, count + 1, sizeof *ints.items);
    if (!ints.items) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(request->arena, "%s/%zu", field->name, i);
        const struct body_field one = {.name = path, .max = INT64_MAX, .number = &ints.items[i]};
        enum err e = path ? take_int(request, &one, json_array_get(value, i))
                          : problem_from_err(request->problem, ERR_NOMEM, NULL);
        if (e) return e;
    }
    *field->ints = ints;
    return ERR_OK;
}

static enum err take_texts(struct request *request, const struct body_field *field,
                           const json_t *value)
{
    size_t count = json_object_size(value);
    struct body_texts texts = {.count = 0};
    const char *key;
    json_t *member;
    if (!json_is_object(value) || (int64_t)count < field->min || (int64_t)count > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be an object of %lld to %lld texts", (long long)field->min,
                           (long long)field->max);
    texts.items = arena_calloc(request->arena, count + 1, sizeof *texts.items);
    if (!texts.items) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        struct body_text *text = &texts.items[texts.count++];
        text->name = arena_strdup(request->arena, key);
        const char *path = arena_printf(request->arena, "%s/%.40s", field->name, key);
        if (!text->name || !path) return problem_from_err(request->problem, ERR_NOMEM, NULL);
        const struct body_field one = {
            .name = path, .type = BODY_TEXT, .max = 500, .text = &text->value};
        enum err e = take_text(request, &one, member);
        if (e) return e;
    }
    *field->texts = texts;
    return ERR_OK;
}

static enum err take_box(struct request *request, const char *path, const json_t *value,
                         struct body_box *box)
{
    static const char *const names[] = {"x", "y", "width", "height"};
    double *const to[] = {&box->x, &box->y, &box->width, &box->height};
    bool right = json_is_object(value) && json_object_size(value) == 4;
    for (size_t i = 0; i < 4 && right; i++) {
        const json_t *number = json_object_get(value, names[i]);
        right = json_is_number(number);
        if (right) *to[i] = json_number_value(number);
    }
    return right ? ERR_OK
                 : problem_say(request->problem, PROBLEM_PARAMETER, path,
                               "must have x, y, width and height, which are numbers");
}

static enum err take_boxes(struct request *request, const struct body_field *field,
                           const json_t *value)
{
    size_t count = json_array_size(value);
    struct body_boxes boxes = {.count = count};
    if (!json_is_array(value) || (int64_t)count < field->min || (int64_t)count > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be a list of %lld to %lld rectangles", (long long)field->min,
                           (long long)field->max);
    boxes.items = arena_calloc(request->arena, count + 1, sizeof *boxes.items);
    if (!boxes.items) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(request->arena, "%s/%zu", field->name, i);
        enum err e =
            path ? take_box(request, path, json_array_get(value, i), &boxes.items[i]) : ERR_NOMEM;
        if (e) return e;
    }
    *field->boxes = boxes;
    return ERR_OK;
}

/* Of one: a number in it is named by its path, as all that lies inside of a field. */
static enum err take_version(struct request *request, const char *path, const json_t *value,
                             struct body_version *version)
{
    const json_t *id = json_object_get(value, "id"), *seen = json_object_get(value, "version");
    const struct body_field fields[] = {
        {.name = path, .type = BODY_TEXT, .min = 1, .max = 64, .text = &version->id},
        {.name = path, .type = BODY_INT, .min = 1, .max = INT64_MAX, .number = &version->version}};
    if (!json_is_object(value) || json_object_size(value) != 2 || !id || !seen)
        return problem_say(request->problem, PROBLEM_PARAMETER, path,
                           "must have id and version, and nothing else");
    enum err e = take_text(request, &fields[0], id);
    return e ? e : take_int(request, &fields[1], seen);
}

static enum err take_versions(struct request *request, const struct body_field *field,
                              const json_t *value)
{
    size_t count = json_array_size(value);
    struct body_versions versions = {.count = count};
    if (!json_is_array(value) || (int64_t)count < field->min || (int64_t)count > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be a list of %lld to %lld", (long long)field->min,
                           (long long)field->max);
    versions.items = arena_calloc(request->arena, count + 1, sizeof *versions.items);
    if (!versions.items) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(request->arena, "%s/%zu", field->name, i);
        enum err e = path
                         ? take_version(request, path, json_array_get(value, i), &versions.items[i])
                         : problem_from_err(request->problem, ERR_NOMEM, NULL);
        if (e) return e;
    }
    *field->versions = versions;
    return ERR_OK;
}

/* --- geometries --- */

struct reading {
    struct request *request;
    struct body_geometry *to;
    size_t room; /* of points */
};

static enum err bad_at(const struct reading *r, const char *path, const char *detail)
{
    return problem_say(r->request->problem, PROBLEM_PARAMETER, path, "%s", detail);
}

static enum err take_position(struct reading *r, const char *path, const json_t *value)
{
    size_t n = json_array_size(value);
    const json_t *x = json_array_get(value, 0), *y = json_array_get(value, 1);
    if (n < 2 || n > 4 || !json_is_number(x) || !json_is_number(y))
        return bad_at(r, path, "must be a position: [longitude, latitude]");
    r->to->points[r->to->point_count++] =
        (struct coord){json_number_value(x), json_number_value(y)};
    return ERR_OK;
}

static enum err take_positions(struct reading *r, const char *path, const json_t *value)
{
    size_t n = json_array_size(value);
    if (!json_is_array(value) || n == 0) return bad_at(r, path, "must be a list of positions");
    if (n > r->room - r->to->point_count)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, path,
                           "there may be at most %zu positions in all; draw it coarser", r->room);
    for (size_t i = 0; i < n; i++) {
        const char *at = arena_printf(r->request->arena, "%s/%zu", path, i);
        enum err e = at ? take_position(r, at, json_array_get(value, i)) : ERR_NOMEM;
        if (e) return e;
    }
    return ERR_OK;
}

static enum err take_rings(struct reading *r, const char *path, const json_t *value)
{
    size_t n = json_array_size(value);
    if (!json_is_array(value) || n == 0 || n > BODY_RINGS_MAX)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, path,
                           "must be a list of 1 to %d rings", BODY_RINGS_MAX);
    for (size_t i = 0; i < n; i++) {
        const char *at = arena_printf(r->request->arena, "%s/%zu", path, i);
        enum err e = at ? take_positions(r, at, json_array_get(value, i)) : ERR_NOMEM;
        if (e) return e;
        r->to->ring_starts[++r->to->ring_count] = r->to->point_count;
    }
    return ERR_OK;
}

static enum err find_shape(const struct reading *r, const char *name, const json_t *value,
                           enum body_shape *shape)
{
    static const char *const types[] = {"Point", "LineString", "Polygon"};
    const char *type = json_string_value(json_object_get(value, "type")), *key;
    const char *path = arena_printf(r->request->arena, "%s/type", name);
    json_t *member;
    if (!json_is_object(value)) return bad_at(r, name, "must be a GeoJSON geometry");
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        if (strcmp(key, "type") != 0 && strcmp(key, "coordinates") != 0 && strcmp(key, "bbox") != 0)
            return bad_at(r, arena_printf(r->request->arena, "%s/%.40s", name, key),
                          "unknown member: a geometry has type and coordinates; of a Feature send "
                          "its geometry");
    }
    for (int i = 0; type && i < 3; i++)
        if (strcmp(type, types[i]) == 0) {
            *shape = (enum body_shape)i;
            return ERR_OK;
        }
    return bad_at(r, path, "must be one of: Point LineString Polygon");
}

static enum err take_geometry(struct request *request, const struct body_field *field,
                              const json_t *value)
{
    struct body_geometry read = {0};
    struct reading r = {request, &read, (size_t)field->max};
    const json_t *coordinates = json_object_get(value, "coordinates");
    enum err e = find_shape(&r, field->name, value, &read.shape);
    if (e) return e;
    const char *path = arena_printf(request->arena, "%s/coordinates", field->name);
    read.points = arena_calloc(request->arena, r.room, sizeof *read.points);
    read.ring_starts = arena_calloc(request->arena, BODY_RINGS_MAX + 1, sizeof(size_t));
    if (!path || !read.points || !read.ring_starts)
        return problem_from_err(request->problem, ERR_NOMEM, NULL);
    if (read.shape == BODY_POINT) e = take_position(&r, path, coordinates);
    if (read.shape == BODY_LINE) e = take_positions(&r, path, coordinates);
    if (read.shape == BODY_POLYGON) e = take_rings(&r, path, coordinates);
    if (!e) *field->geometry = read;
    return e;
}

/* --- objects --- */

struct body_node {
    const json_t *value;
    const char *path;
};

static enum err take_list(struct request *request, const struct body_field *field,
                          const json_t *value)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || (int64_t)count < field->min || (int64_t)count > field->max)
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name,
                           "must be a list of %lld to %lld objects", (long long)field->min,
                           (long long)field->max);
    field->list->count = count;
    for (size_t i = 0; i < count; i++) {
        const struct body_node node = {json_array_get(value, i),
                                       arena_printf(request->arena, "%s/%zu", field->name, i)};
        if (!node.path) return problem_from_err(request->problem, ERR_NOMEM, NULL);
        if (!json_is_object(node.value))
            return problem_say(request->problem, PROBLEM_PARAMETER, node.path, "must be an object");
        enum err e = field->list->each(request, &node, i, field->list->user);
        if (e) return e;
    }
    return ERR_OK;
}

static enum err take_value(struct request *request, const struct body_field *field,
                           const json_t *value)
{
    if (!value || json_is_null(value)) {
        if (!field->required) return ERR_OK;
        return problem_say(request->problem, PROBLEM_PARAMETER, field->name, "is missing");
    }
    static enum err (*const take[])(struct request *, const struct body_field *, const json_t *) = {
        [BODY_TEXT] = take_text,         [BODY_INT] = take_int,     [BODY_REAL] = take_real,
        [BODY_BOOL] = take_bool,         [BODY_WORDS] = take_words, [BODY_PAIR] = take_pair,
        [BODY_TEXTS] = take_texts,       [BODY_BOXES] = take_boxes, [BODY_VERSIONS] = take_versions,
        [BODY_GEOMETRY] = take_geometry, [BODY_LIST] = take_list,   [BODY_INTS] = take_ints,
    };
    return take[field->type](request, field, value);
}

/* Where a member stands, for messages. NULL when memory is out. */
static const char *name_in(struct request *request, const char *path, const char *name)
{
    return path ? arena_printf(request->arena, "%s/%.40s", path, name) : name;
}

static enum err refuse_strangers(struct request *request, const struct body_field *fields,
                                 size_t count, const char *path, const json_t *root)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)root, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || strcmp(key, fields[i].name) == 0;
        if (!known)
            return problem_say(request->problem, PROBLEM_PARAMETER, name_in(request, path, key),
                               "unknown field");
    }
    return ERR_OK;
}

static enum err take_object(struct request *request, const char *path, const json_t *root,
                            const struct body_field *fields, size_t count)
{
    enum err e = refuse_strangers(request, fields, count, path, root);
    for (size_t i = 0; !e && i < count; i++) {
        struct body_field field = fields[i];
        field.name = name_in(request, path, fields[i].name);
        if (!field.name) return problem_from_err(request->problem, ERR_NOMEM, NULL);
        e = take_value(request, &field, json_object_get(root, fields[i].name));
    }
    return e;
}

enum err body_object(struct request *request, const struct body_node *node,
                     const struct body_field *fields, size_t count)
{
    return take_object(request, node->path, node->value, fields, count);
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
    if (!e) e = take_object(request, NULL, root, fields, count);
    json_decref(root);
    return e;
}

#include "server/api/import_form.h"

#include "data/import_text.h"
#include "geo/base/text.h"
#include "server/multipart.h"

#include <string.h>

enum { HTTP_ROWS = 50000, HTTP_UNPACKED = 64 << 20, SOURCE_MAX = 60 };

/* Every field of the form: sent at most once, read as text. */
/* clang-format off */
#define IMPORT_FIELDS(X)                                                                           \
    X(kind) X(source) X(crs) X(category) X(level) X(map) X(encoding) X(layer) X(dry_run)           \
    X(strict) X(keep_missing) X(allow_shrink)
/* clang-format on */
enum field {
#define FIELD_ENUM(name) FIELD_##name,
    IMPORT_FIELDS(FIELD_ENUM)
#undef FIELD_ENUM
        FIELD_COUNT
};
static const char *const field_names[] = {
#define FIELD_NAME(name) #name,
    IMPORT_FIELDS(FIELD_NAME)
#undef FIELD_NAME
};

struct reading {
    struct request *request;
    struct multipart parts;
    const char *values[FIELD_COUNT]; /* NULL: absent or empty */
    bool seen[FIELD_COUNT];
    const struct multipart_part *file;
};

static enum err refuse(struct reading *r, enum field field, const struct why *why)
{
    const char *text = why->text, *colon = strstr(text, ": ");
    size_t n = strlen(field_names[field]);
    if (colon && (size_t)(colon - text) == n && strncmp(text, field_names[field], n) == 0)
        text = colon + 2;
    return problem_say(r->request->problem, PROBLEM_PARAMETER, field_names[field], "%s", text);
}

/* ---- parts ---- */

static enum err split(struct reading *r)
{
    struct why why = {""};
    struct request *request = r->request;
    enum err e = multipart_parse(request->headers.content_type, request->body, request->body_len,
                                 request->arena, &r->parts, &why);
    if (e == ERR_UNSUPPORTED)
        return problem_say(request->problem, PROBLEM_MEDIA, "Content-Type", "%s", why.text);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_TOO_LARGE, NULL, "%s", why.text);
    if (e == ERR_NOMEM) return problem_from_err(request->problem, e, NULL);
    return e ? problem_say(request->problem, PROBLEM_BODY, NULL, "%s", why.text) : ERR_OK;
}

static enum err take_file(struct reading *r, const struct multipart_part *part)
{
    struct problem *problem = r->request->problem;
    if (strcmp(part->name, "file") != 0)
        return problem_say(problem, PROBLEM_PARAMETER, part->name, "the file's field is \"file\"");
    if (r->file) return problem_say(problem, PROBLEM_PARAMETER, "file", "given twice");
    if (part->len == 0) return problem_say(problem, PROBLEM_PARAMETER, "file", "is empty");
    if (part->len > IMPORT_FORM_BYTES)
        return problem_say(problem, PROBLEM_TOO_LARGE, "file",
                           "may have %d MiB here; larger ones come in by the command line",
                           IMPORT_FORM_BYTES >> 20);
    r->file = part;
    return ERR_OK;
}

static enum err take_field(struct reading *r, const struct multipart_part *part)
{
    struct problem *problem = r->request->problem;
    int field = 0;
    while (field < FIELD_COUNT && strcmp(part->name, field_names[field]) != 0)
        field++;
    if (field == FIELD_COUNT)
        return problem_say(problem, PROBLEM_PARAMETER, part->name,
                           strcmp(part->name, "file") == 0 ? "needs a file name" : "unknown field");
    if (r->seen[field]) return problem_say(problem, PROBLEM_PARAMETER, part->name, "given twice");
    r->seen[field] = true;
    if (!text_utf8_valid(part->bytes, part->len))
        return problem_say(problem, PROBLEM_PARAMETER, part->name, "must be UTF-8 without NUL");
    if (part->len == 0) return ERR_OK;
    r->values[field] = arena_strndup(r->request->arena, part->bytes, part->len);
    return r->values[field] ? ERR_OK : problem_from_err(problem, ERR_NOMEM, NULL);
}

static enum err take_parts(struct reading *r)
{
    for (size_t i = 0; i < r->parts.count; i++) {
        const struct multipart_part *part = &r->parts.parts[i];
        enum err e = part->filename ? take_file(r, part) : take_field(r, part);
        if (e) return e;
    }
    if (r->file) return ERR_OK;
    return problem_say(r->request->problem, PROBLEM_PARAMETER, "file", "is missing");
}

/* ---- fields ---- */

static enum err read_flag(struct reading *r, enum field field, bool *value)
{
    const char *text = r->values[field];
    if (!text) return ERR_OK;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, field_names[field],
                           "must be true or false");
    *value = text[0] == 't';
    return ERR_OK;
}

static enum err read_flags(struct reading *r, struct import_ogr_options *options)
{
    options->dry_run = true;
    enum err e = read_flag(r, FIELD_dry_run, &options->dry_run);
    if (!e) e = read_flag(r, FIELD_strict, &options->strict);
    if (!e) e = read_flag(r, FIELD_keep_missing, &options->keep_missing);
    return e ? e : read_flag(r, FIELD_allow_shrink, &options->allow_shrink);
}

static enum err read_kind(struct reading *r, struct import_form *form)
{
    const char *kind = r->values[FIELD_kind], *level = r->values[FIELD_level];
    int64_t number = 8;
    if (kind && strcmp(kind, "areas") == 0) form->kind = IMPORT_OGR_AREAS;
    if (kind && strcmp(kind, "areas") != 0 && strcmp(kind, "places") != 0)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, "kind",
                           "must be places or areas");
    if (level && !text_int(level, strlen(level), 2, 11, &number))
        return problem_say(r->request->problem, PROBLEM_PARAMETER, "level",
                           "must be an admin_level from 2 to 11");
    form->options.level = (int)number;
    return ERR_OK;
}

static enum err read_source(struct reading *r, struct import_form *form)
{
    const char *source = r->values[FIELD_source];
    if (!source)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, "source",
                           "is missing: whose list is it? The same name updates it next time");
    if (strlen(source) > SOURCE_MAX)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, "source",
                           "must have at most %d bytes", SOURCE_MAX);
    form->options.source = source;
    return ERR_OK;
}

/* What can be told to be wrong before the file is looked at. */
static enum err read_words(struct reading *r, struct tools *tools, struct import_form *form)
{
    struct why why = {""};
    const struct import_text_encoding *encoding;
    const struct crs *crs;
    struct import_ogr_options *options = &form->options;
    options->crs = r->values[FIELD_crs];
    options->category = r->values[FIELD_category];
    options->encoding = r->values[FIELD_encoding];
    options->layer = r->values[FIELD_layer];
    const char *word = options->category, *map = r->values[FIELD_map];
    if (options->crs && crs_find(options->crs_context, options->crs, &crs, &why))
        return refuse(r, FIELD_crs, &why);
    if (options->encoding && import_text_find(options->encoding, &encoding, &why))
        return refuse(r, FIELD_encoding, &why);
    if (word && categories_match(tools->service->categories, word, strlen(word)) < 0)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, "category",
                           "\"%.60s\" is no known category of places", word);
    if (map && import_columns_read_map(map, &form->map, &why)) return refuse(r, FIELD_map, &why);
    options->map = map ? &form->map : NULL;
    return ERR_OK;
}

/* The file's hash and the fields', each with its length, so that no two forms are alike. */
static enum err digest(struct reading *r, struct import_form *form)
{
    char hex[SECRETS_HEX_SIZE];
    struct buf all;
    secrets_sha256(r->file->bytes, r->file->len, form->digest);
    secrets_hex(form->digest, hex);
    buf_init(&all, r->request->body_len + 4096);
    buf_printf(&all, "%s %s", hex, r->file->filename);
    for (int f = 0; f < FIELD_COUNT; f++)
        if (r->values[f] && f != FIELD_dry_run)
            buf_printf(&all, "\n%s %zu %s", field_names[f], strlen(r->values[f]), r->values[f]);
    enum err e = all.err;
    if (!e) secrets_sha256(all.bytes, all.len, form->digest);
    buf_fini(&all);
    return e ? problem_from_err(r->request->problem, e, NULL) : ERR_OK;
}

/* The name by which people know it: the end of what the browser sent. */
static const char *base_name(const char *name)
{
    const char *slash = strrchr(name, '/'), *back = strrchr(name, '\\');
    if (back && (!slash || back > slash)) slash = back;
    return slash ? slash + 1 : name;
}

enum err import_form_read(struct request *request, struct tools *tools, struct import_form *form)
{
    struct reading *r = arena_calloc(request->arena, 1, sizeof *r);
    if (!r) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    r->request = request;
    *form = (struct import_form){.options = {.categories = tools->service->categories,
                                             .max_rows = HTTP_ROWS,
                                             .max_bytes = HTTP_UNPACKED}};
    enum err e = tools_crs(tools, &form->options.crs_context);
    if (e) return problem_from_err(request->problem, e, NULL);
    e = split(r);
    if (!e) e = take_parts(r);
    if (!e) e = read_kind(r, form);
    if (!e) e = read_source(r, form);
    if (!e) e = read_flags(r, &form->options);
    if (!e) e = read_words(r, tools, form);
    if (!e) e = digest(r, form);
    if (!e)
        form->input = (struct import_ogr_input){
            .name = base_name(r->file->filename), .bytes = r->file->bytes, .len = r->file->len};
    return e;
}

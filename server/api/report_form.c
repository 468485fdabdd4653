#include "server/api/report_form.h"

#include "geo/base/text.h"

#include <string.h>

/* Every field of the form: sent at most once, read as text. */
#define REPORT_FIELDS(X)                                                                           \
    X(category) X(lon) X(lat) X(accuracy) X(description) X(address) X(crs) X(coord_type)
enum field {
#define FIELD_ENUM(name) FIELD_##name,
    REPORT_FIELDS(FIELD_ENUM)
#undef FIELD_ENUM
        FIELD_COUNT
};
static const char *const field_names[] = {
#define FIELD_NAME(name) #name,
    REPORT_FIELDS(FIELD_NAME)
#undef FIELD_NAME
};

struct reading {
    struct request *request;
    struct multipart parts;
    const char *values[FIELD_COUNT]; /* NULL: absent or empty */
    bool seen[FIELD_COUNT];
};

static enum err split(struct reading *r)
{
    struct why why = {""};
    struct request *request = r->request;
    enum err e = multipart_parse(request->headers.content_type, request->body, request->body_len,
                                 request->arena, &r->parts, &why);
    switch (e) {
    case ERR_OK:
        return ERR_OK;
    case ERR_UNSUPPORTED:
        return problem_say(request->problem, PROBLEM_MEDIA, "Content-Type", "%s", why.text);
    case ERR_LIMIT:
        return problem_say(request->problem, PROBLEM_TOO_LARGE, NULL, "%s", why.text);
    case ERR_NOMEM:
        return problem_from_err(request->problem, e, NULL);
    default:
        return problem_say(request->problem, PROBLEM_BODY, NULL, "%s", why.text);
    }
}

static enum err take_field(struct reading *r, const struct multipart_part *part)
{
    struct problem *problem = r->request->problem;
    int field = 0;
    while (field < FIELD_COUNT && strcmp(part->name, field_names[field]) != 0)
        field++;
    if (field == FIELD_COUNT)
        return problem_say(problem, PROBLEM_PARAMETER, part->name,
                           "unknown field; a photo needs a file name");
    if (r->seen[field]) return problem_say(problem, PROBLEM_PARAMETER, part->name, "given twice");
    r->seen[field] = true;
    if (!text_utf8_valid(part->bytes, part->len))
        return problem_say(problem, PROBLEM_PARAMETER, part->name, "must be UTF-8 without NUL");
    if (part->len == 0) return ERR_OK;
    r->values[field] = arena_strndup(r->request->arena, part->bytes, part->len);
    return r->values[field] ? ERR_OK : problem_from_err(problem, ERR_NOMEM, NULL);
}

static enum err take_photo(struct reading *r, const struct multipart_part *part,
                           struct report_form *form)
{
    struct problem *problem = r->request->problem;
    bool taken = false;
    if (form->photo_count == REPORT_FORM_PHOTOS)
        return problem_say(problem, PROBLEM_TOO_LARGE, part->name, "at most %d photos are taken",
                           REPORT_FORM_PHOTOS);
    if (part->len == 0)
        return problem_say(problem, PROBLEM_PARAMETER, part->name, "the file is empty");
    if (part->len > photos_defaults.max_bytes)
        return problem_say(problem, PROBLEM_TOO_LARGE, part->name,
                           "a photo may have %zu bytes, this one has %zu",
                           photos_defaults.max_bytes, part->len);
    const char *format = photos_format(part->bytes, part->len, &taken);
    if (!taken)
        return problem_say(problem, PROBLEM_MEDIA, part->name,
                           "%s is not taken; send JPEG, PNG, WebP or HEIC",
                           format ? format : "this kind of file");
    form->photos[form->photo_count++] = part;
    return ERR_OK;
}

static enum err take_parts(struct reading *r, struct report_form *form)
{
    for (size_t i = 0; i < r->parts.count; i++) {
        const struct multipart_part *part = &r->parts.parts[i];
        struct multipart_part *kept = arena_alloc(r->request->arena, sizeof *kept);
        if (!kept) return problem_from_err(r->request->problem, ERR_NOMEM, NULL);
        *kept = *part;
        enum err e = part->filename ? take_photo(r, kept, form) : take_field(r, kept);
        if (e) return e;
    }
    return ERR_OK;
}

static enum err take_number(struct reading *r, enum field field, double min, double max,
                            double *value)
{
    const char *text = r->values[field];
    double number;
    if (!text) return ERR_OK;
    if (!text_double(text, strlen(text), &number) || number < min || number > max)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, field_names[field],
                           "must be a number from %g to %g", min, max);
    *value = number;
    return ERR_OK;
}

/* Something is owed: which field is missing? */
static enum err require(struct reading *r, const struct report_form *form)
{
    static const enum field owed[] = {FIELD_category, FIELD_lon, FIELD_lat};
    for (size_t i = 0; i < sizeof owed / sizeof *owed; i++)
        if (!r->values[owed[i]])
            return problem_say(r->request->problem, PROBLEM_PARAMETER, field_names[owed[i]],
                               "is missing");
    if (form->photo_count == 0)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, "photo",
                           "at least one photo is needed");
    return ERR_OK;
}

static enum err take_position(struct reading *r, struct tools *tools, struct report_form *form)
{
    const char *crs = r->values[FIELD_crs], *alias = r->values[FIELD_coord_type];
    const char *asked = request_query(r->request, "crs");
    const char *asked_alias = request_query(r->request, "coord_type");
    const double any = 1e9;
    if ((crs || alias) && (asked || asked_alias))
        return problem_say(r->request->problem, PROBLEM_PARAMETER, crs ? "crs" : "coord_type",
                           "the address names a reference system already");
    enum err e = api_crs_take(r->request, tools, crs ? crs : asked, alias ? alias : asked_alias,
                              request_query(r->request, "ret_coordtype"), &form->crs);
    /* Degrees have a range that can be told at once, field by field. */
    bool degrees = crs_decimals(form->crs.in) > 2;
    if (!e)
        e = take_number(r, FIELD_lon, degrees ? -180 : -any, degrees ? 180 : any, &form->at.lon);
    if (!e) e = take_number(r, FIELD_lat, degrees ? -90 : -any, degrees ? 90 : any, &form->at.lat);
    if (!e) e = api_crs_inward(r->request, &form->crs, "lon", &form->at, 1);
    if (!e) e = take_number(r, FIELD_accuracy, 0, 100000, &form->accuracy_m);
    return e;
}

static enum err check_category(struct reading *r, struct tools *tools)
{
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, "report");
    if (kind && kinds_category(kind, r->values[FIELD_category])) return ERR_OK;
    return problem_say(r->request->problem, PROBLEM_PARAMETER, "category",
                       "is unknown; /v1/categories lists what there is under reports");
}

static enum err check_text(struct reading *r, enum field field, size_t max)
{
    const char *text = r->values[field];
    if (!text) return ERR_OK;
    if (text_utf8_count(text, strlen(text)) > max)
        return problem_say(r->request->problem, PROBLEM_PARAMETER, field_names[field],
                           "may have %zu characters", max);
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 && !strchr("\r\n\t", *text))
            return problem_say(r->request->problem, PROBLEM_PARAMETER, field_names[field],
                               "holds a control character");
    return ERR_OK;
}

/* What the address says about coordinates belongs to the content too: the same numbers in another
 * system are another place. */
static void hash_query(const struct request *request, struct buf *all)
{
    for (size_t i = 0; i < request->query_count; i++) {
        buf_put(all, request->query[i].name, strlen(request->query[i].name) + 1);
        buf_put(all, request->query[i].value, strlen(request->query[i].value) + 1);
    }
}

/* The parts' names and contents in their order, each by its own hash, and the address's parameters.
 */
static enum err hash_parts(struct reading *r, unsigned char hash[SECRETS_HASH_BYTES])
{
    struct buf all;
    unsigned char one[SECRETS_HASH_BYTES];
    buf_init(&all, (size_t)64 * 1024);
    for (size_t i = 0; i < r->parts.count; i++) {
        const struct multipart_part *part = &r->parts.parts[i];
        secrets_sha256(part->bytes, part->len, one);
        buf_put(&all, part->name, strlen(part->name) + 1);
        buf_put(&all, one, sizeof one);
    }
    hash_query(r->request, &all);
    enum err e = all.err;
    if (!e) secrets_sha256(all.len ? all.bytes : "", all.len, hash);
    buf_fini(&all);
    return e ? problem_from_err(r->request->problem, e, NULL) : ERR_OK;
}

enum err report_form_read(struct request *request, struct tools *tools, struct report_form *form)
{
    struct reading r = {.request = request};
    *form = (struct report_form){.accuracy_m = -1};
    enum err e = split(&r);
    if (!e) e = take_parts(&r, form);
    if (!e) e = require(&r, form);
    if (!e) e = check_category(&r, tools);
    if (!e) e = take_position(&r, tools, form);
    if (!e) e = check_text(&r, FIELD_description, CASES_DESCRIPTION_MAX);
    if (!e) e = check_text(&r, FIELD_address, CASES_ADDRESS_MAX);
    if (!e) e = hash_parts(&r, form->hash);
    form->category = r.values[FIELD_category];
    form->description = r.values[FIELD_description];
    form->address = r.values[FIELD_address];
    return e;
}

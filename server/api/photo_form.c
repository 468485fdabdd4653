#include "server/api/photo_form.h"

#include "geo/base/text.h"
#include "server/form.h"
#include "server/tools.h"

#include <string.h>

/* A form on its way in. */
struct reading {
    struct request *request;
    struct photo_form *form;
    struct multipart parts;
    bool seen[PHOTO_FORM_FIELDS];
};

static enum err split(struct reading *r)
{
    struct why why = {""};
    struct request *request = r->request;
    const char *type = request->headers.content_type;
    enum err e = form_is(type)
                     ? form_parse(request->body, request->body_len, request->arena, &r->parts, &why)
                     : multipart_parse(type, request->body, request->body_len, request->arena,
                                       &r->parts, &why);
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

static size_t field_of(const struct photo_form *form, const char *name)
{
    size_t field = 0;
    while (form->names[field] && strcmp(name, form->names[field]) != 0)
        field++;
    return field;
}

/* "attribute[CODE]" or "attribute[CODE][]": the code; NULL: another name. */
static const char *attribute_code(struct request *request, const char *name)
{
    static const char head[] = PHOTO_FORM_ATTRIBUTES "[";
    if (strncmp(name, head, sizeof head - 1) != 0) return NULL;
    const char *code = name + sizeof head - 1;
    size_t n = strcspn(code, "]");
    bool whole = code[n] == ']' && (!code[n + 1] || strcmp(code + n + 1, "[]") == 0);
    return whole && n ? arena_strndup(request->arena, code, n) : NULL;
}

/* Into the arena; nothing leaves `*words` as it is. */
static enum err take_words(struct reading *r, const struct multipart_part *part, const char **words)
{
    struct problem *problem = r->request->problem;
    if (!text_utf8_valid(part->bytes, part->len))
        return problem_say(problem, PROBLEM_PARAMETER, part->name, "must be UTF-8 without NUL");
    if (!text_inert(part->bytes, part->len))
        return problem_say(problem, PROBLEM_PARAMETER, part->name,
                           "must have no control characters, and none that turn its direction");
    if (!text_visible(part->bytes, part->len)) return ERR_OK; /* as if it were not there */
    *words = arena_strndup(r->request->arena, part->bytes, part->len);
    return *words ? ERR_OK : problem_from_err(problem, ERR_NOMEM, NULL);
}

static enum err take_answer(struct reading *r, const struct multipart_part *part, const char *code)
{
    struct problem *problem = r->request->problem;
    struct photo_form *form = r->form;
    if (form->said_count == CASES_SAID_MAX)
        return problem_say(problem, PROBLEM_TOO_LARGE, part->name, "at most %d answers are taken",
                           CASES_SAID_MAX);
    const char *value = NULL;
    enum err e = take_words(r, part, &value);
    if (value) form->said[form->said_count++] = (struct kinds_said){code, value};
    return e;
}

static enum err take_field(struct reading *r, const struct multipart_part *part)
{
    struct problem *problem = r->request->problem;
    bool answers = r->form->names[field_of(r->form, PHOTO_FORM_ATTRIBUTES)];
    const char *code = answers ? attribute_code(r->request, part->name) : NULL;
    if (code) return take_answer(r, part, code);
    size_t field = field_of(r->form, part->name);
    if (!r->form->names[field])
        return problem_say(problem, PROBLEM_PARAMETER, part->name,
                           "unknown field; a photo needs a file name");
    if (r->seen[field]) return problem_say(problem, PROBLEM_PARAMETER, part->name, "given twice");
    r->seen[field] = true;
    return take_words(r, part, &r->form->values[field]);
}

static enum err take_photo(struct reading *r, const struct multipart_part *part)
{
    struct problem *problem = r->request->problem;
    struct photo_form *form = r->form;
    bool taken = false;
    if (form->photo_count == PHOTO_FORM_PHOTOS)
        return problem_say(problem, PROBLEM_TOO_LARGE, part->name, "at most %d photos are taken",
                           PHOTO_FORM_PHOTOS);
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

static enum err take_parts(struct reading *r)
{
    for (size_t i = 0; i < r->parts.count; i++) {
        const struct multipart_part *part = &r->parts.parts[i];
        struct multipart_part *kept = arena_alloc(r->request->arena, sizeof *kept);
        if (!kept) return problem_from_err(r->request->problem, ERR_NOMEM, NULL);
        *kept = *part;
        enum err e = part->filename ? take_photo(r, kept) : take_field(r, kept);
        if (e) return e;
    }
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
static enum err hash_parts(struct reading *r)
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
    if (!e) secrets_sha256(all.len ? all.bytes : "", all.len, r->form->hash);
    buf_fini(&all);
    return e ? problem_from_err(r->request->problem, e, NULL) : ERR_OK;
}

enum err photo_form_read(struct request *request, struct photo_form *form)
{
    struct reading r = {.request = request, .form = form};
    enum err e = split(&r);
    if (!e) e = take_parts(&r);
    return e ? e : hash_parts(&r);
}

/* --- asking --- */

const char *photo_form_value(const struct photo_form *form, const char *name)
{
    return form->values[field_of(form, name)];
}

enum err photo_form_need(struct request *request, const struct photo_form *form, const char *name)
{
    if (photo_form_value(form, name)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name, "is missing");
}

enum err photo_form_number(struct request *request, const struct photo_form *form, const char *name,
                           double min, double max, double *value)
{
    const char *text = photo_form_value(form, name);
    double number;
    if (!text) return ERR_OK;
    if (!text_double(text, strlen(text), &number) || number < min || number > max)
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "must be a number from %g to %g", min, max);
    *value = number;
    return ERR_OK;
}

enum err photo_form_text(struct request *request, const struct photo_form *form, const char *name,
                         size_t max)
{
    const char *text = photo_form_value(form, name);
    if (!text) return ERR_OK;
    if (text_utf8_count(text, strlen(text)) > max)
        return problem_say(request->problem, PROBLEM_PARAMETER, name, "may have %zu characters",
                           max);
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 && !strchr("\r\n\t", *text))
            return problem_say(request->problem, PROBLEM_PARAMETER, name,
                               "holds a control character");
    return ERR_OK;
}

/* --- where --- */

enum err photo_form_crs(struct request *request, struct tools *tools, struct photo_form *form)
{
    const char *crs = photo_form_value(form, "crs"), *alias = photo_form_value(form, "coord_type");
    const char *asked = request_query(request, "crs");
    const char *asked_alias = request_query(request, "coord_type");
    if ((crs || alias) && (asked || asked_alias))
        return problem_say(request->problem, PROBLEM_PARAMETER, crs ? "crs" : "coord_type",
                           "the address names a reference system already");
    return api_crs_take(request, tools, crs ? crs : asked, alias ? alias : asked_alias,
                        request_query(request, "ret_coordtype"), &form->crs);
}

enum err photo_form_position(struct request *request, struct photo_form *form, struct coord *at,
                             double *accuracy_m, bool *given)
{
    const double any = 1e9;
    /* Degrees have a range that can be told at once, field by field. */
    bool degrees = crs_decimals(form->crs.in) > 2;
    bool some = photo_form_value(form, "lon") || photo_form_value(form, "lat");
    struct coord read = {0, 0};
    enum err e = ERR_OK;
    *given = some;
    if (some) e = photo_form_need(request, form, "lon");
    if (some && !e) e = photo_form_need(request, form, "lat");
    if (!e)
        e = photo_form_number(request, form, "lon", degrees ? -180 : -any, degrees ? 180 : any,
                              &read.lon);
    if (!e)
        e = photo_form_number(request, form, "lat", degrees ? -90 : -any, degrees ? 90 : any,
                              &read.lat);
    if (!e && some) e = api_crs_inward(request, &form->crs, "lon", &read, 1);
    if (!e && some) *at = read;
    return e ? e : photo_form_number(request, form, "accuracy", 0, 100000, accuracy_m);
}

/* --- photos --- */

enum err photo_form_clean(struct request *request, const struct tools *tools,
                          const struct photo_form *form, struct photos_clean *clean, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < form->photo_count; i++) {
        const struct multipart_part *part = form->photos[i];
        struct why why = {""};
        enum err e =
            photo_shop_clean(tools->service->photos, part->bytes, part->len, &clean[i], &why);
        if (!e) {
            ++*count;
            continue;
        }
        if (e == ERR_NOMEM || e == ERR_BUSY || e == ERR_SYSTEM)
            return problem_from_err(request->problem, e, &why);
        enum problem_kind kind = e == ERR_UNSUPPORTED ? PROBLEM_MEDIA
                                 : e == ERR_LIMIT     ? PROBLEM_TOO_LARGE
                                                      : PROBLEM_CONTENT;
        return problem_say(request->problem, kind, part->name, "%s",
                           why.text[0] ? why.text : err_text(e));
    }
    return ERR_OK;
}

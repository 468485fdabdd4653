#include "server/api/case_send.h"

#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/case_answer.h"
#include "server/api/report_json.h"

#include <string.h>

static const char folder[] = "/v1/reports/";

struct sending {
    struct tools *tools;
    struct case_sending core;
    struct photo_pass_key pass;
    struct photo_json photos;
};

const char *case_send_who(const struct request *request, const struct tools *tools)
{
    char hex[2 * sizeof request->address.bytes + 1] = "";
    static const char digits[] = "0123456789abcdef";
    if (tools->actor)
        return arena_printf(request->arena, "person %lld", (long long)tools->actor->id);
    for (size_t i = 0; i < sizeof request->address.bytes; i++) {
        hex[2 * i] = digits[request->address.bytes[i] >> 4];
        hex[2 * i + 1] = digits[request->address.bytes[i] & 15];
    }
    return arena_printf(request->arena, "address %s", hex);
}

/* What an answer to this request was, is kept under: the form and the systems of its coordinates
 * and of the answer's, which the query may name. */
static enum err read_key(struct request *request, const char *what, struct sending *s)
{
    const char *systems = arena_printf(request->arena, "%s %s", crs_name(s->core.form->crs.in),
                                       crs_name(s->core.form->crs.out));
    if (!systems) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    return api_once_read(request, s->tools, what, s->core.form->hash, systems, &s->core.key);
}

/* The answer, made inside the transaction so that it can be kept with the row. */
static enum err render(void *user, const struct cases_case *made, const char *token,
                       struct buf *body)
{
    const struct sending *s = user;
    struct jsonw json;
    const struct report_json how = {.crs = &s->core.form->crs,
                                    .snapshot = s->tools->snapshot,
                                    .photos = s->photos,
                                    .as = KINDS_REPORTER,
                                    .token = token};
    jsonw_init(&json, body);
    report_json_write(&json, &how, made);
    return body->err;
}

/* ---- whatever the wire format ---------------------------------------------------------------- */

static enum err create(struct request *request, struct tools *tools, struct db *db,
                       struct case_sending *s)
{
    const struct service *service = tools->service;
    const struct cases_reply reply = {
        .request = s->key, .status = 201, .render = s->render, .user = s->user};
    struct why why = {""};
    s->fresh.reporter = tools->actor ? tools->actor->id : 0;
    s->fresh.now_ms = clock_utc_ms();
    enum err e = cases_create(db, service->dir, service->kinds, &s->fresh,
                              s->key.key ? &reply : NULL, request->arena, &s->created, &why);
    if (e == ERR_CONFLICT && s->key.key) return api_once_refuse(request);
    return problem_from_err(request->problem, e, &why);
}

enum err case_send_store(struct request *request, struct response *response, struct tools *tools,
                         struct case_sending *s)
{
    struct photos_clean *clean =
        arena_calloc(request->arena, PHOTO_FORM_PHOTOS, sizeof(struct photos_clean));
    struct why why = {""};
    struct db *db;
    size_t count = 0;
    if (!clean) return ERR_NOMEM;
    enum err e = tools_db(tools, &db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = api_once_look_up(request, response, db, folder, &s->key, &s->again);
    if (e || s->again) return e;
    e = photo_form_clean(request, tools, s->form, clean, &count);
    s->fresh.photos = clean;
    s->fresh.photo_count = count;
    if (!e) e = create(request, tools, db, s);
    for (size_t i = 0; i < count; i++)
        photos_clean_fini(&clean[i]);
    return e;
}

enum err case_send_answer(struct request *request, struct response *response,
                          struct case_sending *s)
{
    if (s->created.answer.len)
        return api_once_answer(request, response, folder, &s->created.answer);
    (void)response_json(response);
    response->status = 201;
    response_header(response, "Location",
                    arena_printf(request->arena, "%s%s", folder, s->created.made.public_id));
    return s->render(s->user, &s->created.made, s->created.token, &response->body);
}

/* ---- as JSON --------------------------------------------------------------------------------- */

static enum err read_photos(struct request *request, struct sending *s,
                            const struct kinds_kind *kind)
{
    struct why why = {""};
    struct db *db;
    enum err e = tools_db(s->tools, &db, &why);
    s->photos = (struct photo_json){.now_ms = clock_utc_ms()};
    if (!e) e = case_answer_pass(db, kind, &s->pass, &s->photos);
    return problem_from_err(request->problem, e, &why);
}

/* Behind one address may be many: two of them who make up "1" must not meet over a private case. */
static enum err check_key(struct request *request, const struct tools *tools,
                          const struct kinds_kind *kind, const struct idempotency *key)
{
    if (!key->key || tools->actor || !kind || !kind->is_private) return ERR_OK;
    if (strlen(key->key) >= API_ONCE_GUESSED) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "Idempotency-Key",
                       "must have at least %d characters here, made up at random (a UUID)",
                       API_ONCE_GUESSED);
}

enum err case_send(struct request *request, struct response *response, struct tools *tools,
                   const char *what, const struct photo_form *form, const struct cases_new *fresh)
{
    struct sending *s = arena_calloc(request->arena, 1, sizeof *s);
    if (!s) return ERR_NOMEM;
    s->tools = tools;
    s->core = (struct case_sending){.form = form, .fresh = *fresh, .render = render, .user = s};
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, fresh->kind);
    if (kind && !kind->anonymous && !tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL,
                           "sign in to send this: it is not taken from somebody unknown");
    enum err e = read_key(request, what, s);
    if (!e) e = check_key(request, tools, kind, &s->core.key);
    if (!e) e = read_photos(request, s, kind);
    if (!e) e = case_send_store(request, response, tools, &s->core);
    return e || s->core.again ? e : case_send_answer(request, response, &s->core);
}

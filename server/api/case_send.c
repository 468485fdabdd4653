#include "server/api/case_send.h"

#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/report_json.h"

#include <string.h>

static const char folder[] = "/v1/reports/";

struct sending {
    struct tools *tools;
    const struct photo_form *form;
    struct cases_new fresh;
    struct idempotency key;
    struct photos_clean clean[PHOTO_FORM_PHOTOS];
    size_t clean_count;
    struct cases_created created;
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
    const char *systems = arena_printf(request->arena, "%s %s", crs_name(s->form->crs.in),
                                       crs_name(s->form->crs.out));
    if (!systems) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    return api_once_read(request, s->tools, what, s->form->hash, systems, &s->key);
}

/* The answer, made inside the transaction so that it can be kept with the row. */
static enum err render(void *user, const struct cases_case *made, struct buf *body)
{
    const struct sending *s = user;
    struct jsonw json;
    const struct report_json how = {.crs = &s->form->crs, .snapshot = s->tools->snapshot};
    jsonw_init(&json, body);
    report_json_write(&json, &how, made);
    return body->err;
}

static enum err store(struct request *request, struct db *db, struct sending *s)
{
    const struct service *service = s->tools->service;
    const struct people_actor *actor = s->tools->actor;
    const struct cases_reply reply = {
        .request = s->key, .status = 201, .render = render, .user = s};
    struct why why = {""};
    s->fresh.reporter = actor ? actor->id : 0;
    s->fresh.photos = s->clean;
    s->fresh.photo_count = s->clean_count;
    s->fresh.now_ms = clock_utc_ms();
    enum err e = cases_create(db, service->dir, service->kinds, &s->fresh,
                              s->key.key ? &reply : NULL, request->arena, &s->created, &why);
    if (e == ERR_CONFLICT && s->key.key) return api_once_refuse(request);
    return problem_from_err(request->problem, e, &why);
}

static enum err answer(struct request *request, struct response *response, struct sending *s)
{
    if (s->created.answer.len)
        return api_once_answer(request, response, folder, &s->created.answer);
    (void)response_json(response);
    response->status = 201;
    response_header(response, "Location",
                    arena_printf(request->arena, "%s%s", folder, s->created.made.public_id));
    return render(s, &s->created.made, &response->body);
}

enum err case_send(struct request *request, struct response *response, struct tools *tools,
                   const char *what, const struct photo_form *form, const struct cases_new *fresh)
{
    struct sending *s = arena_calloc(request->arena, 1, sizeof *s);
    struct why why = {""};
    struct db *db;
    bool done = false;
    if (!s) return ERR_NOMEM;
    s->tools = tools;
    s->form = form;
    s->fresh = *fresh;
    enum err e = read_key(request, what, s);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = api_once_look_up(request, response, db, folder, &s->key, &done);
    if (e || done) return e;
    e = photo_form_clean(request, form, s->clean, &s->clean_count);
    if (!e) e = store(request, db, s);
    for (size_t i = 0; i < s->clean_count; i++)
        photos_clean_fini(&s->clean[i]);
    return e ? e : answer(request, response, s);
}

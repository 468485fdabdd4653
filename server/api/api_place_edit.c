#include "server/api/api_place_edit.h"

#include "geo/base/text.h"
#include "server/api/api_once.h"
#include "server/api/place_record.h"
#include "server/api/place_right.h"
#include "server/api/place_work.h"
#include "server/body.h"

#include <string.h>

static const char folder[] = "/v1/places/";

/* ---- making --------------------------------------------------------------------------------- */

struct making {
    struct place_work work;
    struct place_form form;
};

/* The answer, made inside the transaction so that it can be kept with the row. */
static enum err render(void *user, const struct places_row *made, struct buf *body)
{
    const struct making *m = user;
    const struct place_record how = {
        .crs = &m->form.crs, .areas = m->work.tools->snapshot->areas, .form = &m->form};
    struct jsonw json;
    jsonw_init(&json, body);
    place_record_write(&json, &how, made);
    return body->err;
}

static enum err read_key(struct request *request, const struct making *m, struct idempotency *key)
{
    const char *systems =
        arena_printf(request->arena, "%s %s", crs_name(m->form.crs.in), crs_name(m->form.crs.out));
    if (!systems) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    return api_once_read_body(request, m->work.tools, "POST /v1/places", systems, key);
}

static enum err store(struct request *request, struct response *response, struct making *m)
{
    struct places_reply reply = {.status = 201, .render = render, .user = m};
    struct places_created created = {0};
    struct why why = {""};
    enum err e = read_key(request, m, &reply.request);
    if (e) return e;
    e = places_create(m->work.db, m->work.tools->service->categories, &m->form.row, &m->work.by,
                      reply.request.key ? &reply : NULL, request->arena, &created, &why);
    if (e == ERR_CONFLICT && reply.request.key) return api_once_refuse(request);
    if (e) return place_work_refuse(request, &m->work, e, &why);
    if (created.answer.len) return api_once_answer(request, response, folder, &created.answer);
    response->status = 201;
    response_header(response, "Location",
                    arena_printf(request->arena, "%s%lld", folder, (long long)created.made.id));
    return place_work_answer(response, &m->work, &m->form, &created.made);
}

enum err api_place_edit_create(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct making *m = arena_alloc(request->arena, sizeof *m);
    if (!m) return ERR_NOMEM;
    enum err e = place_work_begin(request, tools, &m->work);
    if (!e) e = place_form_read(request, tools, NULL, &m->form);
    if (!e) e = place_right_need(request, tools, m->form.row.at, "the place");
    if (e) return e;
    m->work.by.reason = m->form.reason;
    return store(request, response, m);
}

/* ---- changing ------------------------------------------------------------------------------- */

/* Who moves a place must be at home where it was and where it goes. */
enum err api_place_edit_put(struct request *request, struct response *response, struct tools *tools)
{
    struct place_work work;
    struct places_row after;
    struct why why = {""};
    struct place_form *form = arena_alloc(request->arena, sizeof *form);
    if (!form) return ERR_NOMEM;
    enum err e = place_work_own(request, tools, &work);
    if (!e) e = place_form_read(request, tools, &work.old, form);
    if (!e && form->fields >> PLACES_location & 1)
        e = place_right_need(request, tools, form->row.at, "its new position");
    if (e) return e;
    const struct places_edit edit = {.id = work.old.id,
                                     .version = form->version,
                                     .row = &form->row,
                                     .fields = form->fields,
                                     .release = form->release};
    work.by.reason = form->reason;
    e = places_edit(work.db, tools->service->categories, &edit, &work.by, request->arena, &after,
                    &why);
    return e ? place_work_refuse(request, &work, e, &why)
             : place_work_answer(response, &work, form, &after);
}

/* `reason` of the query, as long as it may be in a body. */
static enum err read_reason(struct request *request, const char **reason)
{
    *reason = request_query(request, "reason");
    if (!*reason || text_utf8_count(*reason, strlen(*reason)) <= PLACES_REASON_MAX) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "reason", "may have %d characters",
                       PLACES_REASON_MAX);
}

enum err api_place_edit_delete(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct place_work work;
    struct places_row after;
    struct why why = {""};
    int64_t version;
    enum err e = place_work_own(request, tools, &work);
    if (!e) e = request_version(request, &version);
    if (!e) e = read_reason(request, &work.by.reason);
    if (e) return e;
    e = places_remove(work.db, work.old.id, version, &work.by, request->arena, &after, &why);
    return e ? place_work_refuse(request, &work, e, &why)
             : place_work_answer(response, &work, NULL, &after);
}

enum err api_place_edit_restore(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct place_work work;
    struct places_row after;
    struct why why = {""};
    int64_t version = 0;
    enum err e = place_work_own(request, tools, &work);
    const struct body_field fields[] = {
        BODY_VERSION(&version),
        {.name = "reason", .type = BODY_TEXT, .max = PLACES_REASON_MAX, .text = &work.by.reason}};
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    e = places_restore(work.db, work.old.id, version, &work.by, request->arena, &after, &why);
    return e ? place_work_refuse(request, &work, e, &why)
             : place_work_answer(response, &work, NULL, &after);
}

/* ---- closed for a while --------------------------------------------------------------------- */

static enum err set_closing(struct request *request, struct response *response,
                            struct place_work *work, const struct place_form_closing *closing)
{
    struct places_row after;
    struct why why = {""};
    work->by.reason = closing->reason;
    enum err e = places_close(work->db, work->old.id, closing->version, closing->from_ms,
                              closing->to_ms, &work->by, request->arena, &after, &why);
    return e ? place_work_refuse(request, work, e, &why)
             : place_work_answer(response, work, NULL, &after);
}

enum err api_place_edit_close(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct place_work work;
    struct place_form_closing closing;
    enum err e = place_work_own(request, tools, &work);
    if (!e) e = place_form_closing_read(request, work.by.now_ms, &closing);
    return e ? e : set_closing(request, response, &work, &closing);
}

enum err api_place_edit_open(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct place_work work;
    struct place_form_closing closing = {.to_ms = 0};
    enum err e = place_work_own(request, tools, &work);
    if (!e) e = request_version(request, &closing.version);
    return e ? e : set_closing(request, response, &work, &closing);
}

/* ---- reading -------------------------------------------------------------------------------- */

enum err api_place_edit_record(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct place_work work;
    enum err e = place_work_own(request, tools, &work);
    return e ? e : place_work_answer(response, &work, NULL, &work.old);
}

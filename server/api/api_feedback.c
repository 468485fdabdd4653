#include "server/api/api_feedback.h"

#include "geo/base/zone.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/api/case_answer.h"
#include "server/api/case_send.h"
#include "server/api/feedback_form.h"
#include "server/api/mend_form.h"
#include "server/api/place_right.h"
#include "server/api/place_work.h"

/* The place of the path, if it is on the map: what is not, the public does not know of. */
static enum err find_shown(struct request *request, struct tools *tools, struct place_work *work)
{
    enum err e = place_work_find(request, tools, work);
    if (e || (!work->old.removed && !work->old.vanished)) return e;
    return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such place");
}

/* ---- it is as it says ------------------------------------------------------------------------ */

enum err api_feedback_confirm(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct place_work work;
    struct places_row after;
    struct why why = {""};
    enum err e = find_shown(request, tools, &work);
    if (e) return e;
    work.by.actor = place_right_at(tools, work.old.at) ? "staff" : "rider";
    work.by.day = zone_time_of(work.by.now_ms).day;
    work.by.who = case_send_who(request, tools);
    if (!work.by.who) return ERR_NOMEM;
    e = places_confirm(work.db, work.old.id, &work.by, request->arena, &after, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_int(json, "id", after.id);
    jsonw_key_bool(json, "counted", after.confirmed_ms == work.by.now_ms);
    if (after.confirmed_ms) api_time_write(json, "confirmed_at", after.confirmed_ms);
    jsonw_object_end(json);
    return ERR_OK;
}

/* ---- it is not ------------------------------------------------------------------------------- */

enum err api_feedback_create(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct place_work work;
    struct feedback_form *form = arena_alloc(request->arena, sizeof *form);
    if (!form) return ERR_NOMEM;
    enum err e = find_shown(request, tools, &work);
    if (!e) e = feedback_form_read(request, tools, form);
    if (e) return e;
    const struct cases_new fresh = {
        .kind = FEEDBACK_KIND,
        .category = form->problem,
        .has_position = true,
        .at = work.old.at,
        .accuracy_m = form->accuracy_m,
        .description = form->description,
        .area_id = area_right_of(tools->snapshot->areas, work.old.at),
        .place = work.old.id,
        .amenity = form->amenity,
        .has_to = form->has_position,
        .to = form->at,
        .session = case_send_who(request, tools),
    };
    const char *what =
        arena_printf(request->arena, "POST /v1/places/%lld/feedback", (long long)work.old.id);
    if (!fresh.session || !what) return ERR_NOMEM;
    return case_send(request, response, tools, what, &form->sent, &fresh);
}

/* ---- mending both ---------------------------------------------------------------------------- */

static enum err settle(struct request *request, struct response *response, struct tools *tools,
                       struct place_work *work, const struct case_answer *a,
                       const struct mend_form *form)
{
    const struct cases_acting moving = {.public_id = a->found.public_id,
                                        .to = form->state,
                                        .version = form->version,
                                        .actor = {a->as, tools->actor->id},
                                        .reason = form->reason,
                                        .now_ms = work->by.now_ms};
    const struct feedback_mending mending = {.moving = &moving,
                                             .mend = form->mend,
                                             .place_version = form->place_version,
                                             .from_ms = form->from_ms,
                                             .to_ms = form->to_ms,
                                             .at = form->at,
                                             .row = &form->row,
                                             .fields = form->fields,
                                             .by = &work->by};
    struct cases_case moved;
    struct places_row after;
    struct why why = {""};
    work->by.reason = form->reason;
    enum err e = feedback_settle(work->db, tools->service->kinds, tools->service->categories,
                                 &mending, request->arena, &moved, &after, &why);
    return e ? place_work_refuse(request, work, e, &why)
             : case_answer_write(request, response, tools, &work->crs, a, &moved);
}

enum err api_feedback_mend(struct request *request, struct response *response, struct tools *tools)
{
    struct place_work work;
    struct case_answer a;
    struct mend_form *form = arena_alloc(request->arena, sizeof *form);
    if (!form) return ERR_NOMEM;
    enum err e = place_work_begin(request, tools, &work);
    if (!e) e = case_answer_own(request, tools, &a);
    if (!e) e = mend_form_read(request, &work.crs, &a.found, work.by.now_ms, form);
    if (e) return e;
    e = places_get(work.db, a.found.place, request->arena, &work.old);
    if (e) return problem_from_err(request->problem, e, NULL);
    e = place_right_need(request, tools, work.old.at, "the place");
    if (!e && form->mend == FEEDBACK_MOVE)
        e = place_right_need(request, tools, form->at, "its new position");
    return e ? e : settle(request, response, tools, &work, &a, form);
}

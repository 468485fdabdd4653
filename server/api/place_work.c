#include "server/api/place_work.h"
#include "server/api/api_db.h"

#include "data/feedback.h"
#include "geo/base/clock.h"
#include "server/api/place_record.h"
#include "server/api/place_right.h"

#include <string.h>

enum { PRESENT_MAX = 64 * 1024 };

enum err place_work_begin(struct request *request, struct tools *tools, struct place_work *work)
{
    *work = (struct place_work){.tools = tools,
                                .by = {.actor = "staff",
                                       .person = tools->actor ? tools->actor->id : 0,
                                       .now_ms = clock_utc_ms()}};
    enum err e = api_crs_read(request, tools, &work->crs);
    return e ? e : api_db(request, tools, &work->db);
}

enum err place_work_find(struct request *request, struct tools *tools, struct place_work *work)
{
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = place_work_begin(request, tools, work);
    if (e) return e;
    e = places_get(work->db, id, request->arena, &work->old);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such place");
    return problem_from_err(request->problem, e, NULL);
}

enum err place_work_own(struct request *request, struct tools *tools, struct place_work *work)
{
    enum err e = place_work_find(request, tools, work);
    return e ? e : place_right_need(request, tools, work->old.at, "the place");
}

static struct place_record how_of(const struct place_work *work, const struct place_form *form)
{
    return (struct place_record){
        .crs = &work->crs, .areas = work->tools->snapshot->areas, .form = form};
}

/* Without it the refusal still stands. */
static const char *present_of(struct request *request, const struct place_work *work)
{
    struct place_record how = how_of(work, NULL);
    struct places_row now;
    struct jsonw json;
    struct buf out;
    const char *text = NULL;
    if (places_get(work->db, work->old.id, request->arena, &now) ||
        feedback_open(work->db, work->tools->service->kinds, now.id, &how.open_feedback))
        return NULL;
    buf_init(&out, PRESENT_MAX);
    jsonw_init(&json, &out);
    place_record_write(&json, &how, &now);
    if (!out.err) text = arena_strndup(request->arena, out.bytes, out.len);
    buf_fini(&out);
    return text;
}

enum err place_work_refuse(struct request *request, const struct place_work *work, enum err e,
                           const struct why *why)
{
    if (e == ERR_CONFLICT && work->old.id) request->problem->present = present_of(request, work);
    for (int f = 0; f < PLACES_FIELD_COUNT && (e == ERR_INVALID || e == ERR_RANGE); f++) {
        const char *name = places_field_name((enum places_field)f);
        size_t n = strlen(name);
        if (strncmp(why->text, name, n) == 0 && (why->text[n] == ' ' || why->text[n] == ':'))
            return problem_say(request->problem, PROBLEM_PARAMETER, name, "%s", why->text);
    }
    return problem_from_err(request->problem, e, why);
}

enum err place_work_answer(struct response *response, const struct place_work *work,
                           const struct place_form *form, const struct places_row *now)
{
    struct place_record how = how_of(work, form);
    enum err e = feedback_open(work->db, work->tools->service->kinds, now->id, &how.open_feedback);
    if (e) return e;
    place_record_write(response_json(response), &how, now);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

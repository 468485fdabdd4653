#include "server/api/api_closures.h"
#include "server/api/api_db.h"

#include "data/cases.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/api_road.h"
#include "server/api/closure_form.h"
#include "server/api/closure_json.h"
#include "server/api/closure_right.h"

#include <string.h>

enum { LIST_MAX = 100 };

struct work {
    struct tools *tools;
    struct db *db;
    struct closure_form form;
    int64_t area_id, now_ms;
    struct arena *arena;
};

static struct closure_json how_of(const struct work *w, const struct api_crs *crs)
{
    return (struct closure_json){.crs = crs,
                                 .areas = w->tools->snapshot->areas,
                                 .graph = api_road_present(w->tools),
                                 .now_ms = w->now_ms,
                                 .arena = w->arena};
}

static enum err begin(struct request *request, struct tools *tools, struct work *w)
{
    *w = (struct work){.tools = tools, .now_ms = clock_utc_ms(), .arena = request->arena};
    return api_db(request, tools, &w->db);
}

static enum err check_report(struct request *request, const struct work *w)
{
    struct cases_case found;
    if (!w->form.report[0]) return ERR_OK;
    enum err e = secrets_is_public_id(w->form.report)
                     ? cases_get(w->db, w->form.report, w->arena, &found)
                     : ERR_NOTFOUND;
    if (e == ERR_NOTFOUND || (!e && strcmp(found.kind, "report") != 0))
        return problem_say(request->problem, PROBLEM_PARAMETER, "report",
                           "there is no such report");
    return problem_from_err(request->problem, e, NULL);
}

static enum err fetch(struct request *request, const struct work *w, struct closures_closure *found)
{
    const char *id = request_arg(request, "id");
    enum err e = secrets_is_public_id(id) ? closures_get(w->db, id, w->arena, found) : ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such closure");
    return problem_from_err(request->problem, e, NULL);
}

static enum err answer_one(struct request *request, struct response *response, const struct work *w,
                           const struct api_crs *crs, const struct closures_closure *c)
{
    struct closure_json how = how_of(w, crs);
    enum err e = closures_history(w->db, c->id, w->arena, &how.events, &how.event_count);
    if (!e) e = closure_json_write(response_json(response), &how, c);
    response_header(response, "Cache-Control", "private, no-cache");
    return problem_from_err(request->problem, e, NULL);
}

/* What it would close, without keeping it. */
static enum err answer_dry(struct request *request, struct response *response, const struct work *w)
{
    struct closure_json how = how_of(w, &w->form.crs);
    enum err e = api_road_graph(request, w->tools, &how.graph);
    if (!e) e = closure_json_covers(response_json(response), &how, &w->form.terms.shape);
    return problem_from_err(request->problem, e, NULL);
}

static struct closures_write write_of(const struct work *w)
{
    return (struct closures_write){.terms = w->form.terms,
                                   .area_id = w->area_id,
                                   .report = w->form.report,
                                   .person = w->tools->actor->id,
                                   .now_ms = w->now_ms};
}

/* ---- making --------------------------------------------------------------------------------- */

/* The answer, made inside the transaction so that it can be kept with the row. */
static enum err render(void *user, const struct closures_closure *made, struct buf *body)
{
    const struct work *w = user;
    const struct closure_json how = how_of(w, &w->form.crs);
    struct jsonw json;
    jsonw_init(&json, body);
    enum err e = closure_json_write(&json, &how, made);
    return e ? e : body->err;
}

static enum err store(struct request *request, struct response *response, struct work *w)
{
    const struct closures_write write = write_of(w);
    struct closures_reply reply = {.status = 201, .render = render, .user = w};
    struct closures_created created = {0};
    struct why why = {""};
    enum err e = api_once_read_body(request, w->tools, "POST /v1/closures", w->form.hash_key,
                                    &reply.request);
    if (e) return e;
    e = closures_create(w->db, &write, reply.request.key ? &reply : NULL, w->arena, &created, &why);
    if (e == ERR_CONFLICT && reply.request.key) return api_once_refuse(request);
    if (e) return problem_from_err(request->problem, e, &why);
    if (created.answer.len)
        return api_once_answer(request, response, "/v1/closures/", &created.answer);
    (void)response_json(response);
    response->status = 201;
    response_header(response, "Location",
                    arena_printf(w->arena, "/v1/closures/%s", created.made.public_id));
    return render(w, &created.made, &response->body);
}

enum err api_closures_create(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct work *w = arena_alloc(request->arena, sizeof *w);
    if (!w) return ERR_NOMEM;
    enum err e = begin(request, tools, w);
    if (!e) e = closure_form_read(request, tools, NULL, w->now_ms, &w->form);
    if (!e) e = closure_right_shape(request, tools, &w->form.terms.shape, &w->area_id);
    if (!e) e = check_report(request, w);
    if (e) return e;
    return w->form.dry_run ? answer_dry(request, response, w) : store(request, response, w);
}

/* ---- reading -------------------------------------------------------------------------------- */

enum err api_closures_get(struct request *request, struct response *response, struct tools *tools)
{
    struct work w;
    struct api_crs crs;
    struct closures_closure found;
    enum err e = begin(request, tools, &w);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = fetch(request, &w, &found);
    return e ? e : answer_one(request, response, &w, &crs, &found);
}

/* The box around the corners and the middles of the sides, in WGS 84. */
static enum err read_bbox(struct request *request, const struct api_crs *crs,
                          struct closures_filter *filter)
{
    double v[4];
    enum err e = request_numbers(request, "bbox", 4, v, &filter->has_box);
    if (e || !filter->has_box) return e;
    if (v[0] > v[2] || v[1] > v[3])
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "must be min_lon,min_lat,max_lon,max_lat");
    double x = (v[0] + v[2]) / 2, y = (v[1] + v[3]) / 2;
    struct coord rim[] = {{v[0], v[1]}, {x, v[1]}, {v[2], v[1]}, {v[2], y},
                          {v[2], v[3]}, {x, v[3]}, {v[0], v[3]}, {v[0], y}};
    e = api_crs_inward(request, crs, "bbox", rim, 8);
    filter->box = box_empty();
    for (int i = 0; !e && i < 8; i++)
        filter->box = box_extend(filter->box, rim[i]);
    return e;
}

static enum err read_filter(struct request *request, const struct api_crs *crs, int64_t now_ms,
                            struct closures_filter *filter)
{
    static const char *const states[] = {"planned", "active", "ended", "all", NULL};
    struct api_page page;
    int state = CLOSURES_ALL;
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (!e) e = request_word(request, "state", states, &state);
    if (e) return e;
    *filter = (struct closures_filter){.state = (enum closures_state)state,
                                       .now_ms = now_ms,
                                       .report = request_query(request, "report"),
                                       .limit = (uint32_t)page.limit,
                                       .has_after = page.has_cursor,
                                       .after_created_ms = page.after[0],
                                       .after_id = page.after[1]};
    return read_bbox(request, crs, filter);
}

static enum err write_list(struct jsonw *json, const struct work *w, const struct api_crs *crs,
                           const struct closures_closure *list, size_t count)
{
    const struct closure_json how = how_of(w, crs);
    enum err e = ERR_OK;
    jsonw_key(json, "closures");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        e = closure_json_write(json, &how, &list[i]);
    jsonw_array_end(json);
    return e;
}

enum err api_closures_list(struct request *request, struct response *response, struct tools *tools)
{
    struct work w;
    struct api_crs crs;
    struct closures_filter filter;
    const struct closures_closure *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = begin(request, tools, &w);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = read_filter(request, &crs, w.now_ms, &filter);
    if (!e) e = closures_list(w.db, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more)
        next = api_page_next(request, response, list[count - 1].created_ms, list[count - 1].id);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    e = write_list(json, &w, &crs, list, count);
    api_crs_write_name(json, &crs);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return problem_from_err(request->problem, e, NULL);
}

/* ---- changing and ending --------------------------------------------------------------------- */

/* Who moves a closure must be at home where it was and where it goes. */
enum err api_closures_put(struct request *request, struct response *response, struct tools *tools)
{
    struct closures_closure old, changed;
    struct why why = {""};
    struct work *w = arena_alloc(request->arena, sizeof *w);
    if (!w) return ERR_NOMEM;
    enum err e = begin(request, tools, w);
    if (!e) e = fetch(request, w, &old);
    if (!e) e = closure_right_in(request, tools, old.area_id);
    if (!e) e = closure_form_read(request, tools, &old, w->now_ms, &w->form);
    if (!e) e = closure_right_shape(request, tools, &w->form.terms.shape, &w->area_id);
    if (!e) e = check_report(request, w);
    if (e) return e;
    if (w->form.dry_run) return answer_dry(request, response, w);
    const struct closures_write write = write_of(w);
    e = closures_update(w->db, old.public_id, w->form.version, &write, w->arena, &changed, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer_one(request, response, w, &w->form.crs, &changed);
}

enum err api_closures_delete(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct work w;
    struct api_crs crs;
    struct closures_closure found, ended;
    struct why why = {""};
    int64_t version = 0;
    enum err e = begin(request, tools, &w);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = request_int(request, "version", 1, INT64_MAX, &version);
    if (!e) e = fetch(request, &w, &found);
    if (!e) e = closure_right_in(request, tools, found.area_id);
    if (e) return e;
    e = closures_end(w.db, found.public_id, version, tools->actor->id, w.now_ms, w.arena, &ended,
                     &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer_one(request, response, &w, &crs, &ended);
}

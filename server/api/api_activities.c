#include "server/api/api_activities.h"
#include "server/api/api_db.h"

#include "geo/base/clock.h"
#include "geo/base/moment.h"
#include "server/api/activity_find.h"
#include "server/api/activity_json.h"
#include "server/api/api_page.h"

#include <string.h>

enum { LIST_MAX = 100, MAP_MAX = 1000, WITHIN_MAX = 100000, WITHIN = 5000 };

enum err api_activities_kinds(struct request *request, struct response *response,
                              struct tools *tools)
{
    const struct activity_kinds *kinds = tools->service->activities;
    struct jsonw *json = response_json(response);
    (void)request;
    jsonw_object(json);
    jsonw_key(json, "kinds");
    jsonw_array(json);
    for (size_t i = 0; i < activity_kinds_count(kinds); i++)
        activity_json_kind(json, activity_kinds_at(kinds, i));
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}

/* ---- what is asked for ----------------------------------------------------------------------- */

struct asking {
    struct activities_filter filter;
    struct api_crs crs;
    struct api_page page;
    struct coord near;
    double within_m;
    bool is_near, is_map;
};

/* By kind, or all that are tasks, or events. */
static enum err read_kinds(struct request *request, const struct tools *tools,
                           struct activities_filter *filter)
{
    static const char *const words[] = {"task", "event", NULL};
    const struct activity_kinds *kinds = tools->service->activities;
    const char *kind = request_query(request, "kind");
    struct activity_find_list l;
    int is = -1;
    enum err e = request_word(request, "is", words, &is);
    if (e) return e;
    if (kind && !activity_kinds_find(kinds, kind))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "there is no such kind; /v1/activities/kinds lists them");
    if (!kind && is < 0) return ERR_OK;
    activity_find_begin(&l);
    for (size_t i = 0; i < activity_kinds_count(kinds); i++) {
        const struct activity_kinds_kind *k = activity_kinds_at(kinds, i);
        bool fits = !kind || strcmp(kind, k->code) == 0;
        if (fits && (is < 0 || k->is_event == (is == 1))) jsonw_string(&l.json, k->code);
    }
    return problem_from_err(request->problem, activity_find_end(&l, request->arena, &filter->kinds),
                            NULL);
}

static enum err read_time(struct request *request, const char *name, int64_t *ms)
{
    const char *text = request_query(request, name);
    if (!text || moment_read(text, ms)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name,
                       "must be a time with its offset, like 2026-11-24T08:00:00+08:00 (RFC 3339)");
}

static enum err read_state(struct request *request, const struct tools *tools,
                           struct activities_filter *filter)
{
    const char *name = request_query(request, "state");
    enum activities_state state = ACTIVITIES_open;
    filter->states = 1u << ACTIVITIES_open | 1u << ACTIVITIES_closed;
    filter->from_ms = clock_utc_ms();
    if (!name) return ERR_OK;
    if (activities_state_find(name, &state))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           "must be draft, open, closed, done or cancelled");
    filter->states = 1u << state;
    filter->latest_first = state == ACTIVITIES_done || state == ACTIVITIES_cancelled;
    filter->from_ms = 0;
    return state == ACTIVITIES_draft ? activity_find_areas(request, tools, "state", &filter->areas)
                                     : ERR_OK;
}

static enum err read_near(struct request *request, struct asking *a)
{
    int64_t within = WITHIN;
    enum err e = api_crs_point(request, &a->crs, "near", &a->near, &a->is_near);
    if (!e) e = request_int(request, "within", 1, WITHIN_MAX, &within);
    if (!e && !a->is_near && request_query(request, "within"))
        e = problem_say(request->problem, PROBLEM_PARAMETER, "within",
                        "is of near: name that, too");
    a->within_m = (double)within;
    return e;
}

static enum err read_asking(struct request *request, struct tools *tools, struct asking *a)
{
    static const char *const formats[] = {"json", "geojson", NULL};
    struct activities_filter *f = &a->filter;
    int format = 0;
    enum err e = api_crs_read(request, tools, &a->crs);
    if (!e) e = request_word(request, "format", formats, &format);
    a->is_map = f->placed = format == 1;
    if (!e) e = read_state(request, tools, f);
    if (!e) e = read_kinds(request, tools, f);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &f->area_id);
    if (!e && f->area_id && areaset_by_id(tools->snapshot->areas, f->area_id) < 0)
        e = problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    if (!e) e = read_time(request, "from", &f->from_ms);
    if (!e) e = read_time(request, "to", &f->to_ms);
    if (!e) e = read_near(request, a);
    if (!e) e = api_page_read(request, a->is_map ? MAP_MAX : LIST_MAX, &a->page);
    f->limit = (size_t)a->page.limit;
    f->has_cursor = a->page.has_cursor;
    f->after_ms = a->page.after[0];
    f->after_id = a->page.after[1];
    return e;
}

/* ---- answering ------------------------------------------------------------------------------- */

static void write_one(struct jsonw *json, struct tools *tools, const struct asking *a,
                      const struct activities_activity *one, double distance_m)
{
    const struct activity_json how = {.crs = &a->crs,
                                      .tools = tools,
                                      .distance_m = distance_m,
                                      .for_staff = activity_find_runs(tools, one)};
    (a->is_map ? activity_json_feature : activity_json_write)(json, &how, one);
}

static void end_list(struct jsonw *json, const struct asking *a, const char *next)
{
    jsonw_array_end(json);
    if (a->is_map) api_crs_write_name(json, &a->crs);
    api_page_write(json, next);
}

static enum err list_by_time(struct request *request, struct response *response,
                             struct tools *tools, struct db *db, const struct asking *a)
{
    const struct activities_activity *list = NULL;
    struct jsonw *json = response_json(response);
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = activities_list(db, &a->filter, request->arena, &list, &count, &more);
    if (e) return e;
    if (more) next = api_page_next(request, response, list[count - 1].from_ms, list[count - 1].id);
    for (size_t i = 0; i < count; i++)
        write_one(json, tools, a, &list[i], -1);
    end_list(json, a, next);
    return ERR_OK;
}

static enum err list_by_distance(struct request *request, struct response *response,
                                 struct tools *tools, struct db *db, const struct asking *a)
{
    const struct activities_near *list = NULL;
    struct jsonw *json = response_json(response);
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = activities_list_near(db, &a->filter, a->near, a->within_m, request->arena, &list,
                                      &count, &more);
    if (e) return e;
    if (more && count)
        next = api_page_next(request, response, activities_near_mm(list[count - 1].distance_m),
                             list[count - 1].activity.id);
    for (size_t i = 0; i < count; i++)
        write_one(json, tools, a, &list[i].activity, list[i].distance_m);
    end_list(json, a, next);
    return ERR_OK;
}

enum err api_activities_list(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct asking a = {.within_m = WITHIN};
    struct db *db;
    enum err e = read_asking(request, tools, &a);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    if (a.is_map) jsonw_key_string(json, "type", "FeatureCollection");
    jsonw_key(json, a.is_map ? "features" : "activities");
    jsonw_array(json);
    e = (a.is_near ? list_by_distance : list_by_time)(request, response, tools, db, &a);
    if (e) return problem_from_err(request->problem, e, NULL);
    jsonw_object_end(json);
    if (a.is_map) response->content_type = "application/geo+json";
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_activities_get(struct request *request, struct response *response, struct tools *tools)
{
    struct activities_activity found;
    struct signups_signup mine;
    struct api_crs crs;
    struct db *db;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = activity_find(request, tools, &db, &found);
    if (e) return e;
    struct activity_json how = {.crs = &crs,
                                .tools = tools,
                                .distance_m = -1,
                                .for_staff = activity_find_runs(tools, &found)};
    if (tools->actor) {
        e = signups_of(db, found.id, tools->actor->id, request->arena, &mine);
        if (!e) how.mine = &mine;
        if (e && e != ERR_NOTFOUND) return problem_from_err(request->problem, e, NULL);
    }
    activity_json_write(response_json(response), &how, &found);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

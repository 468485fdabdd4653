#include "server/api/api_places.h"

#include "server/api/api_near.h"
#include "server/api/api_page.h"
#include "server/api/api_place_json.h"
#include "server/api/api_road.h"
#include "server/api/api_search.h"
#include "server/api/place_page.h"
#include "server/tools.h"

#include <math.h>
#include <string.h>

static const double max_radius_m = 20040000; /* half way round */

struct list_query {
    const struct api_crs *crs;
    const struct place_query *wanted;
    const struct api_search *search;
    struct api_page page;
    struct coord near;
    double radius_m;
    bool has_near, has_radius;
    struct api_place_style style;
};

static enum err check_combination(struct request *request, const struct list_query *q)
{
    if (q->has_near && q->page.has_cursor)
        return problem_say(request->problem, PROBLEM_PARAMETER, "cursor",
                           "cannot be given together with near: ask for more with limit");
    if (q->search->given && q->page.has_cursor)
        return problem_say(request->problem, PROBLEM_PARAMETER, "cursor",
                           "cannot be given together with text: ask for more with limit");
    if (!q->has_near && q->has_radius)
        return problem_say(request->problem, PROBLEM_PARAMETER, "radius",
                           "needs near, the point it is measured from");
    return ERR_OK;
}

static enum err read_query(struct request *request, struct tools *tools, struct list_query *q)
{
    double radius_m = -1;
    enum err e = api_page_read(request, API_PAGE_MAX, &q->page);
    if (!e) e = api_crs_point(request, q->crs, "near", &q->near, &q->has_near);
    if (!e) e = request_number(request, "radius", 0, max_radius_m, &radius_m);
    if (!e) e = api_place_style_read(request, tools, q->crs, &q->style);
    q->has_radius = radius_m >= 0;
    q->radius_m = q->has_radius ? radius_m : INFINITY;
    return e ? e : check_combination(request, q);
}

static enum err find_near(struct tools *tools, const struct list_query *q, struct arena *arena,
                          struct place_page *answer)
{
    const struct nearest_query query = {.at = q->near,
                                        .radius_m = q->radius_m,
                                        .limit = (uint32_t)q->page.limit,
                                        .filter = q->wanted->filter};
    answer->hits = arena_alloc(arena, query.limit * sizeof *answer->hits);
    if (!answer->hits) return ERR_NOMEM;
    return nearest_find(tools->snapshot->places, &tools->nearest, &query, answer->hits,
                        &answer->count);
}

static enum err find_text(struct tools *tools, const struct list_query *q, struct arena *arena,
                          struct place_page *answer)
{
    struct seek_query query = q->search->query;
    uint32_t limit = (uint32_t)q->page.limit;
    struct seek_hit *hits = arena_alloc(arena, limit * sizeof *hits);
    answer->hits = arena_alloc(arena, limit * sizeof *answer->hits);
    if (!hits || !answer->hits) return ERR_NOMEM;
    query.has_near = q->has_near;
    query.near = q->near;
    query.radius_m = q->radius_m;
    query.limit = limit;
    query.filter = &q->wanted->filter;
    enum err e = seek_find(&query, &tools->seek, hits, &answer->count);
    for (uint32_t i = 0; i < answer->count && !e; i++)
        answer->hits[i] = (struct nearest_hit){hits[i].place, hits[i].distance_m};
    return e;
}

static enum err find(struct tools *tools, const struct list_query *q, struct arena *arena,
                     struct place_page *answer)
{
    if (q->search->given) return find_text(tools, q, arena, answer);
    if (q->has_near) return find_near(tools, q, arena, answer);
    return place_page_find(tools, q->wanted, q->page.has_cursor ? q->page.after[0] : INT64_MIN,
                           (uint32_t)q->page.limit, arena, answer);
}

static void write_list(struct response *response, const struct tools *tools,
                       const struct list_query *q, const struct place_page *answer,
                       const char *next)
{
    struct jsonw *json = api_place_json_open(response, &q->style);
    for (uint32_t i = 0; i < answer->count; i++)
        placeset_fetch(tools->snapshot->places, answer->hits[i].place);
    for (uint32_t i = 0; i < answer->count; i++)
        placeset_fetch_texts(tools->snapshot->places, answer->hits[i].place);
    for (uint32_t i = 0; i < answer->count; i++) {
        const struct api_place_found found = {q->has_near ? answer->hits[i].distance_m : -1, -1,
                                              -1};
        api_place_json_item(json, tools, &q->style, answer->hits[i].place, &found);
    }
    jsonw_array_end(json);
    api_place_json_close(response, &q->style, next);
}

static enum err list_plain(struct request *request, struct response *response, struct tools *tools,
                           const struct api_crs *crs, const struct place_query *wanted,
                           const struct api_search *search)
{
    struct list_query q = {.crs = crs, .wanted = wanted, .search = search};
    struct place_page answer = {0};
    const char *next = NULL;
    enum err e = read_query(request, tools, &q);
    if (e) return e;
    e = find(tools, &q, request->arena, &answer);
    if (e) return e;
    if (answer.more)
        next = api_page_next(
            request, response,
            placeset_id(tools->snapshot->places, answer.hits[answer.count - 1].place), 0);
    write_list(response, tools, &q, &answer, next);
    return ERR_OK;
}

static enum err list_by_road(struct request *request, struct response *response,
                             struct tools *tools, enum near_query_mode mode,
                             const struct api_crs *crs, const struct place_query *wanted)
{
    struct near_query query;
    enum err e = near_query_read(request, tools, mode, crs, wanted, &query);
    return e ? e : api_near_list(request, response, tools, &query);
}

enum err api_places_list(struct request *request, struct response *response, struct tools *tools)
{
    enum near_query_mode mode;
    struct api_crs crs;
    struct api_search search;
    struct place_query wanted = {.polygon = NULL};
    enum err e = near_query_kind(request, &mode);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = place_query_read(request, tools, &crs, mode != NEAR_QUERY_PLAIN, &wanted);
    if (!e) e = api_search_read(request, tools, &search);
    if (!e && search.given && mode != NEAR_QUERY_PLAIN)
        e = api_search_narrow(&search, tools, &wanted.filter);
    if (!e)
        e = mode == NEAR_QUERY_PLAIN ? list_plain(request, response, tools, &crs, &wanted, &search)
                                     : list_by_road(request, response, tools, mode, &crs, &wanted);
    place_query_fini(&wanted);
    return e;
}

enum err api_places_get(struct request *request, struct response *response, struct tools *tools)
{
    struct api_crs crs;
    struct api_place_style style;
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = api_place_style_read(request, tools, &crs, &style);
    if (e) return e;
    int64_t index = placeset_by_id(tools->snapshot->places, id);
    if (index < 0)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such place");
    api_place_json_one(response, tools, &style, (uint32_t)index);
    response_header(response, "Cache-Control", "no-cache"); /* to be held against its ETag */
    return ERR_OK;
}

#include "server/api/api_near.h"

#include "geo/road/stop.h"
#include "geo/space/geodesic.h"
#include "server/anchoring.h"

#include <stdlib.h>

/* Where the i-th point is on the roads. */
static enum err find_stop(struct request *request, struct tools *tools, const struct near_query *q,
                          size_t i, struct stop *stop)
{
    const struct snap_ground ground = {roads_graph(tools->snapshot->roads), q->nearby.metric->view,
                                       q->nearby.bar, &tools->heap};
    const struct stop_query query = {.at = q->points[i],
                                     .radius_m = anchoring_radius_m,
                                     .role = i == 0                    ? SNAP_START
                                             : i + 1 == q->point_count ? SNAP_END
                                                                       : SNAP_VIA};
    enum err e = stop_find(&ground, &query, stop);
    if (e == ERR_NOSEGMENT || (!e && stop->count == 0))
        return problem_say(request->problem, PROBLEM_NO_ROAD, q->parameter,
                           "no road that this profile can use and that is not to be avoided is "
                           "within %g m",
                           anchoring_radius_m);
    return e ? problem_from_err(request->problem, e, NULL) : ERR_OK;
}

static enum err refuse(struct request *request, const struct near_query *q, enum err e)
{
    if (e == ERR_UNREACHABLE)
        return problem_say(request->problem, PROBLEM_NO_ROUTE, q->parameter,
                           "no way that this profile can use leads along these points");
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONTENT, NULL,
                           "looking past what is to be avoided takes too long; avoid less, or ask "
                           "for places that are nearer");
    return problem_from_err(request->problem, e, NULL);
}

/* A place and what it costs to go there, of all legs of the way. */
struct found {
    uint32_t point, detour_ms;
    uint64_t time_ms;
};

struct answer {
    struct found *found;
    size_t count;
    uint64_t direct_ms; /* along: without any place */
};

static enum err find_near(struct nearby *nearby, const struct near_query *q,
                          const struct stop *from, struct nearby_hit *hits, struct answer *answer)
{
    uint32_t count;
    enum err e = nearby_find(nearby, &q->nearby, from->ends, from->count, hits, &count);
    if (e) return e;
    for (uint32_t i = 0; i < count; i++)
        answer->found[i] = (struct found){hits[i].point, 0, hits[i].time_ms};
    answer->count = count;
    return ERR_OK;
}

static int by_point(const void *x, const void *y)
{
    const struct found *a = x, *b = y;
    if (a->point != b->point) return a->point < b->point ? -1 : 1;
    if (a->detour_ms != b->detour_ms) return a->detour_ms < b->detour_ms ? -1 : 1;
    return (a->time_ms > b->time_ms) - (a->time_ms < b->time_ms);
}

static int by_detour(const void *x, const void *y)
{
    const struct found *a = x, *b = y;
    if (a->detour_ms != b->detour_ms) return a->detour_ms < b->detour_ms ? -1 : 1;
    return (a->point > b->point) - (a->point < b->point);
}

/* Each place where it costs least, the best of all. What is among the best of all is among the best
 * of its leg. */
static void keep_best(struct answer *answer, uint32_t limit)
{
    size_t kept = 0;
    qsort(answer->found, answer->count, sizeof *answer->found, by_point);
    for (size_t i = 0; i < answer->count; i++)
        if (i == 0 || answer->found[i].point != answer->found[i - 1].point)
            answer->found[kept++] = answer->found[i];
    qsort(answer->found, kept, sizeof *answer->found, by_detour);
    answer->count = kept < limit ? kept : limit;
}

static enum err find_along(struct nearby *nearby, struct near_query *q, const struct stop *stops,
                           struct nearby_hit *hits, struct answer *answer)
{
    for (size_t leg = 0; leg + 1 < q->point_count; leg++) {
        const struct stop *from = &stops[leg], *to = from + 1;
        uint32_t count;
        uint64_t direct;
        q->open.gone_ms = (int64_t)answer->direct_ms;
        enum err e = nearby_along(nearby, &q->nearby, from->ends, from->count, to->ends, to->count,
                                  hits, &count, &direct);
        if (e) return e;
        for (uint32_t i = 0; i < count; i++)
            answer->found[answer->count++] = (struct found){hits[i].point, hits[i].detour_ms,
                                                            answer->direct_ms + hits[i].time_ms};
        answer->direct_ms += weight_time_ms(direct);
    }
    keep_best(answer, q->nearby.limit);
    return ERR_OK;
}

static void write_answer(struct response *response, const struct tools *tools,
                         const struct near_query *q, const struct answer *answer)
{
    bool along = q->mode == NEAR_QUERY_ALONG;
    const struct network_view *view = &q->nearby.metric->view;
    struct jsonw *json = api_place_json_open(response, &q->style);
    for (size_t i = 0; i < answer->count; i++) {
        const struct found *f = &answer->found[i];
        struct coord at = coord_from_e7(placeset_coord(q->places, f->point));
        const struct api_place_found found = {along ? -1 : geodesic_distance_m(q->points[0], at),
                                              (double)f->time_ms / 1000,
                                              along ? f->detour_ms / 1000.0 : -1};
        api_place_json_item(json, tools, &q->style, f->point, &found);
    }
    jsonw_array_end(json);
    jsonw_key_string(json, "profile", view->profile->name);
    if (along) jsonw_key_number(json, "direct_duration_s", (double)answer->direct_ms / 1000, 1);
    api_place_json_close(response, &q->style, NULL);
}

enum err api_near_list(struct request *request, struct response *response, struct tools *tools,
                       struct near_query *q)
{
    struct stop stops[NEAR_QUERY_POINTS];
    struct answer answer = {0};
    struct nearby *nearby;
    enum err e = tools_nearby(tools, &nearby);
    stops[0].count = 0;
    for (size_t i = 0; !e && i < q->point_count; i++)
        e = find_stop(request, tools, q, i, &stops[i]);
    if (e) return e;
    size_t legs = q->point_count > 1 ? q->point_count - 1 : 1;
    struct nearby_hit *hits = arena_alloc(request->arena, q->nearby.limit * sizeof *hits);
    answer.found = arena_alloc(request->arena, legs * q->nearby.limit * sizeof *answer.found);
    if (!hits || !answer.found) return ERR_NOMEM;
    e = q->mode == NEAR_QUERY_ALONG ? find_along(nearby, q, stops, hits, &answer)
                                    : find_near(nearby, q, stops, hits, &answer);
    if (e) return refuse(request, q, e);
    write_answer(response, tools, q, &answer);
    return ERR_OK;
}

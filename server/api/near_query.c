#include "server/api/near_query.h"

#include "geo/road/roads.h"
#include "server/api/api_page.h"
#include "server/api/api_road.h"

#include <string.h>

enum { MAX_S = 7200, DETOUR_S = 600 };

static const char *const measures[] = {"distance", "time", NULL};

/* Which parameters go with which modes (bits), and what to say of the others. */
static const struct {
    const char *name;
    unsigned modes;
    const char *otherwise;
} rules[] = {
    {"near", 1 << NEAR_QUERY_PLAIN | 1 << NEAR_QUERY_TIME,
     "cannot be given together with along, whose first point is where the way begins"},
    {"by", 1 << NEAR_QUERY_PLAIN | 1 << NEAR_QUERY_TIME,
     "cannot be given together with along: those places come by detour"},
    {"radius", 1 << NEAR_QUERY_PLAIN,
     "counts metres: with by=time give within, with along give detour, in seconds"},
    {"cursor", 1 << NEAR_QUERY_PLAIN,
     "cannot be given together with by=time or along: ask for more with limit"},
    {"within", 1 << NEAR_QUERY_TIME, "needs by=time: it is the longest travel time in seconds"},
    {"detour", 1 << NEAR_QUERY_ALONG, "needs along, the way that it leads off"},
    {"profile", 1 << NEAR_QUERY_TIME | 1 << NEAR_QUERY_ALONG, "needs by=time or along"},
    {"avoid", 1 << NEAR_QUERY_TIME | 1 << NEAR_QUERY_ALONG, "needs by=time or along"},
    {"no_steps", 1 << NEAR_QUERY_TIME | 1 << NEAR_QUERY_ALONG, "needs by=time or along"},
    {"no_pushing", 1 << NEAR_QUERY_TIME | 1 << NEAR_QUERY_ALONG, "needs by=time or along"},
};

enum err near_query_kind(struct request *request, enum near_query_mode *mode)
{
    int measure = 0;
    enum err e = request_word(request, "by", measures, &measure);
    if (e) return e;
    enum near_query_mode found = request_query(request, "along") ? NEAR_QUERY_ALONG
                                 : measure                       ? NEAR_QUERY_TIME
                                                                 : NEAR_QUERY_PLAIN;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (request_query(request, rules[i].name) && !(rules[i].modes >> found & 1))
            return problem_say(request->problem, PROBLEM_PARAMETER, rules[i].name, "%s",
                               rules[i].otherwise);
    if (found == NEAR_QUERY_TIME && !request_query(request, "near"))
        return problem_say(request->problem, PROBLEM_PARAMETER, "near",
                           "is missing: with by=time give the point to start from");
    *mode = found;
    return ERR_OK;
}

/* The nearest by time take some 50 us, unless there is more to it. What is open is looked for among
 * all hours there are: at night every place of the city may be closed. */
bool near_query_is_long(const struct request *request)
{
    static const char *const words[] = {"avoid",     "no_steps",      "no_pushing",
                                        "amenities", "amenities_any", "bbox"};
    const char *by = request_query(request, "by"), *limit = request_query(request, "limit");
    bool by_time = by && strcmp(by, "time") == 0, more = limit && strlen(limit) > 2;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        more = more || request_query(request, words[i]);
    return request_query(request, "along") || place_query_is_long(request) || (by_time && more);
}

static enum err read_points(struct request *request, enum near_query_mode mode,
                            struct near_query *q)
{
    bool given = false;
    q->parameter = mode == NEAR_QUERY_TIME ? "near" : "along";
    q->point_count = 1;
    if (mode == NEAR_QUERY_TIME)
        return api_crs_point(request, q->crs, q->parameter, &q->points[0], &given);
    enum err e =
        request_points(request, q->parameter, q->points, NEAR_QUERY_POINTS, &q->point_count);
    if (e) return e;
    if (q->point_count < 2)
        return problem_say(request->problem, PROBLEM_PARAMETER, q->parameter,
                           "must be at least two points, lon,lat;lon,lat");
    return api_crs_inward(request, q->crs, q->parameter, q->points, q->point_count);
}

/* Seconds of the longest travel, or detour. */
static enum err read_most(struct request *request, enum near_query_mode mode, struct near_query *q)
{
    double seconds = mode == NEAR_QUERY_TIME ? MAX_S : DETOUR_S;
    enum err e =
        request_number(request, mode == NEAR_QUERY_TIME ? "within" : "detour", 0, MAX_S, &seconds);
    q->nearby.time_max_ms = (uint32_t)(seconds * 1000);
    return e;
}

static bool is_wanted(void *user, uint32_t point)
{
    struct near_query *q = user;
    return filter_keeps(q->places, q->filter, point);
}

static bool is_open_then(void *user, uint32_t point, uint32_t time_ms)
{
    struct near_query *q = user;
    return api_open_at(&q->open, point, time_ms);
}

static void set_filter(struct near_query *q, const struct place_filter *filter)
{
    uint64_t wanted = filter->categories ? filter->categories : UINT64_MAX;
    for (uint32_t c = 0; c < PLACESET_CATEGORIES; c++)
        if (wanted >> c & 1 && placeset_has_category(q->places, c))
            q->groups[q->nearby.group_count++] = c;
    q->filter = filter;
    q->nearby.groups = q->groups;
    q->nearby.wanted = is_wanted;
    q->nearby.accept = q->open.when == API_OPEN_ARRIVAL ? is_open_then : NULL;
    q->nearby.user = q;
}

enum err near_query_read(struct request *request, struct tools *tools, enum near_query_mode mode,
                         const struct api_crs *crs, const struct place_query *wanted,
                         struct near_query *q)
{
    const struct snapshot *now = tools->snapshot;
    const struct graph *graph;
    struct api_page page;
    unsigned profile = 0;
    *q = (struct near_query){.mode = mode, .crs = crs, .open = wanted->open};
    enum err e = api_road_graph(request, tools, &graph);
    if (!e) e = api_page_read(request, API_PAGE_MAX, &page);
    if (!e) e = read_points(request, mode, q);
    if (!e) e = read_most(request, mode, q);
    if (!e) e = api_road_profile(request, graph, &profile);
    if (!e) e = api_place_style_read(request, tools, crs, &q->style);
    if (!e) e = api_road_bar(request, tools, crs, graph, &q->bar);
    if (e) return e;
    if (!now->anchors[PLACESET_BASE])
        return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                           "the places are still being put on the roads");
    q->places = now->places;
    q->nearby.metric = roads_metric(now->roads, profile);
    for (unsigned p = 0; p < PLACESET_PARTS; p++)
        q->nearby.grounds[p] =
            (struct nearby_ground){now->anchors[p], placeset_part(now->places, p)->first};
    q->nearby.ground_count = PLACESET_PARTS;
    q->nearby.limit = (uint32_t)page.limit;
    q->nearby.states_max = ROUTE_FAIR_STATES;
    q->nearby.bar = api_road_barred(&q->bar);
    set_filter(q, &wanted->filter);
    return ERR_OK;
}

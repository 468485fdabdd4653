#include "server/api/api_road.h"

#include "geo/base/text.h"
#include "geo/road/cover.h"

#include <string.h>

enum { POINTS_ROOM = API_ROAD_MAX_POINTS + API_ROAD_MAX_RINGS, RETRY_S = 5 };

const struct graph *api_road_present(const struct tools *tools)
{
    const struct roads *roads = tools->snapshot->roads;
    return roads ? roads_graph(roads) : NULL;
}

enum err api_road_graph(struct request *request, const struct tools *tools,
                        const struct graph **graph)
{
    const struct graph *present = api_road_present(tools);
    if (present) {
        *graph = present;
        return ERR_OK;
    }
    request->problem->retry_after_s = RETRY_S;
    return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                       atomic_load(&tools->service->preparing)
                           ? "the roads are being prepared"
                           : "this server has no road file yet");
}

enum err api_road_profile(struct request *request, const struct graph *graph, unsigned *profile)
{
    const char *name = request_query(request, "profile");
    int found = graph_profile_find(graph, name ? name : "ebike");
    if (found < 0 && !name) found = 0; /* an operator without that profile: the first */
    if (found < 0 || (size_t)found >= graph_profile_count(graph))
        return problem_say(request->problem, PROBLEM_PARAMETER, "profile",
                           "is unknown; /v1/categories lists the profiles");
    *profile = (unsigned)found;
    return ERR_OK;
}

/* --- avoid --- */

struct rings {
    struct coord points[POINTS_ROOM];
    size_t starts[API_ROAD_MAX_RINGS + 1];
    size_t count, point_count;
    size_t given; /* points as they were written, without those that close a ring */
};

static enum err read_point(struct request *request, struct rings *rings, size_t in_ring,
                           const char *text, size_t len)
{
    const char *comma = memchr(text, ',', len);
    struct coord at;
    if (!comma || !text_double(text, (size_t)(comma - text), &at.lon) ||
        !text_double(comma + 1, len - (size_t)(comma + 1 - text), &at.lat))
        return problem_say(request->problem, PROBLEM_PARAMETER, "avoid",
                           "point %zu of ring %zu must be longitude,latitude in decimal degrees; "
                           "points are separated by ; and rings by |",
                           in_ring + 1, rings->count + 1);
    if (rings->given++ == API_ROAD_MAX_POINTS)
        return problem_say(request->problem, PROBLEM_PARAMETER, "avoid",
                           "there may be at most %d points in all; draw the areas coarser",
                           API_ROAD_MAX_POINTS);
    rings->points[rings->point_count++] = at;
    return ERR_OK;
}

static enum err read_ring(struct request *request, struct rings *rings, const char *rest)
{
    const char *item;
    size_t len, first = rings->point_count, n = 0;
    if (rings->count == API_ROAD_MAX_RINGS)
        return problem_say(request->problem, PROBLEM_PARAMETER, "avoid",
                           "there may be at most %d rings; join those that lie together",
                           API_ROAD_MAX_RINGS);
    while (request_next(&rest, ';', &item, &len)) {
        enum err e = read_point(request, rings, n++, item, len);
        if (e) return e;
    }
    struct coord *p = rings->points + first;
    bool closed = n > 1 && p[0].lon == p[n - 1].lon && p[0].lat == p[n - 1].lat;
    if (n - closed < 3)
        return problem_say(request->problem, PROBLEM_PARAMETER, "avoid",
                           "ring %zu has %zu points; a ring has at least three", rings->count + 1,
                           n - closed);
    if (!closed) rings->points[rings->point_count++] = p[0];
    rings->starts[++rings->count] = rings->point_count;
    return ERR_OK;
}

static enum err read_rings(struct request *request, const struct api_crs *crs, struct rings *rings)
{
    const char *rest = request_query(request, "avoid"), *item;
    size_t len;
    rings->count = rings->point_count = rings->given = rings->starts[0] = 0;
    while (request_next(&rest, '|', &item, &len)) {
        const char *ring = arena_strndup(request->arena, item, len);
        enum err e = ring ? read_ring(request, rings, ring) : ERR_NOMEM;
        if (e) return e;
    }
    if (rings->count == 0) return ERR_OK;
    return api_crs_inward(request, crs, "avoid", rings->points, rings->point_count);
}

static void stamp_edge(void *user, uint32_t edge)
{
    struct tools_stamps *stamps = user;
    stamps->of_edge[edge] = stamps->stamp;
}

/* Each ring is a shape of its own, so that overlapping ones do not cancel out. */
static enum err stamp_rings(struct request *request, struct tools *tools, const struct graph *graph,
                            const struct rings *rings, struct network_bar *bar)
{
    struct tools_stamps *stamps;
    struct why why = {""};
    enum err e = tools_stamp(tools, graph_edge_count(graph), &stamps);
    for (size_t r = 0; !e && r < rings->count; r++) {
        const size_t starts[] = {0, rings->starts[r + 1] - rings->starts[r]};
        const struct cover_shape shape = {.kind = COVER_POLYGON,
                                          .points = rings->points + rings->starts[r],
                                          .point_count = starts[1],
                                          .ring_starts = starts,
                                          .ring_count = 1};
        e = cover_walk(graph, &shape, stamp_edge, stamps, &why);
        if (e == ERR_INVALID)
            return problem_say(request->problem, PROBLEM_PARAMETER, "avoid",
                               "ring %zu surrounds nothing: its points lie on a line", r + 1);
    }
    if (e) return problem_from_err(request->problem, e, NULL);
    bar->edge_stamp = stamps->of_edge;
    bar->stamp = stamps->stamp;
    return ERR_OK;
}

enum err api_road_bar(struct request *request, struct tools *tools, const struct api_crs *crs,
                      const struct graph *graph, struct network_bar *bar)
{
    struct network_bar read = {0};
    struct rings *rings = arena_alloc(request->arena, sizeof *rings);
    if (!rings) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = request_bool(request, "no_steps", &read.no_steps);
    if (!e) e = request_bool(request, "no_pushing", &read.no_pushing);
    if (!e) e = read_rings(request, crs, rings);
    if (!e && rings->count) e = stamp_rings(request, tools, graph, rings, &read);
    if (!e) *bar = read;
    return e;
}

const struct network_bar *api_road_barred(const struct network_bar *bar)
{
    return bar->edge_stamp || bar->no_steps || bar->no_pushing ? bar : NULL;
}

#include "server/api/api_road.h"

#include "geo/base/text.h"
#include "geo/road/cover.h"
#include "server/api/api_rings.h"

#include <stdlib.h>

enum { RETRY_S = 5 };

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

static int compare_limits(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

enum err api_road_limits(struct request *request, uint32_t limits_ms[REACH_MAX_LIMITS],
                         size_t *count)
{
    const char *rest = request_query(request, "limits"), *item;
    size_t len;
    int64_t seconds = 0;
    size_t n = 0;
    if (!rest)
        return problem_say(request->problem, PROBLEM_PARAMETER, "limits",
                           "is missing: give travel times in seconds, separated by commas");
    while (request_next(&rest, ',', &item, &len)) {
        if (n == REACH_MAX_LIMITS)
            return problem_say(request->problem, PROBLEM_PARAMETER, "limits",
                               "must be at most %d numbers", REACH_MAX_LIMITS);
        if (!text_int(item, len, 1, API_ROAD_MAX_S, &seconds))
            return problem_say(request->problem, PROBLEM_PARAMETER, "limits",
                               "must be whole seconds from 1 to %d, separated by commas",
                               API_ROAD_MAX_S);
        limits_ms[n++] = (uint32_t)seconds * 1000;
    }
    qsort(limits_ms, n, sizeof *limits_ms, compare_limits);
    for (size_t i = 1; i < n; i++)
        if (limits_ms[i] == limits_ms[i - 1])
            return problem_say(request->problem, PROBLEM_PARAMETER, "limits",
                               "has %u twice: give each number once", limits_ms[i] / 1000);
    *count = n;
    return ERR_OK;
}

/* --- avoid --- */

static void stamp_edge(void *user, uint32_t edge)
{
    struct tools_stamps *stamps = user;
    stamps->of_edge[edge] = stamps->stamp;
}

/* Each ring is a shape of its own, so that overlapping ones do not cancel out. */
static enum err stamp_rings(struct request *request, struct tools *tools, const struct graph *graph,
                            const struct api_rings *rings, struct network_bar *bar)
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
    struct api_rings rings;
    enum err e = request_bool(request, "no_steps", &read.no_steps);
    if (!e) e = request_bool(request, "no_pushing", &read.no_pushing);
    if (!e) e = api_rings_read(request, crs, "avoid", &rings);
    if (!e && rings.count) e = stamp_rings(request, tools, graph, &rings, &read);
    if (!e) *bar = read;
    return e;
}

const struct network_bar *api_road_barred(const struct network_bar *bar)
{
    return bar->edge_stamp || bar->no_steps || bar->no_pushing ? bar : NULL;
}

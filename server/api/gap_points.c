#include "server/api/gap_points.h"

#include "data/cases.h"
#include "geo/space/geodesic.h"
#include "server/anchoring.h"

#include <math.h>
#include <stdlib.h>

/* ---- places ---- */

struct collecting {
    const struct tools *tools;
    const struct gap_query *query;
    struct gap_goals *goals;
    enum err e;
};

static bool add_ends(struct collecting *c, const struct network_end *ends, size_t count)
{
    struct gap_goals *g = c->goals;
    if (g->count + count > g->size) {
        size_t size = 2 * g->size + 256;
        struct network_end *more = realloc(g->ends, size * sizeof *more);
        if (!more) {
            c->e = ERR_NOMEM;
            return false;
        }
        g->ends = more;
        g->size = size;
    }
    for (size_t i = 0; i < count; i++)
        g->ends[g->count++] = ends[i];
    g->places += count > 0;
    return true;
}

static bool add_place(void *user, uint32_t place)
{
    struct collecting *c = user;
    const struct snapshot *now = c->tools->snapshot;
    struct network_end ends[NETWORK_MAX_ENDS];
    if (!filter_keeps(now->places, &c->query->wanted.filter, place)) return true;
    if (c->goals->places == GAP_PLACES) {
        c->e = ERR_LIMIT;
        return false;
    }
    const struct placepart *delta = placeset_part(now->places, PLACESET_DELTA);
    unsigned part = place >= delta->first ? PLACESET_DELTA : PLACESET_BASE;
    uint32_t local = place - placeset_part(now->places, part)->first;
    size_t count =
        now->anchors[part]
            ? anchors_ends(now->anchors[part], &c->query->reach.metric->view, local, SNAP_END, ends)
            : 0;
    return add_ends(c, ends, count);
}

/* The area's box and as far around it as anybody gets in time, who stands and stops beside the
 * road. */
static struct box box_around(const struct gap_query *q)
{
    const struct reach_query *reach = &q->reach;
    double ms_per_m = fmax(reach->metric->view.profile->min_ms_per_m, 1);
    double pad_m =
        reach->limits_ms[reach->limit_count - 1] / ms_per_m * 1.01 + 2 * anchoring_radius_m;
    struct box box = polygon_box(q->areas[0]);
    double farthest = fmin(fmax(fabs(box.min_lat), fabs(box.max_lat)) + 1, 89);
    struct geodesic_plane plane = geodesic_plane_at(farthest);
    double lon = pad_m / plane.m_per_lon_deg, lat = pad_m / geodesic_plane_at(0).m_per_lat_deg;
    return (struct box){fmax(box.min_lon - lon, -180), fmax(box.min_lat - lat, -90),
                        fmin(box.max_lon + lon, 180), fmin(box.max_lat + lat, 90)};
}

enum err gap_points_goals(struct request *request, const struct tools *tools,
                          const struct gap_query *query, struct gap_goals *goals)
{
    struct collecting c = {tools, query, goals, ERR_OK};
    placeset_search(tools->snapshot->places, box_to_e7(box_around(query)), add_place, &c);
    if (c.e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONTENT, "category",
                           "there are more than %d such places around: name a category, or ask "
                           "for a smaller area",
                           GAP_PLACES);
    return c.e;
}

/* ---- who wants to reach them ---- */

struct gathering {
    const struct polygon *area;
    struct demand_point *points;
    size_t count, size;
    enum err e;
};

static bool add_point(struct gathering *g, struct coord at, double weight)
{
    if (!polygon_covers(g->area, at)) return true;
    if (g->count == GAP_POINTS) {
        g->e = ERR_LIMIT;
        return false;
    }
    if (g->count == g->size) {
        size_t size = 2 * g->size + 1024;
        struct demand_point *more = realloc(g->points, size * sizeof *more);
        if (!more) {
            g->e = ERR_NOMEM;
            return false;
        }
        g->points = more;
        g->size = size;
    }
    g->points[g->count++] = (struct demand_point){at, weight};
    return true;
}

static bool add_case(void *user, struct coord at)
{
    return add_point(user, at, 1);
}

static bool add_cell(void *user, const struct gridset_cell *cell)
{
    return add_point(user, coord_from_e7(cell->at), (double)cell->weight);
}

static enum err gather(struct request *request, struct tools *tools, const struct gap_query *query,
                       struct gathering *g)
{
    struct box box = polygon_box(query->areas[0]);
    struct why why = {""};
    struct db *db;
    if (query->weight == GAP_GRID) {
        gridset_search(query->grid, box, add_cell, g);
        return g->e;
    }
    enum err e = tools_db(tools, &db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = cases_positions(db, "report", box, add_case, g);
    return e ? e : g->e;
}

enum err gap_points_demand(struct request *request, struct tools *tools,
                           const struct gap_query *query, const struct snap_ground *ground,
                           const struct progress *progress, struct demand **demand)
{
    struct gathering g = {.area = query->areas[0]};
    if (query->weight == GAP_SURFACE) return ERR_OK;
    enum err e = gather(request, tools, query, &g);
    if (e == ERR_LIMIT)
        e = problem_say(request->problem, PROBLEM_CONTENT, "weight",
                        "has more than %d points in this area: ask for a smaller one, or bring in "
                        "a coarser grid",
                        GAP_POINTS);
    else if (!e)
        e = demand_new(ground, g.points, g.count, anchoring_radius_m, progress, demand);
    free(g.points);
    return e;
}

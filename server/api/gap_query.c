#include "server/api/gap_query.h"

#include "server/api/api_road.h"
#include "server/auth.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_SIZE = 400 };

/* ---- where ---- */

static enum err read_box(struct request *request, struct gap_query *q)
{
    const struct box *b = &q->wanted.boxes[0];
    struct why why = {""};
    if (q->wanted.box_count != 1)
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "must not cross the antimeridian here: ask for either side");
    const struct coord ring[] = {{b->min_lon, b->min_lat},
                                 {b->max_lon, b->min_lat},
                                 {b->max_lon, b->max_lat},
                                 {b->min_lon, b->max_lat},
                                 {b->min_lon, b->min_lat}};
    const size_t starts[] = {0, 5};
    enum err e = polygon_from_rings(ring, starts, 1, &q->box, &why);
    if (!e) e = polygon_prepare(q->box);
    if (e == ERR_NOMEM) return problem_from_err(request->problem, e, NULL);
    if (e) return problem_say(request->problem, PROBLEM_PARAMETER, "bbox", "surrounds nothing");
    q->areas[q->area_count++] = q->box;
    return ERR_OK;
}

static enum err add_children(struct request *request, const struct areaset *set,
                             struct gap_query *q)
{
    int64_t parent = q->named[0]->id;
    for (size_t i = 0; i < areaset_count(set); i++) {
        const struct area *area = areaset_at(set, i);
        if (area->parent_id != parent) continue;
        if (q->area_count == 1 + GAP_CHILDREN)
            return problem_say(request->problem, PROBLEM_PARAMETER, "area",
                               "has more than %d areas below it: ask for a lower one",
                               GAP_CHILDREN);
        q->areas[q->area_count] = areaset_polygon(set, i);
        q->named[q->area_count++] = area;
    }
    return ERR_OK;
}

/* Sides that go far round the world are no shortest lines: such an area is not even measured. */
static enum err check_size(struct request *request, const struct gap_query *q)
{
    const struct place_query *w = &q->wanted;
    const char *name = w->area ? "area" : w->polygon ? "polygon" : "bbox";
    struct box box = polygon_box(q->areas[0]);
    if (box.max_lon - box.min_lon > GAP_DEGREES)
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "spans %.0f degrees of longitude, and at most %d are looked at: ask for "
                           "a part of it",
                           box.max_lon - box.min_lon, GAP_DEGREES);
    double km2 = polygon_area_m2(q->areas[0]) / 1e6;
    if (km2 <= GAP_KM2) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name,
                       "measures %.0f km2; at most %d km2 are looked at: ask for a part of it", km2,
                       GAP_KM2);
}

/* What bounded places elsewhere is here what is to be covered: places beside it count too. */
static enum err read_where(struct request *request, const struct tools *tools, struct gap_query *q)
{
    const struct areaset *set = tools->snapshot->areas;
    struct place_query *w = &q->wanted;
    enum err e = ERR_OK;
    if ((w->area != NULL) + (w->polygon != NULL) + (w->box_count > 0) != 1)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area",
                           "%s: give one of area, bbox and polygon",
                           w->area || w->polygon || w->box_count ? "cannot be given together with "
                                                                   "bbox or polygon"
                                                                 : "is missing");
    if (w->area) {
        q->areas[q->area_count] = areaset_polygon(set, (size_t)areaset_by_id(set, w->area->id));
        q->named[q->area_count++] = w->area;
        e = add_children(request, set, q);
    } else if (w->polygon) {
        q->areas[q->area_count++] = w->polygon;
    } else {
        e = read_box(request, q);
    }
    w->filter.boxes = NULL;
    w->filter.box_count = 0;
    memset(w->filter.within, 0, sizeof w->filter.within);
    return e ? e : check_size(request, q);
}

/* ---- what for ---- */

/* The grids that there are, for who does not know. */
static const char *grid_names(struct request *request, const struct gridset *grids)
{
    char text[NAMES_SIZE] = "";
    size_t n = 0;
    for (size_t i = 0; grids && i < gridset_count(grids) && n + 48 < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, ", %s", gridset_at(grids, i)->name);
    return arena_strdup(request->arena, text);
}

static enum err read_weight(struct request *request, const struct tools *tools, struct gap_query *q)
{
    const char *word = request_query(request, "weight");
    if (!word || strcmp(word, "surface") == 0) return ERR_OK;
    if (strcmp(word, "reports") == 0) {
        q->weight = GAP_REPORTS;
        return ERR_OK;
    }
    q->weight = GAP_GRID;
    q->grid = tools->snapshot->grids ? gridset_find(tools->snapshot->grids, word) : NULL;
    if (q->grid) return ERR_OK;
    const char *names = grid_names(request, tools->snapshot->grids);
    return problem_say(request->problem, PROBLEM_PARAMETER, "weight",
                       "is none there is: surface, reports%s (yizhan import grid brings in more)",
                       names ? names : "");
}

/* Where people report and order is not for everybody. */
static enum err check_right(struct request *request, const struct tools *tools,
                            const struct gap_query *q)
{
    if (q->weight == GAP_SURFACE) return ERR_OK;
    if (!tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "weight",
                           "other than surface is for staff: send the token of a session or a key "
                           "as Authorization: Bearer TOKEN");
    if (auth_may(tools, RIGHTS_statistics, q->named[0] ? q->named[0]->id : 0, "report"))
        return ERR_OK;
    return problem_say(request->problem, PROBLEM_FORBIDDEN, "weight",
                       q->named[0] ? "other than surface is for the staff of this area"
                                   : "other than surface is for staff of everywhere, unless an "
                                     "area is asked for");
}

static enum err read_suggest(struct request *request, struct gap_query *q)
{
    double wanted = 0;
    enum err e = request_number(request, "suggest", 0, SITING_MAX, &wanted);
    q->suggest = (size_t)wanted;
    if (!e && (double)q->suggest != wanted)
        return problem_say(request->problem, PROBLEM_PARAMETER, "suggest",
                           "must be a whole number");
    if (e || !q->suggest || q->reach.limit_count == 1) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "suggest",
                       "needs one travel time: give one number in limits");
}

static enum err read_show(struct request *request, struct gap_query *q)
{
    static const char *const words[] = {"out", "in", "both", "none", NULL};
    int show = 0;
    enum err e = request_word(request, "show", words, &show);
    q->show_out = show == 0 || show == 2;
    q->show_in = show == 1 || show == 2;
    return e;
}

enum err gap_query_read(struct request *request, struct tools *tools, struct gap_query *q)
{
    const struct graph *graph;
    *q = (struct gap_query){.area_count = 0};
    enum err e = api_road_graph(request, tools, &graph);
    if (!e) e = api_crs_read(request, tools, &q->crs);
    if (!e) e = place_query_read(request, tools, &q->crs, false, &q->wanted);
    if (!e) e = read_where(request, tools, q);
    if (!e) e = api_road_limits(request, q->reach.limits_ms, &q->reach.limit_count);
    if (!e) e = api_road_profile(request, graph, &q->profile);
    if (!e) e = read_suggest(request, q);
    if (!e) e = read_show(request, q);
    if (!e) e = read_weight(request, tools, q);
    if (!e) e = check_right(request, tools, q);
    if (!e) e = api_road_bar(request, tools, &q->crs, graph, &q->bar);
    if (e) return e;
    if (!tools->snapshot->anchors[0])
        return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                           "the places are still being put on the roads");
    q->reach.metric = roads_metric(tools->snapshot->roads, q->profile);
    q->reach.bar = api_road_barred(&q->bar);
    return ERR_OK;
}

void gap_query_fini(struct gap_query *q)
{
    place_query_fini(&q->wanted);
    polygon_free(q->box);
}

#include "geo/space/areaset.h"

#include "geo/base/pool.h"
#include "geo/space/geodesic.h"
#include "geo/space/rtree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16 };

struct by_id {
    int64_t id;
    size_t index;
};

struct areaset {
    struct area *areas;
    struct polygon **polygons;
    struct by_id *ids; /* ascending */
    size_t count;
    struct pool pool;
    struct rtree tree;
};

static int compare_ids(const void *a, const void *b)
{
    const struct by_id *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

struct offsets {
    uint32_t code, name, name_en;
};

/* Texts are placed first and pointed to afterwards, since the pool moves while it grows. */
static enum err copy_areas(struct areaset *set, const struct area *areas)
{
    struct offsets *offsets = calloc(set->count + 1, sizeof *offsets);
    enum err e = offsets ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; i < set->count && !e; i++) {
        set->areas[i] = areas[i];
        e = pool_put(&set->pool, areas[i].code, &offsets[i].code);
        if (!e) e = pool_put(&set->pool, areas[i].name, &offsets[i].name);
        if (!e) e = pool_put(&set->pool, areas[i].name_en, &offsets[i].name_en);
    }
    if (!e) pool_seal(&set->pool);
    for (size_t i = 0; i < set->count && !e; i++) {
        set->areas[i].code = pool_get(&set->pool, offsets[i].code);
        set->areas[i].name = pool_get(&set->pool, offsets[i].name);
        set->areas[i].name_en = pool_get(&set->pool, offsets[i].name_en);
    }
    free(offsets);
    return e;
}

static enum err index_areas(struct areaset *set)
{
    struct box_e7 *boxes = malloc((set->count + 1) * sizeof *boxes);
    enum err e = boxes ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; i < set->count && !e; i++) {
        boxes[i] = box_to_e7(polygon_box(set->polygons[i]));
        set->ids[i] = (struct by_id){set->areas[i].id, i};
        e = polygon_prepare(set->polygons[i]);
    }
    if (!e) e = rtree_build(boxes, (uint32_t)set->count, &set->tree);
    if (!e) qsort(set->ids, set->count, sizeof *set->ids, compare_ids);
    free(boxes);
    return e;
}

enum err areaset_new(const struct area *areas, struct polygon **polygons, size_t count,
                     struct areaset **set)
{
    enum err e = count > UINT32_MAX / 2 ? ERR_LIMIT : ERR_NOMEM;
    struct areaset *made = calloc(1, sizeof *made);
    if (!made || e == ERR_LIMIT) {
        for (size_t i = 0; i < count; i++)
            polygon_free(polygons[i]);
        free(made);
        return e;
    }
    made->count = count;
    made->polygons = calloc(count + 1, sizeof(struct polygon *));
    made->areas = calloc(count + 1, sizeof *made->areas);
    made->ids = calloc(count + 1, sizeof *made->ids);
    if (made->polygons && made->areas && made->ids) {
        for (size_t i = 0; i < count; i++)
            made->polygons[i] = polygons[i];
        e = copy_areas(made, areas);
        if (!e) e = index_areas(made);
    } else {
        for (size_t i = 0; i < count; i++)
            polygon_free(polygons[i]);
        made->count = 0;
    }
    if (e)
        areaset_free(made);
    else
        *set = made;
    return e;
}

void areaset_free(struct areaset *set)
{
    if (!set) return;
    for (size_t i = 0; i < set->count; i++)
        polygon_free(set->polygons[i]);
    free(set->polygons);
    free(set->areas);
    free(set->ids);
    pool_fini(&set->pool);
    rtree_fini(&set->tree);
    free(set);
}

size_t areaset_count(const struct areaset *set)
{
    return set->count;
}

const struct area *areaset_at(const struct areaset *set, size_t i)
{
    return &set->areas[i];
}

const struct polygon *areaset_polygon(const struct areaset *set, size_t i)
{
    return set->polygons[i];
}

size_t areaset_in_order(const struct areaset *set, size_t rank)
{
    return set->ids[rank].index;
}

long areaset_by_id(const struct areaset *set, int64_t id)
{
    const struct by_id key = {id, 0};
    const struct by_id *found = bsearch(&key, set->ids, set->count, sizeof *set->ids, compare_ids);
    return found ? (long)found->index : -1;
}

struct location {
    const struct areaset *set;
    struct coord at;
    double within_m;
    long cover; /* the finest area that covers the point; -1: none */
    long best;
    double best_m;
};

/* Whether area a goes before area b: the finer, the smaller, the one with the lower id. */
static bool is_finer(const struct areaset *set, size_t a, size_t b)
{
    const struct area *x = &set->areas[a], *y = &set->areas[b];
    if (x->level != y->level) return x->level > y->level;
    double size_x = polygon_size(set->polygons[a]), size_y = polygon_size(set->polygons[b]);
    return size_x != size_y ? size_x < size_y : x->id < y->id;
}

static bool try_covering(void *user, uint32_t i)
{
    struct location *location = user;
    const struct areaset *set = location->set;
    if ((location->best < 0 || is_finer(set, i, (size_t)location->best)) &&
        polygon_covers(set->polygons[i], location->at))
        location->best = i;
    return true;
}

/* Whether area i lies below `above` in the hierarchy. A circle in the data ends. */
static bool is_below(const struct areaset *set, size_t i, int64_t above)
{
    int64_t id = set->areas[i].parent_id;
    for (int depth = 0; id && depth < DEPTH_MAX; depth++) {
        if (id == above) return true;
        long parent = areaset_by_id(set, id);
        id = parent < 0 ? 0 : set->areas[parent].parent_id;
    }
    return false;
}

/* Finest first here too; among equally fine ones the nearest. */
static bool try_near(void *user, uint32_t i)
{
    struct location *location = user;
    const struct areaset *set = location->set;
    if (location->cover >= 0 && !is_below(set, i, set->areas[location->cover].id)) return true;
    double distance_m = polygon_distance_m(set->polygons[i], location->at);
    if (distance_m > location->within_m) return true;
    if (location->best >= 0) {
        int level = set->areas[i].level, other = set->areas[location->best].level;
        bool better = level != other                   ? level > other
                      : distance_m != location->best_m ? distance_m < location->best_m
                                                       : is_finer(set, i, (size_t)location->best);
        if (!better) return true;
    }
    location->best = i;
    location->best_m = distance_m;
    return true;
}

/* A box that holds everything within `m` metres, cut off at the antimeridian. */
static struct box box_around(struct coord c, double m)
{
    struct geodesic_plane plane = geodesic_plane_at(c.lat);
    double lat = m / plane.m_per_lat_deg * 1.01;
    double lon = fmin(360, m / fmax(plane.m_per_lon_deg, 1e-3) * 1.01);
    return (struct box){c.lon - lon, c.lat - lat, c.lon + lon, c.lat + lat};
}

enum err areaset_locate(const struct areaset *set, struct coord c, double tolerance_m,
                        const struct area **area)
{
    struct location location = {
        .set = set, .at = c, .within_m = tolerance_m, .cover = -1, .best = -1};
    rtree_search(&set->tree, box_to_e7((struct box){c.lon, c.lat, c.lon, c.lat}), try_covering,
                 &location);
    location.cover = location.best;
    location.best = -1;
    if (tolerance_m > 0)
        rtree_search(&set->tree, box_to_e7(box_around(c, tolerance_m)), try_near, &location);
    if (location.best < 0) location.best = location.cover;
    if (location.best < 0) return ERR_NOTFOUND;
    *area = &set->areas[location.best];
    return ERR_OK;
}

struct relay {
    bool (*visit)(void *user, size_t i);
    void *user;
};

static bool pass_on(void *user, uint32_t i)
{
    const struct relay *relay = user;
    return relay->visit(relay->user, i);
}

void areaset_search(const struct areaset *set, struct box box, bool (*visit)(void *user, size_t i),
                    void *user)
{
    struct relay relay = {visit, user};
    rtree_search(&set->tree, box_to_e7(box), pass_on, &relay);
}

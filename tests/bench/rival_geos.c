/* GEOS's STRtree, one a category. Its interface finds the one nearest item, or those in a box: so
 * boxes are asked, the first from START_M around the query, each four times the area of the last,
 * until ten lie in the circle that fits the box, or the box holds the whole radius. Distances are
 * measured in the plane that touches the ellipsoid at the query. START_M and the node's size are
 * the quickest of several on this machine. */
#define GEOS_USE_ONLY_R_API
#include "tests/bench/rivals.h"

#include <geos_c.h>
#include <math.h>
#include <stdlib.h>

enum { NODE = 16 };
static const double start_m[2] = {700, 250}; /* below and above a million places */

struct item {
    struct coord at;
    uint32_t number;
    GEOSGeometry *point;
};

struct found {
    double square;
    uint32_t number;
};

struct geos {
    GEOSContextHandle_t context;
    GEOSSTRtree *trees[RIVAL_CATEGORIES];
    struct item *items;
    uint32_t count;
    /* of a query: */
    struct coord at;
    double per_lon_m, per_lat_m, reach2;
    struct found best[RIVAL_LIMIT];
    uint32_t best_count;
};

static void look_at(void *item, void *user)
{
    const struct item *place = item;
    struct geos *self = user;
    double x = (place->at.lon - self->at.lon) * self->per_lon_m;
    double y = (place->at.lat - self->at.lat) * self->per_lat_m, square = x * x + y * y;
    if (square > self->reach2) return;
    uint32_t i = self->best_count < RIVAL_LIMIT ? self->best_count++ : RIVAL_LIMIT - 1;
    for (; i > 0 && self->best[i - 1].square > square; i--)
        self->best[i] = self->best[i - 1];
    self->best[i] = (struct found){square, place->number};
    if (self->best_count == RIVAL_LIMIT) self->reach2 = self->best[RIVAL_LIMIT - 1].square;
}

static void look_around(struct geos *self, unsigned category, double reach_m)
{
    double lon = reach_m / self->per_lon_m, lat = reach_m / self->per_lat_m;
    self->best_count = 0;
    self->reach2 = reach_m * reach_m;
    GEOSGeometry *box =
        GEOSGeom_createRectangle_r(self->context, self->at.lon - lon, self->at.lat - lat,
                                   self->at.lon + lon, self->at.lat + lat);
    GEOSSTRtree_query_r(self->context, self->trees[category], box, look_at, self);
    GEOSGeom_destroy_r(self->context, box);
}

static void *make(const struct rival_points *points)
{
    struct geos *self = calloc(1, sizeof *self);
    if (!self) exit(1);
    self->context = GEOS_init_r();
    self->items = malloc(points->count * sizeof *self->items);
    self->count = points->count;
    if (!self->items) exit(1);
    for (int c = 0; c < RIVAL_CATEGORIES; c++)
        self->trees[c] = GEOSSTRtree_create_r(self->context, NODE);
    for (uint32_t i = 0; i < points->count; i++) {
        struct coord at = points->at[i];
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(self->context, at.lon, at.lat);
        self->items[i] = (struct item){at, i, point};
        GEOSSTRtree_insert_r(self->context, self->trees[points->categories[i]], point,
                             &self->items[i]);
    }
    self->per_lon_m = self->per_lat_m = 1; /* the first question makes the tree */
    for (unsigned c = 0; c < RIVAL_CATEGORIES; c++)
        look_around(self, c, 1);
    return self;
}

static uint32_t find(void *user, const struct rival_query *query, uint32_t found[RIVAL_LIMIT])
{
    const double radian = 0.017453292519943295, a = 6378137, e2 = 0.0066943799901413165;
    struct geos *self = user;
    double s = sin(query->at.lat * radian), w = sqrt(1 - e2 * s * s);
    self->at = query->at;
    self->per_lon_m = a / w * cos(query->at.lat * radian) * radian;
    self->per_lat_m = a * (1 - e2) / (w * w * w) * radian;
    double reach_m = start_m[self->count > 1000000];
    do
        look_around(self, query->category, fmin(reach_m, query->radius_m));
    while (self->best_count < RIVAL_LIMIT && reach_m < query->radius_m && (reach_m *= 2));
    for (uint32_t i = 0; i < self->best_count; i++)
        found[i] = self->best[i].number;
    return self->best_count;
}

static uint32_t number(void *self, unsigned category, uint32_t found)
{
    (void)self, (void)category;
    return found;
}

static void drop(void *user)
{
    struct geos *self = user;
    for (int c = 0; c < RIVAL_CATEGORIES; c++)
        GEOSSTRtree_destroy_r(self->context, self->trees[c]);
    for (uint32_t i = 0; i < self->count; i++)
        GEOSGeom_destroy_r(self->context, self->items[i].point);
    free(self->items);
    GEOS_finish_r(self->context);
    free(self);
}

const struct rival rival_geos = {"GEOS STRtree", make, find, number, drop};

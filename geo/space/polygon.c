#include "geo/space/polygon.h"

#include "geo/space/geodesic.h"
#include "geo/space/tangle.h"

#include <assert.h>
#include <geos_c.h>
#include <math.h>
#include <stdlib.h>

struct polygon {
    struct shape shape;
    struct box box;
    double size;
    GEOSGeometry *geometry;
    const GEOSPreparedGeometry *prepared;
};

/* A context belongs to one operation: GEOS forbids two threads to share one, and making one costs
 * less than a microsecond. What went wrong is kept in `why`. */
static void keep_message(const char *message, void *user)
{
    err_say(user, ERR_FORMAT, "%s", message);
}

static GEOSContextHandle_t context_new(struct why *why)
{
    GEOSContextHandle_t geos = GEOS_init_r();
    if (geos && why) GEOSContext_setErrorMessageHandler_r(geos, keep_message, why);
    return geos;
}

static GEOSGeometry *ring_new(GEOSContextHandle_t geos, const struct shape *shape, size_t i)
{
    size_t count;
    const struct coord *points = shape_ring_at(shape, i, &count);
    GEOSCoordSequence *sequence =
        GEOSCoordSeq_copyFromBuffer_r(geos, &points->lon, (unsigned)count, 0, 0);
    return sequence ? GEOSGeom_createLinearRing_r(geos, sequence) : NULL;
}

/* The polygon whose shell is ring `first`; its holes end before ring `end`. */
static GEOSGeometry *part_new(GEOSContextHandle_t geos, const struct shape *shape, size_t first,
                              size_t end)
{
    size_t hole_count = 0;
    GEOSGeometry *part = NULL, **holes = calloc(end - first, sizeof(GEOSGeometry *));
    GEOSGeometry *shell = holes ? ring_new(geos, shape, first) : NULL;
    while (shell && first + 1 + hole_count < end) {
        GEOSGeometry *hole = ring_new(geos, shape, first + 1 + hole_count);
        if (!hole) break;
        holes[hole_count++] = hole;
    }
    if (shell && first + 1 + hole_count == end) {
        part = GEOSGeom_createPolygon_r(geos, shell, holes, (unsigned)hole_count);
    } else {
        GEOSGeom_destroy_r(geos, shell);
        for (size_t i = 0; i < hole_count; i++)
            GEOSGeom_destroy_r(geos, holes[i]);
    }
    free(holes);
    return part;
}

static size_t part_end(const struct shape *shape, size_t first)
{
    size_t end = first + 1;
    while (end < shape->ring_count && shape->rings[end].hole)
        end++;
    return end;
}

/* NULL on failure, which the context's handler has told. */
static GEOSGeometry *geometry_new(GEOSContextHandle_t geos, const struct shape *shape)
{
    GEOSGeometry *all = NULL, **parts = calloc(shape->ring_count + 1, sizeof(GEOSGeometry *));
    size_t count = 0, first = 0;
    while (parts && first < shape->ring_count) {
        size_t end = part_end(shape, first);
        GEOSGeometry *part = part_new(geos, shape, first, end);
        if (!part) break;
        parts[count++] = part;
        first = end;
    }
    if (parts && first == shape->ring_count) {
        all = GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts, (unsigned)count);
    } else if (parts) {
        for (size_t i = 0; i < count; i++)
            GEOSGeom_destroy_r(geos, parts[i]);
    }
    free(parts);
    return all;
}

static enum err collect_ring(GEOSContextHandle_t geos, const GEOSGeometry *ring, bool hole,
                             struct shape *shape)
{
    const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(geos, ring);
    unsigned count = 0;
    if (!sequence || !GEOSCoordSeq_getSize_r(geos, sequence, &count)) return ERR_NOMEM;
    enum err e = shape_add_ring(shape, hole);
    for (unsigned i = 0; i < count && !e; i++) {
        struct coord c = {0, 0};
        (void)GEOSCoordSeq_getXY_r(geos, sequence, i, &c.lon, &c.lat);
        e = shape_add_point(shape, c);
    }
    return e;
}

/* The polygons of what MakeValid gave; lines and points that a ring collapsed to have no area. */
static enum err collect(GEOSContextHandle_t geos, const GEOSGeometry *from, struct shape *shape)
{
    enum err e = ERR_OK;
    int type = GEOSGeomTypeId_r(geos, from);
    if (type == GEOS_POLYGON && !GEOSisEmpty_r(geos, from)) {
        e = collect_ring(geos, GEOSGetExteriorRing_r(geos, from), false, shape);
        int holes = GEOSGetNumInteriorRings_r(geos, from);
        for (int i = 0; i < holes && !e; i++)
            e = collect_ring(geos, GEOSGetInteriorRingN_r(geos, from, i), true, shape);
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        int count = GEOSGetNumGeometries_r(geos, from);
        for (int i = 0; i < count && !e; i++)
            e = collect(geos, GEOSGetGeometryN_r(geos, from, i), shape);
    }
    return e;
}

/* Replaces an invalid geometry by its mended form. */
static enum err mend(GEOSContextHandle_t geos, struct polygon *polygon, struct why *why)
{
    struct shape mended = {0};
    enum err e = tangle_check(&polygon->shape, POLYGON_CROSSINGS);
    if (e == ERR_LIMIT)
        return err_say(why, e, "the polygon's rings cross one another more than %d times",
                       POLYGON_CROSSINGS);
    if (e) return e;
    GEOSGeometry *valid = GEOSMakeValid_r(geos, polygon->geometry);
    e = valid ? collect(geos, valid, &mended) : ERR_FORMAT;
    GEOSGeom_destroy_r(geos, valid);
    if (!e && mended.ring_count == 0) e = err_say(why, ERR_FORMAT, "the polygon has no area");
    if (e) {
        shape_fini(&mended);
        return e;
    }
    shape_fini(&polygon->shape);
    polygon->shape = mended;
    GEOSGeom_destroy_r(geos, polygon->geometry);
    polygon->geometry = geometry_new(geos, &polygon->shape);
    if (polygon->geometry && GEOSisValid_r(geos, polygon->geometry) == 1) return ERR_OK;
    return err_say(why, ERR_FORMAT, "the polygon's rings cross in a way that cannot be mended");
}

static void measure(struct polygon *polygon)
{
    const struct shape *shape = &polygon->shape;
    polygon->box = box_empty();
    for (size_t i = 0; i < shape->point_count; i++)
        polygon->box = box_extend(polygon->box, shape->points[i]);
    for (size_t i = 0; i < shape->ring_count; i++) {
        size_t count;
        const struct coord *points = shape_ring_at(shape, i, &count);
        polygon->size += shape_ring_area(points, count); /* holes are negative */
    }
}

static enum err check_rings(const struct shape *shape, struct why *why)
{
    if (shape->ring_count == 0) return err_say(why, ERR_FORMAT, "the polygon is empty");
    for (size_t i = 0; i < shape->ring_count; i++) {
        size_t count;
        const struct coord *p = shape_ring_at(shape, i, &count);
        if (count < 4)
            return err_say(why, ERR_FORMAT, "ring %zu has %zu points; a ring has at least four",
                           i + 1, count);
        if (p[0].lon != p[count - 1].lon || p[0].lat != p[count - 1].lat)
            return err_say(why, ERR_FORMAT, "ring %zu is not closed", i + 1);
    }
    return ERR_OK;
}

/* Takes the shape, whatever happens. */
static enum err polygon_new(struct shape shape, struct polygon **polygon, bool *mended,
                            struct why *why)
{
    bool crossed = false;
    struct polygon *made = calloc(1, sizeof *made);
    GEOSContextHandle_t geos = context_new(why);
    enum err e = ERR_NOMEM;
    if (!made || !geos) {
        shape_fini(&shape);
        goto out;
    }
    made->shape = shape;
    e = check_rings(&made->shape, why);
    if (e) goto out;
    made->geometry = geometry_new(geos, &made->shape);
    e = made->geometry ? ERR_OK : ERR_NOMEM;
    if (e) goto out;
    crossed = GEOSisValid_r(geos, made->geometry) != 1;
    if (crossed) e = mend(geos, made, why);
    if (e) goto out;
    shape_orient(&made->shape);
    measure(made);
    /* Mending what is smaller than numbers can say may leave holes larger than their shell. */
    if (!(made->size > 0)) e = err_say(why, ERR_FORMAT, "the polygon has no area");
out:
    if (geos) GEOS_finish_r(geos);
    if (e) {
        polygon_free(made);
    } else {
        *polygon = made;
        if (mended) *mended = crossed;
    }
    return e;
}

enum err polygon_from_wkb(const void *wkb, size_t len, struct polygon **polygon, bool *mended,
                          struct why *why)
{
    struct shape shape = {0};
    enum err e = shape_read_wkb(&shape, wkb, len, why);
    if (!e) return polygon_new(shape, polygon, mended, why);
    shape_fini(&shape);
    return e;
}

enum err polygon_from_rings(const struct coord *points, const size_t *ring_starts,
                            size_t ring_count, struct polygon **polygon, struct why *why)
{
    struct shape shape = {0};
    enum err e = ERR_OK;
    for (size_t r = 0; r < ring_count && !e; r++) {
        e = shape_add_ring(&shape, r > 0);
        for (size_t i = ring_starts[r]; i < ring_starts[r + 1] && !e; i++) {
            if (!coord_valid(points[i]))
                e = err_say(why, ERR_RANGE, "the coordinate %g, %g is outside the world",
                            points[i].lon, points[i].lat);
            else
                e = shape_add_point(&shape, points[i]);
        }
    }
    if (!e) return polygon_new(shape, polygon, NULL, why);
    shape_fini(&shape);
    return e;
}

enum err polygon_from_shape(struct shape *shape, struct polygon **polygon, struct why *why)
{
    struct shape taken = *shape;
    *shape = (struct shape){0};
    return polygon_new(taken, polygon, NULL, why);
}

/* As GeoJSON is written here. */
static const double grid_deg = 1e-7;

/* A geometry of its own: what GEOS notes down in one while it works is not for two threads. */
static GEOSGeometry *copy_new(GEOSContextHandle_t geos, const struct polygon *polygon)
{
    return polygon ? geometry_new(geos, &polygon->shape) : GEOSGeom_createEmptyPolygon_r(geos);
}

static enum err overlay(GEOSGeometry *(*operation)(GEOSContextHandle_t, const GEOSGeometry *,
                                                   const GEOSGeometry *, double),
                        const struct polygon *a, const struct polygon *b, struct polygon **result)
{
    struct shape shape = {0};
    struct polygon *made = NULL;
    enum err e = ERR_NOMEM;
    GEOSContextHandle_t geos = context_new(NULL);
    if (!geos) return e;
    GEOSGeometry *first = copy_new(geos, a), *second = copy_new(geos, b), *left = NULL;
    if (first && second) left = operation(geos, first, second, grid_deg);
    if (left) e = collect(geos, left, &shape);
    GEOSGeom_destroy_r(geos, first);
    GEOSGeom_destroy_r(geos, second);
    GEOSGeom_destroy_r(geos, left);
    GEOS_finish_r(geos);
    if (!e && shape.ring_count)
        e = polygon_new(shape, &made, NULL, NULL);
    else
        shape_fini(&shape);
    if (e) return ERR_NOMEM;
    *result = made;
    return ERR_OK;
}

enum err polygon_outside(const struct polygon *a, const struct polygon *b, struct polygon **result)
{
    return overlay(GEOSDifferencePrec_r, a, b, result);
}

enum err polygon_inside(const struct polygon *a, const struct polygon *b, struct polygon **result)
{
    return overlay(GEOSIntersectionPrec_r, a, b, result);
}

void polygon_free(struct polygon *polygon)
{
    if (!polygon) return;
    GEOSContextHandle_t geos = context_new(NULL);
    if (geos) {
        GEOSPreparedGeom_destroy_r(geos, polygon->prepared);
        GEOSGeom_destroy_r(geos, polygon->geometry);
        GEOS_finish_r(geos);
    }
    shape_fini(&polygon->shape);
    free(polygon);
}

enum err polygon_to_wkb(const struct polygon *polygon, unsigned char **wkb, size_t *len)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    shape_write_wkb(&polygon->shape, &out);
    enum err e = out.err;
    if (!e)
        *wkb = (unsigned char *)buf_take(&out, len);
    else
        buf_fini(&out);
    return e;
}

static bool covers(const struct polygon *polygon, struct coord c)
{
    bool inside = false;
    GEOSContextHandle_t geos = context_new(NULL);
    GEOSGeometry *point = geos ? GEOSGeom_createPointFromXY_r(geos, c.lon, c.lat) : NULL;
    if (point) {
        inside = GEOSPreparedCovers_r(geos, polygon->prepared, point) == 1;
        GEOSGeom_destroy_r(geos, point);
    }
    if (geos) GEOS_finish_r(geos);
    return inside;
}

enum err polygon_prepare(struct polygon *polygon)
{
    if (polygon->prepared) return ERR_OK;
    GEOSContextHandle_t geos = context_new(NULL);
    if (!geos) return ERR_NOMEM;
    polygon->prepared = GEOSPrepare_r(geos, polygon->geometry);
    GEOS_finish_r(geos);
    if (!polygon->prepared) return ERR_NOMEM;
    /* A vertex lies in the envelope, so this asks the point index too, which is what builds it. */
    return covers(polygon, polygon->shape.points[0]) ? ERR_OK : ERR_NOMEM;
}

bool polygon_covers(const struct polygon *polygon, struct coord c)
{
    assert(polygon->prepared);
    return box_contains(polygon->box, c) && covers(polygon, c);
}

static bool boxes_meet(struct box a, struct box b)
{
    return a.min_lon <= b.max_lon && a.max_lon >= b.min_lon && a.min_lat <= b.max_lat &&
           a.max_lat >= b.min_lat;
}

/* On which side of the line from a to b a point lies: the sign of the cross product. */
static double side(struct coord a, struct coord b, double lon, double lat)
{
    return (b.lon - a.lon) * (lat - a.lat) - (b.lat - a.lat) * (lon - a.lon);
}

/* Whether a segment touches a box: their extents meet, and the corners are not all on one side. */
static bool segment_meets(struct coord a, struct coord b, struct box box)
{
    const struct box own = {fmin(a.lon, b.lon), fmin(a.lat, b.lat), fmax(a.lon, b.lon),
                            fmax(a.lat, b.lat)};
    if (!boxes_meet(own, box)) return false;
    const double sides[] = {
        side(a, b, box.min_lon, box.min_lat), side(a, b, box.max_lon, box.min_lat),
        side(a, b, box.max_lon, box.max_lat), side(a, b, box.min_lon, box.max_lat)};
    bool left = false, right = false;
    for (int i = 0; i < 4; i++) {
        left = left || sides[i] >= 0;
        right = right || sides[i] <= 0;
    }
    return left && right;
}

bool polygon_line_meets(const struct coord *points, size_t count, struct box box)
{
    for (size_t i = 1; i < count; i++)
        if (segment_meets(points[i - 1], points[i], box)) return true;
    return false;
}

bool polygon_meets(const struct polygon *polygon, struct box box)
{
    if (!boxes_meet(polygon->box, box)) return false;
    for (size_t r = 0; r < polygon->shape.ring_count; r++) {
        size_t count;
        const struct coord *ring = shape_ring_at(&polygon->shape, r, &count);
        if (polygon_line_meets(ring, count, box)) return true;
    }
    /* No edge touches it: it lies inside as a whole, or outside. */
    return polygon_covers(polygon, (struct coord){box.min_lon, box.min_lat});
}

struct box polygon_box(const struct polygon *polygon)
{
    return polygon->box;
}

double polygon_size(const struct polygon *polygon)
{
    return polygon->size;
}

double polygon_area_m2(const struct polygon *polygon)
{
    double area_m2 = 0;
    for (size_t r = 0; r < polygon->shape.ring_count; r++) {
        size_t count;
        const struct coord *points = shape_ring_at(&polygon->shape, r, &count);
        area_m2 += geodesic_area_m2(points, count); /* holes are negative */
    }
    return area_m2;
}

/* Metres from the origin to the stretch a–b. */
static double stretch_distance_m(double ax, double ay, double bx, double by)
{
    double dx = bx - ax, dy = by - ay, length2 = dx * dx + dy * dy;
    double along = length2 > 0 ? -(ax * dx + ay * dy) / length2 : 0;
    along = fmax(0, fmin(1, along));
    return hypot(ax + along * dx, ay + along * dy);
}

double polygon_distance_m(const struct polygon *polygon, struct coord c)
{
    if (polygon_covers(polygon, c)) return 0;
    struct geodesic_plane plane = geodesic_plane_at(c.lat);
    double best = HUGE_VAL;
    for (size_t r = 0; r < polygon->shape.ring_count; r++) {
        size_t count;
        const struct coord *p = shape_ring_at(&polygon->shape, r, &count);
        for (size_t i = 1; i < count; i++)
            best = fmin(best, stretch_distance_m((p[i - 1].lon - c.lon) * plane.m_per_lon_deg,
                                                 (p[i - 1].lat - c.lat) * plane.m_per_lat_deg,
                                                 (p[i].lon - c.lon) * plane.m_per_lon_deg,
                                                 (p[i].lat - c.lat) * plane.m_per_lat_deg));
    }
    return best;
}

void polygon_rings(const struct polygon *polygon,
                   void (*ring)(void *user, const struct coord *points, size_t count, bool hole),
                   void *user)
{
    for (size_t i = 0; i < polygon->shape.ring_count; i++) {
        size_t count;
        const struct coord *points = shape_ring_at(&polygon->shape, i, &count);
        ring(user, points, count, polygon->shape.rings[i].hole);
    }
}

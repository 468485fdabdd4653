#include "geo/space/shape.h"

#include "geo/base/room.h"

#include <stdlib.h>
#include <string.h>

void shape_fini(struct shape *shape)
{
    free(shape->points);
    free(shape->rings);
    *shape = (struct shape){0};
}

enum err shape_add_ring(struct shape *shape, bool hole)
{
    enum err e =
        room_grow(&shape->rings, sizeof *shape->rings, shape->ring_count, &shape->ring_size);
    if (e) return e;
    shape->rings[shape->ring_count++] = (struct shape_ring){shape->point_count, hole};
    return ERR_OK;
}

enum err shape_add_point(struct shape *shape, struct coord c)
{
    enum err e =
        room_grow(&shape->points, sizeof *shape->points, shape->point_count, &shape->point_size);
    if (e) return e;
    shape->points[shape->point_count++] = c;
    return ERR_OK;
}

const struct coord *shape_ring_at(const struct shape *shape, size_t i, size_t *count)
{
    size_t start = shape->rings[i].start;
    *count = (i + 1 < shape->ring_count ? shape->rings[i + 1].start : shape->point_count) - start;
    return shape->points ? shape->points + start : NULL; /* no ring has a point */
}

double shape_ring_area(const struct coord *points, size_t count)
{
    double sum = 0;
    /* From the first point on, so that far from the origin no digits are lost. */
    for (size_t i = 1; i < count; i++)
        sum += (points[i - 1].lon - points[0].lon) * (points[i].lat - points[0].lat) -
               (points[i].lon - points[0].lon) * (points[i - 1].lat - points[0].lat);
    return sum / 2;
}

static void reverse(struct coord *points, size_t count)
{
    for (size_t i = 0, j = count; i + 1 < j; i++) {
        struct coord swap = points[i];
        points[i] = points[--j];
        points[j] = swap;
    }
}

void shape_orient(struct shape *shape)
{
    for (size_t i = 0; i < shape->ring_count; i++) {
        size_t count;
        const struct coord *points = shape_ring_at(shape, i, &count);
        if ((shape_ring_area(points, count) < 0) != shape->rings[i].hole)
            reverse(shape->points + shape->rings[i].start, count);
    }
}

/* What is left of the bytes, and how the geometry at hand is written. */
struct reader {
    const unsigned char *at, *end;
    bool little;
    size_t dimensions;
    uint32_t type;
    struct shape *shape;
    struct why *why;
};

enum { WKB_POLYGON = 3, WKB_MULTIPOLYGON = 6 };
static const uint32_t flag_z = 0x80000000u, flag_m = 0x40000000u, flag_srid = 0x20000000u;

static size_t left(const struct reader *r)
{
    return (size_t)(r->end - r->at);
}

static uint64_t take(struct reader *r, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)r->at[r->little ? i : bytes - 1 - i] << (8 * i);
    r->at += bytes;
    return value;
}

static double take_double(struct reader *r)
{
    uint64_t bits = take(r, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static enum err ends_early(const struct reader *r)
{
    return err_say(r->why, ERR_TRUNCATED, "the geometry ends in the middle");
}

/* A count of things that take at least `bytes` each: never more than there is room for. */
static enum err take_count(struct reader *r, size_t bytes, uint32_t *count)
{
    if (left(r) < 4) return ends_early(r);
    uint32_t n = (uint32_t)take(r, 4);
    if (n > left(r) / bytes) return ends_early(r);
    *count = n;
    return ERR_OK;
}

static enum err read_header(struct reader *r)
{
    if (left(r) < 5) return ends_early(r);
    if (*r->at > 1)
        return err_say(r->why, ERR_FORMAT, "this is no WKB: it starts with byte %u", *r->at);
    r->little = *r->at++ == 1;
    uint32_t type = (uint32_t)take(r, 4);
    bool z = type & flag_z, m = type & flag_m, srid = type & flag_srid;
    type &= ~(flag_z | flag_m | flag_srid);
    z = z || type / 1000 == 1 || type / 1000 == 3;
    m = m || type / 1000 == 2 || type / 1000 == 3;
    if (srid) {
        if (left(r) < 4) return ends_early(r);
        uint32_t id = (uint32_t)take(r, 4);
        if (id != 0 && id != 4326)
            return err_say(r->why, ERR_RANGE, "the geometry is in SRID %u, not in 4326", id);
    }
    r->type = type < 4000 ? type % 1000 : type;
    r->dimensions = 2 + (size_t)z + (size_t)m;
    return ERR_OK;
}

static enum err read_ring(struct reader *r, bool hole)
{
    uint32_t count = 0;
    enum err e = take_count(r, 8 * r->dimensions, &count);
    if (!e) e = shape_add_ring(r->shape, hole);
    for (uint32_t i = 0; i < count && !e; i++) {
        struct coord c;
        c.lon = take_double(r);
        c.lat = take_double(r);
        r->at += 8 * (r->dimensions - 2);
        if (!coord_valid(c))
            return err_say(r->why, ERR_RANGE, "the coordinate %g, %g is outside the world", c.lon,
                           c.lat);
        e = shape_add_point(r->shape, c);
    }
    return e;
}

static enum err read_polygon(struct reader *r)
{
    uint32_t rings = 0;
    enum err e = take_count(r, 4, &rings);
    for (uint32_t i = 0; i < rings && !e; i++)
        e = read_ring(r, i > 0);
    return e;
}

/* Every member has a header of its own, and must be a polygon: nothing nests. */
static enum err read_multipolygon(struct reader *r)
{
    uint32_t count = 0;
    enum err e = take_count(r, 9, &count);
    for (uint32_t i = 0; i < count && !e; i++) {
        e = read_header(r);
        if (!e && r->type != WKB_POLYGON)
            e = err_say(r->why, ERR_FORMAT, "a multipolygon holds something else (type %u)",
                        r->type);
        if (!e) e = read_polygon(r);
    }
    return e;
}

enum err shape_read_wkb(struct shape *shape, const void *wkb, size_t len, struct why *why)
{
    struct reader r = {.at = wkb, .shape = shape, .why = why};
    if (len == 0) return ends_early(&r);
    r.end = r.at + len;
    enum err e = read_header(&r);
    if (e) return e;
    if (r.type == WKB_POLYGON)
        e = read_polygon(&r);
    else if (r.type == WKB_MULTIPOLYGON)
        e = read_multipolygon(&r);
    else
        e = err_say(why, ERR_FORMAT, "the geometry is no polygon or multipolygon but WKB type %u",
                    r.type);
    if (!e && left(&r) > 0) e = err_say(why, ERR_FORMAT, "%zu bytes follow the geometry", left(&r));
    return e;
}

static void put_u32(struct buf *out, size_t value)
{
    unsigned char bytes[4];
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    buf_put(out, bytes, sizeof bytes);
}

static void put_double(struct buf *out, double value)
{
    unsigned char bytes[8];
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(bits >> (8 * i));
    buf_put(out, bytes, sizeof bytes);
}

static void put_header(struct buf *out, size_t type, size_t count)
{
    buf_putc(out, 1);
    put_u32(out, type);
    put_u32(out, count);
}

/* The ring behind a shell and its holes. */
static size_t part_end(const struct shape *shape, size_t shell)
{
    size_t end = shell + 1;
    while (end < shape->ring_count && shape->rings[end].hole)
        end++;
    return end;
}

void shape_write_wkb(const struct shape *shape, struct buf *out)
{
    size_t polygons = 0;
    for (size_t i = 0; i < shape->ring_count; i++)
        polygons += !shape->rings[i].hole;
    put_header(out, WKB_MULTIPOLYGON, polygons);
    for (size_t i = 0; i < shape->ring_count; i++) {
        size_t count;
        if (!shape->rings[i].hole) put_header(out, WKB_POLYGON, part_end(shape, i) - i);
        const struct coord *points = shape_ring_at(shape, i, &count);
        put_u32(out, count);
        for (size_t p = 0; p < count; p++) {
            put_double(out, points[p].lon);
            put_double(out, points[p].lat);
        }
    }
}

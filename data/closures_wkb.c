#include "data/closures_wkb.h"

#include "data/closures.h"

#include <string.h>

enum { WKB_POINT = 1, WKB_LINE = 2, WKB_POLYGON = 3 };

static void put_u32(struct buf *out, size_t value)
{
    unsigned char bytes[4];
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    buf_put(out, bytes, sizeof bytes);
}

static void put_points(struct buf *out, const struct coord *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double pair[] = {points[i].lon, points[i].lat};
        for (int p = 0; p < 2; p++) {
            uint64_t bits;
            memcpy(&bits, &pair[p], sizeof bits);
            put_u32(out, bits & UINT32_MAX);
            put_u32(out, bits >> 32);
        }
    }
}

void closures_wkb_write(const struct cover_shape *shape, struct buf *out)
{
    static const size_t types[] = {
        [COVER_DISC] = WKB_POINT, [COVER_LINE] = WKB_LINE, [COVER_POLYGON] = WKB_POLYGON};
    buf_putc(out, 1);
    put_u32(out, types[shape->kind]);
    if (shape->kind == COVER_LINE) put_u32(out, shape->point_count);
    if (shape->kind != COVER_POLYGON) {
        put_points(out, shape->points, shape->point_count);
        return;
    }
    put_u32(out, shape->ring_count);
    for (size_t r = 0; r < shape->ring_count; r++) {
        size_t first = shape->ring_starts[r], count = shape->ring_starts[r + 1] - first;
        put_u32(out, count);
        put_points(out, shape->points + first, count);
    }
}

struct reader {
    const unsigned char *at, *end;
};

static bool take_u32(struct reader *r, size_t *value)
{
    if (r->end - r->at < 4) return false;
    *value =
        (size_t)r->at[0] | (size_t)r->at[1] << 8 | (size_t)r->at[2] << 16 | (size_t)r->at[3] << 24;
    r->at += 4;
    return true;
}

static bool take_point(struct reader *r, struct coord *point)
{
    double pair[2];
    for (int p = 0; p < 2; p++) {
        size_t low, high;
        if (!take_u32(r, &low) || !take_u32(r, &high)) return false;
        uint64_t bits = (uint64_t)low | (uint64_t)high << 32;
        memcpy(&pair[p], &bits, sizeof bits);
    }
    *point = (struct coord){pair[0], pair[1]};
    return true;
}

/* `*room` points are left of the shape's array. */
static enum err take_points(struct reader *r, size_t count, struct coord *points, size_t *used)
{
    if (count > CLOSURES_POINTS_MAX - *used) return ERR_LIMIT;
    for (size_t i = 0; i < count; i++)
        if (!take_point(r, &points[*used + i])) return ERR_FORMAT;
    *used += count;
    return ERR_OK;
}

static enum err take_rings(struct reader *r, size_t *starts, size_t *rings, struct coord *points,
                           size_t *used)
{
    size_t count;
    if (!take_u32(r, rings)) return ERR_FORMAT;
    if (*rings > CLOSURES_RINGS_MAX) return ERR_LIMIT;
    for (size_t i = 0; i < *rings; i++) {
        if (!take_u32(r, &count)) return ERR_FORMAT;
        enum err e = take_points(r, count, points, used);
        if (e) return e;
        starts[i + 1] = *used;
    }
    return ERR_OK;
}

enum err closures_wkb_read(const void *wkb, size_t len, struct arena *arena,
                           struct cover_shape *shape)
{
    struct reader r = {wkb, (const unsigned char *)wkb + len};
    size_t type, count = 1, used = 0, rings = 0;
    if (len < 5 || *r.at++ != 1 || !take_u32(&r, &type)) return ERR_FORMAT;
    size_t room = (size_t)(r.end - r.at) / 16;
    struct coord *points = arena_calloc(arena, room + 1, sizeof *points);
    size_t *starts = arena_calloc(arena, CLOSURES_RINGS_MAX + 1, sizeof *starts);
    if (!points || !starts) return ERR_NOMEM;
    enum err e = ERR_FORMAT;
    if (type == WKB_POLYGON)
        e = take_rings(&r, starts, &rings, points, &used);
    else if (type == WKB_POINT || (type == WKB_LINE && take_u32(&r, &count)))
        e = count > room ? ERR_FORMAT : take_points(&r, count, points, &used);
    if (!e && r.at != r.end) e = ERR_FORMAT;
    if (e) return e;
    shape->kind = type == WKB_POINT ? COVER_DISC : type == WKB_LINE ? COVER_LINE : COVER_POLYGON;
    shape->points = points;
    shape->point_count = used;
    shape->ring_starts = starts;
    shape->ring_count = rings;
    return ERR_OK;
}

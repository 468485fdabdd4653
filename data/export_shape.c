#include "data/export_shape.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    HEADER = 5,
    LITTLE = 1,
    POLYGON = 3,
    MULTIPOLYGON = 6,
    POSITION = 16,
    DEGREES = 9,
    METRES = 4
};

void export_shape_point(struct coord at, unsigned char wkb[EXPORT_SHAPE_POINT])
{
    static const unsigned char header[HEADER] = {LITTLE, 1};
    memcpy(wkb, header, HEADER);
    memcpy(wkb + HEADER, &at.lon, 8);
    memcpy(wkb + HEADER + 8, &at.lat, 8);
}

int export_shape_decimals(const struct crs *crs)
{
    return crs_decimals(crs) > METRES ? DEGREES : METRES;
}

void export_shape_number(double value, int decimals, char text[40])
{
    int n = snprintf(text, 40, "%.*f", decimals, value);
    if (n < 0 || n >= 40 || !strchr(text, '.')) return;
    while (text[n - 1] == '0')
        text[--n] = '\0';
    if (text[n - 1] == '.') text[n - 1] = '\0';
}

/* Walks a MultiPolygon ring by ring. */
struct walk {
    const unsigned char *at, *end;
    enum err e;
};

static uint32_t take_count(struct walk *w)
{
    uint32_t count = 0;
    if (w->end - w->at < 4) {
        w->e = ERR_FORMAT;
        return 0;
    }
    memcpy(&count, w->at, 4);
    w->at += 4;
    return count;
}

static uint32_t take_header(struct walk *w, uint32_t type)
{
    uint32_t found = 0;
    if (w->end - w->at < HEADER || *w->at != LITTLE) {
        w->e = ERR_FORMAT;
        return 0;
    }
    memcpy(&found, w->at + 1, 4);
    w->at += HEADER;
    if (found != type) w->e = ERR_FORMAT;
    return take_count(w);
}

/* The points of the next ring; NULL when there are none. */
static const unsigned char *take_ring(struct walk *w, uint32_t *points)
{
    const unsigned char *first;
    *points = take_count(w);
    first = w->at;
    if (!w->e && (size_t)(w->end - w->at) / POSITION < *points) w->e = ERR_FORMAT;
    if (w->e) return NULL;
    w->at += (size_t)*points * POSITION;
    return first;
}

static struct coord point_at(const unsigned char *points, uint32_t i)
{
    struct coord at;
    memcpy(&at.lon, points + (size_t)i * POSITION, 8);
    memcpy(&at.lat, points + (size_t)i * POSITION + 8, 8);
    return at;
}

static void write_ring(struct buf *out, const unsigned char *points, uint32_t count, int decimals)
{
    char x[40], y[40];
    buf_putc(out, '(');
    for (uint32_t i = 0; i < count; i++) {
        struct coord at = point_at(points, i);
        export_shape_number(at.lon, decimals, x);
        export_shape_number(at.lat, decimals, y);
        buf_printf(out, "%s%s %s", i ? "," : "", x, y);
    }
    buf_putc(out, ')');
}

enum err export_shape_wkt(const unsigned char *wkb, size_t len, int decimals, struct buf *out)
{
    struct walk w = {.at = wkb, .end = wkb + len};
    uint32_t polygons = take_header(&w, MULTIPOLYGON);
    buf_puts(out, "MULTIPOLYGON(");
    for (uint32_t p = 0; p < polygons && !w.e; p++) {
        uint32_t rings = take_header(&w, POLYGON), points;
        buf_puts(out, p ? ",(" : "(");
        for (uint32_t r = 0; r < rings && !w.e; r++) {
            const unsigned char *first = take_ring(&w, &points);
            if (r) buf_putc(out, ',');
            if (first) write_ring(out, first, points, decimals);
        }
        buf_putc(out, ')');
    }
    buf_putc(out, ')');
    return w.e ? w.e : out->err;
}

enum err export_shape_convert(unsigned char *wkb, size_t len, const struct crs *crs)
{
    struct walk w = {.at = wkb, .end = wkb + len};
    uint32_t polygons = take_header(&w, MULTIPOLYGON);
    for (uint32_t p = 0; p < polygons && !w.e; p++) {
        uint32_t rings = take_header(&w, POLYGON), points;
        for (uint32_t r = 0; r < rings && !w.e; r++) {
            unsigned char *first = wkb + (w.at - wkb) + 4;
            if (!take_ring(&w, &points)) break;
            for (uint32_t i = 0; i < points && !w.e; i++) {
                struct coord at = point_at(first, i);
                w.e = crs_from_wgs84(crs, &at, 1);
                memcpy(first + (size_t)i * POSITION, &at.lon, 8);
                memcpy(first + (size_t)i * POSITION + 8, &at.lat, 8);
            }
        }
    }
    return w.e;
}

bool export_shape_same(const unsigned char *a, size_t a_len, const unsigned char *b, size_t b_len,
                       double degrees)
{
    struct walk v = {.at = a, .end = a + a_len}, w = {.at = b, .end = b + b_len};
    uint32_t polygons = take_header(&v, MULTIPOLYGON);
    if (a_len != b_len || take_header(&w, MULTIPOLYGON) != polygons) return false;
    for (uint32_t p = 0; p < polygons && !v.e && !w.e; p++) {
        uint32_t rings = take_header(&v, POLYGON), n, m;
        if (take_header(&w, POLYGON) != rings) return false;
        for (uint32_t r = 0; r < rings && !v.e && !w.e; r++) {
            const unsigned char *one = take_ring(&v, &n), *other = take_ring(&w, &m);
            if (!one || !other || n != m) return false;
            for (uint32_t i = 0; i < n; i++) {
                struct coord c = point_at(one, i), d = point_at(other, i);
                if (fabs(c.lon - d.lon) > degrees || fabs(c.lat - d.lat) > degrees) return false;
            }
        }
    }
    return !v.e && !w.e;
}

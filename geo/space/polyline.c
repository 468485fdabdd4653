#include "geo/space/polyline.h"

#include "geo/space/geodesic.h"

#include <math.h>

/* 5 bits of zigzag a character from '?', the sixth bit tells that more follow. */
enum { FIRST = 63, MORE = 0x20, MASK = 0x1f, MAX_SHIFT = 35 };

static double scale_of(int precision)
{
    return precision == 6 ? 1e6 : 1e5;
}

static void put_value(struct buf *out, int64_t value)
{
    char text[16];
    size_t len = 0;
    uint64_t left = value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
    for (; left >= MORE; left >>= 5)
        text[len++] = (char)((MORE | (left & MASK)) + FIRST);
    text[len++] = (char)(left + FIRST);
    buf_put(out, text, len);
}

void polyline_encode(const struct coord *points, size_t count, int precision, struct buf *out)
{
    double scale = scale_of(precision);
    int64_t lon = 0, lat = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t x = llround(points[i].lon * scale), y = llround(points[i].lat * scale);
        put_value(out, y - lat);
        put_value(out, x - lon);
        lat = y;
        lon = x;
    }
}

static bool get_value(const char **text, const char *end, int64_t *sum)
{
    uint64_t value = 0;
    for (unsigned shift = 0; *text < end && shift <= MAX_SHIFT; shift += 5) {
        unsigned digit = (unsigned char)*(*text)++;
        if (digit < FIRST || digit > FIRST + (MORE | MASK)) return false;
        digit -= FIRST;
        value |= (uint64_t)(digit & MASK) << shift;
        if (digit & MORE) continue;
        *sum += value & 1 ? -(int64_t)(value >> 1) - 1 : (int64_t)(value >> 1);
        return true;
    }
    return false;
}

enum err polyline_decode(const char *text, size_t len, int precision, struct coord *points,
                         size_t max, size_t *count)
{
    const char *end = len ? text + len : text; /* NULL may stand for nothing */
    double scale = scale_of(precision);
    int64_t lon = 0, lat = 0;
    size_t n = 0;
    while (text < end) {
        if (!get_value(&text, end, &lat) || !get_value(&text, end, &lon)) return ERR_FORMAT;
        struct coord c = {(double)lon / scale, (double)lat / scale};
        if (!coord_valid(c)) return ERR_RANGE;
        if (n == max) return ERR_LIMIT;
        points[n++] = c;
    }
    *count = n;
    return ERR_OK;
}

/* Square of the distance in metres from c to the stretch a–b. */
static double distance2_m(const struct geodesic_plane *plane, struct coord a, struct coord b,
                          struct coord c)
{
    double bx = (b.lon - a.lon) * plane->m_per_lon_deg, by = (b.lat - a.lat) * plane->m_per_lat_deg;
    double cx = (c.lon - a.lon) * plane->m_per_lon_deg, cy = (c.lat - a.lat) * plane->m_per_lat_deg;
    double length2 = bx * bx + by * by;
    double along = length2 > 0 ? (bx * cx + by * cy) / length2 : 0;
    along = fmax(0, fmin(1, along));
    double x = cx - along * bx, y = cy - along * by;
    return x * x + y * y;
}

/* The point between `first` and `last` farthest from their line, or `first` if none is farther than
 * the tolerance. */
static size_t farthest(const struct coord *points, size_t first, size_t last, double tolerance_m)
{
    double middle = (points[first].lat + points[last].lat) / 2;
    struct geodesic_plane plane = geodesic_plane_at(middle);
    double worst = tolerance_m * tolerance_m;
    size_t at = first;
    for (size_t i = first + 1; i < last; i++) {
        double distance2 = distance2_m(&plane, points[first], points[last], points[i]);
        if (distance2 > worst) {
            worst = distance2;
            at = i;
        }
    }
    return at;
}

size_t polyline_simplify(struct coord *points, size_t count, double tolerance_m, uint32_t *stack)
{
    if (count < 3) return count;
    /* The stack holds the kept points to the right of `first`, nearest on top; what is done on the
     * left is already in its place, which is never beyond `first`. */
    size_t depth = 0, kept = 1, first = 0;
    stack[depth++] = (uint32_t)(count - 1);
    while (depth > 0) {
        size_t last = stack[depth - 1];
        size_t split = farthest(points, first, last, tolerance_m);
        if (split != first) {
            stack[depth++] = (uint32_t)split;
            continue;
        }
        points[kept++] = points[last];
        first = last;
        depth--;
    }
    return kept;
}

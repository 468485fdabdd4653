#include "geo/space/surface.h"

#include <stdlib.h>

/* A latitude between the two corners nearest to half way up, so that no corner lies on it. */
static double cutting_lat(const struct coord *points, size_t count)
{
    struct box box = box_empty();
    for (size_t i = 0; i < count; i++)
        box = box_extend(box, points[i]);
    double middle = (box.min_lat + box.max_lat) / 2, below = box.min_lat, above = box.max_lat;
    for (size_t i = 0; i < count; i++) {
        double lat = points[i].lat;
        if (lat <= middle && lat > below) below = lat;
        if (lat > middle && lat < above) above = lat;
    }
    return (below + above) / 2;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The longitudes at which the rings cross the parallel, sorted. */
static size_t crossings(const struct coord *points, const size_t *ring_starts, size_t ring_count,
                        double lat, double *lons)
{
    size_t n = 0;
    for (size_t r = 0; r < ring_count; r++)
        for (size_t i = ring_starts[r] + 1; i < ring_starts[r + 1]; i++) {
            struct coord a = points[i - 1], b = points[i];
            if ((a.lat < lat) == (b.lat < lat)) continue;
            lons[n++] = a.lon + (b.lon - a.lon) * ((lat - a.lat) / (b.lat - a.lat));
        }
    qsort(lons, n, sizeof *lons, by_value);
    return n;
}

struct coord surface_point(const struct coord *points, const size_t *ring_starts, size_t ring_count)
{
    size_t count = ring_count ? ring_starts[ring_count] : 0;
    if (count == 0) return (struct coord){0, 0};
    double *lons = malloc(count * sizeof *lons);
    if (!lons) return points[0];
    double lat = cutting_lat(points, count), widest = 0;
    struct coord best = points[0];
    size_t n = crossings(points, ring_starts, ring_count, lat, lons);
    for (size_t i = 0; i + 1 < n; i += 2)
        if (lons[i + 1] - lons[i] > widest) {
            widest = lons[i + 1] - lons[i];
            best = (struct coord){(lons[i] + lons[i + 1]) / 2, lat};
        }
    free(lons);
    return best;
}

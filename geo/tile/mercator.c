#include "geo/tile/mercator.h"

#include <math.h>

static const double pi = 3.141592653589793;
static const double equator_m = 40075016.685578488; /* 2 pi a of WGS 84 */

struct mercator_point mercator_from_coord(struct coord c)
{
    double lat = fmax(-MERCATOR_MAX_LAT, fmin(MERCATOR_MAX_LAT, c.lat));
    double y = 0.5 - asinh(tan(lat / 180 * pi)) / (2 * pi);
    return (struct mercator_point){c.lon / 360 + 0.5, fmax(0, fmin(1, y))};
}

static uint32_t grid_step(double share)
{
    double step = floor(ldexp(share, 32));
    return step < UINT32_MAX ? (uint32_t)step : UINT32_MAX;
}

struct mercator_grid mercator_grid(struct coord c)
{
    struct mercator_point p = mercator_from_coord(c);
    return (struct mercator_grid){grid_step(p.x), grid_step(p.y)};
}

struct coord mercator_to_coord(struct mercator_point p)
{
    double lat = atan(sinh((0.5 - p.y) * 2 * pi)) / pi * 180;
    return (struct coord){(p.x - 0.5) * 360, lat};
}

struct box mercator_tile_box(uint32_t z, uint32_t x, uint32_t y, double margin)
{
    double side = ldexp(1, -(int)z);
    struct mercator_point north_west = {fmax(0, (x - margin) * side), fmax(0, (y - margin) * side)};
    struct mercator_point south_east = {fmin(1, (x + 1 + margin) * side),
                                        fmin(1, (y + 1 + margin) * side)};
    struct coord min = mercator_to_coord((struct mercator_point){north_west.x, south_east.y});
    struct coord max = mercator_to_coord((struct mercator_point){south_east.x, north_west.y});
    return (struct box){min.lon, min.lat, max.lon, max.lat};
}

double mercator_unit_m(uint32_t z, double lat, uint32_t extent)
{
    return equator_m * cos(lat / 180 * pi) / (ldexp(1, (int)z) * extent);
}

#include "geo/space/coord.h"

#include <math.h>

bool coord_valid(struct coord c)
{
    /* Comparisons with NaN are false, so this also asks for finite numbers. */
    return c.lon >= -180 && c.lon <= 180 && c.lat >= -90 && c.lat <= 90;
}

struct coord_e7 coord_to_e7(struct coord c)
{
    return (struct coord_e7){(int32_t)lround(c.lon * 1e7), (int32_t)lround(c.lat * 1e7)};
}

/* Cut off at the edge of the world, where nothing is lost and every double has an int32. */
static int32_t to_e7_within(double value, double limit)
{
    return (int32_t)fmax(-limit, fmin(limit, value));
}

struct box_e7 box_to_e7(struct box box)
{
    return (struct box_e7){
        to_e7_within(floor(box.min_lon * 1e7), 1.8e9), to_e7_within(floor(box.min_lat * 1e7), 9e8),
        to_e7_within(ceil(box.max_lon * 1e7), 1.8e9), to_e7_within(ceil(box.max_lat * 1e7), 9e8)};
}

struct box box_empty(void)
{
    return (struct box){HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
}

struct box box_extend(struct box box, struct coord c)
{
    return (struct box){fmin(box.min_lon, c.lon), fmin(box.min_lat, c.lat),
                        fmax(box.max_lon, c.lon), fmax(box.max_lat, c.lat)};
}

bool box_contains(struct box box, struct coord c)
{
    return c.lon >= box.min_lon && c.lon <= box.max_lon && c.lat >= box.min_lat &&
           c.lat <= box.max_lat;
}

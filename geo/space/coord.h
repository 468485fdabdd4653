/* Points and boxes in degrees of WGS 84, longitude first, everywhere inside. */
#ifndef YZ_GEO_SPACE_COORD_H
#define YZ_GEO_SPACE_COORD_H

#include <stdbool.h>
#include <stdint.h>

struct coord {
    double lon, lat;
};

/* Closed on all sides; min <= max. Never crosses the antimeridian: such a box is two. */
struct box {
    double min_lon, min_lat, max_lon, max_lat;
};

/* As OSM stores them: 1e-7 degrees, about a centimetre. */
struct coord_e7 {
    int32_t lon_e7, lat_e7;
};

struct box_e7 {
    int32_t min_lon, min_lat, max_lon, max_lat;
};

/* Finite, longitude within ±180, latitude within ±90. */
bool coord_valid(struct coord c);

/* Rounded to the nearest; the coordinate must be valid. */
struct coord_e7 coord_to_e7(struct coord c);

static inline struct coord coord_from_e7(struct coord_e7 c)
{
    return (struct coord){c.lon_e7 * 1e-7, c.lat_e7 * 1e-7};
}

/* The smallest e7 box that contains `box`: rounded outwards. */
struct box_e7 box_to_e7(struct box box);

/* An empty box, to be extended. */
struct box box_empty(void);
struct box box_extend(struct box box, struct coord c);
bool box_contains(struct box box, struct coord c);

#endif

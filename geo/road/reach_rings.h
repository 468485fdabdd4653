/* Rings of outlines: which are kept, their simplification, and the polygons that they make.
 *
 * Points are whole units of 1e-7 degrees, as they go out, and so whether two lines meet is known
 * exactly. A line is simplified within a tolerance that keeps it off the streets (reach_grid.h);
 * wherever two lines of any ring of any limit would then meet, both get back the point farthest off
 * until they do not. Lines do not meet as they come from the grid, so polygons are valid, and those
 * of one limit lie inside those of the next. */
#ifndef YZ_GEO_ROAD_REACH_RINGS_H
#define YZ_GEO_ROAD_REACH_RINGS_H

#include "geo/space/shape.h"

#include <stdbool.h>
#include <stdint.h>

enum { REACH_RINGS_LIMITS = 9 }; /* numbered from 0 */

struct reach_ring {
    size_t first, count, limit;
    double area; /* square cells; negative: a hole */
    struct box_e7 box;
};

struct reach_rings_line; /* from one kept point to the next */

/* One thread's workspace; zero-initialised is fresh. */
struct reach_rings {
    struct coord_e7 *points;
    bool *kept; /* by point */
    struct reach_ring *rings;
    struct reach_rings_line *lines;
    size_t point_count, point_size, kept_size, ring_count, ring_size, line_count, line_size;
    double x_per_e7, y_per_e7; /* cells a unit */
};
void reach_rings_fini(struct reach_rings *rings);

/* Forgets all rings. A cell of the grid is so many units wide and high. */
void reach_rings_clear(struct reach_rings *rings, double x_per_e7, double y_per_e7);

/* A ring, point by point, not closed, what it surrounds on its left. One around less than nothing
 * (a hole) is forgotten when it is less than `narrow` cells wide or high. ERR_NOMEM. */
enum err reach_rings_begin(struct reach_rings *rings, size_t limit);
enum err reach_rings_point(struct reach_rings *rings, struct coord_e7 c);
void reach_rings_end(struct reach_rings *rings, double narrow);

/* Simplifies all rings within a tolerance in cells and adds each limit's to its shape. ERR_NOMEM.
 */
enum err reach_rings_finish(struct reach_rings *rings, double tolerance, struct shape *shapes);

#endif

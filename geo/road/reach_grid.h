/* The distance to streets, one field a limit, on a grid of square cells, and the lines of equal
 * distance through it.
 *
 * Everything is measured in cells, on a plane that lengthens what lies farther from the equator and
 * shortens nothing. The fields hold squared distances at the corners of cells, as far as they
 * matter. A line is led REACH_OUT cells around the streets, a little farther for every further
 * limit, so that lines of different limits never touch. Where it crosses the side of a cell is
 * found from the distances at both ends; distance changes by no more than a cell from one end to
 * the other, so a line is nowhere nearer to a street than REACH_OUT - 1.21 cells (half a cell for
 * the crossing, half a diagonal for the stretch between two crossings) and nowhere farther than
 * REACH_OUT + 0.14 + 1.21. Two opposite corners of a cell are not joined. */
#ifndef YZ_GEO_ROAD_REACH_GRID_H
#define YZ_GEO_ROAD_REACH_GRID_H

#include "geo/base/err.h"
#include "geo/road/reach_rings.h"

/* The streets' extent. Longitudes count on from `origin_e7` and do not jump. */
struct reach_box {
    int32_t origin_e7, west_e7, east_e7, south_e7, north_e7;
    /* set by reach_grid_plan: */
    double cell_m, x_per_e7, y_per_e7; /* cells a unit */
    int sides;                         /* 2: the antimeridian cuts it; first its western part */
    int32_t seam_e7;                   /* where */
};
void reach_grid_plan(struct reach_box *box);

struct reach_point {
    double x, y; /* cells */
};

/* One thread's workspace; zero-initialised is fresh. */
struct reach_grid {
    struct reach_box box;
    int side;
    double x0;
    uint32_t nx, ny;
    size_t limit_count, corner_size, float_size, row_size;
    float *fields;               /* [limit][y][x] */
    uint32_t *next, *starts;     /* by crossed side of a cell: the next one along a line */
    uint32_t *row_min, *row_end; /* columns that have distances */
};
void reach_grid_fini(struct reach_grid *grid);

/* Begins a part of a box, without any street. Streets may lie outside: lines are cut a little
 * beyond the box. ERR_NOMEM. */
enum err reach_grid_begin(struct reach_grid *grid, const struct reach_box *box, int side,
                          size_t limit_count);

/* Where a point of the box lies on the grid. */
struct reach_point reach_grid_point(const struct reach_grid *grid, int32_t east_e7, int32_t lat_e7);

/* Adds a straight piece of a street, reached within a limit and all later ones. */
void reach_grid_line(struct reach_grid *grid, size_t limit, struct reach_point a,
                     struct reach_point b);

/* Adds the lines of all limits: rings that have what is reached on their left. ERR_NOMEM. */
enum err reach_grid_trace(struct reach_grid *grid, struct reach_rings *rings);

/* How far from any street an outline may be; how far a line may be moved, in cells. */
double reach_grid_margin_m(const struct reach_grid *grid);
double reach_grid_tolerance(void);

#endif

/* Lines and rings on a tile's integer grid, cut off at a rectangle. */
#ifndef YZ_GEO_TILE_CLIP_H
#define YZ_GEO_TILE_CLIP_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A grid point; x east, y south, as in MVT. Within ±2^30: the whole world at the finest zoom. */
struct clip_point {
    int32_t x, y;
};

/* Closed on all sides. */
struct clip_rect {
    int32_t min_x, min_y, max_x, max_y;
};

/* A growing list of points, reused from shape to shape. Zero-initialised is empty. */
struct clip_points {
    struct clip_point *items;
    size_t count, size;
};
void clip_points_fini(struct clip_points *points);
/* Adds a point unless it repeats the last one. ERR_NOMEM. */
enum err clip_points_add(struct clip_points *points, struct clip_point p);

/* Cuts a line (Y.-D. Liang, B. Barsky, A new concept and method for line clipping, ACM TOG 3,
 * 1984), and calls `piece` with every stretch of two points or more that lies inside. Points that
 * repeat their predecessor are dropped. `work` is the caller's. ERR_NOMEM, or what `piece`
 * returned.
 */
enum err clip_line(const struct clip_point *points, size_t count, struct clip_rect rect,
                   struct clip_points *work,
                   enum err (*piece)(void *user, const struct clip_point *points, size_t count),
                   void *user);

/* Cuts a ring (I. Sutherland, G. Hodgman, Reentrant polygon clipping, CACM 17, 1974). `ring` is
 * open (the last point is not the first again) and is replaced by what lies inside, open too,
 * without repeated points; empty if that has no area. A concave ring may come back with edges along
 * the rectangle that coincide, as that algorithm does, which fills alike. ERR_NOMEM. */
enum err clip_ring(struct clip_points *ring, struct clip_rect rect, struct clip_points *work);

/* Twice the signed area of an open ring by the surveyor's formula on the grid: positive is MVT's
 * exterior winding (4.3.4.4). For rings within a tile and its margin. */
int64_t clip_ring_area2(const struct clip_point *points, size_t count);

/* Turns a ring round. */
void clip_ring_reverse(struct clip_point *points, size_t count);

#endif

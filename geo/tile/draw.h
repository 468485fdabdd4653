/* One tile being drawn: from degrees to the tile's grid, clipped and simplified, into the writer.
 * What each layer shows, and from which zoom, stands in draw_areas.c, draw_roads.c,
 * draw_closures.c and draw_places.c. */
#ifndef YZ_GEO_TILE_DRAW_H
#define YZ_GEO_TILE_DRAW_H

#include "geo/tile/mvt.h"
#include "geo/tile/tile.h"

/* Lists that are reused from shape to shape. */
struct draw {
    struct mvt *mvt;
    struct tile_id id;
    struct box box; /* the tile and its margin */
    struct clip_rect rect;
    double scale, left, top; /* grid units to the world's side; the tile's corner in them */
    double tolerance_m;      /* what simplifying may move a line by */
    struct coord *coords;
    uint32_t *stack;
    size_t coord_count, coord_size;
    struct clip_points points, work;
};

void draw_init(struct draw *draw, struct mvt *mvt, struct tile_id id);
void draw_fini(struct draw *draw);

struct clip_point draw_project(const struct draw *draw, struct coord c);

/* Start an empty shape; add its points. ERR_NOMEM. */
void draw_begin(struct draw *draw);
enum err draw_add(struct draw *draw, struct coord c);

/* Add the shape to the open feature: as a line, or as a ring of which the last point repeats the
 * first. `*drawn`, which may be NULL, tells whether anything of it can be seen. ERR_NOMEM. */
enum err draw_line(struct draw *draw);
enum err draw_ring(struct draw *draw, bool hole, bool *drawn);

/* A street from end to end, as a line. */
enum err draw_edge(struct draw *draw, const struct graph *roads, uint32_t index);

/* The layers. */
enum err draw_areas(struct draw *draw, const struct areaset *areas);
enum err draw_roads(struct draw *draw, const struct graph *roads);
enum err draw_closures(struct draw *draw, const struct tile_source *source);
enum err draw_places(struct draw *draw, const struct tile_source *source);

#endif

#include "geo/tile/draw.h"

/* From which zoom an administrative level can be seen; deeper ones from the last. */
static const struct {
    int level;
    uint32_t min_zoom;
} zooms[] = {{2, 0}, {4, 3}, {5, 5}, {6, 7}, {7, 8}, {8, 9}, {99, 11}};

static bool is_shown(int level, uint32_t zoom)
{
    size_t i = 0;
    while (i + 1 < sizeof zooms / sizeof *zooms && level > zooms[i].level)
        i++;
    return zoom >= zooms[i].min_zoom;
}

struct drawing {
    struct draw *draw;
    const struct areaset *areas;
    bool shell_drawn;
    enum err err;
};

static void put_ring(void *user, const struct coord *points, size_t count, bool hole)
{
    struct drawing *drawing = user;
    if (drawing->err || (hole && !drawing->shell_drawn)) return;
    draw_begin(drawing->draw);
    for (size_t i = 0; i < count && !drawing->err; i++)
        drawing->err = draw_add(drawing->draw, points[i]);
    if (!drawing->err)
        drawing->err = draw_ring(drawing->draw, hole, hole ? NULL : &drawing->shell_drawn);
}

static bool put_area(void *user, size_t i)
{
    struct drawing *drawing = user;
    const struct area *area = areaset_at(drawing->areas, i);
    struct mvt *mvt = drawing->draw->mvt;
    if (!is_shown(area->level, drawing->draw->id.z)) return true;
    mvt_feature(mvt, MVT_POLYGON, area->id > 0 ? (uint64_t)area->id : 0);
    drawing->shell_drawn = false;
    polygon_rings(areaset_polygon(drawing->areas, i), put_ring, drawing);
    mvt_tag_int(mvt, "id", area->id);
    mvt_tag_string(mvt, "name", area->name);
    if (area->name_en[0]) mvt_tag_string(mvt, "name_en", area->name_en);
    mvt_tag_int(mvt, "level", area->level);
    mvt_feature_end(mvt);
    return !drawing->err;
}

enum err draw_areas(struct draw *draw, const struct areaset *areas)
{
    struct drawing drawing = {.draw = draw, .areas = areas};
    mvt_layer(draw->mvt, "areas");
    areaset_search(areas, draw->box, put_area, &drawing);
    mvt_layer_end(draw->mvt);
    return drawing.err;
}

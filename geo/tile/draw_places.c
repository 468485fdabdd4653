#include "geo/tile/draw.h"

#include <stdlib.h>

/* Below this zoom at most one place is shown in each cell of a grid over the tile: the one that
 * comes first in place order, which is the order of the operator's categories. */
enum { ALL_ZOOM = 16, CELL = 64, MARGIN_CELLS = 1, SIDE = MVT_EXTENT / CELL + 2 * MARGIN_CELLS };
enum { CELLS = SIDE * SIDE };

struct drawing {
    struct draw *draw;
    const struct tile_source *source;
    uint32_t *cells; /* place + 1, or 0; NULL where all are shown */
};

static void put_place(struct drawing *drawing, uint32_t index)
{
    struct mvt *mvt = drawing->draw->mvt;
    const struct tile_source *source = drawing->source;
    struct place place = placeset_at(source->places, index);
    mvt_feature(mvt, MVT_POINT, place.id > 0 ? (uint64_t)place.id : 0);
    mvt_point(mvt, draw_project(drawing->draw, place.at));
    mvt_tag_int(mvt, "id", place.id);
    if (place.name[0]) mvt_tag_string(mvt, "name", place.name);
    if (place.name_en[0]) mvt_tag_string(mvt, "name_en", place.name_en);
    if (place.category < source->category_count)
        mvt_tag_string(mvt, "category", source->category_codes[place.category]);
    mvt_feature_end(mvt);
}

static bool is_inside(struct clip_rect rect, struct clip_point p)
{
    return p.x >= rect.min_x && p.x <= rect.max_x && p.y >= rect.min_y && p.y <= rect.max_y;
}

/* The margin lies in cells of its own all round; its far edge, one unit beyond, in the same. */
static unsigned cell_of(int32_t v)
{
    unsigned cell = (unsigned)(v + CELL * MARGIN_CELLS) / CELL;
    return cell < SIDE ? cell : SIDE - 1;
}

static bool take_place(void *user, uint32_t index)
{
    struct drawing *drawing = user;
    struct coord at = coord_from_e7(placeset_coords(drawing->source->places)[index]);
    struct clip_point p = draw_project(drawing->draw, at);
    if (!is_inside(drawing->draw->rect, p)) return true;
    if (drawing->cells) {
        uint32_t *cell = &drawing->cells[cell_of(p.y) * SIDE + cell_of(p.x)];
        if (*cell == 0 || index + 1 < *cell) *cell = index + 1;
    } else {
        put_place(drawing, index);
    }
    return true;
}

enum err draw_places(struct draw *draw, const struct tile_source *source)
{
    struct drawing drawing = {.draw = draw, .source = source};
    if (draw->id.z < ALL_ZOOM) {
        drawing.cells = calloc(CELLS, sizeof *drawing.cells);
        if (!drawing.cells) return ERR_NOMEM;
    }
    mvt_layer(draw->mvt, "places");
    rtree_search(placeset_tree(source->places), box_to_e7(draw->box), take_place, &drawing);
    for (uint32_t i = 0; drawing.cells && i < CELLS; i++)
        if (drawing.cells[i]) put_place(&drawing, drawing.cells[i] - 1);
    mvt_layer_end(draw->mvt);
    free(drawing.cells);
    return ERR_OK;
}

#include "geo/tile/draw.h"

#include <stdlib.h>
#include <string.h>

/* From which zoom a class of road can be seen, and from which it is told by name: until then all of
 * a class is drawn as one feature. Classes that are not listed come with the last row. */
static const struct class_zoom {
    const char *name;
    uint8_t min_zoom, name_zoom;
} class_zooms[] = {
    {"motorway", 5, 11},       {"motorway_link", 10, 14},
    {"trunk", 6, 11},          {"trunk_link", 10, 14},
    {"primary", 8, 12},        {"primary_link", 11, 14},
    {"secondary", 9, 13},      {"secondary_link", 12, 14},
    {"tertiary", 10, 13},      {"tertiary_link", 12, 14},
    {"unclassified", 12, 14},  {"residential", 12, 14},
    {"living_street", 12, 14}, {"cycleway", 13, 14},
    {"pedestrian", 13, 14},    {"track", 13, 15},
    {"service", 14, 15},       {"ferry", 9, 13},
    {"footway", 14, 15},       {"path", 14, 15},
    {"steps", 15, 16},         {"", 14, 15},
};
enum { ZOOM_ROWS = sizeof class_zooms / sizeof *class_zooms, CLASSES = 256 };

/* An edge to draw; edges of one key become one feature. */
struct stroke {
    uint32_t edge;
    uint8_t road_class;
    bool oneway;
    const char *name; /* one address for one name: the road file has each text once */
};

struct strokes {
    const struct graph *roads;
    uint32_t zoom;
    uint8_t min_zoom[CLASSES], name_zoom[CLASSES];
    struct stroke *items;
    size_t count, size;
    enum err err;
};

static const struct class_zoom *zoom_of(const char *name)
{
    size_t i = 0;
    while (i + 1 < ZOOM_ROWS && strcmp(class_zooms[i].name, name) != 0)
        i++;
    return &class_zooms[i];
}

/* The table by class number instead of name. */
static void set_zooms(struct strokes *strokes)
{
    const char *name;
    memset(strokes->min_zoom, TILE_MAX_ZOOM + 1, sizeof strokes->min_zoom);
    for (unsigned c = 0; c < CLASSES && (name = graph_class_name(c)); c++) {
        const struct class_zoom *row = zoom_of(name);
        strokes->min_zoom[c] = row->min_zoom;
        strokes->name_zoom[c] = row->name_zoom;
    }
}

static bool add_stroke(void *user, uint32_t item)
{
    struct strokes *strokes = user;
    struct graph_edge edge = graph_edge_at(strokes->roads, item);
    if (strokes->zoom < strokes->min_zoom[edge.road_class]) return true;
    if (strokes->count == strokes->size) {
        size_t size = strokes->size ? strokes->size * 2 : 256;
        struct stroke *items = realloc(strokes->items, size * sizeof *items);
        if (!items) {
            strokes->err = ERR_NOMEM;
            return false;
        }
        strokes->items = items;
        strokes->size = size;
    }
    bool named = strokes->zoom >= strokes->name_zoom[edge.road_class];
    strokes->items[strokes->count++] =
        (struct stroke){.edge = item,
                        .road_class = edge.road_class,
                        .oneway = named && edge.oneway,
                        .name = named && edge.name[0] ? edge.name : NULL};
    return true;
}

/* Minor classes first, so that the major ones are drawn above them. */
static int compare(const void *a, const void *b)
{
    const struct stroke *x = a, *y = b;
    uintptr_t name_x = (uintptr_t)x->name, name_y = (uintptr_t)y->name;
    if (x->road_class != y->road_class) return x->road_class < y->road_class ? 1 : -1;
    if (name_x != name_y) return name_x < name_y ? -1 : 1;
    if (x->oneway != y->oneway) return x->oneway ? 1 : -1;
    return x->edge < y->edge ? -1 : x->edge > y->edge;
}

static bool same_feature(const struct stroke *a, const struct stroke *b)
{
    return a->road_class == b->road_class && a->name == b->name && a->oneway == b->oneway;
}

static enum err put_strokes(struct draw *draw, const struct strokes *strokes)
{
    enum err e = ERR_OK;
    struct mvt *mvt = draw->mvt;
    for (size_t i = 0; i < strokes->count && !e;) {
        const struct stroke *first = &strokes->items[i];
        mvt_feature(mvt, MVT_LINE, 0);
        for (; i < strokes->count && same_feature(first, &strokes->items[i]) && !e; i++)
            e = draw_edge(draw, strokes->roads, strokes->items[i].edge);
        mvt_tag_string(mvt, "class", graph_class_name(first->road_class));
        if (first->name) mvt_tag_string(mvt, "name", first->name);
        if (first->oneway) mvt_tag_bool(mvt, "oneway", true);
        mvt_feature_end(mvt);
    }
    return e;
}

enum err draw_roads(struct draw *draw, const struct graph *roads)
{
    struct strokes strokes = {.roads = roads, .zoom = draw->id.z};
    set_zooms(&strokes);
    mvt_layer(draw->mvt, "roads");
    rtree_search(graph_edge_tree(roads), box_to_e7(draw->box), add_stroke, &strokes);
    if (strokes.count) qsort(strokes.items, strokes.count, sizeof *strokes.items, compare);
    if (!strokes.err) strokes.err = put_strokes(draw, &strokes);
    mvt_layer_end(draw->mvt);
    free(strokes.items);
    return strokes.err;
}

#include "geo/tile/draw.h"

#include <math.h>
#include <stdlib.h>

/* By what is told of them, so that those of one kind become one feature. */
static int compare(const void *a, const void *b)
{
    const struct roads_closed *x = a, *y = b;
    if (x->factor != y->factor) return x->factor < y->factor ? -1 : 1;
    if (x->until_ms != y->until_ms) return x->until_ms < y->until_ms ? -1 : 1;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

static bool same_feature(const struct roads_closed *a, const struct roads_closed *b)
{
    return a->factor == b->factor && a->until_ms == b->until_ms;
}

static bool is_near(const struct draw *draw, const struct graph_edge *edge)
{
    struct box box = box_empty();
    for (uint32_t i = 0; i < edge->point_count; i++)
        box = box_extend(box, coord_from_e7(edge->points[i]));
    return box.min_lon <= draw->box.max_lon && box.max_lon >= draw->box.min_lon &&
           box.min_lat <= draw->box.max_lat && box.max_lat >= draw->box.min_lat;
}

static enum err put_features(struct draw *draw, const struct graph *roads,
                             const struct roads_closed *list, size_t count)
{
    enum err e = ERR_OK;
    struct mvt *mvt = draw->mvt;
    for (size_t i = 0; i < count && !e;) {
        const struct roads_closed *first = &list[i];
        bool closed = isinf(first->factor);
        mvt_feature(mvt, MVT_LINE, 0);
        for (; i < count && same_feature(first, &list[i]) && !e; i++)
            e = draw_edge(draw, roads, list[i].edge);
        mvt_tag_string(mvt, "effect", closed ? "closed" : "slowed");
        if (!closed) mvt_tag_real(mvt, "factor", round((double)first->factor * 1000) / 1000);
        if (first->until_ms != INT64_MAX) mvt_tag_int(mvt, "until", first->until_ms / 1000);
        mvt_feature_end(mvt);
    }
    return e;
}

enum err draw_closures(struct draw *draw, const struct tile_source *source)
{
    size_t count = 0;
    if (source->closed_count == 0) return ERR_OK;
    struct roads_closed *seen = calloc(source->closed_count, sizeof *seen);
    if (!seen) return ERR_NOMEM;
    for (size_t i = 0; i < source->closed_count; i++) {
        struct graph_edge edge = graph_edge_at(source->roads, source->closed[i].edge);
        if (is_near(draw, &edge)) seen[count++] = source->closed[i];
    }
    if (count) qsort(seen, count, sizeof *seen, compare);
    mvt_layer(draw->mvt, "closures");
    enum err e = put_features(draw, source->roads, seen, count);
    mvt_layer_end(draw->mvt);
    free(seen);
    return e;
}

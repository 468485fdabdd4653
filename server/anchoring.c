#include "server/anchoring.h"

const double anchoring_radius_m = 2000;

enum err anchoring_make(const struct placepart *places, const struct roads *roads,
                        const struct anchors *before, const struct progress *progress,
                        struct anchors **anchors)
{
    struct network_view views[PROFILE_MAX];
    struct anchors_group groups[PLACESET_CATEGORIES];
    const struct graph *graph = roads_graph(roads);
    for (unsigned p = 0; p < graph_profile_count(graph); p++)
        views[p] = roads_metric(roads, p)->view;
    for (unsigned c = 0; c < PLACESET_CATEGORIES; c++) {
        const struct placepart_group *group = &places->groups[c];
        groups[c] = (struct anchors_group){group->first, group->tree.item_count};
    }
    const struct anchors_input input = {.graph = graph,
                                        .views = views,
                                        .radius_m = anchoring_radius_m,
                                        .points = places->coords,
                                        .count = places->count,
                                        .groups = groups,
                                        .group_count = PLACESET_CATEGORIES};
    bool same = before && anchors_graph(before) == graph;
    return anchors_build(&input, same ? before : NULL, progress, anchors);
}

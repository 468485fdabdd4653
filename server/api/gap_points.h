/* What a request for coverage is about: the places that are wanted, and who wants to reach them. */
#ifndef YZ_SERVER_API_GAP_POINTS_H
#define YZ_SERVER_API_GAP_POINTS_H

#include "geo/road/demand.h"
#include "server/api/gap_query.h"

enum { GAP_PLACES = 100000, GAP_POINTS = 200000 };

/* Where the wanted places touch the roads. */
struct gap_goals {
    struct network_end *ends; /* malloc */
    size_t count, size;
    size_t places;
};

/* Those that may be reached from the area within the last limit. */
enum err gap_points_goals(struct request *request, const struct tools *tools,
                          const struct gap_query *query, struct gap_goals *goals);

/* The reports or cells of the area, on the roads; `*demand` stays NULL for surface. ERR_CANCELLED.
 */
enum err gap_points_demand(struct request *request, struct tools *tools,
                           const struct gap_query *query, const struct snap_ground *ground,
                           const struct progress *progress, struct demand **demand);

#endif

/* What requests about roads have in common: whether there are any, which profile, and what this
 * request will not use (`avoid`, `no_steps`, `no_pushing`). */
#ifndef YZ_SERVER_API_API_ROAD_H
#define YZ_SERVER_API_API_ROAD_H

#include "geo/road/network.h"
#include "geo/road/reach.h"
#include "server/api/api_crs.h"

/* The names of the parameters that api_road_bar reads, for the table of routes. */
#define API_ROAD_BAR "avoid no_steps no_pushing"

/* The road file of this request's snapshot; NULL while there is none. */
const struct graph *api_road_present(const struct tools *tools);

/* The same; while there is none, a refusal (503). */
enum err api_road_graph(struct request *request, const struct tools *tools,
                        const struct graph **graph);

/* `profile`; without it "ebike", or the file's first where there is no such profile. */
enum err api_road_profile(struct request *request, const struct graph *graph, unsigned *profile);

/* `limits=seconds,…`, in any order, as ascending milliseconds; one at least. */
enum { API_ROAD_MAX_S = 7200 };
enum err api_road_limits(struct request *request, uint32_t limits_ms[REACH_MAX_LIMITS],
                         size_t *count);

/* `avoid=lon,lat;lon,lat;…|…`: rings in the request's system, closed here where they are not, each
 * a polygon of its own; `no_steps` and `no_pushing`. The bar is this thread's and good until the
 * next call; takes time by the edges that are avoided. */
enum err api_road_bar(struct request *request, struct tools *tools, const struct api_crs *crs,
                      const struct graph *graph, struct network_bar *bar);

/* The bar as searches take it: NULL when it bars nothing, which is quicker. */
const struct network_bar *api_road_barred(const struct network_bar *bar);

#endif

/* What a request for places by travel time, or along a way, asks. */
#ifndef YZ_SERVER_API_NEAR_QUERY_H
#define YZ_SERVER_API_NEAR_QUERY_H

#include "geo/road/nearby.h"
#include "server/api/api_crs.h"
#include "server/api/api_place_json.h"
#include "server/api/place_query.h"
#include "server/tools.h"

/* The parameters of /v1/places that only such requests have, for the table of routes. */
#define NEAR_QUERY "by within along detour profile avoid no_steps no_pushing"

enum { NEAR_QUERY_POINTS = 10 };

/* What a request for places is after. */
enum near_query_mode { NEAR_QUERY_PLAIN, NEAR_QUERY_TIME, NEAR_QUERY_ALONG };

/* Reads that, and refuses what does not go with it. */
enum err near_query_kind(struct request *request, enum near_query_mode *mode);

/* Whether a request looks like one that keeps a processor busy. */
bool near_query_is_long(const struct request *request);

/* Not to be moved once read: `nearby` points into it. */
struct near_query {
    enum near_query_mode mode;
    const struct api_crs *crs;
    struct api_place_style style;
    const char *parameter; /* that the points came in */
    struct coord points[NEAR_QUERY_POINTS];
    size_t point_count;
    struct network_bar bar;
    uint32_t groups[PLACESET_CATEGORIES];
    const struct place_filter *filter;
    struct api_open open;
    const struct placeset *places;
    struct nearby_query nearby;
};

/* Reads a request that is not plain; borrows what it wants. */
enum err near_query_read(struct request *request, struct tools *tools, enum near_query_mode mode,
                         const struct api_crs *crs, const struct place_query *wanted,
                         struct near_query *query);

#endif

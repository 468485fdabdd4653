/* Which places a request wants: the filters that every search for places understands. */
#ifndef YZ_SERVER_API_PLACE_QUERY_H
#define YZ_SERVER_API_PLACE_QUERY_H

#include "geo/place/filter.h"
#include "server/api/api_crs.h"
#include "server/api/api_open.h"
#include "server/tools.h"

/* The parameters, for the table of routes. */
#define PLACE_QUERY "category amenities amenities_any open bbox polygon area"

enum { PLACE_QUERY_BOXES = 2 };

/* Not to be moved once read: `filter` points into it. */
struct place_query {
    struct place_filter filter;
    struct api_open open;                /* what is left of it to the caller: arrival */
    struct box boxes[PLACE_QUERY_BOXES]; /* two across the antimeridian */
    size_t box_count;                    /* 0: not asked for */
    struct polygon *polygon;             /* owned */
    const struct area *area;             /* of the snapshot; NULL: not asked for */
};

/* Reads what the request wants; `travels` tells that there is an arrival. Ends with
 * place_query_fini in any case. */
enum err place_query_read(struct request *request, struct tools *tools, const struct api_crs *crs,
                          bool travels, struct place_query *query);
void place_query_fini(struct place_query *query);

/* Two parts of it: what `category`, `amenities` and `amenities_any` say; and the boxes of the
 * corners v (min_x, min_y, max_x, max_y in `crs`, min_x > max_x across the antimeridian where `crs`
 * is in degrees), noted as `bbox` when they are none. Both only add to a query that was zeroed. */
enum err place_query_words(struct request *request, const struct tools *tools,
                           struct place_query *query);
enum err place_query_box(struct request *request, const struct api_crs *crs, const double v[4],
                         struct place_query *query);

/* Whether a request asks for something that may take a look at very many places. */
bool place_query_is_long(const struct request *request);

/* The boxes that hold all that is wanted: at least one, the world where nothing bounds it. */
size_t place_query_bounds(const struct place_query *query, struct box boxes[PLACE_QUERY_BOXES]);

/* The area of `area=`, a number or an official code, noted in the problem when there is none. */
enum err place_query_area(struct request *request, const struct tools *tools, long *index);

#endif

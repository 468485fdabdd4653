/* Which features of a collection a request wants, and in which system (OGC 17-069r4, 7.15;
 * 18-058r1, 6.3). */
#ifndef YZ_SERVER_API_OGC_QUERY_H
#define YZ_SERVER_API_OGC_QUERY_H

#include "server/api/ogc_collection.h"
#include "server/api/ogc_time.h"
#include "server/api/place_query.h"

/* Not to be moved once read: the filter points into it. */
struct ogc_query {
    const struct ogc_collection *collection;
    const struct snapshot *snapshot;
    struct api_crs crs; /* of the answer */
    const char *crs_uri;
    struct place_query wanted; /* boxes; of places also their words */
    /* A box of a projected system, whose edges are bent on the globe: `wanted` has boxes around it,
     * and what lies in these is looked at in that system. NULL: the boxes are as asked for. */
    const struct crs *box_crs;
    struct box plane_box;
    struct ogc_time time;
    const char *name, *name_en, *source, *code; /* NULL: no matter */
    int64_t level, parent_id;                   /* -1: no matter */
    uint32_t limit;
    uint64_t offset;
    int64_t after_id; /* INT64_MIN: from the beginning */
};

/* Reads all of it. What is wrong is noted. */
enum err ogc_query_read(struct request *request, struct tools *tools,
                        const struct ogc_collection *collection, struct ogc_query *query);

/* Whether an area is wanted, by everything but where the page begins. */
bool ogc_query_wants_area(const struct ogc_query *query, size_t index);

#endif

/* What a request for coverage, and so for the gaps in it, asks. */
#ifndef YZ_SERVER_API_GAP_QUERY_H
#define YZ_SERVER_API_GAP_QUERY_H

#include "geo/road/reach.h"
#include "geo/road/siting.h"
#include "geo/space/gridset.h"
#include "server/api/api_crs.h"
#include "server/api/place_query.h"
#include "server/tools.h"

/* The parameters beside those of places and of roads, for the table of routes. */
#define GAP_QUERY "limits profile weight suggest show"

enum { GAP_CHILDREN = 400, GAP_KM2 = 20000, GAP_DEGREES = 90 /* of longitude */ };

/* What shares and suggestions go by. */
enum gap_weight { GAP_SURFACE, GAP_REPORTS, GAP_GRID };

/* Not to be moved once read. */
struct gap_query {
    struct api_crs crs;
    struct place_query wanted; /* its filter keeps what places are wanted, anywhere */
    struct network_bar bar;
    struct reach_query reach; /* without ends */
    unsigned profile;
    /* The area asked for and its children, prepared; named[0] is NULL for a box or a polygon. */
    const struct polygon *areas[1 + GAP_CHILDREN];
    const struct area *named[1 + GAP_CHILDREN];
    size_t area_count;
    struct polygon *box; /* owned: of a bbox */
    enum gap_weight weight;
    const struct gridset_grid *grid; /* GAP_GRID */
    size_t suggest;
    bool show_out, show_in;
};

/* Ends with gap_query_fini in any case. */
enum err gap_query_read(struct request *request, struct tools *tools, struct gap_query *query);
void gap_query_fini(struct gap_query *query);

#endif

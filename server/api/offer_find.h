/* Which offers are asked for, and where they are. */
#ifndef YZ_SERVER_API_OFFER_FIND_H
#define YZ_SERVER_API_OFFER_FIND_H

#include "data/offers.h"
#include "server/api/api_crs.h"
#include "server/api/api_page.h"

/* Offers that one answer by distance, or as a map, looks at. */
enum { OFFER_FIND_MAX = 5000, OFFER_FIND_LIST_MAX = 100, OFFER_FIND_MAP_MAX = 1000 };
#define OFFER_FIND_QUERY "kind area place near radius all format limit cursor"

/* What a grant for offers alone is for. */
extern const char offer_find_kind[];

struct offer_find {
    struct offers_filter filter;
    struct coord near;
    bool has_near, is_map;
    double radius_m; /* INFINITY: no end */
    struct api_page page;
};

/* Reads the query. */
enum err offer_find_read(struct request *request, const struct tools *tools,
                         const struct api_crs *crs, struct offer_find *find);

/* One whose place is on the map. */
struct offer_found {
    struct offers_offer offer;
    struct coord at;
    double distance_m; /* below 0: not asked for */
    uint32_t place;    /* of the snapshot */
};

/* All that are asked for and whose places are on the map, in the arena: by distance, of equals the
 * newest first, or for a map by place. The page is not looked at. Notes a limit. */
enum err offer_find_all(struct request *request, const struct tools *tools, struct db *db,
                        const struct offer_find *find, struct offer_found **list, size_t *count);

#endif

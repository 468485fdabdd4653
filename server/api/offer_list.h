/* Offers in the answers that show many. */
#ifndef YZ_SERVER_API_OFFER_LIST_H
#define YZ_SERVER_API_OFFER_LIST_H

#include "server/api/offer_find.h"
#include "server/api/offer_json.h"

/* What is asked, and from where it is answered. */
struct offer_list {
    struct request *request;
    struct db *db;
    struct offer_json json;
};

/* A page by id, newest first; by distance; or a GeoJSON FeatureCollection (RFC 7946) of places with
 * how many offers each has, of which kinds. */
enum err offer_list_newest(struct response *response, const struct offer_list *how,
                           struct offer_find *find);
enum err offer_list_near(struct response *response, const struct offer_list *how,
                         const struct offer_find *find);
enum err offer_list_map(struct response *response, const struct offer_list *how,
                        const struct offer_find *find);

#endif

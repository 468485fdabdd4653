/* Offers of partners as JSON. */
#ifndef YZ_SERVER_API_OFFER_JSON_H
#define YZ_SERVER_API_OFFER_JSON_H

#include "data/offers.h"
#include "server/api/api_crs.h"

/* How offers are written: in which coordinates, from what is known of their places. */
struct offer_json {
    const struct tools *tools;
    const struct api_crs *crs;
};

/* An offer with its place and pictures; `distance_m` below 0: not said. `times` (NULL: not for who
 * asks): how often it was taken, ever and today. */
void offer_json_write(struct jsonw *json, const struct offer_json *how,
                      const struct offers_offer *offer, double distance_m, const int64_t times[2]);

#endif

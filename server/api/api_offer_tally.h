/* GET /v1/offers/tally: how often offers were taken, for who keeps them. */
#ifndef YZ_SERVER_API_API_OFFER_TALLY_H
#define YZ_SERVER_API_API_OFFER_TALLY_H

#include "server/response.h"
#include "server/tools.h"

enum err api_offer_tally_get(struct request *request, struct response *response,
                             struct tools *tools);

#endif

/* /v1/offers: what partner merchants offer, as a list, near a point and as a map; and keeping it.
 */
#ifndef YZ_SERVER_API_API_OFFERS_H
#define YZ_SERVER_API_API_OFFERS_H

#include "server/tools.h"

enum err api_offers_kinds(struct request *request, struct response *response, struct tools *tools);
enum err api_offers_list(struct request *request, struct response *response, struct tools *tools);
enum err api_offers_get(struct request *request, struct response *response, struct tools *tools);
enum err api_offers_create(struct request *request, struct response *response, struct tools *tools);
enum err api_offers_put(struct request *request, struct response *response, struct tools *tools);
enum err api_offers_delete(struct request *request, struct response *response, struct tools *tools);
/* A card is checked, and counted. */
enum err api_offers_use(struct request *request, struct response *response, struct tools *tools);

/* Writes `"offers_taken"` of the caller, for the export of what is kept. */
enum err api_offers_export(struct request *request, struct jsonw *json, const struct tools *tools,
                           struct db *db);

#endif

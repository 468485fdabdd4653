/* Where other systems want to be told what happens to reports, and how that goes. */
#ifndef YZ_SERVER_API_API_WEBHOOKS_H
#define YZ_SERVER_API_API_WEBHOOKS_H

#include "server/tools.h"

/* POST /v1/webhooks, GET /v1/webhooks, GET and DELETE /v1/webhooks/{id}: for integrators and city
 * administrators, who see their own; administrators of the whole city see all. */
enum err api_webhooks_create(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_webhooks_list(struct request *request, struct response *response, struct tools *tools);
enum err api_webhooks_get(struct request *request, struct response *response, struct tools *tools);
enum err api_webhooks_delete(struct request *request, struct response *response,
                             struct tools *tools);

/* GET /v1/webhooks/{id}/deliveries; POST /v1/webhooks/{id}/retry for all that are dead, and
 * /v1/webhooks/{id}/deliveries/{delivery}/retry for one. */
enum err api_webhooks_deliveries(struct request *request, struct response *response,
                                 struct tools *tools);
enum err api_webhooks_retry(struct request *request, struct response *response,
                            struct tools *tools);

#endif

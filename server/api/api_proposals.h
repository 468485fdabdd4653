/* What people ask to be done, for everybody to see, and who stands behind it.
 *
 * GET /v1/proposals, PUT and DELETE /v1/reports/{id}/support, GET /v1/me/supports */
#ifndef YZ_SERVER_API_API_PROPOSALS_H
#define YZ_SERVER_API_API_PROPOSALS_H

#include "server/response.h"
#include "server/tools.h"

enum err api_proposals_list(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_proposals_support(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_proposals_take_back(struct request *request, struct response *response,
                                 struct tools *tools);
enum err api_proposals_mine(struct request *request, struct response *response,
                            struct tools *tools);

/* `"supports"` of an export: the newest, and the address of the others. */
enum err api_proposals_export(struct request *request, struct jsonw *json,
                              const struct tools *tools, struct db *db);

#endif

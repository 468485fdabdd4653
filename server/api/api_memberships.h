/* /v1/me/memberships and /v1/me/card: one's own memberships, and the card that shows them. */
#ifndef YZ_SERVER_API_API_MEMBERSHIPS_H
#define YZ_SERVER_API_API_MEMBERSHIPS_H

#include "server/tools.h"

enum err api_memberships_list(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_memberships_get(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_memberships_put(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_memberships_leave(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_memberships_card(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_memberships_card_qr(struct request *request, struct response *response,
                                 struct tools *tools);

/* Writes `"memberships"`: of the caller, with what was answered, for the export of what is kept. */
enum err api_memberships_export(struct request *request, struct jsonw *json,
                                const struct tools *tools, struct db *db);

#endif

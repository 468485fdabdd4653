/* Points given for rewards, and codes by which these are handed over.
 *
 * POST /v1/rewards/{id}/redeem, GET /v1/me/redemptions, GET /v1/me/redemptions/{id}[/qr],
 * POST /v1/me/redemptions/{id}/cancel, POST /v1/redemptions/verify */
#ifndef YZ_SERVER_API_API_REDEMPTIONS_H
#define YZ_SERVER_API_API_REDEMPTIONS_H

#include "server/response.h"
#include "server/tools.h"

enum err api_redemptions_make(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_redemptions_list(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_redemptions_get(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_redemptions_qr(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_redemptions_cancel(struct request *request, struct response *response,
                                struct tools *tools);
enum err api_redemptions_verify(struct request *request, struct response *response,
                                struct tools *tools);

/* `"redemptions"` of an export: the newest, and the address of the others. */
enum err api_redemptions_export(struct request *request, struct jsonw *json,
                                const struct tools *tools, struct db *db);

#endif

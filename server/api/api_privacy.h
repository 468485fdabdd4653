/* What is kept of whoever asks: told to them, and forgotten (docs/privacy.md). */
#ifndef YZ_SERVER_API_API_PRIVACY_H
#define YZ_SERVER_API_API_PRIVACY_H

#include "server/router.h"

/* GET /v1/me/export: the account, its sessions, its own reports as they are shown to their sender,
 * some a page, and those that it joined. */
enum err api_privacy_export(struct request *request, struct response *response,
                            struct tools *tools);
/* DELETE /v1/me, in a session that was opened just now. */
enum err api_privacy_leave(struct request *request, struct response *response, struct tools *tools);
/* POST /v1/reports/{id}/forget, by who sent or joined it. */
enum err api_privacy_forget(struct request *request, struct response *response,
                            struct tools *tools);

#endif

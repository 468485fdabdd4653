/* GET /v1/me/inbox, /v1/me/inbox/counts; PUT /v1/me/inbox/read, /v1/me/inbox/{id}/read; GET
 * /v1/me/inbox/preferences, PUT /v1/me/inbox/preferences/{group}. */
#ifndef YZ_SERVER_API_API_INBOX_H
#define YZ_SERVER_API_API_INBOX_H

#include "server/response.h"
#include "server/tools.h"

enum err api_inbox_list(struct request *request, struct response *response, struct tools *tools);
enum err api_inbox_counts(struct request *request, struct response *response, struct tools *tools);
enum err api_inbox_read(struct request *request, struct response *response, struct tools *tools);
enum err api_inbox_read_all(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_inbox_preferences(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_inbox_prefer(struct request *request, struct response *response, struct tools *tools);

/* Writes `"inbox"` of GET /v1/me/export: the last messages, and what they want to be told. */
enum err api_inbox_export(struct request *request, struct jsonw *json, const struct tools *tools,
                          struct db *db);

#endif

/* Voting, and who has.
 *
 * POST /v1/votes/{id}/ballot, GET /v1/votes/{id}/ballots, /electors, POST /v1/votes/{id}/remind */
#ifndef YZ_SERVER_API_API_BALLOTS_H
#define YZ_SERVER_API_API_BALLOTS_H

#include "server/response.h"
#include "server/tools.h"

enum err api_ballots_cast(struct request *request, struct response *response, struct tools *tools);
enum err api_ballots_list(struct request *request, struct response *response, struct tools *tools);
enum err api_ballots_electors(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_ballots_remind(struct request *request, struct response *response,
                            struct tools *tools);

/* `"votes"` of GET /v1/me/export: those that the caller may vote in, the newest ones. */
enum err api_ballots_export(struct request *request, struct jsonw *json, const struct tools *tools,
                            struct db *db);

#endif

/* POST, GET, DELETE /v1/sessions, DELETE /v1/sessions/{id} and /v1/sessions/current. */
#ifndef YZ_SERVER_API_API_SESSIONS_H
#define YZ_SERVER_API_API_SESSIONS_H

#include "server/response.h"
#include "server/tools.h"

enum err api_sessions_create(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_sessions_list(struct request *request, struct response *response, struct tools *tools);
enum err api_sessions_end_all(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_sessions_end(struct request *request, struct response *response, struct tools *tools);
enum err api_sessions_end_current(struct request *request, struct response *response,
                                  struct tools *tools);

/* For who signs in otherwise: what the client calls itself; and the answer to a session that was
 * opened, as POST /v1/sessions gives it. */
void api_sessions_device(const struct request *request, char device[PEOPLE_DEVICE_SIZE]);
enum err api_sessions_answer(struct request *request, struct response *response,
                             const struct tools *tools, struct db *db,
                             const struct people_session *session, bool cookie);

#endif

/* How people and systems come in, as far as others have a say in it: for those who give out roles.
 */
#ifndef YZ_SERVER_API_API_PEOPLE_ACCESS_H
#define YZ_SERVER_API_API_PEOPLE_ACCESS_H

#include "server/tools.h"

/* POST /v1/people/{id}/password: sets the one of the body, or makes one that is shown this once. */
enum err api_people_access_password(struct request *request, struct response *response,
                                    struct tools *tools);
/* DELETE /v1/people/{id}/sessions, DELETE /v1/people/{id}/totp. */
enum err api_people_access_sign_out(struct request *request, struct response *response,
                                    struct tools *tools);
enum err api_people_access_totp(struct request *request, struct response *response,
                                struct tools *tools);

/* GET and POST /v1/people/{id}/keys, DELETE /v1/people/{id}/keys/{label}. */
enum err api_people_access_keys(struct request *request, struct response *response,
                                struct tools *tools);
enum err api_people_access_key_add(struct request *request, struct response *response,
                                   struct tools *tools);
enum err api_people_access_key_revoke(struct request *request, struct response *response,
                                      struct tools *tools);

#endif

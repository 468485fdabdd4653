/* PUT /v1/me: what one says of oneself. */
#ifndef YZ_SERVER_API_API_PROFILE_H
#define YZ_SERVER_API_API_PROFILE_H

#include "server/response.h"
#include "server/tools.h"

enum err api_profile_put(struct request *request, struct response *response, struct tools *tools);

/* Writes the members of a profile into an object: version, language, phone and whether one is
 * hidden in rankings. A number is masked unless it is `whole`, as in the export. */
enum err api_profile_members(struct request *request, struct jsonw *json, const struct tools *tools,
                             struct db *db, bool whole);

#endif

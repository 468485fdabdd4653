/* Signing up for activities, and one's own sign-ups. */
#ifndef YZ_SERVER_API_API_SIGNUPS_H
#define YZ_SERVER_API_API_SIGNUPS_H

#include "server/api/api_crs.h"
#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_signups_make(struct request *request, struct response *response, struct tools *tools);
enum err api_signups_list(struct request *request, struct response *response, struct tools *tools);
enum err api_signups_get(struct request *request, struct response *response, struct tools *tools);
enum err api_signups_cancel(struct request *request, struct response *response,
                            struct tools *tools);

/* The member `signups` of what is told of everything that is kept. */
enum err api_signups_export(struct request *request, struct jsonw *json, struct tools *tools,
                            const struct api_crs *crs, struct db *db);

#endif

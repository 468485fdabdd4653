/* Deeds: what who took part tells of it, for everybody once it is published. */
#ifndef YZ_SERVER_API_API_DEEDS_H
#define YZ_SERVER_API_API_DEEDS_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_deeds_list(struct request *request, struct response *response, struct tools *tools);
enum err api_deeds_get(struct request *request, struct response *response, struct tools *tools);
enum err api_deeds_publish(struct request *request, struct response *response, struct tools *tools);
/* By staff, of a sign-up. */
enum err api_deeds_put(struct request *request, struct response *response, struct tools *tools);

/* One's own, of a sign-up. */
enum err api_deeds_mine(struct request *request, struct response *response, struct tools *tools);
enum err api_deeds_put_mine(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_deeds_delete_mine(struct request *request, struct response *response,
                               struct tools *tools);

/* The member `deeds` of what is told of everything that is kept. */
enum err api_deeds_export(struct request *request, struct jsonw *json, const struct tools *tools,
                          struct db *db);

#endif

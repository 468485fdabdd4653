/* Pictures of our own (data/pictures.h): POST and GET /v1/pictures, GET /v1/pictures/{id} in three
 * sizes, DELETE. */
#ifndef YZ_SERVER_API_API_PICTURES_H
#define YZ_SERVER_API_API_PICTURES_H

#include "geo/base/jsonw.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_pictures_add(struct request *request, struct response *response, struct tools *tools);
enum err api_pictures_list(struct request *request, struct response *response, struct tools *tools);
enum err api_pictures_large(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_pictures_middle(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_pictures_small(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_pictures_remove(struct request *request, struct response *response,
                             struct tools *tools);

/* The member `pictures` of all that is kept of the caller. */
enum err api_pictures_export(struct request *request, struct jsonw *json, const struct tools *tools,
                             struct db *db);

#endif

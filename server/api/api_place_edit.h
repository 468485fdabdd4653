/* POST /v1/places, PUT and DELETE /v1/places/{id}, POST /v1/places/{id}/restore, PUT and DELETE
 * /v1/places/{id}/closing, GET /v1/places/{id}/record: staff keep places true. */
#ifndef YZ_SERVER_API_API_PLACE_EDIT_H
#define YZ_SERVER_API_API_PLACE_EDIT_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_place_edit_create(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_place_edit_put(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_place_edit_delete(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_place_edit_restore(struct request *request, struct response *response,
                                struct tools *tools);
enum err api_place_edit_close(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_place_edit_open(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_place_edit_record(struct request *request, struct response *response,
                               struct tools *tools);

#endif

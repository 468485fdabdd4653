/* Points, for those who answer for them.
 *
 * GET and POST /v1/points, GET /v1/points/{entry}, POST /v1/points/{entry}/reverse, GET
 * /v1/points/flags */
#ifndef YZ_SERVER_API_API_POINTS_H
#define YZ_SERVER_API_API_POINTS_H

#include "server/response.h"
#include "server/tools.h"

enum err api_points_list(struct request *request, struct response *response, struct tools *tools);
enum err api_points_get(struct request *request, struct response *response, struct tools *tools);
enum err api_points_give(struct request *request, struct response *response, struct tools *tools);
enum err api_points_reverse(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_points_flags(struct request *request, struct response *response, struct tools *tools);

#endif

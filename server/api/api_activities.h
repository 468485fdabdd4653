/* Activities for everybody: their kinds, lists by time and by distance, one of them. */
#ifndef YZ_SERVER_API_API_ACTIVITIES_H
#define YZ_SERVER_API_API_ACTIVITIES_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_activities_kinds(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_activities_list(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_activities_get(struct request *request, struct response *response,
                            struct tools *tools);

#endif

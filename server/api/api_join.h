/* /v1/join/{code}: the form that a branch's QR code leads to, and applying with it. */
#ifndef YZ_SERVER_API_API_JOIN_H
#define YZ_SERVER_API_API_JOIN_H

#include "server/tools.h"

enum err api_join_show(struct request *request, struct response *response, struct tools *tools);
enum err api_join_apply(struct request *request, struct response *response, struct tools *tools);

#endif

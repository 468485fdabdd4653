/* Reports: sent with photos, read, listed and moved by staff. */
#ifndef YZ_SERVER_API_API_REPORTS_H
#define YZ_SERVER_API_API_REPORTS_H

#include "server/router.h"

enum err api_reports_create(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_reports_list(struct request *request, struct response *response, struct tools *tools);
enum err api_reports_get(struct request *request, struct response *response, struct tools *tools);
enum err api_reports_move(struct request *request, struct response *response, struct tools *tools);

#endif

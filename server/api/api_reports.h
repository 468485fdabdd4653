/* Reports and other cases: sent with photos, read, listed by staff. */
#ifndef YZ_SERVER_API_API_REPORTS_H
#define YZ_SERVER_API_API_REPORTS_H

#include "server/router.h"

enum err api_reports_create(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_reports_list(struct request *request, struct response *response, struct tools *tools);
enum err api_reports_get(struct request *request, struct response *response, struct tools *tools);

#endif

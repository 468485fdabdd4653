/* Who may be given a case. */
#ifndef YZ_SERVER_API_API_ASSIGNEES_H
#define YZ_SERVER_API_API_ASSIGNEES_H

#include "server/tools.h"

/* GET /v1/reports/{id}/assignees: people who work on cases of its kind in its area, and units. For
 * those who assign there. */
enum err api_assignees_list(struct request *request, struct response *response,
                            struct tools *tools);

#endif

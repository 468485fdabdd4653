/* What became of cases, and how soon: GET /v1/reports/statistics for staff, and of kinds that are
 * listed for everybody GET /v1/proposals/results. */
#ifndef YZ_SERVER_API_API_STATISTICS_H
#define YZ_SERVER_API_API_STATISTICS_H

#include "server/router.h"

enum err api_statistics_get(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_statistics_results(struct request *request, struct response *response,
                                struct tools *tools);

#endif

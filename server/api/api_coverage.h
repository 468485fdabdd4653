/* /v1/coverage: which parts of an area are out of reach of places, and where the next should
 * stand. */
#ifndef YZ_SERVER_API_API_COVERAGE_H
#define YZ_SERVER_API_API_COVERAGE_H

#include "server/router.h"

enum err api_coverage_find(struct request *request, struct response *response, struct tools *tools);

#endif

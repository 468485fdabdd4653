/* Places, areas and cases as files for staff. */
#ifndef YZ_SERVER_API_API_EXPORT_H
#define YZ_SERVER_API_API_EXPORT_H

#include "server/router.h"

enum err api_export_places(struct request *request, struct response *response, struct tools *tools);
enum err api_export_areas(struct request *request, struct response *response, struct tools *tools);
enum err api_export_cases(struct request *request, struct response *response, struct tools *tools);

#endif

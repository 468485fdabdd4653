/* POST /v1/places/{id}/confirm and /feedback: anybody says that a place is as it says, or is not.
 * POST /v1/reports/{id}/mend: staff mend the place and the case in one step. */
#ifndef YZ_SERVER_API_API_FEEDBACK_H
#define YZ_SERVER_API_API_FEEDBACK_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_feedback_confirm(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_feedback_create(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_feedback_mend(struct request *request, struct response *response, struct tools *tools);

#endif

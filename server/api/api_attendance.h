/* Who came to an activity: checking in, the code for it, and what staff say of each. */
#ifndef YZ_SERVER_API_API_ATTENDANCE_H
#define YZ_SERVER_API_API_ATTENDANCE_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

/* One's own. */
enum err api_attendance_arrive(struct request *request, struct response *response,
                               struct tools *tools);

/* For who runs it. */
enum err api_attendance_list(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_attendance_check_in(struct request *request, struct response *response,
                                 struct tools *tools);
enum err api_attendance_judge(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_attendance_code(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_attendance_qr(struct request *request, struct response *response, struct tools *tools);

#endif

/* /v1/branches: branches of the union, for everybody to find and for staff to keep. */
#ifndef YZ_SERVER_API_API_BRANCHES_H
#define YZ_SERVER_API_API_BRANCHES_H

#include "server/tools.h"

enum err api_branches_list(struct request *request, struct response *response, struct tools *tools);
enum err api_branches_get(struct request *request, struct response *response, struct tools *tools);
enum err api_branches_create(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_branches_put(struct request *request, struct response *response, struct tools *tools);
enum err api_branches_delete(struct request *request, struct response *response,
                             struct tools *tools);
/* Another code, and the QR code that leads to the form. */
enum err api_branches_renew(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_branches_qr(struct request *request, struct response *response, struct tools *tools);

#endif

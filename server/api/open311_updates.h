/* Open311: what happened to service requests, and words and moves by other systems (the extension
 * "service request updates" of FixMyStreet's makers). */
#ifndef YZ_SERVER_API_OPEN311_UPDATES_H
#define YZ_SERVER_API_OPEN311_UPDATES_H

#include "server/response.h"
#include "server/tools.h"

enum err open311_updates_list(struct request *request, struct response *response,
                              struct tools *tools);
enum err open311_updates_create(struct request *request, struct response *response,
                                struct tools *tools);

#endif

/* Activities for who runs them: made, changed, opened, closed, ended, deleted; and the code that
 * who comes checks in with. */
#ifndef YZ_SERVER_API_API_ACTIVITY_EDIT_H
#define YZ_SERVER_API_API_ACTIVITY_EDIT_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_activity_edit_create(struct request *request, struct response *response,
                                  struct tools *tools);
enum err api_activity_edit_put(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_activity_edit_state(struct request *request, struct response *response,
                                 struct tools *tools);
enum err api_activity_edit_delete(struct request *request, struct response *response,
                                  struct tools *tools);

#endif

/* Cases that have to do with each other: read side by side, linked, merged. */
#ifndef YZ_SERVER_API_API_CASE_LINKS_H
#define YZ_SERVER_API_API_CASE_LINKS_H

#include "server/router.h"

enum err api_case_links_list(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_case_links_add(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_case_links_remove(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_case_links_merge(struct request *request, struct response *response,
                              struct tools *tools);

#endif

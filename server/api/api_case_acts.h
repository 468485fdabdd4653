/* What is done to a case that JSON says: moved, given to a person, a unit or another area, put into
 * another category, made more or less urgent, joined; and its text changed. */
#ifndef YZ_SERVER_API_API_CASE_ACTS_H
#define YZ_SERVER_API_API_CASE_ACTS_H

#include "server/router.h"

enum err api_case_acts_move(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_case_acts_assign(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_case_acts_transfer(struct request *request, struct response *response,
                                struct tools *tools);
enum err api_case_acts_recategorise(struct request *request, struct response *response,
                                    struct tools *tools);
enum err api_case_acts_prioritise(struct request *request, struct response *response,
                                  struct tools *tools);
enum err api_case_acts_edit(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_case_acts_join(struct request *request, struct response *response,
                            struct tools *tools);

#endif

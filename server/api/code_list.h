/* A query parameter that lists the operator's codes. */
#ifndef YZ_SERVER_API_CODE_LIST_H
#define YZ_SERVER_API_CODE_LIST_H

#include "data/categories.h"
#include "server/request.h"

/* Adds the bits of the comma-separated codes in parameter `name` to `*bits`, as `find` numbers
 * them; none is added where the parameter is absent. An empty list and a code that is unknown are
 * noted in the problem. */
enum err code_list_read(struct request *request, const char *name,
                        int (*find)(const struct categories *, const char *),
                        const struct categories *categories, uint64_t *bits);

#endif

/* A branch as staff send it. */
#ifndef YZ_SERVER_API_BRANCH_FORM_H
#define YZ_SERVER_API_BRANCH_FORM_H

#include "data/branches.h"
#include "server/tools.h"

/* Reads the body into a branch and its form, in the request's arena, and holds it against what a
 * branch may have, and its area against the caller's rights. A branch that is there (`is_new`
 * false) owes its version and does not say `alongside`. */
enum err branch_form_read(struct request *request, const struct tools *tools, bool is_new,
                          struct branches_branch *branch, struct branches_form *form);

#endif

/* Branches of the union at the door: the one that a path names, and who keeps it. */
#ifndef YZ_SERVER_API_BRANCH_RIGHT_H
#define YZ_SERVER_API_BRANCH_RIGHT_H

#include "data/branches.h"
#include "server/tools.h"

/* What a grant for members alone is for. */
#define BRANCH_RIGHT_KIND "member"

/* Reads `{id}` of the path and finds the branch; notes 404. */
enum err branch_right_find(struct request *request, struct tools *tools, struct db **db,
                           struct branches_branch *found);

/* Whether the caller keeps the branch. */
bool branch_right_is(const struct tools *tools, const struct branches_branch *branch);
/* The same, noting 403. */
enum err branch_right_may(struct request *request, const struct tools *tools,
                          const struct branches_branch *branch);

#endif

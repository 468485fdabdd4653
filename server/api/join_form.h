/* What somebody sends who joins a branch, held against its form. */
#ifndef YZ_SERVER_API_JOIN_FORM_H
#define YZ_SERVER_API_JOIN_FORM_H

#include "data/membership_join.h"
#include "server/tools.h"

/* Reads the body: consent to the form that was shown, answers to it, and `move` into `wish`, whose
 * answers are in the arena. `*version` is owed where it is not NULL, of what was seen. A form that
 * is not the branch's present one is 409, with what to do. */
enum err join_form_read(struct request *request, struct tools *tools, struct db *db,
                        const struct branches_branch *branch, int64_t *version,
                        struct membership_join_wish *wish);

#endif

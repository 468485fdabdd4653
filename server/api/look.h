/* Looks of staff at private cases: each is in the audit trail before it is answered. */
#ifndef YZ_SERVER_API_LOOK_H
#define YZ_SERVER_API_LOOK_H

#include "data/cases.h"
#include "server/tools.h"

/* Notes that the caller sees these cases, where their kinds are private and they are not the
 * caller's own. On failure nothing may be shown; it is noted. Not for callers who are nobody. */
enum err look_note(struct request *request, struct tools *tools, struct db *db,
                   const struct cases_case *cases, size_t count);

#endif

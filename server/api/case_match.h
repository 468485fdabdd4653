/* Which version of a case an act is meant for: `If-Match` (RFC 9110, 13.1.1), or the member
 * `version` of the body. */
#ifndef YZ_SERVER_API_CASE_MATCH_H
#define YZ_SERVER_API_CASE_MATCH_H

#include "data/cases_act.h"
#include "server/request.h"

/* Sets `acting->version` and `->strict` for a case as it was found: `acting->version` is the body's
 * before (0: none). A tag holds when the version that it begins with is the case's: what changes
 * beside the version (a word, somebody who joined) makes another tag, and stands in nobody's way.
 * Weak tags hold never, `*` always. Notes 412 with the version now, and 400 for a header that is
 * none or says another version than the body. */
enum err case_match_read(struct request *request, const struct cases_case *found,
                         struct cases_acting *acting);

/* After an act failed with `e`: where another was faster than an `If-Match` allows, notes 412
 * instead. */
enum err case_match_refused(struct request *request, struct db *db,
                            const struct cases_acting *acting, enum err e, const struct why *why);

/* The beginning of a case's tag. */
const char *case_match_stem(struct arena *arena, const struct cases_case *c);

#endif

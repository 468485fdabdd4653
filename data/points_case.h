/* What a case brings: after each move the ledger is made to say what the rules say of its history.
 *
 * The reporter, who sent the same (its duplicates), and who joined each get a share once, from the
 * moment the case is worth points; all of them are made good when it ends well, and reversed when
 * it is found void. One that is opened again keeps what was made good, and makes nothing twice. */
#ifndef YZ_DATA_POINTS_CASE_H
#define YZ_DATA_POINTS_CASE_H

#include "data/cases.h"

/* Inside db_write, after the row and the event are written; `before` is the case as it was. Nothing
 * where its kind has no rule. */
enum err points_case_follow(struct db *db, const struct kinds *kinds,
                            const struct cases_case *before, int64_t now_ms);

/* Inside db_write, after a case was anonymised, or after who sent or joined it was taken out of it:
 * the rows of theirs say no more for which case they were, nor for which that it repeated. What
 * was made good stays; what waits is reversed, and so is what came of a case that goes on without
 * them, since they could come back to it. */
enum err points_case_forget(struct db *db, int64_t case_id, int64_t now_ms);

#endif

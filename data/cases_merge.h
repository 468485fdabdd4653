/* Cases that say the same: one is the original, the others repeat it. What becomes of the original
 * is told to all of them, so that nobody who sent one waits for a case that nobody works on. */
#ifndef YZ_DATA_CASES_MERGE_H
#define YZ_DATA_CASES_MERGE_H

#include "data/cases_work.h"

/* The case that the move says is repeated, into `w->duplicate_of` and `w->value`: another one of
 * the same kind, and not itself a repetition, so that links never form a chain or a ring. Nothing
 * where the move names none. ERR_INVALID with a sentence. */
enum err cases_merge_find(struct db *db, struct cases_work *w);

/* Whether cases repeat this one that still say something: it is theirs, too, then. */
enum err cases_merge_is_repeated(struct db *db, int64_t case_id, bool *is);

/* What a move means for others, once its row and event are written; inside db_write.
 * - A case that becomes a duplicate brings its own along: they repeat the same original (`carried`,
 *   with its id), and the original knows (`merged`, for staff, with the duplicate's id).
 * - One that repeats nothing any more is `split` off, for staff of what it repeated.
 * - Those that repeat a case that moves are told its state (`followed`). */
enum err cases_merge_settle(struct db *db, const struct cases_work *w);

#endif

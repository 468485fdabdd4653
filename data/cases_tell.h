/* What others than the sender are told of a case that they stand behind or write to: into their
 * inboxes (data/inbox.h), inside the transaction that makes the news. */
#ifndef YZ_DATA_CASES_TELL_H
#define YZ_DATA_CASES_TELL_H

#include "data/cases_comments.h"
#include "data/cases_work.h"

/* After a move: whoever supports the case (or one that repeats it) is told the state that it is in,
 * in their language, or that it was merged and their support with it. Not who moved it. */
enum err cases_tell_moved(struct db *db, const struct cases_work *w);

/* A comment by another: who sent the case is told, once until they have read of it. */
enum err cases_tell_commented(struct db *db, const struct cases_case *of,
                              const struct cases_comment *comment, int64_t now_ms);

/* That a comment was hidden, and why: its writer is told. */
enum err cases_tell_hidden(struct db *db, const struct cases_comment *comment, int64_t now_ms);

/* Inside db_write, when a case is anonymised: what was told about it has its words, and goes,
 * whomever it was told. */
enum err cases_tell_forget(struct db *db, int64_t case_id);

#endif

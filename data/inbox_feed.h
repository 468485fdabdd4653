/* What the outbox says of cases and points becomes messages to whom it concerns: whoever sent or
 * joined a case is told what others moved and wrote, whose points they are that they came or went.
 */
#ifndef YZ_DATA_INBOX_FEED_H
#define YZ_DATA_INBOX_FEED_H

#include "data/inbox.h"
#include "data/kinds.h"

/* Reads the outbox on from where it was left, and writes messages and how far it came in one
 * transaction, which is not begun where there is nothing to tell. `*more`: there is more to read.
 */
enum err inbox_feed_run(struct db *db, const struct kinds *kinds, int64_t now_ms, bool *more);

/* The first row that has yet to become a message; 0: there is none. */
enum err inbox_feed_first(struct db *db, int64_t *number);

/* Inside db_write, after whose a case is was forgotten: what about it, and about the one that it
 * repeats, was told to people who have nothing to do with it any more goes. */
enum err inbox_feed_forget(struct db *db, int64_t case_id);

#endif

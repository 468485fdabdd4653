/* Several pieces of work in one write transaction, each of which may fail alone: what a writer
 * (data/writer.h) makes of those that wait. Everybody else uses db_write, and of these
 * db_write_part alone, within it, for pieces that may fail while the rest stays. */
#ifndef YZ_DATA_DB_WRITE_H
#define YZ_DATA_DB_WRITE_H

#include "data/db.h"

/* Takes the turn among the writers, waiting for `wait_ms` at most, and begins. ERR_BUSY; nothing
 * has begun after a failure. */
enum err db_write_begin(struct db *db, int64_t wait_ms);

/* Runs `work` within what was begun. What it fails with is returned, and nothing of it stays; the
 * others' stays. Keys that refer to nothing are told here, ERR_CONFLICT, not to all at the end. */
enum err db_write_part(struct db *db, enum err (*work)(struct db *db, void *user), void *user);

/* Whether the whole is lost, as a full disk does it: no more parts then. */
bool db_write_is_lost(const struct db *db);

/* Commits and gives the turn back: ERR_OK, and all parts that did not fail are on disk; otherwise
 * none is. */
enum err db_write_end(struct db *db);

#endif

/* The outbox does not grow for ever: what happened long ago and everybody has read is taken away,
 * and with it what news say of it. */
#ifndef YZ_DATA_CHANGES_TRIM_H
#define YZ_DATA_CHANGES_TRIM_H

#include "data/db.h"
#include "geo/base/progress.h"

/* Rows are kept for so long, so that a client or another process that was away for less misses
 * nothing; who was away for longer is told so (news_oldest, changes_since). */
enum { CHANGES_TRIM_DAYS = 30 };

/* Takes away rows older than that, the oldest first, some at a time in transactions of their own.
 * What a living webhook has not been told, a delivery that waits or may be asked for again, what
 * has not become messages (inbox_feed.h), the last row, and of each case the last news, which the
 * next is compared with, stay whatever their age. `*count`: so many rows went. Calls `progress`
 * between; ERR_CANCELLED. */
enum err changes_trim(struct db *db, int64_t now_ms, const struct progress *progress,
                      int64_t *count);

#endif

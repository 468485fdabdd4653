/* Writes the places' base to the file beside the database (data/places_kept.h), so that the next
 * start is quick: on a thread of its own at low priority. No request waits for it; the
 * watcher does, for a flush at most, when a new base comes while one is being written. */
#ifndef YZ_SERVER_KEEPING_H
#define YZ_SERVER_KEEPING_H

#include "data/places_kept.h"
#include "server/log.h"

struct keeping; /* the watcher's; the one writer of the file, since one server serves from a folder
                 */

/* Borrows `path` and `log`. Removes what a start before left half-written. */
enum err keeping_new(const char *path, struct log *log, struct keeping **keeping);

/* Writes a base that was read from the database when it was as `mark` says; one that is still being
 * written is given up. A small one is not written, and the file, which is of another, removed. What
 * fails is told in the log, and is all that happens. */
void keeping_write(struct keeping *keeping, const struct placeset *places,
                   const struct places_mark *mark);

/* Gives up what is being written. NULL does nothing. */
void keeping_free(struct keeping *keeping);

#endif

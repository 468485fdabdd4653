/* Content files that must not survive: what was blurred for good, what somebody's right to be
 * forgotten took. A name is doomed in the transaction that takes the last row from it, and its file
 * is deleted afterwards; what a crash leaves in between is deleted at the next start. */
#ifndef YZ_DATA_BLOBS_DOOMED_H
#define YZ_DATA_BLOBS_DOOMED_H

#include "data/blobs.h"

/* Dooms those of the names, which may be "", that no row of `blobs` has any more. Inside db_write.
 */
enum err blobs_doomed_add(struct db *db, const char *const *names, size_t count);

/* Deletes the files of all doomed names, also where they were set aside, for good; a name that has
 * a row again is spared. Opens its own transactions, in which nobody else can name a file (see
 * photo_files_keep), and none where nothing is doomed. Only what is doomed on disk goes: a row
 * never comes back without its file, also where the transaction fails. A file that cannot be
 * deleted stays doomed and keeps none of the others; the first such error is returned, with a
 * sentence.
 * `*erased` (may be NULL): files that are gone, also then. */
enum err blobs_doomed_erase(struct db *db, const struct datadir *dir, uint64_t *erased,
                            struct why *why);

#endif

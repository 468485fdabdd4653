/* The places of a database in a file beside it, as memory had them when they were last read whole:
 * a start reads that file and, of the database, only what was touched since.
 *
 * The database stays the truth. With the file goes a mark that tells how the database was; where it
 * is not known to have gone on from there, the file counts for nothing. What the outbox does not
 * tell, because another program wrote it, the file does not know either: who edits the database by
 * hand removes the file. */
#ifndef YZ_DATA_PLACES_KEPT_H
#define YZ_DATA_PLACES_KEPT_H

#include "data/places.h"
#include "data/secrets.h"

/* With fewer places it would save nothing that anybody sees. */
enum { PLACES_KEPT_FROM = 20000 };

/* How the database, and what the places were read by, were. */
struct places_mark {
    int64_t change;                          /* the outbox's last */
    uint64_t skipped;                        /* as in struct places_loaded */
    unsigned char row[SECRETS_HASH_BYTES];   /* what that row says */
    unsigned char shape[SECRETS_HASH_BYTES]; /* migrations and when they ran; columns read */
    unsigned char words[SECRETS_HASH_BYTES]; /* categories and amenities in their order */
};

/* The mark of places that places_load read just now. */
enum err places_kept_mark(struct db *db, const struct categories *categories,
                          const struct places_loaded *loaded, struct places_mark *mark);

/* Writes the file, whole or not at all; as placepart_file_write. */
enum err places_kept_write(const char *path, const struct placepart *base,
                           const struct places_mark *mark, const struct progress *progress,
                           struct why *why);

/* What the file gives. */
struct places_kept {
    struct placeset *set; /* as places_load would have it now */
    uint64_t skipped;
    size_t count; /* of those touched since */
};

/* Reads the file, and of the database what was touched since: at most `max` places, ascending into
 * `touched`. ERR_CONFLICT, with a sentence: the database did not go on from there, or too much was
 * touched; ERR_NOTFOUND and as placepart_file_open and _read. Whatever it is, places_load serves
 * instead. */
enum err places_kept_load(const char *path, struct db *db, const struct categories *categories,
                          int64_t *touched, size_t max, struct places_kept *kept, struct why *why);

#endif

/* Photos of places: what staff show of a place, in the order to show them. The files are those of
 * photos of cases (data/photos.h, data/blobs.h); every change is one of the place, with its event.
 */
#ifndef YZ_DATA_PLACE_PHOTOS_H
#define YZ_DATA_PLACE_PHOTOS_H

#include "data/datadir.h"
#include "data/photos.h"
#include "data/places.h"

enum { PLACE_PHOTOS_MAX = 12 }; /* of one place */

/* Adds cleaned photos behind those that are there. */
struct place_photos_adding {
    int64_t place;
    const struct photos_clean *photos;
    size_t count;
    const struct places_by *by;
    const struct places_reply *reply; /* NULL: none; its subject is the first photo's id */
};

/* ERR_NOTFOUND; ERR_LIMIT: there would be more than PLACE_PHOTOS_MAX; ERR_CONFLICT: the idempotency
 * key came before with another body. On ERR_OK all is on disk. */
enum err place_photos_add(struct db *db, const struct datadir *dir,
                          const struct place_photos_adding *adding, struct arena *arena,
                          struct places_created *created, struct why *why);

/* Takes one off the place, for good; ERR_NOTFOUND where it has none such. Its files go with it
 * (photo_files_drop). */
enum err place_photos_remove(struct db *db, int64_t place, const char *photo,
                             const struct places_by *by, struct arena *arena,
                             struct places_row *after, struct why *why);

/* Puts them in another order: `wanted` has the same public ids, between single blanks, or
 * ERR_INVALID. */
enum err place_photos_order(struct db *db, int64_t place, int64_t version, const char *wanted,
                            const struct places_by *by, struct arena *arena,
                            struct places_row *after, struct why *why);

/* One that was not taken off, by its public id; text in `arena`. ERR_NOTFOUND. */
struct place_photos_photo {
    int64_t place;
    bool shown;                      /* the place is on the map */
    struct coord at;                 /* of the place */
    const char *blobs[PHOTOS_SIZES]; /* names; the middle one "" where there were two sizes */
};
enum err place_photos_get(struct db *db, const char *public_id, struct arena *arena,
                          struct place_photos_photo *photo);

#endif

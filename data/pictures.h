/* Pictures of our own: what staff and riders bring to be shown with posts, deeds, activities,
 * rewards and offers. Their files are those of photos of cases (data/photos.h, data/blobs.h).
 *
 * A picture is brought first and belongs to nothing then; what shows it claims it, in its own
 * transaction. One that nothing has claimed for a day is deleted, with its files. An id cannot be
 * guessed: who has one may look, but while nothing shows the picture only who brought it may, and
 * otherwise what shows it is asked (data/pictures_see.h). */
#ifndef YZ_DATA_PICTURES_H
#define YZ_DATA_PICTURES_H

#include "data/answers.h"
#include "data/datadir.h"
#include "data/photos.h"

/* What may show a picture; the name goes into the table. */
#define PICTURES_OWNERS(X) X(post) X(deed) X(activity) X(reward) X(offer)
enum pictures_owner {
#define PICTURES_ENUM(name) PICTURES_##name,
    PICTURES_OWNERS(PICTURES_ENUM)
#undef PICTURES_ENUM
        PICTURES_OWNER_COUNT
};

enum {
    PICTURES_MAX = 20,       /* that one thing shows */
    PICTURES_LOOSE_MAX = 30, /* of one person, that nothing shows */
    PICTURES_LOOSE_H = 24    /* for so long they are kept */
};

/* Texts are in an arena. */
struct pictures_picture {
    int64_t id, person; /* who brought it; 0: forgotten */
    const char *public_id;
    bool is_loose;
    enum pictures_owner owner; /* what shows it, unless it is loose */
    int64_t owner_id;
    const char *blobs[PHOTOS_SIZES]; /* names of files */
    int width, height;
    int64_t created_ms;
};

/* ---- inside db_write of what shows them ------------------------------------------------------ */

/* Shows a picture behind those that are shown already; again changes nothing. A picture is claimed
 * by who brought it alone. ERR_NOTFOUND: `by` brought none such; ERR_CONFLICT: something else shows
 * it; ERR_LIMIT: PICTURES_MAX are shown. */
enum err pictures_claim(struct db *db, const char *public_id, enum pictures_owner owner,
                        int64_t owner_id, int64_t by);

/* Which pictures something shows, in order, by their public ids; and who says so. */
struct pictures_showing {
    enum pictures_owner owner;
    int64_t owner_id, by;
    const char *const *ids;
    size_t count;
    int64_t now_ms;
};
/* Shows these and no others; what is shown no more is loose from now on. As pictures_claim, but
 * what it showed before stays whoever brought it: colleagues change each other's. ERR_INVALID: one
 * is named twice; `*wrong` (may be NULL): which of them it was. */
enum err pictures_put(struct db *db, const struct pictures_showing *showing, size_t *wrong);
/* As pictures_put, for whoever named them in a member "pictures": ERR_INVALID or ERR_CONFLICT with
 * a sentence that begins with "pictures/N", counted from 0. */
enum err pictures_show(struct db *db, const struct pictures_showing *showing, struct why *why);

/* Deletes all that it shows; blobs_doomed_erase takes their files, after the transaction. */
enum err pictures_drop(struct db *db, enum pictures_owner owner, int64_t owner_id);

/* Deletes what somebody brought that nothing shows; of the rest nobody is named any more. */
enum err pictures_forget(struct db *db, int64_t person);

/* ---- bringing and reading -------------------------------------------------------------------- */

struct pictures_new {
    int64_t person, now_ms;
    const struct photos_clean *photo;
};

/* Brings one, in a transaction of its own; by ERR_OK all is on disk. ERR_LIMIT: too many of theirs
 * are loose; ERR_CONFLICT: the idempotency key came before with another body. */
enum err pictures_add(struct db *db, const struct datadir *dir, const struct pictures_new *fresh,
                      const struct answers_reply *reply, struct arena *arena,
                      struct pictures_picture *made, struct idempotency_answer *answer,
                      struct why *why);

/* Deletes one that they brought and that nothing shows, with its files. ERR_NOTFOUND: none of
 * theirs; ERR_CONFLICT: something shows it. */
enum err pictures_remove(struct db *db, const struct datadir *dir, const char *public_id,
                         int64_t person, struct why *why);

/* ERR_NOTFOUND. */
enum err pictures_find(struct db *db, const char *public_id, struct arena *arena,
                       struct pictures_picture *found);

/* What something shows, in order; at most PICTURES_MAX. */
enum err pictures_of(struct db *db, enum pictures_owner owner, int64_t owner_id,
                     struct arena *arena, const struct pictures_picture **list, size_t *count);

/* What somebody brought, newest first, behind the id `before` (0: from the newest). */
enum err pictures_mine(struct db *db, int64_t person, int64_t before, size_t limit,
                       struct arena *arena, const struct pictures_picture **list, size_t *count,
                       bool *more);

/* Deletes what has been loose for PICTURES_LOOSE_H, with its files; at most `most` at once.
 * `*count`: how many. */
enum err pictures_sweep(struct db *db, const struct datadir *dir, int64_t now_ms, size_t most,
                        size_t *count, struct why *why);

#endif

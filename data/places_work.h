/* One write of a place, as all verbs share it: found as its writer saw it, changed, kept with its
 * event and its outbox row. Of the files of places.h and place_photos.h. */
#ifndef YZ_DATA_PLACES_WORK_H
#define YZ_DATA_PLACES_WORK_H

#include "data/photo_files.h"
#include "data/places_rows.h"

/* What each verb needs of it. */
struct places_work {
    const struct categories *categories;
    const struct places_by *by;
    int64_t id, version; /* version 0: whatever it is */
    const struct places_edit *edit;
    const struct places_row *row; /* to create */
    const struct places_reply *reply;
    int64_t from_ms, to_ms;
    const struct datadir *dir; /* of the photos */
    const struct photos_clean *photos;
    const struct photo_files *files; /* of each of them */
    size_t photo_count;
    const char *photo, *order; /* to remove; public ids between single blanks */
    struct arena *arena;
    struct places_row before, now;
    struct places_created made;
    enum err (*step)(struct db *db, void *user);
    struct why *why;
};

/* Runs `step` with the work in a transaction, then what `by` wants along with it; a failure always
 * has a sentence. */
enum err places_work_run(struct db *db, struct places_work *w,
                         enum err (*step)(struct db *db, void *user), struct why *why);
/* The same; `*after` is then the place as it is. */
enum err places_work_simply(struct db *db, struct places_work *w,
                            enum err (*step)(struct db *db, void *user), struct places_row *after,
                            struct why *why);

/* Inside of a step. The place as it is, `before` and `now`, if its writer saw it so: ERR_NOTFOUND,
 * ERR_CONFLICT. */
enum err places_work_find(struct db *db, struct places_work *w);
/* Writes `now` over what was, with its event; and the event alone, with the outbox row. */
enum err places_work_put(struct db *db, struct places_work *w, const char *verb);
enum err places_work_note(struct db *db, const struct places_work *w, const char *verb);

/* Of a request that may be sent twice: ERR_NOTFOUND where it has no answer yet, else ERR_OK and
 * `made` has it; ERR_CONFLICT: the key came with another body. Then, with what it changed, keeps
 * the answer that `reply` renders of `now`. Without a reply neither does anything. */
enum err places_work_answered(struct db *db, struct places_work *w);
enum err places_work_keep(struct db *db, struct places_work *w, const char *subject);

#endif

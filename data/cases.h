/* Cases: what somebody reported, what state it is in, and everything that happened to it.
 *
 * A case is made in one transaction with its first event, its photos' rows, the kept answer to its
 * sender and its outbox row. Events are only ever added; the database itself refuses to change one.
 */
#ifndef YZ_DATA_CASES_H
#define YZ_DATA_CASES_H

#include "data/cases_due.h"
#include "data/datadir.h"
#include "data/db.h"
#include "data/idempotency.h"
#include "data/kinds.h"
#include "data/photos.h"
#include "data/secrets.h"
#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/space/coord.h"

enum {
    CASES_PHOTOS_MAX = 10,
    CASES_DESCRIPTION_MAX = 4000, /* characters */
    CASES_ADDRESS_MAX = 300,
    CASES_REASON_MAX = 1000
};

/* A photo of a case. Blob names are for blobs_read; the public id is what the world asks by. */
struct cases_photo {
    const char *public_id;
    const char *large, *small; /* blob names */
    int width, height;         /* of the large one */
    int64_t created_ms;
};

/* Who acts. */
struct cases_actor {
    enum kinds_actor as;
    int64_t person; /* 0: not signed in */
};

struct cases_case {
    int64_t id;
    const char *public_id;
    const char *kind, *category, *state; /* codes */
    int64_t version;                     /* grows with every move */
    bool has_position;
    struct coord at;
    double accuracy_m; /* negative: unknown */
    const char *address, *description;
    int64_t area_id;          /* 0: none found */
    int64_t reporter;         /* person; 0: anonymous */
    const char *duplicate_of; /* public id, or "" */
    int64_t place;            /* that it is about; 0: none */
    const char *amenity;      /* code of what is missing there, or "" */
    bool has_to;              /* where the place is instead */
    struct coord to;
    struct cases_due due;
    int64_t created_ms, updated_ms;
    const struct cases_photo *photos;
    size_t photo_count;
};

struct cases_event {
    int64_t id, at_ms;
    const char *from, *to; /* states; from is "" for the first */
    const char *actor;     /* "staff" or "reporter" */
    int64_t person;        /* 0: not signed in */
    const char *reason;
    int64_t due_ms; /* when the case was due after it; 0: it was not, or waited */
};

/* A new case. Text may be NULL. */
struct cases_new {
    const char *kind, *category;
    bool has_position;
    struct coord at;
    double accuracy_m; /* negative: unknown */
    const char *address, *description;
    int64_t area_id;
    int64_t reporter;
    int64_t place;       /* that it is about; 0: none */
    const char *amenity; /* what is missing there; may be NULL */
    bool has_to;
    struct coord to;     /* where the place is instead */
    const char *session; /* who sends, kept only as a voice (data/voices.h); may be NULL */
    const struct photos_clean *photos;
    size_t photo_count;
    int64_t now_ms;
};

/* Writes the answer that is kept for a request sent twice; called inside the transaction. */
struct cases_reply {
    struct idempotency request;
    int status;
    enum err (*render)(void *user, const struct cases_case *made, struct buf *body);
    void *user;
};

struct cases_created {
    struct cases_case made;           /* not when replayed */
    bool replayed;                    /* the request had been answered before */
    struct idempotency_answer answer; /* rendered or kept; empty without a reply */
};

/* Writes the photos, then the case. Opens its own transaction; when it returns ERR_OK all is on
 * disk. `reply` may be NULL. ERR_INVALID and ERR_RANGE name the field; ERR_CONFLICT: the
 * idempotency key came before with another body. */
enum err cases_create(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                      const struct cases_new *fresh, const struct cases_reply *reply,
                      struct arena *arena, struct cases_created *created, struct why *why);

/* One case with its photos; ERR_NOTFOUND. */
enum err cases_get(struct db *db, const char *public_id, struct arena *arena,
                   struct cases_case *found);

/* Its events, oldest first. */
enum err cases_history(struct db *db, int64_t case_id, struct arena *arena,
                       const struct cases_event **events, size_t *count);

/* A photo by its public id, with its case, so that the asker's right can be judged. ERR_NOTFOUND.
 */
enum err cases_photo(struct db *db, const char *public_id, struct arena *arena,
                     struct cases_photo *photo, struct cases_case *of);

/* What staff ask for. Empty text and count 0 mean "any", but `areas_limited` with no area means
 * none. */
struct cases_filter {
    const char *kind, *state, *category;
    int64_t place;                     /* 0: any */
    int64_t due_after_ms, due_upto_ms; /* due above the one and up to the other; 0, 0: any */
    bool only_open;                    /* needs `kinds` at cases_list */
    bool areas_limited;                /* only cases in `area_ids` */
    const int64_t *area_ids;
    size_t area_count;
    bool newest_first;
    uint32_t limit; /* 1 to 500 */
    bool has_after; /* a cursor: go on behind this case */
    int64_t after_created_ms, after_id;
};

/* One page, ordered by (created, id), photos included. `*more`: another page follows, its cursor
 * the last case's created_ms and id. */
enum err cases_list(struct db *db, const struct cases_filter *filter, const struct kinds *kinds,
                    struct arena *arena, const struct cases_case **cases, size_t *count,
                    bool *more);

/* Where the cases of a kind are that lie in a box, whatever became of them: calls `each` until it
 * returns false. */
enum err cases_positions(struct db *db, const char *kind, struct box box,
                         bool (*each)(void *user, struct coord at), void *user);

/* One move by the kind's table. `version` is the one the mover saw. */
struct cases_moving {
    const char *public_id, *to;
    int64_t version;
    struct cases_actor actor;
    const char *reason;       /* NULL or "" where none is owed */
    const char *duplicate_of; /* public id, where the move owes a link */
    int64_t due_ms;           /* where it owes a new deadline; else 0 */
    int64_t now_ms;
};

/* Opens its own transaction. ERR_NOTFOUND; ERR_CONFLICT with a sentence: another was faster, or the
 * table has no such move; ERR_DENIED: not by this actor; ERR_INVALID: a reason or link is owed. */
enum err cases_move(struct db *db, const struct kinds *kinds, const struct cases_moving *moving,
                    struct arena *arena, struct cases_case *moved, struct why *why);
/* The same inside db_write, with what else changes together. A failure has a sentence, but for one
 * of the database. */
enum err cases_move_within(struct db *db, const struct kinds *kinds,
                           const struct cases_moving *moving, struct arena *arena,
                           struct cases_case *moved, struct why *why);

#endif

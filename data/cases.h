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
    CASES_PHOTOS_MAX = 10,        /* that come at once */
    CASES_PHOTOS_KEPT = 60,       /* of one case, */
    CASES_PHOTOS_SENT = 30,       /* of them by who is no staff, so that there is room for proof */
    CASES_SAID_MAX = 60,          /* answers */
    CASES_DESCRIPTION_MAX = 4000, /* characters */
    CASES_ADDRESS_MAX = 300,
    CASES_REASON_MAX = 1000,
    CASES_UNIT_MAX = 60
};

/* Who is shown an event: SENDER are who sent and joined it, and staff. */
enum cases_seen { CASES_PUBLIC, CASES_SENDER, CASES_STAFF };
/* Whether somebody who is `as` to the case (bits of enum kinds_actor) is shown what is for `seen`.
 * One who joined is shown what staff write, and not what the reporter and others write to staff. */
bool cases_is_shown(enum cases_seen seen, bool by_staff, unsigned as);

/* A photo of a case. Blob names are for blobs_read; the public id is what the world asks by. */
struct cases_photo {
    int64_t id;
    const char *public_id;
    const char *blobs[PHOTOS_SIZES]; /* names; the middle one "" where there were two sizes */
    int width, height;               /* of the large one */
    struct photos_hint hint;         /* for staff and the reporter */
    int64_t created_ms;
    int64_t event; /* that it came with; 0: as the case was made */
    bool by_staff;
    enum cases_seen seen; /* as its event */
};

/* Who acts. */
struct cases_actor {
    unsigned as;    /* bits of enum kinds_actor: all that the actor is to the case */
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
    int64_t assignee; /* person; 0: nobody */
    const char *unit; /* the body that works on it, or "" */
    int priority;     /* -1 to 2; 0 is usual */
    int rating;       /* 1 to 5; 0: none */
    int64_t joined;   /* so many saw the same */
    int64_t edition;  /* of the description: one more with each change */
    int64_t supports; /* so many others stand behind it or one that repeats it (cases_support.h) */
    int64_t comments; /* that are shown */
    int64_t answer_by_ms, answered_ms; /* staff owe it an answer until then; gave one. 0: no */
    bool anonymised; /* it says nothing of anybody any more (cases_forget.h), and stays so */
    int64_t created_ms, updated_ms;
    int64_t opened_ms, closed_ms; /* made or opened again last; 0: it is open */
    const struct cases_photo *photos;
    size_t photo_count;
    const struct kinds_said *said; /* answers to its category's questions */
    size_t said_count;
};

struct cases_event {
    int64_t id, at_ms;
    const char *verb;      /* cases_verb_name, or "created" */
    const char *from, *to; /* states; from is "" for the first */
    const char
        *actor;     /* the role it was done in: "reporter", "joiner", "system", a role, "staff" */
    int64_t person; /* 0: not signed in */
    const char *reason; /* or what was written */
    const char *value;  /* what it is since: see enum cases_verb; "": nothing */
    enum cases_seen seen;
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
    const struct kinds_said *said;
    size_t said_count;
    int64_t now_ms;
};

/* Writes the answer that is kept for a request sent twice; called inside the transaction. */
struct cases_reply {
    struct idempotency request;
    int status;
    enum err (*render)(void *user, const struct cases_case *made, const char *token,
                       struct buf *body);
    void *user;
};

struct cases_created {
    struct cases_case made;           /* not when replayed */
    char token[SECRETS_TOKEN_SIZE];   /* its sender's, to go on with it; shown this once */
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

/* Its events, oldest first, of very many the newest. */
enum err cases_history(struct db *db, int64_t case_id, struct arena *arena,
                       const struct cases_event **events, size_t *count);

/* A photo by its public id, with its case, so that the asker's right can be judged. ERR_NOTFOUND.
 */
enum err cases_photo(struct db *db, const char *public_id, struct arena *arena,
                     struct cases_photo *photo, struct cases_case *of);

/* What makes a case worth a second look, as bits. */
enum cases_flag {
    CASES_REUSED = 1 << 0,    /* a file that is a photo of another case, too */
    CASES_CROWDED = 1 << 1,   /* CASES_MANY or more joined it */
    CASES_INACCURATE = 1 << 2 /* its position may be CASES_FAR_M off, or more */
};
enum { CASES_MANY = 3, CASES_FAR_M = 100, CASES_TEXT_MAX = 100 };

/* The order of a list; what is equal goes by id, in the same direction where that is newest. */
enum cases_sort {
    CASES_OLDEST,
    CASES_NEWEST,
    CASES_DUE,      /* soonest first, without a deadline last */
    CASES_URGENT,   /* by priority, the oldest first */
    CASES_SUPPORTED /* by how many stand behind it */
};

/* What staff ask for. Empty text and count 0 mean "any", but `areas_limited` with no area means
 * none. */
struct cases_filter {
    const char *kind, *state, *category;
    int64_t place;                     /* 0: any */
    int64_t due_after_ms, due_upto_ms; /* due above the one and up to the other; 0, 0: any */
    int64_t created_from_ms, created_before_ms; /* 0: without such an end */
    bool only_open;                             /* needs `kinds` at cases_list */
    bool nobody;                                /* only those given to neither person nor unit */
    bool by_priority;                           /* at least `priority` */
    int priority;
    bool only_listed; /* those that everybody finds (kinds.h); needs `kinds` at cases_list */
    int64_t answer_after_ms, answer_upto_ms; /* not answered, and owed it above the one and up to
                                              * the other; 0, 0: any */
    int64_t assignee;                        /* 0: any */
    const char *unit;
    const char *text;   /* in description, address or id, without regard to ASCII case. Reads every
                         * case that the rest of the filter leaves: no index knows it */
    unsigned flags;     /* all of them */
    bool areas_limited; /* only cases in `area_ids` */
    const int64_t *area_ids;
    size_t area_count;
    enum cases_sort sort;
    uint32_t limit; /* 1 to 500 */
    bool has_after; /* a cursor: go on behind this case */
    int64_t after_key, after_id;
};

/* What a list is sorted by, for a cursor. */
int64_t cases_sort_key(enum cases_sort sort, const struct cases_case *c);

/* One page, photos included. `*more`: another page follows, its cursor the last case's
 * cases_sort_key and id. */
enum err cases_list(struct db *db, const struct cases_filter *filter, const struct kinds *kinds,
                    struct arena *arena, const struct cases_case **cases, size_t *count,
                    bool *more);

/* Where the cases of a kind are that lie in a box, whatever became of them: calls `each` until it
 * returns false. */
enum err cases_positions(struct db *db, const char *kind, struct box box,
                         bool (*each)(void *user, struct coord at), void *user);

#endif

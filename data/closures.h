/* Closures: streets that staff have closed or slowed, from when to when.
 *
 * A closure is changed as a whole and never deleted: ending it marks it, and every change leaves
 * what the closure was from then on, and who did it, in a history that the database itself refuses
 * to change. Every write is one transaction with its outbox row (topic `closures`). */
#ifndef YZ_DATA_CLOSURES_H
#define YZ_DATA_CLOSURES_H

#include "data/db.h"
#include "data/idempotency.h"
#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/road/cover.h"

enum {
    CLOSURES_POINTS_MAX = 1000,
    CLOSURES_RINGS_MAX = 20,
    CLOSURES_RADIUS_MAX_M = 5000,
    CLOSURES_FACTOR_MAX = 100,
    CLOSURES_REASON_MAX = 1000,  /* characters */
    CLOSURES_PROFILES_MAX = 600, /* bytes */
    CLOSURES_EVENTS_SHOWN = 100
};
extern const double closures_factor_min;

/* What a closure says. Text is borrowed, never NULL. */
struct closures_terms {
    struct cover_shape shape; /* a disc is a point with its radius */
    double factor;            /* INFINITY: closed */
    const char *profiles;     /* names between single blanks; "": all */
    int64_t from_ms, to_ms;   /* since 1970; INT64_MAX: until it is ended */
    const char *reason;
};

struct closures_closure {
    int64_t id;
    const char *public_id;
    int64_t version; /* grows with every change */
    struct closures_terms terms;
    int64_t area_id;    /* 0: none */
    const char *report; /* public id of the report it came from, or "" */
    int64_t created_by, updated_by;
    int64_t created_ms, updated_ms;
    int64_t ended_ms; /* by hand; 0: not */
};

/* PLANNED before its time, ACTIVE in it, ENDED by hand or past it. */
enum closures_state { CLOSURES_PLANNED, CLOSURES_ACTIVE, CLOSURES_ENDED, CLOSURES_ALL };
enum closures_state closures_state_of(const struct closures_closure *closure, int64_t now_ms);

/* A write, by whom and when. `report` is a public id, or "". */
struct closures_write {
    struct closures_terms terms;
    int64_t area_id;
    const char *report;
    int64_t person, now_ms;
};

/* As cases_reply (data/cases.h). */
struct closures_reply {
    struct idempotency request;
    int status;
    enum err (*render)(void *user, const struct closures_closure *made, struct buf *body);
    void *user;
};

struct closures_created {
    struct closures_closure made; /* not when replayed */
    bool replayed;
    struct idempotency_answer answer; /* rendered or kept; empty without a reply */
};

/* Each opens its own transaction; when it returns ERR_OK all is on disk. ERR_INVALID and ERR_RANGE
 * begin with the field's name. What is read back lives in `arena`. */

/* `reply` may be NULL. ERR_CONFLICT: the idempotency key came before with another body. */
enum err closures_create(struct db *db, const struct closures_write *write,
                         const struct closures_reply *reply, struct arena *arena,
                         struct closures_created *created, struct why *why);

/* Replaces the terms of a closure that its writer saw as `version`. ERR_NOTFOUND; ERR_CONFLICT with
 * a sentence: another was faster, or it was ended. */
enum err closures_update(struct db *db, const char *public_id, int64_t version,
                         const struct closures_write *write, struct arena *arena,
                         struct closures_closure *changed, struct why *why);

/* Ends it now; one that was ended stays as it is. `version` 0: whatever it is. ERR_NOTFOUND,
 * ERR_CONFLICT. */
enum err closures_end(struct db *db, const char *public_id, int64_t version, int64_t person,
                      int64_t now_ms, struct arena *arena, struct closures_closure *ended,
                      struct why *why);

/* Ends those that came from a case, inside db_write: what they were for is done. `person`
 * 0: in the name of whoever made them. */
enum err closures_end_of(struct db *db, int64_t case_id, int64_t person, int64_t now_ms);

/* ERR_NOTFOUND. */
enum err closures_get(struct db *db, const char *public_id, struct arena *arena,
                      struct closures_closure *found);

/* What it was from each change on, oldest first; of very many the last CLOSURES_EVENTS_SHOWN. */
struct closures_event {
    int64_t version, at_ms, person;
    const char *verb; /* "created", "changed" or "ended" */
    struct closures_terms terms;
};
enum err closures_history(struct db *db, int64_t closure_id, struct arena *arena,
                          const struct closures_event **events, size_t *count);

struct closures_filter {
    enum closures_state state; /* at `now_ms` */
    int64_t now_ms;
    bool has_box;
    struct box box;     /* whose bounding box meets it */
    const char *report; /* public id; NULL: any */
    uint32_t limit;     /* 1 to 500 */
    bool has_after;     /* a cursor: go on behind this closure */
    int64_t after_created_ms, after_id;
};

/* One page, newest first. `*more`: another follows, its cursor the last one's created_ms and id. */
enum err closures_list(struct db *db, const struct closures_filter *filter, struct arena *arena,
                       const struct closures_closure **closures, size_t *count, bool *more);

/* All that are in force at `now_ms` or will be, by id. */
enum err closures_load(struct db *db, int64_t now_ms, struct arena *arena,
                       const struct closures_closure **closures, size_t *count);

#endif

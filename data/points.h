/* Points (积分): a ledger that is only ever added to, and what its rows add up to.
 *
 * What a case brings waits first (pending), is made good (settled) when the case ends well, and is
 * reversed by a row that names it. No balance goes below zero: points that were spent before they
 * are reversed are owed, and the next ones pay that first. The database itself refuses to change a
 * row, to reverse one twice, and a sum below zero. */
#ifndef YZ_DATA_POINTS_H
#define YZ_DATA_POINTS_H

#include "data/db.h"
#include "data/points_rules.h"
#include "geo/base/arena.h"

enum { POINTS_REASON_MAX = 500 /* characters */ };

#define POINTS_PHASES(X) X(pending) X(settled) X(reversed) X(spent) X(returned)
enum points_phase {
#define POINTS_PHASE(name) POINTS_##name,
    POINTS_PHASES(POINTS_PHASE)
#undef POINTS_PHASE
        POINTS_PHASE_COUNT
};
const char *points_phase_name(enum points_phase phase);

/* A row. `pending`, `settled` and `owed` are what it changes them by. */
struct points_entry {
    int64_t id, person; /* 0: forgotten */
    const char *kind;   /* of points */
    enum points_phase phase;
    int64_t pending, settled, owed;
    int64_t capped; /* that a cap took off */
    int64_t of;     /* the row that it settles, reverses or returns; 0: none */
    const char *rule, *share, *source;
    int64_t source_id;  /* 0: none, or forgotten */
    const char *report; /* public id of the case, where that is the source; or "" */
    int64_t area_id;    /* 0: none */
    int64_t by;         /* who gave or took it by hand; 0: nobody */
    const char *reason;
    int64_t day, at_ms;
};
/* What it says to whose it is: how many came or went. */
int64_t points_amount(const struct points_entry *entry);

struct points_balance {
    int64_t pending, settled, owed;
};
enum err points_balance(struct db *db, int64_t person, const char *kind,
                        struct points_balance *balance);

/* ERR_NOTFOUND. Texts are in the arena. */
enum err points_find(struct db *db, int64_t id, struct arena *arena, struct points_entry *entry);

/* Newest first. */
struct points_filter {
    int64_t person;     /* 0: any */
    const char *kind;   /* NULL: any */
    const char *report; /* public id of a case; NULL: any */
    bool only_awards;   /* what began to wait and was not reversed */
    int64_t before;     /* with smaller ids; 0: from the newest */
    size_t limit;
};
enum err points_list(struct db *db, const struct points_filter *filter, struct arena *arena,
                     const struct points_entry **entries, size_t *count, bool *more);

/* ---- inside db_write ------------------------------------------------------------------------- */

/* Adds a row as it stands, its day by the server's clock; the rankings follow. ERR_CONFLICT: the
 * database refuses it. `*id` may be NULL. */
enum err points_add(struct db *db, const struct points_entry *entry, int64_t *id);

/* Points that come: pays what is owed first, in `entry->settled` and `owed`. */
enum err points_credit(struct db *db, int64_t amount, struct points_entry *entry);

/* Makes good what waits. ERR_CONFLICT: it was settled or reversed. */
enum err points_settle(struct db *db, int64_t id, int64_t now_ms);

/* Takes back what waits, or was settled, or was given by hand; `by` and `reason` as in the row.
 * ERR_NOTFOUND; ERR_CONFLICT with a sentence: done already, nobody's any more, or no such row. */
struct points_reversal {
    int64_t id;
    int64_t by;
    const char *reason;
    int64_t now_ms;
};
enum err points_reverse(struct db *db, const struct points_reversal *reversal, struct arena *arena,
                        int64_t *id, struct why *why);

/* Whether somebody gets points at all: a rider who is not disabled and holds no office. */
enum err points_is_rider(struct db *db, int64_t person, bool *is);

#endif

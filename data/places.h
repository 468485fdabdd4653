/* Places in the database: each belongs to a source and is known there by an id, so that the same
 * file imported twice gives the same places. What a source no longer has is marked, never deleted.
 *
 * Staff edit places on top of what a source says: a field they set is held from then on, and
 * imports leave it alone until it is released. Every edit leaves a row in a history that the
 * database itself refuses to change. Every write is one transaction with its outbox row (topic
 * `places`; subject the place, 0 for an import). */
#ifndef YZ_DATA_PLACES_H
#define YZ_DATA_PLACES_H

#include "data/categories.h"
#include "data/db.h"
#include "data/idempotency.h"
#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/base/progress.h"
#include "geo/place/placeset.h"

enum { PLACES_REASON_MAX = 1000, PLACES_CAPACITY_MAX = 100000 };

/* Fields that a source says and staff may hold, by the words in which they are held. */
/* clang-format off */
#define PLACES_FIELDS(X)                                                                           \
    X(location) X(category) X(amenities) X(name) X(name_en) X(names) X(address) X(phone) X(hours)  \
    X(hours_self) X(capacity)
/* clang-format on */
enum places_field {
#define PLACES_FIELD(name) PLACES_##name,
    PLACES_FIELDS(PLACES_FIELD)
#undef PLACES_FIELD
        PLACES_FIELD_COUNT
};
/* "hours_self"; static text. */
const char *places_field_name(enum places_field field);

/* One place as it is stored. Text is UTF-8; going in NULL is "", coming out it is never NULL. */
struct places_row {
    int64_t id;                     /* coming out */
    const char *source, *source_id; /* "osm" and "node/123" */
    struct coord at;
    const char *category;  /* code */
    const char *amenities; /* codes separated by one space each */
    const char *name, *name_en;
    const char *names; /* other names, separated by semicolons */
    const char *address, *phone;
    const char *hours, *hours_self; /* OSM opening_hours */
    int64_t capacity;               /* 0: not said */
    /* coming out: */
    int64_t version; /* grows with every change, but not with confirmations */
    unsigned held;   /* bits 1 << field */
    bool kept;       /* shown although its source no longer has it */
    int64_t closed_from_ms,
        closed_to_ms; /* as in struct place: to INT64_MAX until further notice */
    const char *closed_reason;
    int64_t confirmed_ms;           /* 0: never */
    const char *confirmed_as;       /* "staff", "rider" or "" */
    int64_t confirmed_by;           /* person; 0: nobody signed in */
    const char *photos;             /* public ids between single blanks */
    bool vanished;                  /* its source no longer has it, and nobody kept it */
    bool removed;                   /* staff took it off the map */
    int64_t off_ms;                 /* since when it is off the map; 0: it is not */
    int64_t created_ms, updated_ms; /* UTC since 1970 */
};

/* --- imports --- */

struct places_counts {
    uint64_t added, changed, unchanged, vanished;
};

/* Begins an import: a row that tells where from and when, and its number. Inside db_write, like all
 * of the import, so that it happens whole or not at all. `file` is for people to read. */
enum err places_import_begin(struct db *db, const char *source, const char *file, int64_t *import);

/* Adds or updates one place by (source, source_id), and adds to `counts`. Held fields stay as they
 * are; so does that staff took it off the map. ERR_INVALID or ERR_RANGE with the field named:
 * unknown category or amenity, position, text that is no UTF-8 or too long. */
enum err places_put(struct db *db, int64_t import, const struct categories *categories,
                    const struct places_row *row, struct places_counts *counts, struct why *why);

/* Marks what this source has in the database and this import did not bring. */
enum err places_prune(struct db *db, int64_t import, struct places_counts *counts);

/* Ends an import: keeps its counts, and writes one outbox row if anything changed. */
enum err places_import_end(struct db *db, int64_t import, const struct places_counts *counts);

/* --- reading --- */

/* Every place that is shown, as a snapshot: not vanished, not removed. A place whose category the
 * operator's list no longer has is left out and counted. `loaded` may be NULL. ERR_CANCELLED. */
struct places_loaded {
    uint64_t skipped;
    int64_t change; /* the outbox's last, as it was when they were read */
};
enum err places_load(struct db *db, const struct categories *categories,
                     const struct progress *progress, struct placeset **set,
                     struct places_loaded *loaded);
/* What of the database it reads, as SQL: text that tells this program's snapshot from another's. */
const char *places_load_sql(void);

/* The same by way of a set that was loaded before: `ids` are all places touched since its base was
 * loaded, and are read anew. */
enum err places_reload(struct db *db, const struct categories *categories,
                       const struct placeset *before, const int64_t *ids, size_t id_count,
                       struct placeset **set);

/* One place, shown or not; text in `arena`. ERR_NOTFOUND. */
enum err places_get(struct db *db, int64_t id, struct arena *arena, struct places_row *row);

/* How many are shown. */
enum err places_count(struct db *db, int64_t *count);

/* Those that are off the map, that left it last first. */
struct places_off_query {
    bool no_removed, no_vanished; /* leave out what staff took off; what left its source */
    const char *category;         /* NULL: any */
    bool (*wanted)(const void *user, struct coord at); /* NULL: all */
    const void *user;
    bool has_after;
    int64_t after_ms, after_id; /* where the page before ended */
    uint32_t limit, looks;      /* at most so many are found, and so many looked at */
};
struct places_off_page {
    const struct places_row *rows; /* in the arena, as their text */
    size_t count;
    bool more; /* there may be more behind (last_ms, last_id), even where none were found */
    int64_t last_ms, last_id;
};
enum err places_off(struct db *db, const struct places_off_query *asked, struct arena *arena,
                    struct places_off_page *page);

/* What happened to a place, newest first: those below `before` (0: all), at most `limit`. `changes`
 * is JSON, `{"field": [before, after], …}`; a field is one of places_field_name, "photos", or
 * "closed": null, or an object of from, to (where an end is known) and reason. */
struct places_event {
    int64_t id, version, at_ms;
    const char *verb;  /* "created", "edited", "closed", "opened", "removed", "restored",
                          "confirmed", "imported", "vanished", "returned", … */
    const char *actor; /* "staff", "rider" or "source" */
    int64_t person;    /* 0: none */
    const char *reason, *changes;
};
enum err places_history(struct db *db, int64_t id, int64_t before, uint32_t limit,
                        struct arena *arena, const struct places_event **events, size_t *count);

/* --- editing: each opens its own transaction; on ERR_OK all is on disk --- */

/* Who does it, and why. */
struct places_by {
    const char *actor; /* "staff" or "rider" */
    int64_t person;    /* 0: nobody signed in */
    int64_t now_ms;
    const char *reason; /* NULL: none */
    /* For places_confirm: tells who it is from others ("person 7"), to count each once on `day`, of
     * any calendar. NULL: whoever it is, it counts. */
    const char *who;
    int32_t day;
    /* What else is written in the same transaction, after the place; NULL: nothing. Its failure
     * undoes both; its sentence is told. */
    enum err (*also)(struct db *db, void *user, struct why *why);
    void *also_user;
};

/* As cases_reply (data/cases.h). */
struct places_reply {
    struct idempotency request;
    int status;
    enum err (*render)(void *user, const struct places_row *made, struct buf *body);
    void *user;
};

struct places_created {
    struct places_row made; /* not when replayed */
    bool replayed;
    struct idempotency_answer answer; /* rendered or kept; empty without a reply */
};

/* What is read back lives in `arena`. ERR_INVALID and ERR_RANGE begin with the field's name.
 * ERR_NOTFOUND; ERR_CONFLICT with a sentence: the place has changed since its writer saw it as
 * `version`. */

/* A place of no source but ours ("local"): imports never touch it. All its fields are held. `reply`
 * may be NULL. ERR_CONFLICT: the idempotency key came before with another body. */
enum err places_create(struct db *db, const struct categories *categories,
                       const struct places_row *row, const struct places_by *by,
                       const struct places_reply *reply, struct arena *arena,
                       struct places_created *created, struct why *why);

/* Sets the fields of `fields` (bits) to what `row` says and holds them; lets go of those of
 * `release`, which the next import of its source sets. An edit that changes nothing is none. */
struct places_edit {
    int64_t id, version;
    const struct places_row *row;
    unsigned fields, release;
};
enum err places_edit(struct db *db, const struct categories *categories,
                     const struct places_edit *asked, const struct places_by *by,
                     struct arena *arena, struct places_row *after, struct why *why);

/* Closes it from–to (INT64_MAX: until further notice), with by->reason; or, with to_ms 0, opens it
 * again. */
enum err places_close(struct db *db, int64_t id, int64_t version, int64_t from_ms, int64_t to_ms,
                      const struct places_by *by, struct arena *arena, struct places_row *after,
                      struct why *why);

/* Takes it off the map; and puts it back, also when it was its source that no longer had it: it is
 * kept then whatever the source says. */
enum err places_remove(struct db *db, int64_t id, int64_t version, const struct places_by *by,
                       struct arena *arena, struct places_row *after, struct why *why);
enum err places_restore(struct db *db, int64_t id, int64_t version, const struct places_by *by,
                        struct arena *arena, struct places_row *after, struct why *why);

/* Notes that it is as it says: `after` has the time of it, or that of before where the same sender
 * has said so today. A rider's word does not replace a later one of staff. */
enum err places_confirm(struct db *db, int64_t id, const struct places_by *by, struct arena *arena,
                        struct places_row *after, struct why *why);

#endif

#include "data/closures.h"

#include "data/closures_rows.h"

#include <stdio.h>
#include <string.h>

enum { LIMIT_MAX = 500, SQL_MAX = 2048 };

enum closures_state closures_state_of(const struct closures_closure *closure, int64_t now_ms)
{
    if (closure->ended_ms || closure->terms.to_ms <= now_ms) return CLOSURES_ENDED;
    return closure->terms.from_ms > now_ms ? CLOSURES_PLANNED : CLOSURES_ACTIVE;
}

enum err closures_get(struct db *db, const char *public_id, struct arena *arena,
                      struct closures_closure *found)
{
    return closures_rows_find(db, public_id, arena, found);
}

/* --- history --- */

static enum err read_event(struct db_query *q, struct arena *arena, struct closures_event *event)
{
    struct closures_event read = {.version = db_int(q, 7),
                                  .at_ms = db_int(q, 8),
                                  .verb = arena_strdup(arena, db_text(q, 9)),
                                  .person = db_int(q, 10)};
    if (!read.verb) return ERR_NOMEM;
    enum err e = closures_rows_terms(q, arena, &read.terms);
    if (!e) *event = read;
    return e;
}

enum err closures_history(struct db *db, int64_t closure_id, struct arena *arena,
                          const struct closures_event **events, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct closures_event *list = arena_calloc(arena, CLOSURES_EVENTS_SHOWN, sizeof *list);
    if (!list) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT factor, profiles, radius_m, from_ms, to_ms, reason, wkb, "
                            "version, at_ms, verb, person_id FROM (SELECT * FROM closure_events "
                            "WHERE closure_id = :closure ORDER BY version DESC LIMIT :limit) AS "
                            "latest ORDER BY version",
                            &q);
    if (e) return e;
    db_bind_int(q, ":closure", closure_id);
    db_bind_int(q, ":limit", CLOSURES_EVENTS_SHOWN);
    while (n < CLOSURES_EVENTS_SHOWN && !(e = db_step(q, &row)) && row &&
           !(e = read_event(q, arena, &list[n])))
        n++;
    db_done(q);
    if (e) return e;
    *events = list;
    *count = n;
    return ERR_OK;
}

/* --- lists --- */

static const char *const state_sql[] = {
    [CLOSURES_PLANNED] = "AND c.ended_ms IS NULL AND c.from_ms > :now "
                         "AND (c.to_ms IS NULL OR c.to_ms > :now) ",
    [CLOSURES_ACTIVE] = "AND c.ended_ms IS NULL AND c.from_ms <= :now "
                        "AND (c.to_ms IS NULL OR c.to_ms > :now) ",
    [CLOSURES_ENDED] = "AND (c.ended_ms IS NOT NULL OR c.to_ms <= :now) ",
    [CLOSURES_ALL] = "",
};

static void write_sql(char sql[SQL_MAX], const struct closures_filter *f)
{
    (void)snprintf(sql, SQL_MAX,
                   "SELECT " CLOSURES_ROWS_COLUMNS CLOSURES_ROWS_FROM
                   "WHERE 1 = 1 %s%s%s%sORDER BY c.created_ms DESC, c.id DESC LIMIT :limit",
                   state_sql[f->state],
                   f->has_box ? "AND c.min_lon <= :east AND c.max_lon >= :west AND c.min_lat <= "
                                ":north AND c.max_lat >= :south "
                              : "",
                   f->report ? "AND r.public_id = :report " : "",
                   f->has_after ? "AND (c.created_ms < :after_ms OR (c.created_ms = :after_ms AND "
                                  "c.id < :after_id)) "
                                : "");
}

static void bind(struct db_query *q, const struct closures_filter *f)
{
    if (f->state != CLOSURES_ALL) db_bind_int(q, ":now", f->now_ms);
    if (f->has_box) {
        db_bind_real(q, ":west", f->box.min_lon);
        db_bind_real(q, ":south", f->box.min_lat);
        db_bind_real(q, ":east", f->box.max_lon);
        db_bind_real(q, ":north", f->box.max_lat);
    }
    if (f->report) db_bind_text(q, ":report", f->report);
    if (f->has_after) {
        db_bind_int(q, ":after_ms", f->after_created_ms);
        db_bind_int(q, ":after_id", f->after_id);
    }
    db_bind_int(q, ":limit", (int64_t)f->limit + 1); /* one more tells whether there is more */
}

enum err closures_list(struct db *db, const struct closures_filter *filter, struct arena *arena,
                       const struct closures_closure **closures, size_t *count, bool *more)
{
    char sql[SQL_MAX];
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (filter->limit < 1 || filter->limit > LIMIT_MAX) return ERR_RANGE;
    struct closures_closure *list = arena_calloc(arena, (size_t)filter->limit + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    write_sql(sql, filter);
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    bind(q, filter);
    while (!(e = db_step(q, &row)) && row && !(e = closures_rows_read(q, arena, &list[n])))
        n++;
    db_done(q);
    if (e) return e;
    *closures = list;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    return ERR_OK;
}

/* --- for the roads --- */

struct loading {
    int64_t now_ms;
    struct arena *arena;
    struct closures_closure *list;
    size_t count;
};

static const char live_sql[] = "WHERE c.ended_ms IS NULL AND (c.to_ms IS NULL OR c.to_ms > :now) ";

static enum err count_live(struct db *db, int64_t now_ms, size_t *count)
{
    struct db_query *q;
    char sql[SQL_MAX];
    bool row;
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM closures c %s", live_sql);
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    if (!(e = db_step(q, &row))) *count = (size_t)db_int(q, 0);
    db_done(q);
    return e;
}

static enum err load(struct db *db, void *user)
{
    struct loading *l = user;
    struct db_query *q;
    char sql[SQL_MAX];
    bool row = false;
    size_t room;
    enum err e = count_live(db, l->now_ms, &room);
    if (e) return e;
    l->list = arena_calloc(l->arena, room + 1, sizeof *l->list);
    if (!l->list) return ERR_NOMEM;
    (void)snprintf(sql, sizeof sql,
                   "SELECT " CLOSURES_ROWS_COLUMNS CLOSURES_ROWS_FROM "%sORDER BY c.id", live_sql);
    e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":now", l->now_ms);
    while (l->count < room && !(e = db_step(q, &row)) && row &&
           !(e = closures_rows_read(q, l->arena, &l->list[l->count])))
        l->count++;
    db_done(q);
    return e;
}

enum err closures_load(struct db *db, int64_t now_ms, struct arena *arena,
                       const struct closures_closure **closures, size_t *count)
{
    struct loading l = {.now_ms = now_ms, .arena = arena};
    enum err e = db_read(db, load, &l); /* one state for both statements */
    if (e) return e;
    *closures = l.list;
    *count = l.count;
    return ERR_OK;
}

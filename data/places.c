#include "data/places.h"

#include "data/places_rows.h"

enum err places_get(struct db *db, int64_t id, struct arena *arena, struct places_row *row)
{
    struct db_query *q;
    bool there = false;
    enum err e = db_prepare(db, "SELECT " PLACES_ROWS_COLUMNS " FROM places WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    e = db_step(q, &there);
    if (!e) e = there ? places_rows_read(q, arena, row) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

/* --- off the map --- */

static enum err prepare_off(struct db *db, const struct places_off_query *asked,
                            struct db_query **query)
{
    enum err e = db_prepare(
        db,
        "SELECT " PLACES_ROWS_COLUMNS " FROM places WHERE COALESCE(removed_ms, vanished_ms) IS NOT "
        "NULL AND (COALESCE(removed_ms, vanished_ms), id) < (:ms, :after) AND NOT (:no_removed AND "
        "removed_ms IS NOT NULL) AND NOT (:no_vanished AND removed_ms IS NULL) AND (:category IS "
        "NULL OR category = :category) ORDER BY COALESCE(removed_ms, vanished_ms) DESC, id DESC",
        query);
    if (e) return e;
    db_bind_int(*query, ":ms", asked->has_after ? asked->after_ms : INT64_MAX);
    db_bind_int(*query, ":after", asked->has_after ? asked->after_id : INT64_MAX);
    db_bind_int(*query, ":no_removed", asked->no_removed);
    db_bind_int(*query, ":no_vanished", asked->no_vanished);
    db_bind_text(*query, ":category", asked->category);
    return ERR_OK;
}

/* Notes the row as the page's last; and takes it, if it is wanted. */
static enum err look_at_off(struct db_query *q, const struct places_off_query *asked,
                            struct arena *arena, struct places_row *rows,
                            struct places_off_page *page)
{
    page->last_ms = places_rows_off_ms(q);
    page->last_id = places_rows_id(q);
    if (asked->wanted && !asked->wanted(asked->user, places_rows_at(q))) return ERR_OK;
    enum err e = places_rows_read(q, arena, &rows[page->count]);
    page->count += !e;
    return e;
}

enum err places_off(struct db *db, const struct places_off_query *asked, struct arena *arena,
                    struct places_off_page *page)
{
    struct db_query *q;
    bool row = false;
    struct places_row *rows = arena_calloc(arena, asked->limit, sizeof *rows);
    if (!rows) return ERR_NOMEM;
    struct places_off_page found = {.rows = rows};
    enum err e = prepare_off(db, asked, &q);
    if (e) return e;
    for (uint32_t looks = 0; !(e = db_step(q, &row)) && row; looks++) {
        found.more = looks == asked->looks || found.count == asked->limit;
        if (found.more || (e = look_at_off(q, asked, arena, rows, &found))) break;
    }
    db_done(q);
    if (!e) *page = found;
    return e;
}

/* --- history --- */

static enum err read_event(struct db_query *q, struct arena *arena, struct places_event *event)
{
    *event = (struct places_event){.id = db_int(q, 0),
                                   .version = db_int(q, 1),
                                   .at_ms = db_int(q, 2),
                                   .verb = arena_strdup(arena, db_text(q, 3)),
                                   .actor = arena_strdup(arena, db_text(q, 4)),
                                   .person = db_int(q, 5),
                                   .reason = arena_strdup(arena, db_text(q, 6)),
                                   .changes = arena_strdup(arena, db_text(q, 7))};
    return event->verb && event->actor && event->reason && event->changes ? ERR_OK : ERR_NOMEM;
}

enum err places_history(struct db *db, int64_t id, int64_t before, uint32_t limit,
                        struct arena *arena, const struct places_event **events, size_t *count)
{
    struct db_query *q;
    size_t n = 0;
    bool row = false;
    struct places_event *read = arena_calloc(arena, (size_t)limit + 1, sizeof *read);
    if (!read) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT id, version, at_ms, verb, actor, person_id, reason, changes "
                            "FROM place_events WHERE place_id = :place AND (:before = 0 OR id < "
                            ":before) ORDER BY id DESC LIMIT :limit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":place", id);
    db_bind_int(q, ":before", before);
    db_bind_int(q, ":limit", limit);
    while (n < limit && !(e = db_step(q, &row)) && row && !(e = read_event(q, arena, &read[n])))
        n++;
    db_done(q);
    if (e) return e;
    *events = read;
    *count = n;
    return ERR_OK;
}

#include "data/places.h"

#include "data/places_rows.h"

#include <string.h>

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

/* Where a page goes on: at what left with the last one of the page before, then at what left
 * earlier. Two statements, each of which walks the index from its start: of a comparison of both
 * columns at once SQLite would walk from the top of the index, page by page. */
#define OFF "COALESCE(removed_ms, vanished_ms)"
static const char *const off_walks[] = {"SELECT " PLACES_ROWS_COLUMNS " FROM places WHERE " OFF
                                        " = :ms AND id < :after ORDER BY id DESC",
                                        "SELECT " PLACES_ROWS_COLUMNS " FROM places WHERE " OFF
                                        " < :ms ORDER BY " OFF " DESC, id DESC"};
#undef OFF

struct off_walk {
    const struct places_off_query *asked;
    struct arena *arena;
    struct places_row *rows;
    struct places_off_page page;
    uint32_t looks;
};

static bool is_asked(struct db_query *q, const struct places_off_query *asked)
{
    if (places_rows_removed(q) ? asked->no_removed : asked->no_vanished) return false;
    if (asked->category && strcmp(places_rows_category(q), asked->category) != 0) return false;
    return !asked->wanted || asked->wanted(asked->user, places_rows_at(q));
}

/* Notes the row as the page's last; and takes it, if it is asked for. */
static enum err look_at_off(struct db_query *q, struct off_walk *w)
{
    w->looks++;
    w->page.last_ms = places_rows_off_ms(q);
    w->page.last_id = places_rows_id(q);
    if (!is_asked(q, w->asked)) return ERR_OK;
    enum err e = places_rows_read(q, w->arena, &w->rows[w->page.count]);
    w->page.count += !e;
    return e;
}

static enum err walk_off(struct db *db, bool together, struct off_walk *w)
{
    const struct places_off_query *asked = w->asked;
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, off_walks[!together], &q);
    if (e) return e;
    db_bind_int(q, ":ms", asked->has_after ? asked->after_ms : INT64_MAX);
    if (together) db_bind_int(q, ":after", asked->after_id);
    while (!w->page.more && !(e = db_step(q, &row)) && row) {
        w->page.more = w->looks == asked->looks || w->page.count == asked->limit;
        if (!w->page.more && (e = look_at_off(q, w))) break;
    }
    db_done(q);
    return e;
}

enum err places_off(struct db *db, const struct places_off_query *asked, struct arena *arena,
                    struct places_off_page *page)
{
    struct off_walk w = {
        .asked = asked, .arena = arena, .rows = arena_calloc(arena, asked->limit, sizeof *w.rows)};
    if (!w.rows) return ERR_NOMEM;
    w.page.rows = w.rows;
    enum err e = asked->has_after ? walk_off(db, true, &w) : ERR_OK;
    if (!e) e = walk_off(db, false, &w);
    if (!e) *page = w.page;
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

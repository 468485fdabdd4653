#include "data/cases.h"

#include "data/cases_rows.h"
#include "data/cases_where.h"

#include <stdio.h>
#include <string.h>

enum { LIMIT_MAX = 500, EVENTS_MAX = 2000 };

enum err cases_get(struct db *db, const char *public_id, struct arena *arena,
                   struct cases_case *found)
{
    struct cases_case read = {0};
    enum err e = cases_rows_find(db, public_id, arena, &read);
    if (!e) e = cases_rows_photos(db, arena, &read);
    if (!e) *found = read;
    return e;
}

/* --- history --- */

bool cases_is_shown(enum cases_seen seen, bool by_staff, unsigned as)
{
    if (seen == CASES_PUBLIC || as & KINDS_OFFICE) return true;
    return seen == CASES_SENDER && (as & KINDS_REPORTER || (as & KINDS_JOINER && by_staff));
}

static enum err read_event(struct db_query *q, struct arena *arena, struct cases_event *event)
{
    *event = (struct cases_event){
        .id = db_int(q, 0),
        .at_ms = db_int(q, 1),
        .from = arena_strdup(arena, db_text(q, 2)),
        .to = arena_strdup(arena, db_text(q, 3)),
        .actor = arena_strdup(arena, db_text(q, 4)),
        .person = db_int(q, 5),
        .reason = arena_strdup(arena, db_text(q, 6)),
        .due_ms = db_int(q, 7),
        .verb = arena_strdup(arena, db_text(q, 8)),
        .value = arena_strdup(arena, db_text(q, 9)),
        .seen = cases_rows_seen(db_text(q, 10)),
    };
    bool all = event->from && event->to && event->actor && event->reason && event->verb;
    return all && event->value ? ERR_OK : ERR_NOMEM;
}

static enum err count_events(struct db *db, int64_t case_id, size_t *count)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db, "SELECT count(*) FROM case_events WHERE case_id = :case", &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    if (!(e = db_step(q, &row))) *count = (size_t)db_int(q, 0);
    db_done(q);
    return e;
}

enum err cases_history(struct db *db, int64_t case_id, struct arena *arena,
                       const struct cases_event **events, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t room = 0, n = 0;
    enum err e = count_events(db, case_id, &room);
    if (e) return e;
    size_t skipped = room > EVENTS_MAX ? room - EVENTS_MAX : 0;
    room -= skipped;
    struct cases_event *list = arena_calloc(arena, room ? room : 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    e = db_prepare(db,
                   "SELECT id, at_ms, from_state, to_state, actor, person_id, reason, due_ms, "
                   "verb, value, seen_by FROM case_events WHERE case_id = :case ORDER BY id "
                   "LIMIT -1 OFFSET :skipped",
                   &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":skipped", (int64_t)skipped);
    /* One that came in between the two statements waits for the next reading. */
    while (n < room && !(e = db_step(q, &row)) && row && !(e = read_event(q, arena, &list[n])))
        n++;
    db_done(q);
    if (e) return e;
    *events = list;
    *count = n;
    return ERR_OK;
}

/* --- photos --- */

enum err cases_photo(struct db *db, const char *public_id, struct arena *arena,
                     struct cases_photo *photo, struct cases_case *of)
{
    struct db_query *q;
    char case_id[SECRETS_ID_SIZE] = "";
    struct cases_case found = {0};
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT c.public_id FROM photos p JOIN cases c ON c.id = p.case_id "
                            "WHERE p.public_id = :public",
                            &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    if (!(e = db_step(q, &row)) && row)
        (void)snprintf(case_id, sizeof case_id, "%s", db_text(q, 0));
    db_done(q);
    if (!e && !row) e = ERR_NOTFOUND;
    if (!e) e = cases_get(db, case_id, arena, &found);
    for (size_t i = 0; i < found.photo_count && !e; i++)
        if (strcmp(found.photos[i].public_id, public_id) == 0) {
            *photo = found.photos[i];
            *of = found;
            return ERR_OK;
        }
    return e ? e : ERR_NOTFOUND;
}

/* --- lists --- */

/* Without a deadline: behind all that have one. */
#define NEVER "9223372036854775807"

/* By sort: the condition of what follows a cursor, and the order. */
static const struct {
    const char *after, *order;
} sorts[] = {
    [CASES_OLDEST] = {" AND (c.created_ms, c.id) > (:key, :id)", " ORDER BY c.created_ms, c.id"},
    [CASES_NEWEST] = {" AND (c.created_ms, c.id) < (:key, :id)",
                      " ORDER BY c.created_ms DESC, c.id DESC"},
    [CASES_DUE] = {" AND (COALESCE(c.due_ms, " NEVER "), c.id) > (:key, :id)",
                   " ORDER BY COALESCE(c.due_ms, " NEVER "), c.id"},
    [CASES_URGENT] = {" AND (-c.priority, c.id) > (:key, :id)", " ORDER BY -c.priority, c.id"},
    [CASES_SUPPORTED] = {" AND (-c.supports, c.id) > (:key, :id)", " ORDER BY -c.supports, c.id"},
};

int64_t cases_sort_key(enum cases_sort sort, const struct cases_case *c)
{
    if (sort == CASES_URGENT) return -c->priority;
    if (sort == CASES_SUPPORTED) return -c->supports;
    if (sort == CASES_DUE) return c->due.due_ms ? c->due.due_ms : INT64_MAX;
    return c->created_ms;
}

/* Which cases are on the page is for the most part said by an index alone (cases_queue), and only
 * theirs are the rows that are read. */
static void write_sql(struct cases_where_sql *sql, const struct cases_where *where)
{
    const struct cases_filter *f = where->filter;
    cases_where_add(sql, "SELECT " CASES_ROWS_COLUMNS " FROM (SELECT c.id AS id FROM cases c WHERE "
                         "TRUE");
    cases_where_write(sql, where);
    if (f->has_after) cases_where_add(sql, sorts[f->sort].after);
    cases_where_add(sql, sorts[f->sort].order);
    cases_where_add(sql, " LIMIT :limit) page CROSS JOIN cases c ON c.id = page.id LEFT JOIN cases "
                         "d ON d.id = c.duplicate_of");
    cases_where_add(sql, sorts[f->sort].order);
}

static void bind(struct db_query *q, const struct cases_where *where)
{
    const struct cases_filter *f = where->filter;
    cases_where_bind(q, where);
    if (f->has_after) {
        db_bind_int(q, ":key", f->after_key);
        db_bind_int(q, ":id", f->after_id);
    }
    db_bind_int(q, ":limit", (int64_t)f->limit + 1); /* one more tells whether there is more */
}

static enum err read_page(struct db *db, const struct cases_where *where, struct arena *arena,
                          struct cases_case *list, size_t *count)
{
    struct cases_where_sql sql = {.len = 0};
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    write_sql(&sql, where);
    enum err e = db_prepare(db, sql.text, &q);
    if (e) return e;
    bind(q, where);
    while (!(e = db_step(q, &row)) && row && !(e = cases_rows_read(q, arena, &list[n])))
        n++;
    db_done(q);
    if (!e) *count = n;
    return e;
}

enum err cases_list(struct db *db, const struct cases_filter *filter, const struct kinds *kinds,
                    struct arena *arena, const struct cases_case **cases, size_t *count, bool *more)
{
    struct cases_where where;
    size_t n = 0;
    if (filter->limit < 1 || filter->limit > LIMIT_MAX) return ERR_RANGE;
    struct cases_case *list = arena_calloc(arena, (size_t)filter->limit + 1, sizeof *list);
    enum err e = list ? ERR_OK : ERR_NOMEM;
    if (!e) e = cases_where_init(&where, filter, kinds, arena);
    if (!e) e = read_page(db, &where, arena, list, &n);
    bool longer = n > filter->limit;
    if (longer) n = filter->limit;
    for (size_t i = 0; i < n && !e; i++)
        e = cases_rows_photos(db, arena, &list[i]);
    if (e) return e;
    *cases = list;
    *count = n;
    *more = longer;
    return ERR_OK;
}

enum err cases_positions(struct db *db, const char *kind, struct box box,
                         bool (*each)(void *user, struct coord at), void *user)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT lon, lat FROM cases WHERE kind = :kind AND lat BETWEEN :south "
                            "AND :north AND lon BETWEEN :west AND :east",
                            &q);
    if (e) return e;
    db_bind_text(q, ":kind", kind);
    db_bind_real(q, ":south", box.min_lat);
    db_bind_real(q, ":north", box.max_lat);
    db_bind_real(q, ":west", box.min_lon);
    db_bind_real(q, ":east", box.max_lon);
    while (!(e = db_step(q, &row)) && row)
        if (!each(user, (struct coord){db_real(q, 0), db_real(q, 1)})) break;
    db_done(q);
    return e;
}

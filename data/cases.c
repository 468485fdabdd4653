#include "data/cases.h"

#include "data/cases_rows.h"

#include <stdio.h>
#include <string.h>

enum { LIMIT_MAX = 500, AREAS_MAX = 256, SQL_MAX = 8192, EVENTS_MAX = 10000 };

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
    };
    return event->from && event->to && event->actor && event->reason ? ERR_OK : ERR_NOMEM;
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
    if (room > EVENTS_MAX) return ERR_LIMIT;
    struct cases_event *list = arena_calloc(arena, room ? room : 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    e = db_prepare(db,
                   "SELECT id, at_ms, from_state, to_state, actor, person_id, reason FROM "
                   "case_events WHERE case_id = :case ORDER BY id",
                   &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
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

/* Text of a statement and the names in it, of a bounded size. */
struct sql {
    char text[SQL_MAX];
    size_t len;
};

static void add(struct sql *sql, const char *text)
{
    size_t n = strlen(text);
    if (sql->len + n >= sizeof sql->text) n = sizeof sql->text - 1 - sql->len;
    memcpy(sql->text + sql->len, text, n);
    sql->len += n;
    sql->text[sql->len] = '\0';
}

/* ":p0, :p1, ..." with the count rounded up to a power of two, so that a few statements serve all
 * counts; the names left over stay NULL, which nothing equals. */
static void add_names(struct sql *sql, char prefix, size_t count)
{
    size_t rounded = 1;
    while (rounded < count)
        rounded *= 2;
    for (size_t i = 0; i < rounded; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s:%c%zu", i ? ", " : "", prefix, i);
        add(sql, name);
    }
}

static size_t open_states(const struct kinds_kind *kind, const char **codes)
{
    size_t n = 0;
    for (size_t i = 0; i < kind->state_count; i++)
        if (kind->states[i].open) codes[n++] = kind->states[i].code;
    return n;
}

/* Of every kind at once: a state's name means the same wherever it is used. */
static enum err all_open_states(const struct kinds *kinds, struct arena *arena, const char ***codes,
                                size_t *count)
{
    size_t room = 1, n = 0;
    for (size_t i = 0; i < kinds_count(kinds); i++)
        room += kinds_at(kinds, i)->state_count;
    const char **list = arena_calloc(arena, room, sizeof *list);
    if (!list) return ERR_NOMEM;
    for (size_t i = 0; i < kinds_count(kinds); i++)
        n += open_states(kinds_at(kinds, i), list + n);
    *codes = list;
    *count = n;
    return ERR_OK;
}

struct page {
    const struct cases_filter *filter;
    const char **open;
    size_t open_count;
};

static bool given(const char *text)
{
    return text && text[0];
}

static void write_sql(struct sql *sql, const struct page *page)
{
    const struct cases_filter *f = page->filter;
    add(sql, "SELECT " CASES_ROWS_COLUMNS CASES_ROWS_FROM "WHERE TRUE");
    if (given(f->kind)) add(sql, " AND c.kind = :kind");
    if (given(f->state)) add(sql, " AND c.state = :state");
    if (given(f->category)) add(sql, " AND c.category = :category");
    if (f->only_open) {
        add(sql, " AND c.state IN (");
        add_names(sql, 's', page->open_count);
        add(sql, ")");
    }
    if (f->areas_limited) {
        add(sql, " AND c.area_id IN (WITH RECURSIVE below (id) AS (SELECT id FROM areas WHERE id "
                 "IN (");
        add_names(sql, 'a', f->area_count);
        add(sql, ") UNION SELECT a.id FROM areas a JOIN below b ON a.parent_id = b.id) SELECT id "
                 "FROM below)");
    }
    if (f->has_after)
        add(sql, f->newest_first ? " AND (c.created_ms, c.id) < (:after_ms, :after_id)"
                                 : " AND (c.created_ms, c.id) > (:after_ms, :after_id)");
    add(sql, f->newest_first ? " ORDER BY c.created_ms DESC, c.id DESC LIMIT :limit"
                             : " ORDER BY c.created_ms, c.id LIMIT :limit");
}

static void bind_names(struct db_query *q, const struct page *page)
{
    const struct cases_filter *f = page->filter;
    char name[32];
    for (size_t i = 0; f->only_open && i < page->open_count; i++) {
        (void)snprintf(name, sizeof name, ":s%zu", i);
        db_bind_text(q, name, page->open[i]);
    }
    for (size_t i = 0; f->areas_limited && i < f->area_count; i++) {
        (void)snprintf(name, sizeof name, ":a%zu", i);
        db_bind_int(q, name, f->area_ids[i]);
    }
}

static void bind(struct db_query *q, const struct page *page)
{
    const struct cases_filter *f = page->filter;
    if (given(f->kind)) db_bind_text(q, ":kind", f->kind);
    if (given(f->state)) db_bind_text(q, ":state", f->state);
    if (given(f->category)) db_bind_text(q, ":category", f->category);
    bind_names(q, page);
    if (f->has_after) {
        db_bind_int(q, ":after_ms", f->after_created_ms);
        db_bind_int(q, ":after_id", f->after_id);
    }
    db_bind_int(q, ":limit", (int64_t)f->limit + 1); /* one more tells whether there is more */
}

static enum err read_page(struct db *db, const struct page *page, struct arena *arena,
                          struct cases_case *list, size_t *count)
{
    struct sql sql = {.len = 0};
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    write_sql(&sql, page);
    enum err e = db_prepare(db, sql.text, &q);
    if (e) return e;
    bind(q, page);
    while (!(e = db_step(q, &row)) && row && !(e = cases_rows_read(q, arena, &list[n])))
        n++;
    db_done(q);
    if (!e) *count = n;
    return e;
}

enum err cases_list(struct db *db, const struct cases_filter *filter, const struct kinds *kinds,
                    struct arena *arena, const struct cases_case **cases, size_t *count, bool *more)
{
    struct page page = {.filter = filter};
    size_t n = 0;
    if (filter->limit < 1 || filter->limit > LIMIT_MAX) return ERR_RANGE;
    if (filter->area_count > AREAS_MAX) return ERR_LIMIT;
    struct cases_case *list = arena_calloc(arena, (size_t)filter->limit + 1, sizeof *list);
    enum err e = list ? ERR_OK : ERR_NOMEM;
    if (!e && filter->only_open) e = all_open_states(kinds, arena, &page.open, &page.open_count);
    if (!e) e = read_page(db, &page, arena, list, &n);
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

#include "data/cases_published.h"

#include "data/cases_near.h"
#include "data/cases_rows.h"
#include "geo/space/geodesic.h"

#include <stdio.h>
#include <string.h>

enum { SQL_SIZE = 4096 };

/* " AND COLUMN IN (:s0, :s1)", with a name for each. */
static void add_names(char *sql, size_t size, const char *column, char letter, size_t count)
{
    size_t n = strlen(sql);
    n += (size_t)snprintf(sql + n, size - n, " AND %s IN (", column);
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(sql + n, size - n, "%s:%c%zu", i ? ", " : "", letter, i);
    (void)snprintf(sql + n, size - n, ")");
}

static void bind_names(struct db_query *q, const char *const *names, char letter, size_t count)
{
    char name[32];
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, ":%c%zu", letter, i);
        db_bind_text(q, name, names[i]);
    }
}

/* The conditions about cases c. */
static void add_conditions(char *sql, size_t size, const struct cases_published *w,
                           const char *when)
{
    size_t n = strlen(sql);
    (void)snprintf(sql + n, size - n, " WHERE c.kind = :kind AND %s BETWEEN :from AND :upto%s%s%s",
                   when, w->category ? " AND c.category = :category" : "",
                   w->by_update ? " AND c.updated_ms BETWEEN :changed_from AND :changed_upto" : "",
                   w->radius_m > 0 ? " AND " CASES_NEAR : "");
    add_names(sql, size, "c.state", 's', w->state_count);
    if (w->id_count) add_names(sql, size, "c.public_id", 'i', w->id_count);
}

static void add(char *sql, size_t size, const char *text)
{
    size_t n = strlen(sql);
    (void)snprintf(sql + n, size - n, "%s", text);
}

static void bind(struct db_query *q, const struct cases_published *w)
{
    db_bind_text(q, ":kind", w->kind);
    db_bind_int(q, ":from", w->from_ms);
    db_bind_int(q, ":upto", w->upto_ms);
    if (w->category) db_bind_text(q, ":category", w->category);
    if (w->by_update) {
        db_bind_int(q, ":changed_from", w->changed_from_ms);
        db_bind_int(q, ":changed_upto", w->changed_upto_ms);
    }
    if (w->radius_m > 0) cases_near_bind(q, w->at, w->radius_m);
    bind_names(q, w->states, 's', w->state_count);
    bind_names(q, w->ids, 'i', w->id_count);
}

static bool is_right(const struct cases_published *w)
{
    return w->limit >= 1 && w->limit <= CASES_PUBLISHED_LIMIT && w->skip >= 0 &&
           w->state_count <= CASES_PUBLISHED_STATES && w->id_count <= CASES_PUBLISHED_IDS;
}

/* The ids of a page. What lies in the box and not in the circle is on no page. */
static enum err find_page(struct db *db, const struct cases_published *w, int64_t *ids,
                          size_t *count)
{
    char sql[SQL_SIZE] = "SELECT c.id, c.lon, c.lat FROM cases c";
    struct db_query *q;
    bool row = false;
    int64_t seen = 0;
    add_conditions(sql, sizeof sql, w, "c.created_ms");
    add(sql, sizeof sql, " ORDER BY c.created_ms DESC, c.id DESC");
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    bind(q, w);
    while (*count < w->limit && !(e = db_step(q, &row)) && row) {
        const struct coord at = {db_real(q, 1), db_real(q, 2)};
        if (w->radius_m > 0 && geodesic_distance_m(w->at, at) > w->radius_m) continue;
        if (seen++ >= w->skip) ids[(*count)++] = db_int(q, 0);
    }
    db_done(q);
    return e;
}

enum err cases_published_list(struct db *db, const struct cases_published *wanted,
                              struct arena *arena, const struct cases_case **cases, size_t *count)
{
    size_t n = 0;
    if (!is_right(wanted)) return ERR_RANGE;
    struct cases_case *list = arena_calloc(arena, wanted->limit, sizeof *list);
    int64_t *ids = arena_calloc(arena, wanted->limit, sizeof *ids);
    enum err e = list && ids ? find_page(db, wanted, ids, &n) : ERR_NOMEM;
    for (size_t i = 0; i < n && !e; i++)
        e = cases_rows_get(db, ids[i], arena, &list[i]);
    if (e) return e;
    *cases = list;
    *count = n;
    return ERR_OK;
}

enum err cases_published_note(struct db *db, int64_t case_id, struct arena *arena,
                              const char **note)
{
    struct db_query *q;
    bool row = false;
    const char *text = "";
    enum err e = db_prepare(db,
                            "SELECT reason FROM case_events WHERE case_id = :case AND "
                            "seen_by = 'public' AND verb = 'moved' AND reason <> '' "
                            "ORDER BY id DESC LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    if (!(e = db_step(q, &row)) && row) text = arena_strdup(arena, db_text(q, 0));
    db_done(q);
    if (e) return e;
    if (!text) return ERR_NOMEM;
    *note = text;
    return ERR_OK;
}

static enum err read_update(struct db_query *q, struct arena *arena,
                            struct cases_published_update *read)
{
    *read = (struct cases_published_update){.id = db_int(q, 0),
                                            .at_ms = db_int(q, 1),
                                            .public_id = arena_strdup(arena, db_text(q, 2)),
                                            .state = arena_strdup(arena, db_text(q, 3)),
                                            .reason = arena_strdup(arena, db_text(q, 4)),
                                            .photo = arena_strdup(arena, db_text(q, 5))};
    bool whole = read->public_id && read->state && read->reason && read->photo;
    return whole ? ERR_OK : ERR_NOMEM;
}

enum err cases_published_updates(struct db *db, const struct cases_published *wanted,
                                 struct arena *arena, const struct cases_published_update **updates,
                                 size_t *count)
{
    char sql[SQL_SIZE] =
        "SELECT e.id, e.at_ms, c.public_id, e.to_state, e.reason, coalesce((SELECT p.public_id "
        "FROM photos p WHERE p.event_id = e.id ORDER BY p.id LIMIT 1), '') "
        "FROM case_events e JOIN cases c ON c.id = e.case_id";
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!is_right(wanted)) return ERR_RANGE;
    struct cases_published_update *list = arena_calloc(arena, wanted->limit, sizeof *list);
    if (!list) return ERR_NOMEM;
    add_conditions(sql, sizeof sql, wanted, "e.at_ms");
    add(sql, sizeof sql,
        " AND e.verb IN ('created', 'moved') AND e.seen_by = 'public' "
        "ORDER BY e.at_ms, e.id LIMIT :limit OFFSET :skip");
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    bind(q, wanted);
    db_bind_int(q, ":limit", (int64_t)wanted->limit);
    db_bind_int(q, ":skip", wanted->skip);
    while (n < wanted->limit && !(e = db_step(q, &row)) && row &&
           !(e = read_update(q, arena, &list[n])))
        n++;
    db_done(q);
    if (e) return e;
    *updates = list;
    *count = n;
    return ERR_OK;
}

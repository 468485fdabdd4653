#include "data/cases_counts.h"

#include "data/cases_where.h"

enum { COUNTS_MAX = 8192, OVERDUE = 1, NEAR = 2 };

static enum err read(struct db_query *q, struct arena *arena, struct cases_count *read)
{
    *read = (struct cases_count){.state = arena_strdup(arena, db_text(q, 0)),
                                 .category = arena_strdup(arena, db_text(q, 1)),
                                 .overdue = db_int(q, 2) == OVERDUE,
                                 .near = db_int(q, 2) == NEAR,
                                 .nobody = db_int(q, 3) != 0,
                                 .count = db_int(q, 4)};
    return read->state && read->category ? ERR_OK : ERR_NOMEM;
}

enum err cases_counts_find(struct db *db, const struct cases_filter *filter,
                           const struct kinds *kinds, int64_t now_ms, int64_t near_ms,
                           struct arena *arena, const struct cases_count **counts, size_t *count)
{
    struct cases_where_sql sql = {.len = 0};
    struct cases_where where;
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct cases_count *list = arena_calloc(arena, COUNTS_MAX, sizeof *list);
    enum err e = list ? cases_where_init(&where, filter, kinds, arena) : ERR_NOMEM;
    if (e) return e;
    cases_where_add(&sql,
                    "SELECT c.state, c.category, CASE WHEN c.due_ms IS NULL THEN 0 WHEN "
                    "c.due_ms <= :now THEN 1 WHEN c.due_ms <= :near THEN 2 ELSE 0 END, "
                    "c.assignee_id IS NULL AND c.unit = '', count(*) FROM cases c WHERE TRUE");
    cases_where_write(&sql, &where);
    cases_where_add(&sql, " GROUP BY 1, 2, 3, 4");
    e = db_prepare(db, sql.text, &q);
    if (e) return e;
    cases_where_bind(q, &where);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":near", near_ms);
    while (!(e = db_step(q, &row)) && row) {
        e = n < COUNTS_MAX ? read(q, arena, &list[n++]) : ERR_LIMIT;
        if (e) break;
    }
    db_done(q);
    if (e) return e;
    *counts = list;
    *count = n;
    return ERR_OK;
}

#include "data/cases_map.h"

#include "data/cases_where.h"

/* All of it stands in the index of places, so that no row is touched. */
static void write_sql(struct cases_where_sql *sql, const struct cases_where *where)
{
    cases_where_add(sql, "SELECT c.id, c.lon, c.lat FROM cases c WHERE c.lat BETWEEN :south AND "
                         ":north AND c.lon BETWEEN :west AND :east");
    cases_where_write(sql, where);
}

enum err cases_map_visit(struct db *db, const struct cases_filter *filter,
                         const struct kinds *kinds, struct box box, struct arena *arena,
                         enum err (*visit)(void *user, int64_t id, struct coord at), void *user)
{
    struct cases_where where;
    struct cases_where_sql sql = {.len = 0};
    struct db_query *q;
    bool row = false;
    enum err e = cases_where_init(&where, filter, kinds, arena), seen = ERR_OK;
    if (e) return e;
    where.leaves_index = true;
    write_sql(&sql, &where);
    e = db_prepare(db, sql.text, &q);
    if (e) return e;
    cases_where_bind(q, &where);
    db_bind_real(q, ":south", box.min_lat);
    db_bind_real(q, ":north", box.max_lat);
    db_bind_real(q, ":west", box.min_lon);
    db_bind_real(q, ":east", box.max_lon);
    while (!seen && !(e = db_step(q, &row)) && row)
        seen = visit(user, db_int(q, 0), (struct coord){db_real(q, 1), db_real(q, 2)});
    db_done(q);
    return e ? e : seen;
}

enum err cases_map_read(struct db *db, int64_t id,
                        void (*take)(void *user, const struct cases_map_spot *spot), void *user)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT public_id, kind, category, state, created_ms FROM cases WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    e = db_step(q, &row);
    if (!e && !row) e = ERR_NOTFOUND;
    if (!e) {
        const struct cases_map_spot spot = {.public_id = db_text(q, 0),
                                            .kind = db_text(q, 1),
                                            .category = db_text(q, 2),
                                            .state = db_text(q, 3),
                                            .created_ms = db_int(q, 4)};
        take(user, &spot);
    }
    db_done(q);
    return e;
}

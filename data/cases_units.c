#include "data/cases_units.h"

enum err cases_units(struct db *db, int64_t area_id, const char *kind, struct arena *arena,
                     const char ***units, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    const char **list = arena_calloc(arena, CASES_UNITS_MAX, sizeof *list);
    if (!list) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT DISTINCT unit FROM cases WHERE area_id IS NULLIF(:area, 0) AND "
                            "unit <> '' AND kind = :kind ORDER BY unit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":area", area_id);
    db_bind_text(q, ":kind", kind);
    while (!e && n < CASES_UNITS_MAX && !(e = db_step(q, &row)) && row) {
        list[n] = arena_strdup(arena, db_text(q, 0));
        e = list[n++] ? ERR_OK : ERR_NOMEM;
    }
    db_done(q);
    if (e) return e;
    *units = list;
    *count = n;
    return ERR_OK;
}

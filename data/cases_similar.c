#include "data/cases_similar.h"

#include "data/cases_near.h"
#include "data/cases_rows.h"
#include "geo/space/geodesic.h"

struct near {
    int64_t id;
    double distance_m;
};

/* Keeps the nearest, in order. */
static void keep(struct near *list, size_t *count, struct near one)
{
    size_t i = *count;
    if (i == CASES_SIMILAR_MAX && list[i - 1].distance_m <= one.distance_m) return;
    if (i == CASES_SIMILAR_MAX)
        i--;
    else
        ++*count;
    for (; i > 0 && list[i - 1].distance_m > one.distance_m; i--)
        list[i] = list[i - 1];
    list[i] = one;
}

static enum err find_near(struct db *db, const struct kinds_kind *kind,
                          const struct kinds_category *category, struct coord at, int64_t but,
                          struct near *list, size_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT id, lon, lat, state FROM cases WHERE category = :category AND "
                            "kind = :kind AND " CASES_NEAR " AND id <> :but",
                            &q);
    if (e) return e;
    db_bind_text(q, ":category", category->code);
    db_bind_text(q, ":kind", kind->code);
    db_bind_int(q, ":but", but);
    cases_near_bind(q, at, (double)category->radius_m);
    while (!(e = db_step(q, &row)) && row) {
        const struct kinds_state *state = kinds_state(kind, db_text(q, 3));
        struct near one = {db_int(q, 0),
                           geodesic_distance_m(at, (struct coord){db_real(q, 1), db_real(q, 2)})};
        if (state && state->open && one.distance_m <= (double)category->radius_m)
            keep(list, count, one);
    }
    db_done(q);
    return e;
}

enum err cases_similar_find(struct db *db, const struct kinds_kind *kind,
                            const struct kinds_category *category, struct coord at, int64_t but,
                            struct arena *arena, const struct cases_similar **list, size_t *count)
{
    struct near near[CASES_SIMILAR_MAX];
    size_t n = 0;
    struct cases_similar *made = arena_calloc(arena, CASES_SIMILAR_MAX, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = category->radius_m ? find_near(db, kind, category, at, but, near, &n) : ERR_OK;
    for (size_t i = 0; i < n && !e; i++) {
        made[i].distance_m = near[i].distance_m;
        e = cases_rows_get(db, near[i].id, arena, &made[i].found);
    }
    if (e) return e;
    *list = made;
    *count = n;
    return ERR_OK;
}

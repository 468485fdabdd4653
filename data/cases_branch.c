#include "data/cases_branch.h"

#include <stdlib.h>

/* Down from each area that has a branch, until the next that has one. */
#define ANSWERING                                                                                  \
    "WITH RECURSIVE answering (id, of) AS (SELECT area_id, area_id FROM branches WHERE ended_ms "  \
    "IS NULL AND area_id IS NOT NULL UNION SELECT a.id, x.of FROM areas a JOIN answering x ON "    \
    "a.parent_id = x.id WHERE NOT EXISTS (SELECT 1 FROM branches b WHERE b.area_id = a.id AND "    \
    "b.ended_ms IS NULL)) "

static enum err count_rows(struct db *db, const char *sql, int64_t area, size_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    if (area >= 0) db_bind_int(q, ":area", area);
    if (!(e = db_step(q, &row)) && row) *count = (size_t)db_int(q, 0);
    db_done(q);
    return e;
}

enum err cases_branch_read(struct db *db, struct arena *arena, struct cases_branch *branches)
{
    struct db_query *q;
    bool row = false;
    size_t room = 0, n = 0;
    enum err e = count_rows(db, ANSWERING "SELECT count(*) FROM answering", -1, &room);
    if (e) return e;
    struct cases_branch_area *list = arena_calloc(arena, room + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    e = db_prepare(db, ANSWERING "SELECT id, of FROM answering ORDER BY id", &q);
    if (e) return e;
    while (n < room && !(e = db_step(q, &row)) && row)
        list[n++] = (struct cases_branch_area){db_int(q, 0), db_int(q, 1)};
    db_done(q);
    if (!e) *branches = (struct cases_branch){list, n};
    return e;
}

static int by_area(const void *a, const void *b)
{
    const struct cases_branch_area *x = a, *y = b;
    return (x->area > y->area) - (x->area < y->area);
}

int64_t cases_branch_of(const struct cases_branch *branches, int64_t area)
{
    const struct cases_branch_area wanted = {.area = area};
    if (!branches->count) return 0;
    const struct cases_branch_area *found =
        bsearch(&wanted, branches->areas, branches->count, sizeof wanted, by_area);
    return found ? found->of : 0;
}

#define OF_AREA "FROM branches WHERE ended_ms IS NULL AND COALESCE(area_id, 0) = :area "

enum err cases_branch_names(struct db *db, int64_t area, struct arena *arena,
                            const struct cases_branch_name **names, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t room = 0, n = 0;
    enum err e = count_rows(db, "SELECT count(*) " OF_AREA, area, &room);
    if (e) return e;
    struct cases_branch_name *list = arena_calloc(arena, room + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    e = db_prepare(db, "SELECT id, name, name_en " OF_AREA "ORDER BY id", &q);
    if (e) return e;
    db_bind_int(q, ":area", area);
    for (; n < room && !(e = db_step(q, &row)) && row; n++) {
        list[n] = (struct cases_branch_name){db_int(q, 0), arena_strdup(arena, db_text(q, 1)),
                                             arena_strdup(arena, db_text(q, 2))};
        if (!list[n].name || !list[n].name_en) e = ERR_NOMEM;
        if (e) break;
    }
    db_done(q);
    *names = list;
    *count = n;
    return e;
}

#include "data/members.h"

#include <stdio.h>

enum err members_is(struct db *db, int64_t branch_id, int64_t person_id, bool *yes)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM memberships WHERE person_id = :person AND branch_id = "
                            ":branch AND state = 'member' AND ended_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person_id);
    db_bind_int(q, ":branch", branch_id);
    e = db_step(q, &row);
    db_done(q);
    if (!e) *yes = row;
    return e;
}

enum err members_in(struct db *db, int64_t area_id, int64_t person_id, bool *yes)
{
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db,
                   "SELECT 1 FROM memberships m JOIN branches b ON b.id = m.branch_id WHERE "
                   "m.person_id = :person AND m.state = 'member' AND (:area = 0 OR b.area_id IN "
                   "(WITH RECURSIVE below (id) AS (SELECT :area UNION SELECT a.id FROM areas a "
                   "JOIN below b ON a.parent_id = b.id) SELECT id FROM below))",
                   &q);
    if (e) return e;
    db_bind_int(q, ":person", person_id);
    db_bind_int(q, ":area", area_id);
    e = db_step(q, &row);
    db_done(q);
    if (!e) *yes = row;
    return e;
}

/* "[1,2]" */
static enum err write_ids(const int64_t *ids, size_t count, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "[");
    if (count > MEMBERS_SCOPE_MAX) return ERR_LIMIT;
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%lld", i ? "," : "", (long long)ids[i]);
    (void)snprintf(text + used, size - used, "]");
    return ERR_OK;
}

static enum err prepare(struct db *db, const struct members_scope *scope, bool counts,
                        struct db_query **query)
{
    char branches[MEMBERS_SCOPE_MAX * 21 + 3], areas[MEMBERS_SCOPE_MAX * 21 + 3];
    enum err e = write_ids(scope->branches, scope->branch_count, branches, sizeof branches);
    if (!e) e = write_ids(scope->areas, scope->area_count, areas, sizeof areas);
#define WANTED                                                                                     \
    "FROM memberships WHERE state = 'member' AND branch_id IN (SELECT value FROM "                 \
    "json_each(:branches) UNION SELECT id FROM branches WHERE area_id IN (WITH RECURSIVE below "   \
    "(id) AS (SELECT value FROM json_each(:areas) UNION SELECT a.id FROM areas a JOIN below b ON " \
    "a.parent_id = b.id) SELECT id FROM below))"
    if (!e)
        e = db_prepare(db,
                       counts ? "SELECT count(DISTINCT person_id) " WANTED
                              : "SELECT DISTINCT person_id " WANTED " ORDER BY person_id",
                       query);
    if (e) return e;
    db_bind_text(*query, ":branches", branches);
    db_bind_text(*query, ":areas", areas);
    return ERR_OK;
}

enum err members_of(struct db *db, const struct members_scope *scope, struct arena *arena,
                    const int64_t **people, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t room = 0, n = 0;
    enum err e = prepare(db, scope, true, &q);
    if (e) return e;
    if (!(e = db_step(q, &row)) && row) room = (size_t)db_int(q, 0);
    db_done(q);
    if (e) return e;
    if (room > MEMBERS_OF_MAX) return ERR_LIMIT;
    int64_t *list = arena_calloc(arena, room + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    if ((e = prepare(db, scope, false, &q))) return e;
    while (!(e = db_step(q, &row)) && row && n < room)
        list[n++] = db_int(q, 0);
    db_done(q);
    if (e) return e;
    *people = list;
    *count = n;
    return ERR_OK;
}

#include "data/people_reach.h"

#include "data/rights.h"

#include <string.h>

unsigned people_reach_roles(enum people_role role)
{
    enum { ALL = (1u << PEOPLE_ROLE_COUNT) - 1 };
    static const unsigned gives[PEOPLE_ROLE_COUNT] = {
        [PEOPLE_area_lead] = RIGHTS_ROLE(rider) | RIGHTS_ROLE(handler) | RIGHTS_ROLE(area_staff) |
                             RIGHTS_ROLE(area_lead),
        [PEOPLE_city_admin] = ALL};
    return gives[role];
}

enum err people_reach_read(struct db *db, const struct people_by *by, struct arena *arena,
                           struct people_reach *reach, struct why *why)
{
    struct people_actor actor = {0};
    *reach = (struct people_reach){.all = !by};
    enum err e = by ? people_behind(db, by->person, arena, &actor) : ERR_OK;
    if (e == ERR_DENIED) return err_say(why, e, "your own account is disabled");
    if (e || !by) return e;
    reach->person = by->person;
    reach->grants = actor.grants;
    reach->grant_count = actor.grant_count;
    for (size_t i = 0; i < actor.grant_count; i++) {
        const struct people_grant *own = &actor.grants[i];
        reach->all =
            reach->all || (own->role == PEOPLE_city_admin && own->area_id == 0 && !own->kind[0]);
    }
    return ERR_OK;
}

/* Whether an area (0: everywhere) is another one or lies below it. */
static enum err lies_in(struct db *db, int64_t area, int64_t of, bool *lies)
{
    struct db_query *q;
    *lies = of == 0 || area == of;
    if (*lies || !area) return ERR_OK;
    enum err e = db_prepare(db,
                            "WITH RECURSIVE up (id) AS (SELECT parent_id FROM areas WHERE id = "
                            ":area UNION SELECT a.parent_id FROM areas a JOIN up ON a.id = up.id) "
                            "SELECT 1 FROM up WHERE id = :of",
                            &q);
    if (e) return e;
    db_bind_int(q, ":area", area);
    db_bind_int(q, ":of", of);
    e = db_step(q, lies);
    db_done(q);
    return e;
}

/* Whether a grant of one's own is for all that the other one is for. */
static bool covers_kind(const struct people_grant *own, const struct people_grant *grant)
{
    const char *kind = grant->kind ? grant->kind : "";
    return kind[0] ? rights_covers(own, kind) : !own->kind[0];
}

enum err people_reach_covers(struct db *db, const struct people_reach *reach,
                             const struct people_grant *grant, bool *covers)
{
    enum err e = ERR_OK;
    *covers = reach->all;
    for (size_t i = 0; i < reach->grant_count && !*covers && !e; i++) {
        const struct people_grant *own = &reach->grants[i];
        if (people_reach_roles(own->role) & 1u << grant->role && covers_kind(own, grant))
            e = lies_in(db, grant->area_id, own->area_id, covers);
    }
    return e;
}

static enum err count_grants(struct db *db, int64_t person, size_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT count(*) FROM grants WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row)) && row) *count = (size_t)db_int(q, 0);
    db_done(q);
    return !e && *count > PEOPLE_GRANTS_MAX ? ERR_LIMIT : e;
}

static enum err read_held(struct db *db, int64_t person, struct arena *arena,
                          struct people_held *list, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(
        db, "SELECT id, role, area_id, kind FROM grants WHERE person_id = :person ORDER BY id", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    while (!e && n < *count && !(e = db_step(q, &row)) && row) {
        struct people_held *held = &list[n++];
        held->id = db_int(q, 0);
        held->known = !people_role_find(db_text(q, 1), &held->grant.role);
        held->grant.area_id = db_int(q, 2);
        held->grant.kind = arena_strdup(arena, db_text(q, 3));
        e = held->grant.kind ? ERR_OK : ERR_NOMEM;
    }
    db_done(q);
    if (!e) *count = n;
    return e;
}

enum err people_reach_held(struct db *db, const struct people_reach *reach, int64_t person,
                           struct arena *arena, const struct people_held **held, size_t *count)
{
    size_t n = 0;
    enum err e = count_grants(db, person, &n);
    if (e) return e;
    struct people_held *list = arena_calloc(arena, n + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    e = read_held(db, person, arena, list, &n);
    for (size_t i = 0; i < n && !e; i++) {
        list[i].reached = reach->all;
        if (list[i].known && !reach->all)
            e = people_reach_covers(db, reach, &list[i].grant, &list[i].reached);
    }
    if (e) return e;
    *held = list;
    *count = n;
    return ERR_OK;
}

static enum err is_there(struct db *db, int64_t person, bool *there)
{
    struct db_query *q;
    enum err e = db_prepare(db, "SELECT 1 FROM people WHERE id = :id AND forgotten_ms IS NULL", &q);
    if (e) return e;
    db_bind_int(q, ":id", person);
    e = db_step(q, there);
    db_done(q);
    return e;
}

static enum err judge(struct db *db, const struct people_by *by, int64_t person, bool own,
                      struct arena *arena, int64_t *area, struct why *why)
{
    struct people_reach reach;
    const struct people_held *held = NULL;
    size_t count = 0, within = 0;
    bool there = false;
    enum err e = people_reach_read(db, by, arena, &reach, why);
    if (!e) e = is_there(db, person, &there);
    if (!e) e = people_reach_held(db, &reach, person, arena, &held, &count);
    if (e) return e;
    for (size_t i = 0; i < count; i++)
        within += held[i].reached;
    bool self = reach.person == person && reach.person;
    if (!there || (!within && !reach.all && !self))
        return err_say(why, ERR_NOTFOUND, "there is no such person, or none of yours");
    if (self && !own)
        return err_say(why, ERR_DENIED,
                       "nobody does this to themselves: /v1/me is for one's own account, and "
                       "another administrator for the rest");
    if (!reach.all && !self && within < count)
        return err_say(why, ERR_DENIED,
                       "this person holds roles beyond yours: ask a city administrator");
    if (area) *area = count ? held[0].grant.area_id : 0;
    return ERR_OK;
}

enum err people_reach_person(struct db *db, const struct people_by *by, int64_t person, bool own,
                             int64_t *area, struct why *why)
{
    struct arena arena;
    arena_init(&arena, 0);
    enum err e = judge(db, by, person, own, &arena, area, why);
    arena_fini(&arena);
    return e;
}

enum err people_reach_grant(struct db *db, const struct people_by *by,
                            const struct people_grant *grant, struct why *why)
{
    struct people_reach reach;
    struct arena arena;
    bool covers = false;
    arena_init(&arena, 0);
    enum err e = people_reach_read(db, by, &arena, &reach, why);
    if (!e) e = people_reach_covers(db, &reach, grant, &covers);
    if (!e && !covers)
        e = err_say(why, ERR_DENIED,
                    "nobody gives or takes a role that goes beyond their own, in area, kind or "
                    "what it may do");
    arena_fini(&arena);
    return e;
}

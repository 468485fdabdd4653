#include "data/people_page.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "SELECT p.id, p.login, p.name, p.disabled_ms IS NOT NULL, p.password <> '', EXISTS (SELECT 1 " \
    "FROM totp t WHERE t.person_id = p.id AND t.confirmed_ms IS NOT NULL), p.created_ms FROM "     \
    "people p WHERE p.forgotten_ms IS NULL"

/* --- one of them --- */

static enum err read_row(struct db_query *q, struct arena *arena, struct people_told *told)
{
    *told = (struct people_told){.id = db_int(q, 0),
                                 .login = arena_strdup(arena, db_text(q, 1)),
                                 .name = arena_strdup(arena, db_text(q, 2)),
                                 .disabled = db_int(q, 3) != 0,
                                 .has_password = db_int(q, 4) != 0,
                                 .has_second_factor = db_int(q, 5) != 0,
                                 .made_ms = db_int(q, 6)};
    return told->login && told->name ? ERR_OK : ERR_NOMEM;
}

/* Adds what they hold and the caller may know; `*shown` whether the caller may know of them at
 * all. */
static enum err add_held(struct db *db, const struct people_reach *reach, struct arena *arena,
                         struct people_told *told, bool *shown)
{
    const struct people_held *held = NULL;
    size_t count = 0;
    bool self = told->id == reach->person;
    enum err e = people_reach_held(db, reach, told->id, arena, &held, &count);
    if (e) return e;
    struct people_held *list = arena_calloc(arena, count + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    told->held = list;
    for (size_t i = 0; i < count; i++) {
        bool known = held[i].known && (held[i].reached || self);
        if (known) list[told->held_count++] = held[i];
        told->elsewhere = told->elsewhere || !known;
    }
    told->reached = reach->all || (told->held_count && !told->elsewhere && !self);
    *shown = reach->all || told->held_count || self;
    return ERR_OK;
}

enum err people_page_one(struct db *db, const struct people_by *by, int64_t person,
                         struct arena *arena, struct people_told *told)
{
    struct people_reach reach;
    struct db_query *q;
    bool row = false, shown = false;
    enum err e = people_reach_read(db, by, arena, &reach, NULL);
    if (!e) e = db_prepare(db, COLUMNS " AND p.id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", person);
    if (!(e = db_step(q, &row)) && row) e = read_row(q, arena, told);
    db_done(q);
    if (!e && row) e = add_held(db, &reach, arena, told, &shown);
    return e || shown ? e : ERR_NOTFOUND;
}

/* --- pages --- */

#define BELOW                                                                                      \
    "(WITH RECURSIVE below (id) AS (SELECT id FROM areas WHERE id IN (SELECT value FROM "          \
    "json_each(:areas)) UNION SELECT a.id FROM areas a JOIN below b ON a.parent_id = b.id) "       \
    "SELECT id FROM below)"
#define OF_REACH                                                                                   \
    " AND (p.id = :self OR p.id IN (SELECT g.person_id FROM grants g WHERE g.area_id IN " BELOW "))"
#define OF_TEXT " AND instr(lower(p.login || char(10) || p.name), lower(:text)) > 0"
#define OF_IDS  " AND p.id IN (SELECT value FROM json_each('[' || :ids || ']'))"
#define OF_ROLE " AND EXISTS (SELECT 1 FROM grants g WHERE g.person_id = p.id AND g.role = :role)"
#define OF_AREA                                                                                    \
    " AND p.id IN (SELECT g.person_id FROM grants g WHERE g.area_id IN (WITH RECURSIVE down (id) " \
    "AS (SELECT :area UNION SELECT a.id FROM areas a JOIN down d ON a.parent_id = d.id) SELECT "   \
    "id FROM down)"
#define OF_AREA_ALSO " AND g.area_id IN " BELOW

struct paging {
    const struct people_filter *filter;
    struct people_reach reach;
    char areas[PEOPLE_GRANTS_MAX * 21 + 3]; /* of the caller, as JSON */
};

static void write_areas(struct paging *p)
{
    size_t used = (size_t)snprintf(p->areas, sizeof p->areas, "[");
    for (size_t i = 0; i < p->reach.grant_count && i < PEOPLE_GRANTS_MAX; i++) {
        const struct people_grant *own = &p->reach.grants[i];
        if (!people_reach_roles(own->role)) continue;
        used += (size_t)snprintf(p->areas + used, sizeof p->areas - used, "%s%lld",
                                 used > 1 ? "," : "", (long long)own->area_id);
    }
    (void)snprintf(p->areas + used, sizeof p->areas - used, "]");
}

/* Whether all areas are the caller's, by a grant that has none. */
static bool everywhere(const struct people_reach *reach)
{
    bool is = reach->all;
    for (size_t i = 0; i < reach->grant_count && !is; i++)
        is = !reach->grants[i].area_id && people_reach_roles(reach->grants[i].role);
    return is;
}

static enum err prepare(struct db *db, struct paging *p, struct db_query **q)
{
    const struct people_filter *f = p->filter;
    char sql[3072];
    bool cut = !everywhere(&p->reach);
    int n = snprintf(sql, sizeof sql, COLUMNS " AND p.id > :after%s%s%s%s%s%s%s%s ORDER BY p.id",
                     cut ? OF_REACH : "", f->text ? OF_TEXT : "", f->ids ? OF_IDS : "",
                     f->role ? OF_ROLE : "", f->area_id ? OF_AREA : "",
                     f->area_id && cut ? OF_AREA_ALSO : "", f->area_id ? ")" : "",
                     !f->by_state ? ""
                     : f->is_off  ? " AND p.disabled_ms IS NOT NULL"
                                  : " AND p.disabled_ms IS NULL");
    if (n < 0 || (size_t)n >= sizeof sql) return ERR_LIMIT;
    enum err e = db_prepare(db, sql, q);
    if (e) return e;
    db_bind_int(*q, ":after", f->after);
    if (cut) {
        write_areas(p);
        db_bind_text(*q, ":areas", p->areas);
        db_bind_int(*q, ":self", p->reach.person);
    }
    if (f->text) db_bind_text(*q, ":text", f->text);
    if (f->ids) db_bind_text(*q, ":ids", f->ids);
    if (f->role) db_bind_text(*q, ":role", f->role);
    if (f->area_id) db_bind_int(*q, ":area", f->area_id);
    return ERR_OK;
}

/* A role that is asked for has to be one that the caller knows of. */
static bool fits(const struct people_filter *f, const struct people_told *told)
{
    bool fits = !f->role;
    for (size_t i = 0; i < told->held_count && !fits; i++)
        fits = strcmp(people_role_name(told->held[i].grant.role), f->role) == 0;
    return fits;
}

enum err people_page(struct db *db, const struct people_by *by, const struct people_filter *filter,
                     struct arena *arena, const struct people_told **list, size_t *count,
                     bool *more)
{
    struct db_query *q;
    bool row = false, shown = false;
    size_t n = 0, limit = (size_t)filter->limit;
    struct paging *p = arena_calloc(arena, 1, sizeof *p);
    struct people_told *made = arena_calloc(arena, limit + 1, sizeof *made);
    if (!p || !made) return ERR_NOMEM;
    p->filter = filter;
    enum err e = people_reach_read(db, by, arena, &p->reach, NULL);
    if (!e) e = prepare(db, p, &q);
    if (e) return e;
    while (!e && n <= limit && !(e = db_step(q, &row)) && row) {
        e = read_row(q, arena, &made[n]);
        if (!e) e = add_held(db, &p->reach, arena, &made[n], &shown);
        if (!e && shown && fits(filter, &made[n])) n++;
    }
    db_done(q);
    if (e) return e;
    *more = n > limit;
    *list = made;
    *count = *more ? limit : n;
    return ERR_OK;
}

/* --- who works on something --- */

enum err people_page_workers(struct db *db,
                             unsigned (*roles)(void *user, const struct people_grant *grant),
                             void *user, struct arena *arena, const struct people_worker **list,
                             size_t *count, bool *more)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct people_worker *made = arena_calloc(arena, PEOPLE_WORKERS_MAX + 1, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT p.id, COALESCE(NULLIF(p.name, ''), p.login) AS called, g.role, "
                            "g.area_id, g.kind FROM people p JOIN grants g ON g.person_id = p.id "
                            "WHERE p.disabled_ms IS NULL AND g.role <> 'rider' ORDER BY called, "
                            "p.id, g.id",
                            &q);
    if (e) return e;
    while (!e && n <= PEOPLE_WORKERS_MAX && !(e = db_step(q, &row)) && row) {
        struct people_grant grant = {.area_id = db_int(q, 3), .kind = db_text(q, 4)};
        if (people_role_find(db_text(q, 2), &grant.role)) continue;
        unsigned held = roles(user, &grant);
        if (!held) continue;
        if (!n || made[n - 1].id != db_int(q, 0)) {
            made[n].id = db_int(q, 0);
            made[n].name = arena_strdup(arena, db_text(q, 1));
            e = made[n++].name ? ERR_OK : ERR_NOMEM;
        }
        made[n - 1].roles |= held;
    }
    db_done(q);
    if (e) return e;
    *more = n > PEOPLE_WORKERS_MAX;
    *list = made;
    *count = *more ? PEOPLE_WORKERS_MAX : n;
    return ERR_OK;
}

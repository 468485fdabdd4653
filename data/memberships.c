#include "data/memberships.h"

#include "data/changes.h"

#include <stdio.h>
#include <string.h>

static const char *const states[MEMBERSHIPS_STATE_COUNT] = {
#define MEMBERSHIPS_NAME(name) [MEMBERSHIPS_##name] = #name,
    MEMBERSHIPS_STATES(MEMBERSHIPS_NAME)
#undef MEMBERSHIPS_NAME
};

const char *memberships_state_name(enum memberships_state state)
{
    return states[state];
}

/* ---- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "SELECT m.id, m.public_id, m.branch_id, m.person_id, m.version, m.state, m.alone, m.moves, "   \
    "m.form, m.consented_ms, m.answers, m.card, m.reason, m.made_ms, m.judged_ms, m.ended_ms, "    \
    "p.login, p.name, m.judged_by FROM memberships m LEFT JOIN people p ON p.id = m.person_id "

/* Bytes and texts are the statement's. */
static void read_row(struct db_query *q, struct memberships_membership *m)
{
    *m = (struct memberships_membership){.id = db_int(q, 0),
                                         .branch = db_int(q, 2),
                                         .person = db_int(q, 3),
                                         .version = db_int(q, 4),
                                         .alone = db_int(q, 6) != 0,
                                         .moves = db_int(q, 7) != 0,
                                         .form = db_int(q, 8),
                                         .consented_ms = db_int(q, 9),
                                         .card = db_int(q, 11),
                                         .reason = db_text(q, 12),
                                         .made_ms = db_int(q, 13),
                                         .judged_ms = db_int(q, 14),
                                         .ended_ms = db_int(q, 15),
                                         .login = db_text(q, 16),
                                         .name = db_text(q, 17),
                                         .judged_by = db_int(q, 18)};
    (void)snprintf(m->public_id, sizeof m->public_id, "%s", db_text(q, 1));
    for (int i = 0; i < MEMBERSHIPS_STATE_COUNT; i++)
        if (strcmp(states[i], db_text(q, 5)) == 0) m->state = (enum memberships_state)i;
    if (!db_is_null(q, 10)) m->sealed = db_blob(q, 10, &m->sealed_len);
}

/* Makes them the arena's. */
static enum err keep(struct arena *arena, struct memberships_membership *m)
{
    const void *sealed = m->sealed;
    m->reason = arena_strdup(arena, m->reason);
    m->login = arena_strdup(arena, m->login);
    m->name = arena_strdup(arena, m->name);
    if (sealed) m->sealed = arena_strndup(arena, sealed, m->sealed_len);
    return m->reason && m->login && m->name && (!sealed || m->sealed) ? ERR_OK : ERR_NOMEM;
}

static enum err read_one(struct db_query *q, struct arena *arena,
                         struct memberships_membership *found)
{
    struct memberships_membership m;
    bool row = false;
    enum err e = db_step(q, &row);
    if (!e && !row) e = ERR_NOTFOUND;
    if (!e) {
        read_row(q, &m);
        e = keep(arena, &m);
    }
    db_done(q);
    if (!e) *found = m;
    return e;
}

enum err memberships_find(struct db *db, const char *public_id, struct arena *arena,
                          struct memberships_membership *found)
{
    struct db_query *q;
    enum err e = db_prepare(db, COLUMNS "WHERE m.public_id = :id", &q);
    if (e) return e;
    db_bind_text(q, ":id", public_id);
    return read_one(q, arena, found);
}

enum err memberships_find_card(struct db *db, int64_t card, struct arena *arena,
                               struct memberships_membership *found)
{
    struct db_query *q;
    enum err e = db_prepare(db, COLUMNS "WHERE m.card = :card", &q);
    if (e) return e;
    db_bind_int(q, ":card", card);
    return read_one(q, arena, found);
}

enum err memberships_find_alone(struct db *db, int64_t person, struct arena *arena,
                                struct memberships_membership *found)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, COLUMNS "WHERE m.person_id = :person AND m.state = 'member' AND m.alone = 1", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    return read_one(q, arena, found);
}

/* Each way of asking has its index, in whose order it is read; a branch is always given, or a
 * person. */
static const char *statement_of(const struct memberships_filter *f)
{
#define PAGE "AND m.id < :before ORDER BY m.id DESC LIMIT :most"
    if (f->person)
        return COLUMNS "WHERE m.person_id = :person AND (:branch = 0 OR m.branch_id = :branch) AND "
                       "(:state IS NULL OR m.state = :state) " PAGE;
    return f->state ? COLUMNS "WHERE m.branch_id = :branch AND m.state = :state " PAGE
                    : COLUMNS "WHERE m.branch_id = :branch " PAGE;
}

static enum err prepare(struct db *db, const struct memberships_filter *f, struct db_query **query)
{
    enum err e = db_prepare(db, statement_of(f), query);
    if (e) return e;
    db_bind_int(*query, ":branch", f->branch);
    if (f->person) db_bind_int(*query, ":person", f->person);
    if (f->person || f->state) db_bind_text(*query, ":state", f->state);
    db_bind_int(*query, ":before", f->before ? f->before : INT64_MAX);
    /* How many are looked at until enough are wanted nobody knows. */
    db_bind_int(*query, ":most", f->wanted ? INT64_MAX : (int64_t)f->limit + 1);
    return ERR_OK;
}

enum err memberships_list(struct db *db, const struct memberships_filter *filter,
                          struct arena *arena, const struct memberships_membership **list,
                          size_t *count, bool *more)
{
    struct memberships_membership *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = prepare(db, filter, &q);
    if (e) return e;
    while (n <= filter->limit && !(e = db_step(q, &row)) && row) {
        read_row(q, &made[n]);
        if (filter->wanted && !filter->wanted(filter->user, &made[n])) continue;
        if ((e = keep(arena, &made[n++]))) break;
    }
    db_done(q);
    if (e) return e;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    *list = made;
    return ERR_OK;
}

enum err memberships_count(struct db *db, int64_t branch, enum memberships_state state,
                           int64_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT count(*) FROM memberships WHERE branch_id = :branch AND state = :state", &q);
    if (e) return e;
    db_bind_int(q, ":branch", branch);
    db_bind_text(q, ":state", states[state]);
    if (!(e = db_step(q, &row)) && row) *count = db_int(q, 0);
    db_done(q);
    return e;
}

/* ---- going on -------------------------------------------------------------------------------- */

enum err memberships_go_on(struct db *db, const struct memberships_membership *m,
                           const struct memberships_step *step)
{
    struct db_query *q;
    bool ends = step->state > MEMBERSHIPS_member;
    enum err e = db_prepare(
        db,
        "UPDATE memberships SET version = version + 1, state = :state, card = CASE WHEN :ends THEN "
        "NULL ELSE :card END, answers = CASE WHEN :ends THEN NULL ELSE answers END, reason = "
        ":reason, judged_ms = CASE WHEN :by THEN :now ELSE judged_ms END, judged_by = CASE WHEN "
        ":by THEN :by ELSE judged_by END, ended_ms = CASE WHEN :ends THEN :now END WHERE id = :id",
        &q);
    if (e) return e;
    db_bind_text(q, ":state", states[step->state]);
    db_bind_int(q, ":ends", ends);
    db_bind_int(q, ":card", step->card);
    db_bind_text(q, ":reason", step->reason ? step->reason : "");
    db_bind_int(q, ":by", step->by);
    db_bind_int(q, ":now", step->now_ms);
    db_bind_int(q, ":id", m->id);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_members, m->id, states[step->state]);
}

enum err memberships_forget(struct db *db, int64_t person, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE memberships SET version = version + 1, state = CASE state WHEN "
                            "'waiting' THEN 'withdrawn' ELSE 'left' END, card = NULL, answers = "
                            "NULL, ended_ms = :now WHERE person_id = :person AND ended_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":now", now_ms);
    return db_run(q, NULL);
}

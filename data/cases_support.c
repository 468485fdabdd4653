#include "data/cases_support.h"

#include "data/cases_rows.h"
#include "data/cases_support_double.h"
#include "data/changes.h"

struct work {
    const struct kinds *kinds;
    const struct cases_support *wish;
    struct arena *arena;
    struct cases_case now;
    struct why *why;
};

/* ---- counting -------------------------------------------------------------------------------- */

/* Who is nobody any more counts as somebody each time: no person has a number below 0. */
#define SUPPORTERS                                                                                 \
    "(SELECT count(DISTINCT who) FROM (SELECT COALESCE(s.person_id, -s.id) AS who FROM "           \
    "case_supports s JOIN cases d ON d.id = s.case_id WHERE d.id = cases.id OR d.duplicate_of = "  \
    "cases.id UNION ALL SELECT d.reporter_id FROM cases d WHERE d.duplicate_of = cases.id AND "    \
    "d.reporter_id IS NOT NULL) WHERE who <> COALESCE(cases.reporter_id, 0))"

static enum err count_anew(struct db *db, int64_t id, const char *or_public_id)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "UPDATE cases SET supports = " SUPPORTERS " WHERE id = :id OR public_id = :public", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    db_bind_text(q, ":public", or_public_id);
    return db_run(q, NULL);
}

enum err cases_support_follow(struct db *db, const struct cases_case *before, int64_t original)
{
    if (!before->duplicate_of[0] && !original) return ERR_OK;
    enum err e = count_anew(db, before->id, before->duplicate_of);
    return e || !original ? e : count_anew(db, original, "");
}

/* ---- giving ---------------------------------------------------------------------------------- */

enum err cases_support_is(struct db *db, int64_t case_id, int64_t person, bool *yes)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "SELECT 1 FROM cases d WHERE (d.id = :case OR d.duplicate_of = :case) AND (EXISTS "
        "(SELECT 1 FROM case_supports s WHERE s.case_id = d.id AND s.person_id = :person) OR "
        "(d.duplicate_of = :case AND d.reporter_id = :person)) LIMIT 1",
        &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":person", person);
    e = db_step(q, yes);
    db_done(q);
    return e;
}

static enum err find(struct db *db, struct work *w)
{
    enum err e = cases_rows_find(db, w->wish->public_id, w->arena, &w->now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no case \"%s\"", w->wish->public_id);
    return e;
}

static enum err judge(const struct work *w)
{
    const struct cases_case *c = &w->now;
    const struct kinds_kind *kind = kinds_find(w->kinds, c->kind);
    const struct kinds_state *state = kind ? kinds_state(kind, c->state) : NULL;
    if (!kind || !kind->support)
        return err_say(w->why, ERR_INVALID, "a case of the kind \"%s\" is not supported", c->kind);
    if (c->duplicate_of[0])
        return err_say(w->why, ERR_CONFLICT, "it repeats %s: support that one", c->duplicate_of);
    if (c->anonymised || !state || !state->open || !kinds_is_listed(kind, state))
        return err_say(w->why, ERR_CONFLICT, "it is %s: it takes no support", c->state);
    if (c->reporter == w->wish->person)
        return err_say(w->why, ERR_CONFLICT, "it is your own: others support it");
    if (c->edition == w->wish->edition) return ERR_OK;
    return err_say(w->why, ERR_CONFLICT,
                   "its text was changed: read it again; it is edition %lld by now",
                   (long long)c->edition);
}

static enum err insert(struct db *db, const struct work *w)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO case_supports (case_id, person_id, edition, at_ms) VALUES "
                            "(:case, :person, :edition, :now)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", w->now.id);
    db_bind_int(q, ":person", w->wish->person);
    db_bind_int(q, ":edition", w->wish->edition);
    db_bind_int(q, ":now", w->wish->now_ms);
    return db_run(q, NULL);
}

static enum err tell(struct db *db, struct work *w, const char *verb)
{
    enum err e = count_anew(db, w->now.id, w->now.duplicate_of);
    if (!e) e = changes_add(db, CHANGES_cases, w->now.id, verb);
    return e ? e : find(db, w);
}

static enum err give(struct db *db, void *user)
{
    struct work *w = user;
    bool already = false;
    enum err e = find(db, w);
    if (!e) e = judge(w);
    if (!e) e = cases_support_is(db, w->now.id, w->wish->person, &already);
    if (e || already) return e;
    e = insert(db, w);
    return e ? e : tell(db, w, "supported");
}

/* ---- taking back ----------------------------------------------------------------------------- */

static enum err delete_theirs(struct db *db, const struct work *w)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "DELETE FROM case_supports WHERE person_id = :person AND case_id IN "
                            "(SELECT id FROM cases WHERE id = :case OR duplicate_of = :case)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", w->wish->person);
    db_bind_int(q, ":case", w->now.id);
    return db_run(q, NULL);
}

static enum err take_back(struct db *db, void *user)
{
    struct work *w = user;
    bool is = false;
    enum err e = find(db, w);
    if (!e) e = cases_support_is(db, w->now.id, w->wish->person, &is);
    if (e || !is) return e;
    e = delete_theirs(db, w);
    if (!e) e = tell(db, w, "unsupported");
    if (!e) e = cases_support_is(db, w->now.id, w->wish->person, &is);
    return !e && is ? err_say(w->why, ERR_CONFLICT, "you sent one that repeats it") : e;
}

/* ---- forgetting ------------------------------------------------------------------------------ */

/* Statements of :id alone. */
static enum err run_each(struct db *db, const char *const *statements, size_t count, int64_t id)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && !e; i++) {
        struct db_query *q;
        if ((e = db_prepare(db, statements[i], &q))) return e;
        db_bind_int(q, ":id", id);
        e = db_run(q, NULL);
    }
    return e;
}

enum err cases_support_forget_case(struct db *db, int64_t case_id)
{
    static const char *const statements[] = {
        CASES_SUPPORT_DOUBLE("case_id = :id AND person_id IS NOT NULL", "o.case_id <> :id"),
        "UPDATE case_supports SET person_id = NULL WHERE case_id = :id AND person_id IS NOT NULL"};
    return run_each(db, statements, 2, case_id);
}

enum err cases_support_forget_person(struct db *db, int64_t person)
{
    static const char *const statements[] = {
        CASES_SUPPORT_DOUBLE("person_id = :id", "o.id < case_supports.id"),
        "UPDATE case_supports SET person_id = NULL WHERE person_id = :id"};
    return run_each(db, statements, 2, person);
}

enum err cases_support_forget_sender(struct db *db, int64_t case_id)
{
    static const char *const statements[] = {
        /* They did not count, as who sent it; nor will they now. */
        "DELETE FROM case_supports WHERE person_id = (SELECT reporter_id FROM cases WHERE id = "
        ":id) "
        "AND case_id IN (SELECT id FROM cases WHERE duplicate_of = :id)",
        "UPDATE cases SET reporter_id = NULL WHERE id = :id AND reporter_id IS NOT NULL",
        "UPDATE cases SET supports = " SUPPORTERS " WHERE id = (SELECT duplicate_of FROM cases "
        "WHERE id = :id)"};
    return run_each(db, statements, sizeof statements / sizeof *statements, case_id);
}

/* ---- from outside ---------------------------------------------------------------------------- */

static enum err run(struct db *db, struct work *w, enum err (*step)(struct db *db, void *user),
                    struct cases_case *now, struct why *why)
{
    enum err e = db_write_said(db, step, w, &w->why, why);
    if (!e) *now = w->now;
    return e;
}

enum err cases_support_give(struct db *db, const struct kinds *kinds,
                            const struct cases_support *wish, struct arena *arena,
                            struct cases_case *now, struct why *why)
{
    struct work w = {.kinds = kinds, .wish = wish, .arena = arena};
    return run(db, &w, give, now, why);
}

enum err cases_support_take_back(struct db *db, const struct cases_support *wish,
                                 struct arena *arena, struct cases_case *now, struct why *why)
{
    struct work w = {.wish = wish, .arena = arena};
    return run(db, &w, take_back, now, why);
}

static enum err read_row(struct db_query *q, struct arena *arena, struct cases_supported *read)
{
    *read = (struct cases_supported){.id = db_int(q, 0),
                                     .at_ms = db_int(q, 1),
                                     .edition = db_int(q, 2),
                                     .report = arena_strdup(arena, db_text(q, 3)),
                                     .kind = arena_strdup(arena, db_text(q, 4)),
                                     .state = arena_strdup(arena, db_text(q, 5))};
    return read->report && read->kind && read->state ? ERR_OK : ERR_NOMEM;
}

enum err cases_support_list(struct db *db, int64_t person, int64_t before, size_t limit,
                            struct arena *arena, const struct cases_supported **list, size_t *count,
                            bool *more)
{
    struct cases_supported *made = arena_calloc(arena, limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT s.id, s.at_ms, s.edition, c.public_id, c.kind, c.state FROM "
                            "case_supports s JOIN cases c ON c.id = s.case_id WHERE s.person_id = "
                            ":person AND s.id < :before ORDER BY s.id DESC LIMIT :limit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":before", before ? before : INT64_MAX);
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    while (n <= limit && !(e = db_step(q, &row)) && row && !(e = read_row(q, arena, &made[n])))
        n++;
    db_done(q);
    if (e) return e;
    *more = n > limit;
    *count = *more ? limit : n;
    *list = made;
    return ERR_OK;
}

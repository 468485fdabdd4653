#include "data/cases_links.h"

#include "data/cases_judge.h"
#include "data/cases_rows.h"
#include "data/changes.h"

#include <stdio.h>

/* ---- linking --------------------------------------------------------------------------------- */

/* What a history calls another case: of a private kind nothing, since not everybody who reads the
 * one may know of the other. */
static const char *name_of(const struct cases_work *w, const struct cases_case *c)
{
    const struct kinds_kind *kind = kinds_find(w->kinds, c->kind);
    return kind && !kind->is_private ? c->public_id : "";
}

static enum err find_other(struct db *db, struct cases_work *w, struct cases_case *other)
{
    const char *wanted = w->acting->to ? w->acting->to : "";
    enum err e = cases_rows_find(db, wanted, w->arena, other);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no case \"%s\"", wanted);
    if (e) return e;
    if (other->id == w->now.id)
        return err_say(w->why, ERR_INVALID, "a case cannot be linked to itself");
    if (other->anonymised)
        return err_say(w->why, ERR_CONFLICT,
                       "what the other case said is no longer kept, so that it cannot change any "
                       "more");
    (void)snprintf(w->value, sizeof w->value, "%s", name_of(w, other));
    return ERR_OK;
}

static void bind_pair(struct db_query *q, const struct cases_work *w,
                      const struct cases_case *other)
{
    db_bind_int(q, ":low", w->now.id < other->id ? w->now.id : other->id);
    db_bind_int(q, ":high", w->now.id < other->id ? other->id : w->now.id);
}

static enum err tell_other(struct db *db, const struct cases_work *w,
                           const struct cases_case *other)
{
    const struct cases_judge_verb *verb = &cases_judge_verbs[w->acting->verb];
    const struct cases_event event = {.verb = verb->name,
                                      .at_ms = w->acting->now_ms,
                                      .from = other->state,
                                      .to = other->state,
                                      .person = w->acting->actor.person,
                                      .value = name_of(w, &w->now),
                                      .seen = verb->seen};
    enum err e = cases_rows_event(db, other->id, &event, cases_judge_role(w));
    return e ? e : changes_add(db, CHANGES_cases, other->id, verb->name);
}

static enum err refuse_many(struct db *db, const struct cases_work *w, int64_t case_id,
                            const char *public_id)
{
    struct db_query *q;
    bool row;
    int64_t count = 0;
    enum err e =
        db_prepare(db, "SELECT count(*) FROM case_links WHERE case_id = :id OR other_id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", case_id);
    if (!(e = db_step(q, &row))) count = db_int(q, 0);
    db_done(q);
    if (e || count < CASES_LINKS_MAX) return e;
    return err_say(w->why, ERR_CONFLICT,
                   "the case %s has %d links, which is as many as one may have", public_id,
                   CASES_LINKS_MAX);
}

static enum err insert(struct db *db, const struct cases_work *w, const struct cases_case *other)
{
    struct db_query *q;
    int64_t added = 0;
    enum err e = db_prepare(db,
                            "INSERT OR IGNORE INTO case_links (case_id, other_id, reason, "
                            "person_id, at_ms) VALUES (:low, :high, :reason, NULLIF(:person, 0), "
                            ":now)",
                            &q);
    if (e) return e;
    bind_pair(q, w, other);
    db_bind_text(q, ":reason", w->acting->reason ? w->acting->reason : "");
    db_bind_int(q, ":person", w->acting->actor.person);
    db_bind_int(q, ":now", w->acting->now_ms);
    e = db_run(q, &added);
    return e || added ? e : err_say(w->why, ERR_CONFLICT, "they are linked already");
}

enum err cases_links_add(struct db *db, struct cases_work *w)
{
    struct cases_case other = {0};
    enum err e = find_other(db, w, &other);
    if (!e) e = refuse_many(db, w, w->now.id, w->now.public_id);
    if (!e) e = refuse_many(db, w, other.id, other.public_id);
    if (!e) e = insert(db, w, &other);
    return e ? e : tell_other(db, w, &other);
}

enum err cases_links_remove(struct db *db, struct cases_work *w)
{
    struct cases_case other = {0};
    struct db_query *q;
    int64_t removed = 0;
    enum err e = find_other(db, w, &other);
    if (!e)
        e = db_prepare(db, "DELETE FROM case_links WHERE case_id = :low AND other_id = :high", &q);
    if (e) return e;
    bind_pair(q, w, &other);
    e = db_run(q, &removed);
    if (!e && !removed) e = err_say(w->why, ERR_CONFLICT, "they are not linked");
    return e ? e : tell_other(db, w, &other);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Of a statement of :id and :max that gives a case's columns and, behind them, reason, time and
 * person. */
static enum err read_all(struct db *db, const char *sql, int64_t case_id, size_t max,
                         struct arena *arena, const struct cases_link **links, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct cases_link *list = arena_calloc(arena, max, sizeof *list);
    if (!list) return ERR_NOMEM;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", case_id);
    db_bind_int(q, ":max", (int64_t)max);
    while (n < max && !(e = db_step(q, &row)) && row &&
           !(e = cases_rows_read(q, arena, &list[n].other))) {
        list[n].reason = arena_strdup(arena, db_text(q, CASES_ROWS_COUNT));
        list[n].at_ms = db_int(q, CASES_ROWS_COUNT + 1);
        list[n].person = db_int(q, CASES_ROWS_COUNT + 2);
        if (!list[n++].reason) e = ERR_NOMEM;
        if (e) break;
    }
    db_done(q);
    for (size_t i = 0; i < n && !e; i++)
        e = cases_rows_photos(db, arena, &list[i].other);
    if (e) return e;
    *links = list;
    *count = n;
    return ERR_OK;
}

enum err cases_links_of(struct db *db, int64_t case_id, struct arena *arena,
                        const struct cases_link **links, size_t *count)
{
    return read_all(db,
                    "SELECT " CASES_ROWS_COLUMNS ", l.reason, l.at_ms, l.person_id FROM case_links "
                    "l JOIN cases c ON c.id = CASE WHEN l.case_id = :id THEN l.other_id ELSE "
                    "l.case_id END LEFT JOIN cases d ON d.id = c.duplicate_of WHERE l.case_id = "
                    ":id OR l.other_id = :id ORDER BY l.at_ms, c.id LIMIT :max",
                    case_id, CASES_LINKS_MAX, arena, links, count);
}

enum err cases_links_duplicates(struct db *db, int64_t case_id, struct arena *arena,
                                const struct cases_link **links, size_t *count)
{
    return read_all(db,
                    "SELECT " CASES_ROWS_COLUMNS ", '', 0, 0" CASES_ROWS_FROM
                    "WHERE c.duplicate_of = :id ORDER BY c.id DESC LIMIT :max",
                    case_id, CASES_LINKS_DUPLICATES, arena, links, count);
}

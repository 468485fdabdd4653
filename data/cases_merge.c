#include "data/cases_merge.h"

#include "data/cases_judge.h"
#include "data/cases_rows.h"
#include "data/changes.h"

#include <stdio.h>
#include <string.h>

enum err cases_merge_find(struct db *db, struct cases_work *w)
{
    const char *wanted = w->acting->duplicate_of;
    struct cases_case original = {0};
    if (!wanted || !wanted[0]) return ERR_OK;
    enum err e = cases_rows_find(db, wanted, w->arena, &original);
    if (e == ERR_NOTFOUND)
        return err_say(w->why, ERR_INVALID, "duplicate_of: there is no case \"%s\"", wanted);
    if (e) return e;
    if (original.id == w->now.id)
        return err_say(w->why, ERR_INVALID, "duplicate_of: a case cannot repeat itself");
    if (strcmp(original.kind, w->now.kind) != 0)
        return err_say(w->why, ERR_INVALID, "duplicate_of: that case is of another kind");
    if (original.duplicate_of[0])
        return err_say(w->why, ERR_INVALID,
                       "duplicate_of: that case repeats %s itself: name that one",
                       original.duplicate_of);
    if (original.anonymised)
        return err_say(w->why, ERR_INVALID,
                       "duplicate_of: what that case said is no longer kept: nothing can be held "
                       "against it");
    w->duplicate_of = original.id;
    (void)snprintf(w->value, sizeof w->value, "%s", original.public_id);
    return ERR_OK;
}

enum err cases_merge_is_repeated(struct db *db, int64_t case_id, bool *is)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM cases WHERE duplicate_of = :case AND anonymised_ms IS "
                            "NULL LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    e = db_step(q, is);
    db_done(q);
    return e;
}

/* What happened to another case because of this one. */
struct echo {
    const char *verb, *value;
    enum cases_seen seen;
    unsigned as;
    int64_t person;
};

static enum err write_echo(struct db *db, const struct cases_work *w, int64_t case_id,
                           const char *state, const struct echo *echo)
{
    const struct cases_event event = {.verb = echo->verb,
                                      .at_ms = w->acting->now_ms,
                                      .from = state,
                                      .to = state,
                                      .person = echo->person,
                                      .value = echo->value,
                                      .seen = echo->seen};
    enum err e = cases_rows_event(db, case_id, &event, echo->as);
    return e ? e : changes_add(db, CHANGES_cases, case_id, echo->verb);
}

/* The next that repeats the case; 0: there is none. One that is anonymised says nothing to anybody
 * any more: it is carried along, and told of nothing. */
static enum err next_duplicate(struct db *db, const struct cases_work *w, int64_t after,
                               int64_t *id, const char **state, bool *silent)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT id, state, anonymised_ms IS NOT NULL FROM cases WHERE "
                            "duplicate_of = :original AND id > :after ORDER BY id LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_int(q, ":original", w->now.id);
    db_bind_int(q, ":after", after);
    *id = 0;
    if (!(e = db_step(q, &row)) && row) {
        *id = db_int(q, 0);
        *silent = db_int(q, 2);
        *state = arena_strdup(w->arena, db_text(q, 1));
        if (!*state) e = ERR_NOMEM;
    }
    db_done(q);
    return e;
}

/* Its own duplicates repeat what it repeats; each of them changed by that. */
static enum err carry(struct db *db, const struct cases_work *w, int64_t id)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE cases SET duplicate_of = :to, version = version + 1, "
                            "updated_ms = :now WHERE id = :id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":to", w->duplicate_of);
    db_bind_int(q, ":now", w->acting->now_ms);
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

static enum err tell_duplicates(struct db *db, const struct cases_work *w, bool carried,
                                const struct echo *echo)
{
    const char *state = "";
    bool silent = false;
    int64_t id = 0;
    enum err e;
    while (!(e = next_duplicate(db, w, id, &id, &state, &silent)) && id) {
        if (carried && (e = carry(db, w, id))) return e;
        if (!silent && (e = write_echo(db, w, id, state, echo))) return e;
    }
    return e;
}

/* The case that was repeated, or is: its staff see that in its history. */
static enum err tell_original(struct db *db, const struct cases_work *w, const char *public_id,
                              const struct echo *echo)
{
    struct cases_case original = {0};
    enum err e = cases_rows_find(db, public_id, w->arena, &original);
    return e ? e : write_echo(db, w, original.id, original.state, echo);
}

enum err cases_merge_settle(struct db *db, const struct cases_work *w)
{
    unsigned as = cases_judge_role(w);
    int64_t person = w->acting->actor.person;
    const struct echo merged = {"merged", w->now.public_id, CASES_STAFF, as, person},
                      split = {"split", w->now.public_id, CASES_STAFF, as, person},
                      carried = {"carried", w->value, CASES_PUBLIC, as, person},
                      /* Whoever moved it is nobody to those that repeat it. */
        followed = {"followed", w->to.state, CASES_PUBLIC, KINDS_SYSTEM, 0};
    enum err e = ERR_OK;
    if (w->acting->verb != CASES_moved) return ERR_OK;
    if (w->now.duplicate_of[0] && strcmp(w->now.duplicate_of, w->value) != 0)
        e = tell_original(db, w, w->now.duplicate_of, &split);
    if (!e && w->duplicate_of) e = tell_original(db, w, w->value, &merged);
    if (!e)
        e = tell_duplicates(db, w, w->duplicate_of != 0, w->duplicate_of ? &carried : &followed);
    return e;
}

#include "data/cases_rows.h"

#include "data/changes.h"
#include "data/feedback.h"

#include <string.h>

struct work {
    const struct kinds *kinds;
    const struct cases_moving *moving;
    struct arena *arena;
    struct cases_case now; /* as it is before the move */
    int64_t duplicate_of;  /* 0: none */
    struct cases_due due;  /* after it */
    struct why *why;
};

/* Whether the table allows the move, to this actor, with what came with it. */
static enum err judge(const struct work *w)
{
    const struct cases_moving *m = w->moving;
    const struct kinds_kind *kind = kinds_find(w->kinds, w->now.kind);
    if (!kind)
        return err_say(w->why, ERR_CONFLICT, "the kind \"%s\" is no longer described", w->now.kind);
    if (w->now.version != m->version)
        return err_say(w->why, ERR_CONFLICT,
                       "somebody else was faster: the case is at version %lld and %s now, not at "
                       "version %lld",
                       (long long)w->now.version, w->now.state, (long long)m->version);
    if (!kinds_state(kind, m->to))
        return err_say(w->why, ERR_INVALID, "there is no state \"%s\"", m->to);
    const struct kinds_move *move = kinds_move(kind, w->now.state, m->to);
    if (!move)
        return err_say(w->why, ERR_CONFLICT, "a case that is %s cannot become %s", w->now.state,
                       m->to);
    if (!(move->by & m->actor.as))
        return err_say(w->why, ERR_DENIED, "%s cannot make a case that is %s become %s",
                       m->actor.as == KINDS_STAFF ? "staff" : "the reporter", w->now.state, m->to);
    if (move->reason && !(m->reason && m->reason[0]))
        return err_say(w->why, ERR_INVALID, "a reason is owed to make the case %s", m->to);
    if (move->link != (m->duplicate_of && m->duplicate_of[0]))
        return err_say(w->why, ERR_INVALID,
                       move->link ? "duplicate_of is owed: the case that this one repeats"
                                  : "duplicate_of has no place in this move");
    if (move->deadline != (m->due_ms != 0))
        return err_say(w->why, ERR_INVALID,
                       move->deadline ? "due_at is owed: the new deadline"
                                      : "due_at has no place in this move");
    if (m->due_ms && m->due_ms <= m->now_ms)
        return err_say(w->why, ERR_INVALID, "due_at must be in the future");
    return ERR_OK;
}

/* The deadline after the move, which judge allowed. */
static void set_due(struct work *w)
{
    const struct kinds_kind *kind = kinds_find(w->kinds, w->now.kind);
    const struct cases_due_move move = {.kind = kind,
                                        .category = kinds_category(kind, w->now.category),
                                        .from = kinds_state(kind, w->now.state),
                                        .to = kinds_state(kind, w->moving->to),
                                        .given_ms = w->moving->due_ms,
                                        .now_ms = w->moving->now_ms};
    w->due = w->now.due;
    cases_due_go_on(w->kinds, &move, &w->due);
}

/* The case that is repeated: another one of the same kind, and not itself a repetition, so that
 * links never form a chain or a ring. */
static enum err find_original(struct db *db, struct work *w)
{
    const char *wanted = w->moving->duplicate_of;
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
    w->duplicate_of = original.id;
    return ERR_OK;
}

/* Those that repeated this one would hang from a repetition. */
static enum err refuse_chain(struct db *db, const struct work *w)
{
    struct db_query *q;
    bool row = false;
    if (!w->duplicate_of) return ERR_OK;
    enum err e = db_prepare(db, "SELECT 1 FROM cases WHERE duplicate_of = :id LIMIT 1", &q);
    if (e) return e;
    db_bind_int(q, ":id", w->now.id);
    e = db_step(q, &row);
    db_done(q);
    if (!e && row)
        return err_say(w->why, ERR_CONFLICT,
                       "other cases are marked as repeating this one: it cannot be a duplicate");
    return e;
}

static enum err update(struct db *db, const struct work *w)
{
    const struct cases_moving *m = w->moving;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE cases SET state = :to, version = version + 1, updated_ms = "
                            ":now, duplicate_of = NULLIF(:link, 0), due_ms = NULLIF(:due, 0), "
                            "left_min = NULLIF(:left, 0) WHERE id = :id",
                            &q);
    if (e) return e;
    db_bind_text(q, ":to", m->to);
    db_bind_int(q, ":now", m->now_ms);
    db_bind_int(q, ":link", w->duplicate_of);
    db_bind_int(q, ":due", w->due.due_ms);
    db_bind_int(q, ":left", w->due.left_min);
    db_bind_int(q, ":id", w->now.id);
    return db_run(q, NULL);
}

static enum err move(struct db *db, void *user)
{
    struct work *w = user;
    const struct cases_moving *m = w->moving;
    enum err e = cases_rows_find(db, m->public_id, w->arena, &w->now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no case \"%s\"", m->public_id);
    if (!e) e = judge(w);
    if (!e) set_due(w);
    if (!e) e = find_original(db, w);
    if (!e) e = refuse_chain(db, w);
    if (!e) e = update(db, w);
    const struct cases_event event = {.at_ms = m->now_ms,
                                      .from = w->now.state,
                                      .to = m->to,
                                      .person = m->actor.person,
                                      .reason = m->reason,
                                      .due_ms = w->due.due_ms};
    if (!e) e = cases_rows_event(db, w->now.id, &event, m->actor.as);
    if (!e) e = changes_add(db, CHANGES_cases, w->now.id, "moved");
    if (!e && w->now.place) e = feedback_weigh(db, w->kinds, w->now.place);
    return e ? e : cases_get(db, m->public_id, w->arena, &w->now);
}

enum err cases_move_within(struct db *db, const struct kinds *kinds,
                           const struct cases_moving *moving, struct arena *arena,
                           struct cases_case *moved, struct why *why)
{
    struct work w = {.kinds = kinds, .moving = moving, .arena = arena, .why = why};
    enum err e = cases_rows_text("reason", moving->reason, CASES_REASON_MAX, why);
    if (!e) e = move(db, &w);
    if (!e) *moved = w.now;
    return e;
}

enum err cases_move(struct db *db, const struct kinds *kinds, const struct cases_moving *moving,
                    struct arena *arena, struct cases_case *moved, struct why *why)
{
    struct why said = {""};
    struct work w = {.kinds = kinds, .moving = moving, .arena = arena, .why = &said};
    enum err e = cases_rows_text("reason", moving->reason, CASES_REASON_MAX, &said);
    if (!e) e = db_write(db, move, &w);
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    if (e) return err_say(why, e, "%s", said.text);
    *moved = w.now;
    return ERR_OK;
}

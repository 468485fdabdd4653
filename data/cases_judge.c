#include "data/cases_judge.h"

#include "geo/base/text.h"

enum { DESK = KINDS_OFFICE & ~(1 << PEOPLE_handler) };

/* What each verb is: who may at all (a move has its own table), whether it changes what others may
 * have judged by, and who is shown it. */
const struct cases_judge_verb cases_judge_verbs[CASES_VERB_COUNT] = {
    [CASES_moved] = {"moved", ~0u, true, true, CASES_PUBLIC},
    [CASES_written] = {"written", KINDS_OFFICE | KINDS_REPORTER | KINDS_JOINER, false, true,
                       CASES_SENDER},
    [CASES_noted] = {"noted", KINDS_OFFICE, false, true, CASES_STAFF},
    [CASES_assigned] = {"assigned", DESK, true, false, CASES_STAFF},
    [CASES_transferred] = {"transferred", DESK, true, false, CASES_PUBLIC},
    [CASES_recategorised] = {"recategorised", DESK, true, false, CASES_PUBLIC},
    [CASES_prioritised] = {"prioritised", DESK, true, false, CASES_STAFF},
    [CASES_linked] = {"linked", DESK, false, false, CASES_STAFF},
    [CASES_unlinked] = {"unlinked", DESK, false, false, CASES_STAFF},
    [CASES_joined] = {"joined", ~0u, false, false, CASES_PUBLIC},
    [CASES_edited] = {"edited", KINDS_REPORTER, true, false, CASES_PUBLIC},
};

static const char *who(unsigned as)
{
    return as & KINDS_OFFICE     ? "staff"
           : as & KINDS_REPORTER ? "the reporter"
           : as & KINDS_JOINER   ? "one who joined it"
                                 : "somebody else";
}

static enum err judge_version(const struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    bool changes = cases_judge_verbs[a->verb].changes;
    bool owed = changes && a->actor.as & KINDS_OFFICE;
    if (a->version == CASES_ANY_VERSION || (!a->version && !owed)) return ERR_OK;
    if (w->now.version == a->version || !(changes || a->strict)) return ERR_OK;
    return err_say(w->why, ERR_CONFLICT,
                   "somebody else was faster: the case is at version %lld and %s now, not at "
                   "version %lld",
                   (long long)w->now.version, w->now.state, (long long)a->version);
}

/* Somebody has it after a move that owes an owner: whoever is named, or who has it already. */
static enum err judge_owner(const struct cases_work *w)
{
    const struct cases_acting *m = w->acting;
    bool named = m->assignee || (m->unit && m->unit[0]);
    bool had = w->now.assignee || w->now.unit[0];
    if (named && !w->move->owner)
        return err_say(w->why, ERR_INVALID, "%s has no place in this move",
                       m->assignee ? "person_id" : "unit");
    if (w->move->owner && !named && !had)
        return err_say(w->why, ERR_INVALID,
                       "person_id or unit is owed: who works on it from then on");
    return ERR_OK;
}

/* What a move owes, and nothing that it does not. */
static enum err judge_owed(const struct cases_work *w)
{
    const struct cases_acting *m = w->acting;
    const struct kinds_move *move = w->move;
    if (move->reason && !(m->reason && text_visible(m->reason, strlen(m->reason))))
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
    if (move->rating != (m->rating != 0))
        return err_say(w->why, ERR_INVALID,
                       move->rating ? "rating is owed: 1 to 5"
                                    : "rating has no place in this move");
    if (m->rating < 0 || m->rating > 5)
        return err_say(w->why, ERR_INVALID, "rating must be from 1 to 5");
    return judge_owner(w);
}

/* Whether the table allows the move, to this actor, with what came with it. */
static enum err judge_move(struct cases_work *w)
{
    const struct cases_acting *m = w->acting;
    if (!m->to || !kinds_state(w->kind, m->to))
        return err_say(w->why, ERR_INVALID, "there is no state \"%s\"", m->to ? m->to : "");
    w->move = kinds_move(w->kind, w->now.state, m->to);
    if (!w->move)
        return err_say(w->why, ERR_CONFLICT, "a case that is %s cannot become %s", w->now.state,
                       m->to);
    if (!(w->move->by & m->actor.as))
        return err_say(w->why, ERR_DENIED, "%s cannot make a case that is %s become %s",
                       who(m->actor.as), w->now.state, m->to);
    return judge_owed(w);
}

enum err cases_judge(struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    w->kind = kinds_find(w->kinds, w->now.kind);
    if (!w->kind)
        return err_say(w->why, ERR_CONFLICT, "the kind \"%s\" is no longer described", w->now.kind);
    if (w->now.anonymised)
        return err_say(w->why, ERR_CONFLICT,
                       "what the case said is no longer kept, so that it cannot change any more: "
                       "send a new one");
    enum err e = judge_version(w);
    if (e) return e;
    if (!(cases_judge_verbs[a->verb].by & a->actor.as) && a->verb != CASES_joined)
        return err_say(w->why, ERR_DENIED, "%s cannot do this to a case", who(a->actor.as));
    if (a->photo_count && !cases_judge_verbs[a->verb].photos)
        return err_say(w->why, ERR_INVALID, "photos have no place here");
    const struct kinds_category *category = kinds_category(w->kind, w->now.category);
    if (a->said_count && (!category || !(a->actor.as & KINDS_REPORTER)))
        return err_say(w->why, ERR_INVALID, "answers are for who sent the case");
    if (a->said_count) e = kinds_check(category, a->said, a->said_count, w->why);
    return e ? e : a->verb == CASES_moved ? judge_move(w) : ERR_OK;
}

unsigned cases_judge_role(const struct cases_work *w)
{
    unsigned as = w->acting->actor.as;
    if (w->acting->verb == CASES_joined) return KINDS_JOINER;
    if (w->acting->verb == CASES_moved) return w->move->by & as;
    return as & KINDS_OFFICE ? as & KINDS_OFFICE : as & cases_judge_verbs[w->acting->verb].by;
}

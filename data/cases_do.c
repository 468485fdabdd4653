#include "data/cases_do.h"

#include "data/cases_life.h"
#include "data/cases_links.h"
#include "data/cases_merge.h"
#include "data/cases_rows.h"
#include "data/cases_sender.h"
#include "data/closures.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>

/* So many words and joins by who is no staff are taken for one case: there are always more who
 * write than can be read. */
enum { WORDS_MAX = 300 };

/* A photo that staff took since the case was opened is owed, unless one comes along. */
static enum err find_proof(struct db *db, const struct cases_work *w)
{
    struct db_query *q;
    bool row = false;
    if (!w->move->proof || (w->acting->photo_count && w->acting->actor.as & KINDS_OFFICE))
        return ERR_OK;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM photos WHERE case_id = :case AND by_staff AND "
                            "created_ms >= :since LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", w->now.id);
    db_bind_int(q, ":since", w->now.opened_ms);
    e = db_step(q, &row);
    db_done(q);
    if (!e && !row)
        return err_say(w->why, ERR_INVALID,
                       "photo: a photo of what was done is owed to make the case %s",
                       w->acting->to);
    return e;
}

/* The deadline after the move, which judge allowed. */
static void set_due(struct cases_work *w)
{
    const struct cases_due_move move = {.kind = w->kind,
                                        .category = kinds_category(w->kind, w->now.category),
                                        .from = kinds_state(w->kind, w->now.state),
                                        .to = kinds_state(w->kind, w->acting->to),
                                        .given_ms = w->acting->due_ms,
                                        .now_ms = w->acting->now_ms};
    cases_due_go_on(w->kinds, &move, &w->to.due);
}

/* Whoever sent the same waits for this one, which nobody would work on any more. */
static enum err refuse_withdrawal(struct db *db, const struct cases_work *w)
{
    bool repeated = false;
    if (cases_life_outcome(w->kind, w->acting->to) != CASES_WITHDRAWN) return ERR_OK;
    enum err e = cases_merge_is_repeated(db, w->now.id, &repeated);
    if (e || !repeated) return e;
    return err_say(w->why, ERR_CONFLICT,
                   "others sent the same and wait for this one, so that it goes on; it can be "
                   "forgotten who sent it");
}

/* To whom a case is given, into `w->to`, and as an event says it. Neither a person nor a unit: to
 * nobody. */
static enum err give(struct cases_work *w, char value[CASES_WORK_VALUE])
{
    const struct cases_acting *a = w->acting;
    if (a->assignee && a->unit && a->unit[0])
        return err_say(w->why, ERR_INVALID, "either a person or a unit, not both");
    enum err e = cases_rows_text("unit", a->unit, CASES_UNIT_MAX, w->why);
    w->to.assignee = a->assignee;
    w->to.unit = a->unit ? a->unit : "";
    if (a->assignee)
        (void)snprintf(value, CASES_WORK_VALUE, "person:%lld", (long long)a->assignee);
    else if (!e && w->to.unit[0])
        (void)snprintf(value, CASES_WORK_VALUE, "unit:%s", w->to.unit);
    return e;
}

/* The step's owner: everybody reads which body that is, and nobody but staff which person. */
static enum err set_owner(struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    bool named = a->assignee || (a->unit && a->unit[0]);
    enum err e = named && w->move->owner ? give(w, w->owner) : ERR_OK;
    if (!e && w->move->owner && !w->value[0] && w->to.unit[0])
        (void)snprintf(w->value, sizeof w->value, "unit:%s", w->to.unit);
    return e;
}

static enum err do_move(struct db *db, struct cases_work *w)
{
    const struct kinds_state *states = w->kind->states;
    bool was = states[w->move->from].open, is = states[w->move->to].open;
    enum err e = cases_merge_find(db, w);
    if (!e) e = set_owner(w);
    if (!e) e = refuse_withdrawal(db, w);
    if (!e) e = find_proof(db, w);
    w->to.state = w->acting->to;
    if (w->acting->rating) w->to.rating = w->acting->rating;
    if (!was && is) w->to.opened_ms = w->acting->now_ms;
    if (is) w->to.closed_ms = 0;
    if (was && !is) w->to.closed_ms = w->acting->now_ms;
    set_due(w);
    if (!e && was && !is)
        e = closures_end_of(db, w->now.id, w->acting->actor.person, w->acting->now_ms);
    return e;
}

static enum err refuse_crowd(struct db *db, const struct cases_work *w)
{
    struct db_query *q;
    bool row;
    int64_t count = 0;
    if (w->acting->actor.as & KINDS_OFFICE) return ERR_OK;
    enum err e = db_prepare(db,
                            "SELECT count(*) FROM case_events WHERE case_id = :case AND verb IN "
                            "('written', 'joined') AND actor IN ('reporter', 'joiner')",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", w->now.id);
    if (!(e = db_step(q, &row))) count = db_int(q, 0);
    db_done(q);
    if (!e && count >= WORDS_MAX)
        return err_say(w->why, ERR_CONFLICT,
                       "so much was written to this case that it takes no "
                       "more; staff read what is there");
    return e;
}

static enum err do_write(struct db *db, struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    enum err e = refuse_crowd(db, w);
    if (e) return e;
    if ((a->reason && a->reason[0]) || a->photo_count || a->said_count) return ERR_OK;
    return err_say(w->why, ERR_INVALID, "text is missing, and there is no photo instead");
}

static enum err do_assign(struct db *db, struct cases_work *w)
{
    (void)db;
    return give(w, w->value);
}

/* Whoever worked on it there does not here. */
static enum err do_transfer(struct db *db, struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    (void)db;
    if (!(a->reason && a->reason[0]))
        return err_say(w->why, ERR_INVALID, "a reason is owed to give the case to another area");
    if (a->area_id == w->now.area_id)
        return err_say(w->why, ERR_INVALID, "area: the case lies there already");
    w->to.area_id = a->area_id;
    w->to.assignee = 0;
    w->to.unit = "";
    (void)snprintf(w->value, sizeof w->value, "%lld", (long long)a->area_id);
    return ERR_OK;
}

/* Its deadline stays: it was promised. */
static enum err do_recategorise(struct db *db, struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    (void)db;
    if (!a->to || !kinds_category(w->kind, a->to))
        return err_say(w->why, ERR_INVALID, "category: there is none \"%s\"", a->to ? a->to : "");
    if (strcmp(a->to, w->now.category) == 0)
        return err_say(w->why, ERR_INVALID, "category: it is \"%s\" already", a->to);
    w->to.category = a->to;
    (void)snprintf(w->value, sizeof w->value, "%s", a->to);
    return ERR_OK;
}

static enum err do_prioritise(struct db *db, struct cases_work *w)
{
    (void)db;
    if (w->acting->priority < -1 || w->acting->priority > 2)
        return err_say(w->why, ERR_INVALID, "priority must be from -1 to 2");
    w->to.priority = w->acting->priority;
    (void)snprintf(w->value, sizeof w->value, "%d", w->to.priority);
    return ERR_OK;
}

static enum err do_join(struct db *db, struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    const struct kinds_state *state = kinds_state(w->kind, w->now.state);
    if (!state || !state->open)
        return err_say(w->why, ERR_CONFLICT, "the case is %s: it takes nobody more", w->now.state);
    if (w->kind->is_private)
        return err_say(w->why, ERR_CONFLICT, "a private case is nobody else's to join");
    if (w->kind->support) return err_say(w->why, ERR_CONFLICT, "this is not joined, but supported");
    enum err e = refuse_crowd(db, w);
    if (e) return e;
    if (a->actor.as & (KINDS_REPORTER | KINDS_JOINER)) e = ERR_CONFLICT;
    if (!e) e = cases_sender_join(db, &w->now, a->actor.person, a->voice, a->now_ms, w->done.token);
    return e == ERR_CONFLICT ? err_say(w->why, e, "you are with this case already") : e;
}

/* Whoever supports it, or sent the same, stands behind what it says. */
static enum err do_edit(struct db *db, struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    const struct kinds_state *state = kinds_state(w->kind, w->now.state);
    bool repeated = false;
    if (!state || !state->edit)
        return err_say(w->why, ERR_CONFLICT, "the text of a case that is %s stays as it is",
                       w->now.state);
    if (!a->description || !text_visible(a->description, strlen(a->description)))
        return err_say(w->why, ERR_INVALID, "description is missing");
    enum err e = cases_rows_text("description", a->description, CASES_DESCRIPTION_MAX, w->why);
    if (!e) e = cases_merge_is_repeated(db, w->now.id, &repeated);
    if (e) return e;
    if (repeated || w->now.supports)
        return err_say(w->why, ERR_CONFLICT,
                       "others stand behind the text as it is: it does not change under them; say "
                       "more in a comment, or send another one");
    if (strcmp(a->description, w->now.description) == 0) return ERR_OK;
    w->to.description = a->description;
    w->to.edition++;
    (void)snprintf(w->value, sizeof w->value, "%lld", (long long)w->to.edition);
    return ERR_OK;
}

static enum err (*const doing[CASES_VERB_COUNT])(struct db *db, struct cases_work *w) = {
    [CASES_moved] = do_move,
    [CASES_written] = do_write,
    [CASES_noted] = do_write,
    [CASES_assigned] = do_assign,
    [CASES_transferred] = do_transfer,
    [CASES_recategorised] = do_recategorise,
    [CASES_prioritised] = do_prioritise,
    [CASES_joined] = do_join,
    [CASES_edited] = do_edit,
    [CASES_linked] = cases_links_add,
    [CASES_unlinked] = cases_links_remove,
};

enum err cases_do(struct db *db, struct cases_work *w)
{
    return doing[w->acting->verb](db, w);
}

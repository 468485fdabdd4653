#include "data/cases_act.h"

#include "data/cases_do.h"
#include "data/cases_judge.h"
#include "data/cases_merge.h"
#include "data/cases_rows.h"
#include "data/cases_support.h"
#include "data/cases_tell.h"
#include "data/cases_with.h"
#include "data/changes.h"
#include "data/feedback.h"
#include "data/points_case.h"

const char *cases_verb_name(enum cases_verb verb)
{
    return cases_judge_verbs[verb].name;
}

enum cases_seen cases_verb_seen(enum cases_verb verb)
{
    return cases_judge_verbs[verb].seen;
}

/* ---- the row --------------------------------------------------------------------------------- */

static enum err update(struct db *db, const struct cases_work *w)
{
    const struct cases_case *to = &w->to;
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "UPDATE cases SET state = :state, category = :category, area_id = NULLIF(:area, 0), "
        "version = version + :changes, updated_ms = :now, duplicate_of = CASE WHEN :moved THEN "
        "NULLIF(:link, 0) ELSE duplicate_of END, due_ms = NULLIF(:due, 0), left_min = "
        "NULLIF(:left, 0), assignee_id = NULLIF(:assignee, 0), unit = :unit, priority = "
        ":priority, rating = NULLIF(:rating, 0), opened_ms = :opened, closed_ms = "
        "NULLIF(:closed, 0), description = :description, edition = :edition, answered_ms = "
        "NULLIF(:answered, 0) WHERE id = :id",
        &q);
    if (e) return e;
    db_bind_text(q, ":state", to->state);
    db_bind_text(q, ":category", to->category);
    db_bind_int(q, ":area", to->area_id);
    db_bind_int(q, ":changes", cases_judge_verbs[w->acting->verb].changes);
    db_bind_int(q, ":now", w->acting->now_ms);
    db_bind_int(q, ":moved", w->acting->verb == CASES_moved);
    db_bind_int(q, ":link", w->duplicate_of);
    db_bind_int(q, ":due", to->due.due_ms);
    db_bind_int(q, ":left", to->due.left_min);
    db_bind_int(q, ":assignee", to->assignee);
    db_bind_text(q, ":unit", to->unit);
    db_bind_int(q, ":priority", to->priority);
    db_bind_int(q, ":rating", to->rating);
    db_bind_int(q, ":opened", to->opened_ms);
    db_bind_int(q, ":closed", to->closed_ms);
    db_bind_text(q, ":description", to->description);
    db_bind_int(q, ":edition", to->edition);
    db_bind_int(q, ":answered", to->answered_ms);
    db_bind_int(q, ":id", w->now.id);
    e = db_run(q, NULL);
    return e == ERR_CONFLICT
               ? err_say(w->why, ERR_INVALID, "there is no such person or area: %s", db_error(db))
               : e;
}

/* Staff answer with words: to a move, or to whoever sent it; or by closing the case. */
static void note_answer(struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    const struct kinds_state *to = kinds_state(w->kind, w->to.state);
    bool moved = a->verb == CASES_moved, said = a->reason && a->reason[0];
    if (w->to.answered_ms || !(cases_judge_role(w) & KINDS_OFFICE)) return;
    if (moved ? said || (to && !to->open) : a->verb == CASES_written && said)
        w->to.answered_ms = a->now_ms;
}

/* That a move gave it to somebody: for staff, as `assigned` is. */
static enum err write_owner(struct db *db, const struct cases_work *w)
{
    const struct cases_event event = {.verb = cases_judge_verbs[CASES_assigned].name,
                                      .at_ms = w->acting->now_ms,
                                      .from = w->to.state,
                                      .to = w->to.state,
                                      .person = w->acting->actor.person,
                                      .value = w->owner,
                                      .seen = cases_judge_verbs[CASES_assigned].seen,
                                      .due_ms = w->to.due.due_ms};
    if (!w->owner[0]) return ERR_OK;
    enum err e = cases_rows_event(db, w->now.id, &event, cases_judge_role(w));
    return e ? e : changes_add(db, CHANGES_cases, w->now.id, event.verb);
}

/* The event, and what came along. */
static enum err write_down(struct db *db, struct cases_work *w)
{
    const struct cases_acting *a = w->acting;
    const struct cases_event event = {.verb = cases_judge_verbs[a->verb].name,
                                      .at_ms = a->now_ms,
                                      .from = w->now.state,
                                      .to = w->to.state,
                                      .person = a->actor.person,
                                      .reason = a->verb == CASES_linked ? "" : a->reason,
                                      .value = w->value,
                                      .seen = cases_judge_verbs[a->verb].seen,
                                      .due_ms = w->to.due.due_ms};
    unsigned as = cases_judge_role(w);
    enum err e = cases_rows_event(db, w->now.id, &event, as);
    const struct cases_with with = {.dir = w->dir,
                                    .case_id = w->now.id,
                                    .event = db_last_id(db),
                                    .by_staff = as & KINDS_OFFICE,
                                    .photos = a->photos,
                                    .files = w->files,
                                    .photo_count = a->photo_count,
                                    .now_ms = a->now_ms};
    if (!e) e = cases_with_photos(db, &with, w->why);
    if (!e) e = cases_with_said(db, w->now.id, a->said, a->said_count);
    if (!e) e = write_owner(db, w);
    return e ? e : changes_add(db, CHANGES_cases, w->now.id, cases_judge_verbs[a->verb].name);
}

static enum err find_answer(struct db *db, struct cases_work *w, bool *done)
{
    if (!w->reply) return ERR_OK;
    enum err e =
        idempotency_find(db, &w->reply->request, w->acting->now_ms, w->arena, &w->done.answer);
    *done = w->done.replayed = e == ERR_OK;
    if (e == ERR_CONFLICT)
        return err_say(w->why, e, "this Idempotency-Key came before with another body");
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

static enum err act(struct db *db, void *user)
{
    struct cases_work *w = user;
    const struct cases_acting *a = w->acting;
    bool done = false;
    enum err e = find_answer(db, w, &done);
    if (e || done) return e;
    e = cases_rows_find(db, a->public_id, w->arena, &w->now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no case \"%s\"", a->public_id);
    if (!e) e = cases_judge(w);
    w->to = w->now;
    if (!e) e = cases_do(db, w);
    if (!e) note_answer(w);
    if (!e) e = update(db, w);
    if (!e) e = write_down(db, w);
    if (!e) e = cases_merge_settle(db, w);
    if (!e) e = cases_support_follow(db, &w->now, w->duplicate_of);
    if (!e) e = cases_tell_moved(db, w);
    if (!e) e = points_case_follow(db, w->kinds, &w->now, a->now_ms);
    if (!e && w->now.place) e = feedback_weigh(db, w->kinds, w->now.place);
    if (!e) e = cases_get(db, a->public_id, w->arena, &w->done.now);
    return e ? e
             : cases_with_answer(db, w->reply, &w->done.now, w->done.token, a->now_ms, w->arena,
                                 &w->done.answer);
}

/* ---- from outside ---------------------------------------------------------------------------- */

enum err cases_act_within(struct db *db, const struct kinds *kinds,
                          const struct cases_acting *acting, struct arena *arena,
                          struct cases_case *now, struct why *why)
{
    struct cases_work w = {.kinds = kinds, .acting = acting, .arena = arena, .why = why};
    enum err e = cases_rows_text("reason", acting->reason, CASES_REASON_MAX, why);
    if (!e) e = act(db, &w);
    if (!e) *now = w.done.now;
    return e;
}

enum err cases_act(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                   const struct cases_acting *acting, const struct cases_reply *reply,
                   struct arena *arena, struct cases_acted *acted, struct why *why)
{
    struct why said = {""};
    struct cases_work w = {
        .dir = dir, .kinds = kinds, .acting = acting, .reply = reply, .arena = arena, .why = &said};
    enum err e = cases_rows_text("reason", acting->reason, CASES_REASON_MAX, &said);
    if (!e && acting->photo_count > CASES_PHOTOS_MAX)
        e = err_say(&said, ERR_LIMIT, "at most %d photos are taken", CASES_PHOTOS_MAX);
    if (!e && acting->photo_count)
        e = photo_files_put(dir, acting->photos, acting->photo_count, w.files, &said);
    if (!e) e = db_write(db, act, &w);
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    if ((e || w.done.replayed) && acting->photo_count <= CASES_PHOTOS_MAX)
        photo_files_take_back(db, dir, w.files, acting->photo_count);
    if (e) return err_say(why, e, "%s", said.text);
    *acted = w.done;
    return ERR_OK;
}

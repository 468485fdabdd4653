#include "data/votes_draft.h"

#include "data/audit.h"
#include "data/branches.h"
#include "data/changes.h"
#include "data/members.h"
#include "data/record.h"
#include "data/votes_check.h"
#include "data/votes_people.h"
#include "data/votes_plan.h"

#include <stdio.h>

struct work {
    const struct votes_draft *draft; /* or */
    const struct votes_act *act;     /* this one */
    int64_t by, now_ms;
    const struct answers_reply *reply;
    struct idempotency_answer *answer;
    struct arena *arena;
    struct votes_vote *made;
    bool gone;
    struct why *why;
};

/* Runs a statement whose one parameter is :vote. */
static enum err run_of(struct db *db, const char *sql, int64_t vote)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    return db_run(q, NULL);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A branch's vote is where the branch is, which may have moved since its writer was let in there.
 */
static enum err check_branch(struct db *db, const struct work *w)
{
    const struct votes_vote *v = &w->draft->vote;
    struct branches_branch branch;
    if (v->electorate != VOTES_branch) return ERR_OK;
    enum err e = branches_find(db, v->branch_id, w->arena, &branch);
    if (e == ERR_NOTFOUND || (!e && branch.ended_ms))
        return err_say(w->why, ERR_INVALID, "branch_id: there is no such branch");
    if (!e && branch.area_id != v->area_id)
        return err_say(w->why, ERR_CONFLICT,
                       "the branch belongs to another area since a moment ago: send it again");
    return e;
}

static enum err put(struct db *db, const struct work *w, const char *sql, int64_t *id)
{
    const struct votes_vote *v = &w->draft->vote;
    struct db_query *q;
    enum err e = check_branch(db, w);
    if (!e) e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", v->id);
    db_bind_text(q, ":purpose", votes_purposes[v->purpose]);
    db_bind_text(q, ":title", v->title);
    db_bind_text(q, ":title_en", v->title_en);
    db_bind_text(q, ":text", v->text);
    db_bind_text(q, ":electorate", votes_electorates[v->electorate]);
    db_bind_int(q, ":area", v->area_id);
    db_bind_int(q, ":branch", v->branch_id);
    db_bind_int(q, ":secret", v->secret);
    db_bind_int(q, ":public", v->is_public);
    db_bind_int(q, ":quorum", v->quorum);
    db_bind_int(q, ":majority", v->majority);
    db_bind_text(q, ":of", v->of_electors ? "electors" : "ballots");
    db_bind_int(q, ":from", v->from_ms);
    db_bind_int(q, ":to", v->to_ms);
    db_bind_int(q, ":by", w->by);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    if (!e) *id = v->id ? v->id : db_last_id(db);
    return e;
}

static enum err put_options(struct db *db, int64_t id, size_t i, const struct votes_question *asked)
{
    enum err e = ERR_OK;
    for (size_t j = 0; j < asked->option_count && !e; j++) {
        struct db_query *q;
        e = db_prepare(db,
                       "INSERT INTO vote_options (vote_id, question, number, name, name_en, "
                       "adopts) VALUES (:vote, :question, :number, :name, :name_en, :adopts)",
                       &q);
        if (e) return e;
        db_bind_int(q, ":vote", id);
        db_bind_int(q, ":question", (int64_t)i + 1);
        db_bind_int(q, ":number", (int64_t)j + 1);
        db_bind_text(q, ":name", asked->options[j].name);
        db_bind_text(q, ":name_en", asked->options[j].name_en);
        db_bind_int(q, ":adopts", asked->options[j].adopts);
        e = db_run(q, NULL);
    }
    return e;
}

static enum err put_questions(struct db *db, const struct work *w, int64_t id)
{
    const struct votes_vote *v = &w->draft->vote;
    enum err e = run_of(db, "DELETE FROM vote_options WHERE vote_id = :vote", id);
    if (!e) e = run_of(db, "DELETE FROM vote_questions WHERE vote_id = :vote", id);
    for (size_t i = 0; i < v->question_count && !e; i++) {
        const struct votes_question *asked = &v->questions[i];
        struct db_query *q;
        e = db_prepare(db,
                       "INSERT INTO vote_questions (vote_id, number, type, title, title_en, "
                       "optional, min, max) VALUES (:vote, :number, :type, :title, :title_en, "
                       ":optional, :min, :max)",
                       &q);
        if (e) return e;
        db_bind_int(q, ":vote", id);
        db_bind_int(q, ":number", (int64_t)i + 1);
        db_bind_text(q, ":type", votes_types[asked->type]);
        db_bind_text(q, ":title", asked->title);
        db_bind_text(q, ":title_en", asked->title_en);
        db_bind_int(q, ":optional", asked->optional);
        db_bind_int(q, ":min", asked->min);
        db_bind_int(q, ":max", asked->max);
        e = db_run(q, NULL);
        if (!e) e = put_options(db, id, i, asked);
    }
    return e;
}

static enum err put_rest(struct db *db, struct work *w, int64_t id, const char *verb)
{
    enum err e = put_questions(db, w, id);
    if (!e) e = votes_find(db, id, w->arena, w->made);
    if (!e)
        e = votes_people_put(db, w->made, w->draft->asker, w->draft->people, w->draft->people_count,
                             w->arena, w->why);
    return e ? e : changes_add(db, CHANGES_votes, id, verb);
}

static enum err create(struct db *db, void *user)
{
    struct work *w = user;
    char number[24];
    int64_t id = 0;
    bool done = false;
    enum err e = answers_find(db, w->reply, w->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = put(db, w,
            "INSERT INTO votes (id, version, purpose, title, title_en, text, electorate, area_id, "
            "branch_id, secret, public, quorum, majority, majority_of, from_ms, to_ms, state, "
            "created_by, created_ms, updated_ms) VALUES (NULLIF(:id, 0), 1, :purpose, :title, "
            ":title_en, :text, :electorate, NULLIF(:area, 0), NULLIF(:branch, 0), :secret, "
            ":public, :quorum, :majority, :of, :from, :to, 'draft', NULLIF(:by, 0), :now, :now)",
            &id);
    if (!e) e = put_rest(db, w, id, "vote_made");
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    return e ? e : answers_keep(db, w->reply, number, w->now_ms, w->arena, w->answer);
}

/* The vote as it is, if its writer saw it so. */
static enum err find_present(struct db *db, const struct work *w, int64_t id, int64_t version,
                             struct votes_vote *now)
{
    enum err e = votes_find(db, id, w->arena, now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such vote");
    if (!e) e = record_seen("the vote", now->version, version, w->why);
    return e;
}

static enum err find_draft(struct db *db, const struct work *w, int64_t id, int64_t version,
                           struct votes_vote *now)
{
    enum err e = find_present(db, w, id, version, now);
    if (!e && now->state != VOTES_draft)
        return err_say(w->why, ERR_CONFLICT, "the vote is %s: only a draft can be changed",
                       votes_states[now->state]);
    return e;
}

static enum err change(struct db *db, void *user)
{
    struct work *w = user;
    struct votes_vote now;
    int64_t id = 0;
    enum err e = find_draft(db, w, w->draft->vote.id, w->draft->vote.version, &now);
    if (!e)
        e = put(db, w,
                "UPDATE votes SET version = version + 1, purpose = :purpose, title = :title, "
                "title_en = :title_en, text = :text, electorate = :electorate, area_id = "
                "NULLIF(:area, 0), branch_id = NULLIF(:branch, 0), secret = :secret, public = "
                ":public, quorum = :quorum, majority = :majority, majority_of = :of, from_ms = "
                ":from, to_ms = :to, updated_ms = :now WHERE id = :id AND :by = 0",
                &id);
    return e ? e : put_rest(db, w, id, "vote_changed");
}

enum err votes_draft_create(struct db *db, const struct votes_draft *draft, int64_t by,
                            const struct answers_reply *reply, int64_t now_ms, struct arena *arena,
                            struct votes_vote *made, struct idempotency_answer *answer,
                            struct why *why)
{
    struct work w = {.draft = draft,
                     .by = by,
                     .now_ms = now_ms,
                     .reply = reply,
                     .answer = answer,
                     .arena = arena,
                     .made = made};
    enum err e = votes_check(draft, why);
    return e ? e : db_write_said(db, create, &w, &w.why, why);
}

enum err votes_draft_change(struct db *db, const struct votes_draft *draft, int64_t now_ms,
                            struct arena *arena, struct votes_vote *made, struct why *why)
{
    struct work w = {.draft = draft, .now_ms = now_ms, .arena = arena, .made = made};
    enum err e = votes_check(draft, why);
    return e ? e : db_write_said(db, change, &w, &w.why, why);
}

/* ---- opening --------------------------------------------------------------------------------- */

static enum err find_electors(struct db *db, const struct work *w, const struct votes_vote *v,
                              const int64_t **people, size_t *count)
{
    const struct members_scope branch = {.branches = &v->branch_id, .branch_count = 1};
    const struct members_scope area = {.areas = &v->area_id, .area_count = 1};
    if (v->electorate == VOTES_people) return votes_people_of(db, v->id, w->arena, people, count);
    return members_of(db, v->electorate == VOTES_branch ? &branch : &area, w->arena, people, count);
}

static enum err add_electors(struct db *db, const struct work *w, const struct votes_vote *v,
                             int64_t *added)
{
    const int64_t *people = NULL;
    size_t count = 0;
    enum err e = find_electors(db, w, v, &people, &count);
    if (e == ERR_LIMIT)
        return err_say(w->why, ERR_CONFLICT, "they are too many: %d at most", MEMBERS_OF_MAX);
    for (size_t i = 0; i < count && !e; i++) {
        struct db_query *q;
        int64_t one = 0;
        e = db_prepare(db,
                       "INSERT INTO vote_electors (vote_id, person_id) SELECT :vote, id FROM "
                       "people WHERE id = :person AND disabled_ms IS NULL AND forgotten_ms IS NULL",
                       &q);
        if (e) return e;
        db_bind_int(q, ":vote", v->id);
        db_bind_int(q, ":person", people[i]);
        e = db_run(q, &one);
        *added += one;
    }
    return e;
}

/* Its electorate is still what its writer saw. */
static enum err judge_branch(struct db *db, const struct work *w, const struct votes_vote *v)
{
    struct branches_branch branch;
    enum err e = branches_find(db, v->branch_id, w->arena, &branch);
    if (e) return e;
    if (branch.ended_ms)
        return err_say(w->why, ERR_CONFLICT, "the branch has ended: there is nobody to ask");
    if (branch.area_id != v->area_id)
        return err_say(w->why, ERR_CONFLICT,
                       "the branch belongs to another area now: write the draft anew there");
    return ERR_OK;
}

static enum err judge_electorate(struct db *db, const struct work *w, const struct votes_vote *v)
{
    if (v->electorate == VOTES_branch) return judge_branch(db, w, v);
    if (v->electorate == VOTES_people)
        return votes_people_check(db, v, w->act->by, w->arena, w->why);
    return ERR_OK;
}

static enum err judge_electors(const struct work *w, const struct votes_vote *v, int64_t count)
{
    if (!count) return err_say(w->why, ERR_CONFLICT, "there is nobody who may vote");
    if (v->secret && count < VOTES_SECRET_MIN)
        return err_say(w->why, ERR_CONFLICT,
                       "a secret vote of fewer than %d would be no secret: add people, or hold it "
                       "openly",
                       VOTES_SECRET_MIN);
    return ERR_OK;
}

/* In the outbox and the audit trail. */
static enum err note(struct db *db, const struct work *w, const struct votes_vote *v,
                     enum audit_verb verb, const char *told)
{
    const struct audit_row row = {.verb = verb,
                                  .person = w->act->by,
                                  .area = v->area_id,
                                  .route = w->act->route,
                                  .detail = arena_printf(w->arena, "vote %lld", (long long)v->id),
                                  .at_ms = w->act->now_ms};
    enum err e = audit_add(db, &row);
    return e ? e : changes_add(db, CHANGES_votes, v->id, told);
}

static enum err mark_open(struct db *db, const struct work *w, int64_t electors)
{
    struct db_query *q;
    enum err e =
        db_prepare(db,
                   "UPDATE votes SET version = version + 1, state = 'open', opened_ms = "
                   ":now, round = 1, electors = :electors, updated_ms = :now WHERE id = :id",
                   &q);
    if (e) return e;
    db_bind_int(q, ":id", w->act->id);
    db_bind_int(q, ":electors", electors);
    db_bind_int(q, ":now", w->act->now_ms);
    return db_run(q, NULL);
}

static enum err open(struct db *db, void *user)
{
    struct work *w = user;
    struct votes_vote v;
    int64_t electors = 0;
    enum err e = find_draft(db, w, w->act->id, w->act->version, &v);
    if (e) return e;
    if (v.to_ms <= w->act->now_ms)
        return err_say(w->why, ERR_CONFLICT, "the vote would be over already: give it a later end");
    e = votes_plan_fits(db, &v, w->why);
    if (!e) e = judge_electorate(db, w, &v);
    if (!e) e = add_electors(db, w, &v, &electors);
    if (!e) e = judge_electors(w, &v, electors);
    if (!e) e = run_of(db, "DELETE FROM vote_people WHERE vote_id = :vote", v.id);
    if (!e) e = mark_open(db, w, electors);
    if (!e) e = votes_find(db, v.id, w->arena, w->made);
    return e ? e : note(db, w, &v, AUDIT_vote_opened, "vote_opened");
}

enum err votes_draft_open(struct db *db, const struct votes_act *act, struct arena *arena,
                          struct votes_vote *made, struct why *why)
{
    struct work w = {.act = act, .arena = arena, .made = made};
    return db_write_said(db, open, &w, &w.why, why);
}

/* ---- taking away ----------------------------------------------------------------------------- */

static enum err erase_draft(struct db *db, int64_t id)
{
    static const char *const statements[] = {"DELETE FROM vote_plan_scores WHERE vote_id = :vote",
                                             "DELETE FROM vote_plan_rows WHERE vote_id = :vote",
                                             "DELETE FROM vote_plans WHERE vote_id = :vote",
                                             "DELETE FROM vote_people WHERE vote_id = :vote",
                                             "DELETE FROM vote_options WHERE vote_id = :vote",
                                             "DELETE FROM vote_questions WHERE vote_id = :vote",
                                             "DELETE FROM votes WHERE id = :vote"};
    enum err e = ERR_OK;
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !e; i++)
        e = run_of(db, statements[i], id);
    return e ? e : changes_add(db, CHANGES_votes, id, "vote_removed");
}

static enum err cancel(struct db *db, const struct work *w, const struct votes_vote *v)
{
    struct db_query *q;
    if (!w->act->reason || !w->act->reason[0])
        return err_say(w->why, ERR_INVALID, "reason is owed: who may vote reads it");
    enum err e = run_of(db, "DELETE FROM vote_ballots WHERE vote_id = :vote", v->id);
    if (!e)
        e = run_of(db,
                   "UPDATE vote_electors SET once = NULL, answers = NULL WHERE vote_id = :vote AND "
                   "voted = 1",
                   v->id);
    if (!e)
        e = db_prepare(db,
                       "UPDATE votes SET version = version + 1, state = 'cancelled', ended_ms = "
                       ":now, reason = :reason, updated_ms = :now WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_int(q, ":id", v->id);
    db_bind_text(q, ":reason", w->act->reason);
    db_bind_int(q, ":now", w->act->now_ms);
    e = db_run(q, NULL);
    return e ? e : note(db, w, v, AUDIT_vote_cancelled, "vote_cancelled");
}

static enum err remove_vote(struct db *db, void *user)
{
    struct work *w = user;
    struct votes_vote v;
    enum err e = find_present(db, w, w->act->id, w->act->version, &v);
    if (e) return e;
    w->gone = v.state == VOTES_draft;
    if (w->gone) return erase_draft(db, v.id);
    if (v.state == VOTES_open) return cancel(db, w, &v);
    return err_say(w->why, ERR_CONFLICT, "the vote has ended: it stays as it is");
}

enum err votes_draft_remove(struct db *db, const struct votes_act *act, struct arena *arena,
                            bool *gone, struct why *why)
{
    struct work w = {.act = act, .arena = arena};
    enum err e = db_write_said(db, remove_vote, &w, &w.why, why);
    if (!e) *gone = w.gone;
    return e;
}

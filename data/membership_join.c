#include "data/membership_join.h"

#include "data/changes.h"

#include <string.h>

struct work {
    const struct membership_join_wish *wish;
    const char *public_id;
    int64_t version, person, now_ms;
    const struct answers_reply *reply;
    struct arena *arena;
    struct memberships_membership *now;
    struct idempotency_answer *answer;
    struct why *why;
};

/* The branch, which must go on and show the form that was consented to. */
static enum err find_branch(struct db *db, const struct work *w, struct branches_branch *branch)
{
    enum err e = branches_find(db, w->wish->branch, w->arena, branch);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such branch");
    if (!e && branch->ended_ms) return err_say(w->why, ERR_CONFLICT, "the branch was ended");
    if (!e && branch->form != w->wish->form)
        return err_say(w->why, ERR_CONFLICT,
                       "the form is at version %lld by now: show that one, and ask for consent to "
                       "it",
                       (long long)branch->form);
    return e;
}

/* ---- applying -------------------------------------------------------------------------------- */

struct standing {
    int64_t here, waiting;
};

static enum err find_standing(struct db *db, const struct membership_join_wish *wish,
                              struct standing *s)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT COALESCE(sum(branch_id = :branch), 0), COALESCE(sum(state = "
                            "'waiting'), 0) FROM memberships WHERE person_id = :person AND "
                            "ended_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":branch", wish->branch);
    db_bind_int(q, ":person", wish->person);
    if (!(e = db_step(q, &row)) && row) *s = (struct standing){db_int(q, 0), db_int(q, 1)};
    db_done(q);
    return e;
}

static enum err judge(struct db *db, const struct work *w, const struct branches_branch *branch)
{
    struct memberships_membership other;
    struct branches_branch theirs;
    struct standing s = {0, 0};
    enum err e = find_standing(db, w->wish, &s);
    if (!e && s.here)
        return err_say(w->why, ERR_CONFLICT, "you belong to this branch, or asked to, already");
    if (!e && s.waiting >= MEMBERSHIP_JOIN_WAITING_MAX)
        return err_say(w->why, ERR_CONFLICT, "%d applications of yours wait already",
                       MEMBERSHIP_JOIN_WAITING_MAX);
    if (e || branch->alongside || w->wish->moves) return e;
    e = memberships_find_alone(db, w->wish->person, w->arena, &other);
    if (e) return e == ERR_NOTFOUND ? ERR_OK : e;
    e = branches_find(db, other.branch, w->arena, &theirs);
    if (e) return e;
    return err_say(w->why, ERR_CONFLICT,
                   "you belong to %s: with \"move\": true you leave it when this branch approves",
                   theirs.name);
}

static enum err insert(struct db *db, const struct work *w, const struct branches_branch *branch,
                       const char *public_id)
{
    const struct membership_join_wish *wish = w->wish;
    const void *sealed = NULL;
    struct db_query *q;
    size_t len = 0;
    enum err e = membership_answers_seal(wish->answers, wish->key, public_id, wish->person,
                                         w->arena, &sealed, &len);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO memberships (public_id, branch_id, person_id, version, state, "
                       "alone, moves, form, consented_ms, answers, made_ms) VALUES (:public, "
                       ":branch, :person, 1, 'waiting', :alone, :moves, :form, :now, :answers, "
                       ":now)",
                       &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    db_bind_int(q, ":branch", branch->id);
    db_bind_int(q, ":person", wish->person);
    db_bind_int(q, ":alone", !branch->alongside);
    db_bind_int(q, ":moves", wish->moves && !branch->alongside);
    db_bind_int(q, ":form", wish->form);
    db_bind_blob(q, ":answers", sealed, len);
    db_bind_int(q, ":now", wish->now_ms);
    return db_run(q, NULL);
}

static enum err apply(struct db *db, void *user)
{
    struct work *w = user;
    struct branches_branch branch;
    char public_id[SECRETS_ID_SIZE];
    bool done = false;
    enum err e = answers_find(db, w->reply, w->wish->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = find_branch(db, w, &branch);
    if (!e) e = judge(db, w, &branch);
    if (e) return e;
    secrets_public_id(public_id);
    e = insert(db, w, &branch, public_id);
    if (!e) e = memberships_find(db, public_id, w->arena, w->now);
    if (!e) e = changes_add(db, CHANGES_members, w->now->id, "waiting");
    return e ? e : answers_keep(db, w->reply, public_id, w->wish->now_ms, w->arena, w->answer);
}

enum err membership_join_apply(struct db *db, const struct membership_join_wish *wish,
                               const struct answers_reply *reply, struct arena *arena,
                               struct memberships_membership *made,
                               struct idempotency_answer *answer, struct why *why)
{
    struct work w = {.wish = wish, .reply = reply, .arena = arena, .now = made, .answer = answer};
    return db_write_said(db, apply, &w, &w.why, why);
}

/* ---- one's own ------------------------------------------------------------------------------- */

static enum err find_own(struct db *db, const struct work *w)
{
    enum err e = memberships_find(db, w->public_id, w->arena, w->now);
    if (!e && w->now->person != w->person) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such membership of yours");
    return e;
}

static enum err put_answers(struct db *db, const struct work *w)
{
    const void *sealed = NULL;
    struct db_query *q;
    size_t len = 0;
    enum err e = membership_answers_seal(w->wish->answers, w->wish->key, w->public_id, w->person,
                                         w->arena, &sealed, &len);
    if (!e)
        e = db_prepare(db,
                       "UPDATE memberships SET version = version + 1, form = :form, consented_ms = "
                       ":now, answers = :answers WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_int(q, ":form", w->wish->form);
    db_bind_int(q, ":now", w->now_ms);
    db_bind_blob(q, ":answers", sealed, len);
    db_bind_int(q, ":id", w->now->id);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_members, w->now->id, "answered");
}

static enum err change(struct db *db, void *user)
{
    struct work *w = user;
    struct branches_branch branch;
    enum err e = find_own(db, w);
    if (!e && w->now->ended_ms) e = err_say(w->why, ERR_CONFLICT, "the membership has ended");
    if (!e && w->now->version != w->version)
        e = err_say(w->why, ERR_CONFLICT,
                    "the membership is at version %lld by now, not at version %lld",
                    (long long)w->now->version, (long long)w->version);
    if (!e) e = find_branch(db, w, &branch);
    if (!e) e = put_answers(db, w);
    return e ? e : memberships_find(db, w->public_id, w->arena, w->now);
}

enum err membership_join_change(struct db *db, const char *public_id, int64_t version,
                                const struct membership_join_wish *wish, struct arena *arena,
                                struct memberships_membership *now, struct why *why)
{
    struct work w = {.wish = wish,
                     .public_id = public_id,
                     .version = version,
                     .person = wish->person,
                     .now_ms = wish->now_ms,
                     .arena = arena,
                     .now = now};
    return db_write_said(db, change, &w, &w.why, why);
}

static enum err leave(struct db *db, void *user)
{
    struct work *w = user;
    enum err e = find_own(db, w);
    if (e || w->now->ended_ms) return e;
    const struct memberships_step step = {
        .state = w->now->state == MEMBERSHIPS_waiting ? MEMBERSHIPS_withdrawn : MEMBERSHIPS_left,
        .now_ms = w->now_ms};
    e = memberships_go_on(db, w->now, &step);
    return e ? e : memberships_find(db, w->public_id, w->arena, w->now);
}

enum err membership_join_leave(struct db *db, const char *public_id, int64_t person, int64_t now_ms,
                               struct arena *arena, struct memberships_membership *now,
                               struct why *why)
{
    struct work w = {
        .public_id = public_id, .person = person, .now_ms = now_ms, .arena = arena, .now = now};
    return db_write_said(db, leave, &w, &w.why, why);
}

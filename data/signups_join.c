#include "data/signups_join.h"

#include "data/changes.h"
#include "data/inbox.h"
#include "data/members.h"

#include <stdio.h>
#include <string.h>

enum { PATH_SIZE = 40 };

/* ---- telling --------------------------------------------------------------------------------- */

static enum err tell(struct db *db, int64_t person, const struct signups_news *news, int64_t now_ms)
{
    char about[PATH_SIZE];
    (void)snprintf(about, sizeof about, "/v1/activities/%lld", (long long)news->activity->id);
    const struct inbox_message message = {.person = person,
                                          .verb = (enum inbox_verb)news->verb,
                                          .about = about,
                                          .title = news->activity->title,
                                          .at_ms = news->activity->from_ms,
                                          .note = news->note};
    return inbox_put(db, &message, now_ms);
}

enum err signups_join_tell(struct db *db, const struct signups_news *news, int64_t now_ms)
{
    int64_t id = 0, person = 0;
    enum err e = ERR_OK;
    bool row = true;
    while (!e && row) {
        struct db_query *q;
        e = db_prepare(db,
                       "SELECT id, person_id FROM activity_signups WHERE activity_id = :activity "
                       "AND id > :id AND person_id IS NOT NULL AND (state IN ('signed', "
                       "'attended') OR (:confirmed AND state = 'confirmed') OR (:waiting AND state "
                       "= 'waiting')) ORDER BY id LIMIT 1",
                       &q);
        if (e) return e;
        db_bind_int(q, ":activity", news->activity->id);
        db_bind_int(q, ":id", id);
        db_bind_int(q, ":confirmed", news->confirmed);
        db_bind_int(q, ":waiting", news->waiting);
        if (!(e = db_step(q, &row)) && row) {
            id = db_int(q, 0);
            person = db_int(q, 1);
        }
        db_done(q);
        if (!e && row) e = tell(db, person, news, now_ms);
    }
    return e;
}

/* ---- signing up ------------------------------------------------------------------------------ */

struct work {
    const struct activity_kinds *kinds;
    const struct signups_wish *wish;
    const struct answers_reply *reply;
    struct idempotency_answer *answer;
    const char *public_id; /* of what is taken back */
    struct arena *arena;
    struct why *why;
};

static bool is_full(const struct activities_activity *a)
{
    return a->seats && a->taken >= a->seats;
}

/* A seat that is free while somebody waits is theirs. */
static bool is_full_for_newcomers(const struct activities_activity *a)
{
    return is_full(a) || (a->seats && a->waiting);
}

static enum err judge(struct db *db, const struct work *w, const struct activities_activity *a,
                      enum signups_state *state)
{
    const struct activity_kinds_kind *kind = activity_kinds_find(w->kinds, a->kind);
    struct signups_signup before;
    bool is_member = true;
    if (a->state == ACTIVITIES_draft) return err_say(w->why, ERR_NOTFOUND, "no such activity");
    if (a->state != ACTIVITIES_open)
        return err_say(w->why, ERR_CONFLICT, "one cannot sign up: it is %s",
                       activities_state_name(a->state));
    if (w->wish->now_ms >= a->until_ms)
        return err_say(w->why, ERR_CONFLICT, "one cannot sign up any more: that ended");
    enum err e = a->branch_id ? members_is(db, a->branch_id, w->wish->person, &is_member) : ERR_OK;
    if (!e && !is_member)
        return err_say(w->why, ERR_CONFLICT, "it is for members of a branch that you are not in");
    if (!e) e = signups_of(db, a->id, w->wish->person, w->arena, &before);
    if (!e)
        return err_say(w->why, ERR_CONFLICT, "you signed up already: that is %s",
                       signups_state_name(before.state));
    if (e != ERR_NOTFOUND) return e;
    bool full = is_full_for_newcomers(a);
    if (full && !(kind && kind->waiting_list))
        return err_say(w->why, ERR_CONFLICT, "all %lld seats are taken", (long long)a->seats);
    *state = full ? SIGNUPS_waiting : SIGNUPS_signed;
    return ERR_OK;
}

static enum err insert(struct db *db, const struct signups_wish *wish, enum signups_state state,
                       const char *public_id)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO activity_signups (public_id, version, activity_id, "
                            "person_id, state, made_ms) VALUES (:public, 1, :activity, :person, "
                            ":state, :now)",
                            &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    db_bind_int(q, ":activity", wish->activity);
    db_bind_int(q, ":person", wish->person);
    db_bind_text(q, ":state", signups_state_name(state));
    db_bind_int(q, ":now", wish->now_ms);
    return db_run(q, NULL);
}

static enum err join(struct db *db, void *user)
{
    struct work *w = user;
    struct activities_activity activity;
    enum signups_state state = SIGNUPS_waiting;
    char public_id[SECRETS_ID_SIZE];
    bool done = false;
    enum err e = answers_find(db, w->reply, w->wish->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = activities_find(db, w->wish->activity, w->arena, &activity);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such activity");
    if (!e) e = judge(db, w, &activity, &state);
    if (e) return e;
    secrets_public_id(public_id);
    e = insert(db, w->wish, state, public_id);
    if (!e) e = changes_add(db, CHANGES_activities, activity.id, "signed_up");
    /* Where a seat was free all the same, who waits longest has it. */
    if (!e && state == SIGNUPS_waiting) e = signups_join_move_up(db, activity.id, w->wish->now_ms);
    return e ? e : answers_keep(db, w->reply, public_id, w->wish->now_ms, w->arena, w->answer);
}

enum err signups_join_make(struct db *db, const struct activity_kinds *kinds,
                           const struct signups_wish *wish, const struct answers_reply *reply,
                           struct arena *arena, struct idempotency_answer *answer, struct why *why)
{
    struct work w = {
        .kinds = kinds, .wish = wish, .reply = reply, .answer = answer, .arena = arena};
    return db_write_said(db, join, &w, &w.why, why);
}

/* ---- moving up ------------------------------------------------------------------------------- */

static enum err set_state(struct db *db, int64_t id, enum signups_state state, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE activity_signups SET version = version + 1, state = :state, "
                            "ended_ms = CASE :state WHEN 'cancelled' THEN :now END WHERE id = :id",
                            &q);
    if (e) return e;
    db_bind_text(q, ":state", signups_state_name(state));
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

/* Who waits longest; 0: nobody. */
static enum err find_next(struct db *db, int64_t activity, int64_t *id, int64_t *person)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT id, person_id FROM activity_signups WHERE activity_id = "
                            ":activity AND state = 'waiting' AND person_id IS NOT NULL ORDER BY id "
                            "LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_int(q, ":activity", activity);
    if (!(e = db_step(q, &row))) {
        *id = row ? db_int(q, 0) : 0;
        *person = row ? db_int(q, 1) : 0;
    }
    db_done(q);
    return e;
}

/* As long as seats are given at all: until it begins, or for as long as one can sign up. */
static bool takes_more(const struct activities_activity *a, int64_t now_ms)
{
    bool alive = a->state == ACTIVITIES_open || a->state == ACTIVITIES_closed;
    bool early = now_ms < a->from_ms || now_ms < a->until_ms;
    return alive && a->waiting && !is_full(a) && early;
}

enum err signups_join_move_up(struct db *db, int64_t activity, int64_t now_ms)
{
    struct activities_activity a;
    struct arena arena;
    int64_t id = 1, person = 0;
    arena_init(&arena, 0);
    enum err e = activities_find(db, activity, &arena, &a);
    while (!e && takes_more(&a, now_ms) && !(e = find_next(db, activity, &id, &person)) && id) {
        const struct signups_news news = {.activity = &a, .verb = INBOX_activity_seated};
        e = set_state(db, id, SIGNUPS_signed, now_ms);
        if (!e) e = tell(db, person, &news, now_ms);
        if (!e) e = changes_add(db, CHANGES_activities, activity, "moved_up");
        if (!e) e = activities_find(db, activity, &arena, &a);
    }
    arena_fini(&arena);
    return e;
}

/* ---- taking it back -------------------------------------------------------------------------- */

static enum err take_back(struct db *db, const struct signups_signup *s, int64_t now_ms)
{
    enum err e = set_state(db, s->id, SIGNUPS_cancelled, now_ms);
    if (!e) e = changes_add(db, CHANGES_activities, s->activity, "signed_off");
    return e ? e : signups_join_move_up(db, s->activity, now_ms);
}

static enum err cancel(struct db *db, void *user)
{
    const struct work *w = user;
    struct activities_activity activity;
    struct signups_signup found;
    enum err e = signups_find(db, w->public_id, w->arena, &found);
    if (!e && found.person != w->wish->person) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such sign-up of yours");
    if (e || found.state == SIGNUPS_cancelled) return e;
    if (found.state != SIGNUPS_waiting && found.state != SIGNUPS_signed)
        return err_say(w->why, ERR_CONFLICT, "it is %s already", signups_state_name(found.state));
    e = activities_find(db, found.activity, w->arena, &activity);
    if (e) return e;
    if (found.state == SIGNUPS_signed && w->wish->now_ms >= activity.from_ms)
        return err_say(w->why, ERR_CONFLICT, "it has begun: tell the staff that you do not come");
    return take_back(db, &found, w->wish->now_ms);
}

enum err signups_join_cancel(struct db *db, const char *public_id, int64_t person, int64_t now_ms,
                             struct why *why)
{
    const struct signups_wish wish = {.person = person, .now_ms = now_ms};
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.wish = &wish, .public_id = public_id, .arena = &arena};
    enum err e = db_write_said(db, cancel, &w, &w.why, why);
    arena_fini(&arena);
    return e;
}

/* One that they can still leave; 0: none. */
static enum err find_leavable(struct db *db, int64_t person, int64_t now_ms, int64_t *id,
                              int64_t *activity)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT s.id, s.activity_id FROM activity_signups s JOIN activities a "
                            "ON a.id = s.activity_id WHERE s.person_id = :person AND (s.state = "
                            "'waiting' OR (s.state = 'signed' AND a.from_ms > :now)) LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":now", now_ms);
    if (!(e = db_step(q, &row))) {
        *id = row ? db_int(q, 0) : 0;
        *activity = row ? db_int(q, 1) : 0;
    }
    db_done(q);
    return e;
}

enum err signups_join_leave(struct db *db, int64_t person, int64_t now_ms)
{
    struct signups_signup s = {0};
    enum err e;
    while (!(e = find_leavable(db, person, now_ms, &s.id, &s.activity)) && s.id)
        if ((e = take_back(db, &s, now_ms))) break;
    return e;
}

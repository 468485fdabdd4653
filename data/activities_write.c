#include "data/activities_write.h"

#include "data/changes.h"
#include "data/inbox.h"
#include "data/pictures.h"
#include "data/record.h"
#include "data/signups_join.h"

#include <stdio.h>
#include <string.h>

static const int64_t day_ms = 86400000;

struct work {
    const struct activities_rules *rules;
    const struct activities_shown *shown; /* NULL: as they are */
    struct activities_activity *activity;
    const struct activities_move *move;
    const struct answers_reply *reply;
    struct idempotency_answer *answer;
    struct arena *arena;
    int64_t now_ms;
    struct why *why;
};

/* ---- checking -------------------------------------------------------------------------------- */

static enum err check_times(const struct activities_activity *a, struct why *why)
{
    if (a->to_ms <= a->from_ms) return err_say(why, ERR_INVALID, "to must be later than from");
    if (a->to_ms - a->from_ms > ACTIVITIES_DAYS_MAX * day_ms)
        return err_say(why, ERR_INVALID, "to must be at most %d days after from",
                       ACTIVITIES_DAYS_MAX);
    if (a->until_ms > a->to_ms)
        return err_say(why, ERR_INVALID, "sign_up_until must not be later than to");
    return ERR_OK;
}

static enum err check_points(const struct activities_rules *rules,
                             const struct activity_kinds_kind *kind, int64_t amount,
                             struct why *why)
{
    const struct points_kind *points =
        kind->points ? points_rules_find(rules->points, kind->points) : NULL;
    int64_t most = points ? points->bounds[POINTS_ACTIVITY].most : 0;
    if (amount >= 0 && amount <= most) return ERR_OK;
    if (!most) return err_say(why, ERR_INVALID, "points: \"%s\" brings none", kind->code);
    return err_say(why, ERR_INVALID, "points must be from 0 to %lld", (long long)most);
}

static enum err check(const struct activities_rules *rules, const struct activities_activity *a,
                      struct why *why)
{
    const struct activity_kinds_kind *kind = activity_kinds_find(rules->kinds, a->kind);
    if (!kind) return err_say(why, ERR_INVALID, "kind: there is no activity \"%s\"", a->kind);
    enum err e = record_text("title", a->title, 1, ACTIVITIES_TITLE_MAX, why);
    if (!e) e = record_text("title_en", a->title_en, 0, ACTIVITIES_TITLE_MAX, why);
    if (!e) e = record_text("text", a->body, 0, ACTIVITIES_BODY_MAX, why);
    if (!e) e = record_text("address", a->address, 0, ACTIVITIES_ADDRESS_MAX, why);
    if (!e) e = check_times(a, why);
    if (!e && (a->seats < 0 || a->seats > ACTIVITIES_SEATS_MAX))
        e = err_say(why, ERR_INVALID, "seats must be from 0 to %d", ACTIVITIES_SEATS_MAX);
    if (!e && kind->check_in == 1u << ACTIVITY_POSITION && !a->has_position)
        e = err_say(why, ERR_INVALID,
                    "location is owed: who takes part in \"%s\" checks in by position", a->kind);
    return e ? e : check_points(rules, kind, a->points, why);
}

/* ---- storing --------------------------------------------------------------------------------- */

static enum err put(struct db *db, const struct work *w, const char *sql)
{
    const struct activities_activity *a = w->activity;
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", a->id);
    db_bind_text(q, ":kind", a->kind);
    db_bind_text(q, ":state", activities_state_name(a->state));
    db_bind_text(q, ":title", a->title);
    db_bind_text(q, ":title_en", a->title_en);
    db_bind_text(q, ":body", a->body);
    db_bind_text(q, ":address", a->address);
    db_bind_int(q, ":area", a->area_id);
    db_bind_int(q, ":branch", a->branch_id);
    db_bind_int(q, ":place", a->place_id);
    if (a->has_position) db_bind_real(q, ":lon", a->at.lon);
    if (a->has_position) db_bind_real(q, ":lat", a->at.lat);
    db_bind_int(q, ":from", a->from_ms);
    db_bind_int(q, ":to", a->to_ms);
    db_bind_int(q, ":until", a->until_ms);
    db_bind_int(q, ":seats", a->seats);
    db_bind_int(q, ":points", a->points);
    db_bind_int(q, ":by", a->created_by);
    db_bind_int(q, ":now", w->now_ms);
    return db_run(q, NULL);
}

static enum err there_is(struct db *db, const char *sql, int64_t id, bool *there)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    e = db_step(q, there);
    db_done(q);
    return e;
}

static enum err check_branch(struct db *db, const struct work *w)
{
    bool there = true;
    enum err e = ERR_OK;
    if (w->activity->branch_id)
        e = there_is(db, "SELECT 1 FROM branches WHERE id = :id AND ended_ms IS NULL",
                     w->activity->branch_id, &there);
    if (!e && !there)
        return err_say(w->why, ERR_INVALID, "branch_id: there is no such branch (any more)");
    return e;
}

static enum err show(struct db *db, const struct work *w, int64_t id)
{
    if (!w->shown) return ERR_OK;
    const struct pictures_showing showing = {.owner = PICTURES_activity,
                                             .owner_id = id,
                                             .by = w->shown->by,
                                             .ids = w->shown->ids,
                                             .count = w->shown->count,
                                             .now_ms = w->now_ms};
    return pictures_show(db, &showing, w->why);
}

static enum err create(struct db *db, void *user)
{
    struct work *w = user;
    char number[24];
    bool done = false;
    enum err e = answers_find(db, w->reply, w->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    if (!(e = check_branch(db, w)))
        e = put(db, w,
                "INSERT INTO activities (id, version, kind, state, title, title_en, body, address, "
                "area_id, branch_id, place_id, lon, lat, from_ms, to_ms, until_ms, seats, points, "
                "created_by, created_ms, updated_ms) VALUES (NULLIF(:id, 0), 1, :kind, :state, "
                ":title, :title_en, :body, :address, NULLIF(:area, 0), NULLIF(:branch, 0), "
                "NULLIF(:place, 0), :lon, :lat, :from, :to, :until, :seats, :points, :by, :now, "
                ":now)");
    int64_t id = e ? 0 : db_last_id(db);
    if (!e) e = show(db, w, id);
    if (!e) e = activities_find(db, id, w->arena, w->activity);
    if (e) return e;
    e = changes_add(db, CHANGES_activities, w->activity->id, "created");
    (void)snprintf(number, sizeof number, "%lld", (long long)w->activity->id);
    return e ? e : answers_keep(db, w->reply, number, w->now_ms, w->arena, w->answer);
}

/* ---- changing -------------------------------------------------------------------------------- */

/* The activity as it is, if its writer saw it so. */
static enum err find_present(struct db *db, const struct work *w, int64_t id, int64_t version,
                             struct activities_activity *now)
{
    enum err e = activities_find(db, id, w->arena, now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such activity");
    if (!e) e = record_seen("the activity", now->version, version, w->why);
    return e;
}

static enum err judge_change(const struct work *w, const struct activities_activity *now)
{
    const struct activities_activity *a = w->activity;
    if (now->state == ACTIVITIES_done || now->state == ACTIVITIES_cancelled)
        return err_say(w->why, ERR_CONFLICT, "it is %s", activities_state_name(now->state));
    if (now->state != ACTIVITIES_draft && strcmp(a->kind, now->kind) != 0)
        return err_say(w->why, ERR_CONFLICT, "kind: of what was open it stays \"%s\"", now->kind);
    if (a->seats && a->seats < now->taken)
        return err_say(w->why, ERR_CONFLICT, "seats: %lld are taken already",
                       (long long)now->taken);
    if (a->points < now->points && now->taken + now->waiting)
        return err_say(w->why, ERR_CONFLICT, "points: %lld were promised to who signed up",
                       (long long)now->points);
    return ERR_OK;
}

static enum err forget_reminders(struct db *db, int64_t activity)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "UPDATE activity_signups SET reminded_ms = NULL WHERE activity_id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", activity);
    return db_run(q, NULL);
}

/* Another time or place: whoever comes is told. */
static enum err tell_change(struct db *db, const struct work *w,
                            const struct activities_activity *was)
{
    const struct activities_activity *a = w->activity;
    bool moved = a->from_ms != was->from_ms || a->to_ms != was->to_ms ||
                 a->place_id != was->place_id || a->has_position != was->has_position ||
                 a->at.lon != was->at.lon || a->at.lat != was->at.lat ||
                 strcmp(a->address, was->address) != 0;
    if (!moved || a->state == ACTIVITIES_draft) return ERR_OK;
    const struct signups_news news = {
        .activity = a, .verb = INBOX_activity_changed, .waiting = true};
    enum err e = signups_join_tell(db, &news, w->now_ms);
    return e || a->from_ms == was->from_ms ? e : forget_reminders(db, a->id);
}

static enum err change(struct db *db, void *user)
{
    struct work *w = user;
    struct activities_activity was;
    int64_t id = w->activity->id;
    enum err e = find_present(db, w, id, w->activity->version, &was);
    if (!e) e = judge_change(w, &was);
    if (!e && w->activity->branch_id != was.branch_id) e = check_branch(db, w);
    w->activity->state = was.state;
    if (!e)
        e = put(db, w,
                "UPDATE activities SET version = version + 1, kind = :kind, title = :title, "
                "title_en = :title_en, body = :body, address = :address, area_id = NULLIF(:area, "
                "0), branch_id = NULLIF(:branch, 0), place_id = NULLIF(:place, 0), lon = :lon, "
                "lat = :lat, from_ms = :from, to_ms = :to, until_ms = :until, seats = :seats, "
                "points = :points, updated_ms = :now WHERE id = :id AND :state <> '' AND :by >= 0");
    if (!e) e = show(db, w, id);
    if (!e) e = activities_find(db, id, w->arena, w->activity);
    if (!e) e = tell_change(db, w, &was);
    if (!e) e = signups_join_move_up(db, id, w->now_ms);
    if (!e) e = activities_find(db, id, w->arena, w->activity);
    return e ? e : changes_add(db, CHANGES_activities, id, "changed");
}

/* ---- its state ------------------------------------------------------------------------------- */

static enum err judge_move(const struct work *w, const struct activities_activity *a)
{
    static const unsigned ways[ACTIVITIES_STATE_COUNT] = {
        [ACTIVITIES_draft] = 1u << ACTIVITIES_open | 1u << ACTIVITIES_cancelled,
        [ACTIVITIES_open] =
            1u << ACTIVITIES_closed | 1u << ACTIVITIES_done | 1u << ACTIVITIES_cancelled,
        [ACTIVITIES_closed] =
            1u << ACTIVITIES_open | 1u << ACTIVITIES_done | 1u << ACTIVITIES_cancelled};
    enum activities_state to = w->move->to;
    if (!(ways[a->state] >> to & 1))
        return err_say(w->why, ERR_CONFLICT, "what is %s cannot become %s",
                       activities_state_name(a->state), activities_state_name(to));
    enum err e = record_text("reason", w->move->reason, to == ACTIVITIES_cancelled,
                             ACTIVITIES_REASON_MAX, w->why);
    if (e) return e;
    if (to == ACTIVITIES_open && w->now_ms >= a->to_ms)
        return err_say(w->why, ERR_CONFLICT, "it is over: give it another time first");
    if (to == ACTIVITIES_done && w->now_ms < a->from_ms)
        return err_say(w->why, ERR_CONFLICT, "it has not begun: cancel it instead");
    return ERR_OK;
}

/* Who signed up is told, also who came already; who did not come yet is free. */
static enum err call_off(struct db *db, const struct work *w, const struct activities_activity *a)
{
    const struct signups_news news = {.activity = a,
                                      .verb = INBOX_activity_cancelled,
                                      .note = w->move->reason,
                                      .confirmed = true,
                                      .waiting = true};
    struct db_query *q;
    enum err e = signups_join_tell(db, &news, w->now_ms);
    if (!e)
        e = db_prepare(db,
                       "UPDATE activity_signups SET version = version + 1, state = 'cancelled', "
                       "ended_ms = :now WHERE activity_id = :id AND state IN ('waiting', 'signed')",
                       &q);
    if (e) return e;
    db_bind_int(q, ":now", w->now_ms);
    db_bind_int(q, ":id", a->id);
    return db_run(q, NULL);
}

static enum err move(struct db *db, void *user)
{
    struct work *w = user;
    const struct activities_move *m = w->move;
    struct db_query *q;
    enum err e = find_present(db, w, m->id, m->version, w->activity);
    if (!e) e = judge_move(w, w->activity);
    if (!e)
        e = db_prepare(db,
                       "UPDATE activities SET version = version + 1, state = :state, reason = "
                       ":reason, updated_ms = :now WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_text(q, ":state", activities_state_name(m->to));
    db_bind_text(q, ":reason", m->to == ACTIVITIES_cancelled ? m->reason : "");
    db_bind_int(q, ":now", w->now_ms);
    db_bind_int(q, ":id", m->id);
    e = db_run(q, NULL);
    if (!e && m->to == ACTIVITIES_cancelled) e = call_off(db, w, w->activity);
    if (!e && m->to == ACTIVITIES_open) e = signups_join_move_up(db, m->id, w->now_ms);
    if (!e) e = activities_find(db, m->id, w->arena, w->activity);
    return e ? e : changes_add(db, CHANGES_activities, m->id, activities_state_name(m->to));
}

static enum err erase(struct db *db, void *user)
{
    struct work *w = user;
    int64_t id = w->activity->id;
    struct activities_activity now;
    struct db_query *q;
    enum err e = find_present(db, w, id, w->activity->version, &now);
    if (!e && now.state != ACTIVITIES_draft)
        return err_say(w->why, ERR_CONFLICT,
                       "only a draft is deleted: what was open is cancelled instead");
    if (!e) e = pictures_drop(db, PICTURES_activity, id);
    if (!e) e = db_prepare(db, "DELETE FROM activities WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_activities, id, "deleted");
}

/* ---- from outside ---------------------------------------------------------------------------- */

enum err activities_write_create(struct db *db, const struct activities_rules *rules,
                                 const struct activities_shown *shown,
                                 const struct answers_reply *reply, int64_t now_ms,
                                 struct arena *arena, struct activities_activity *activity,
                                 struct idempotency_answer *answer, struct why *why)
{
    struct work w = {.rules = rules,
                     .shown = shown,
                     .activity = activity,
                     .reply = reply,
                     .answer = answer,
                     .arena = arena,
                     .now_ms = now_ms};
    enum err e = check(rules, activity, why);
    if (!e && activity->state == ACTIVITIES_open && now_ms >= activity->to_ms)
        e = err_say(why, ERR_INVALID, "to lies in the past");
    return e ? e : db_write_said(db, create, &w, &w.why, why);
}

enum err activities_write_change(struct db *db, const struct activities_rules *rules,
                                 const struct activities_shown *shown, int64_t now_ms,
                                 struct arena *arena, struct activities_activity *activity,
                                 struct why *why)
{
    struct work w = {
        .rules = rules, .shown = shown, .activity = activity, .arena = arena, .now_ms = now_ms};
    enum err e = check(rules, activity, why);
    return e ? e : db_write_said(db, change, &w, &w.why, why);
}

enum err activities_write_move(struct db *db, const struct activities_rules *rules,
                               const struct activities_move *m, struct arena *arena,
                               struct activities_activity *activity, struct why *why)
{
    struct work w = {
        .rules = rules, .activity = activity, .move = m, .arena = arena, .now_ms = m->now_ms};
    return db_write_said(db, move, &w, &w.why, why);
}

enum err activities_write_delete(struct db *db, int64_t id, int64_t version, struct why *why)
{
    struct activities_activity activity = {.id = id, .version = version};
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.activity = &activity, .arena = &arena};
    enum err e = db_write_said(db, erase, &w, &w.why, why);
    arena_fini(&arena);
    return e;
}

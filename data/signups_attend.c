#include "data/signups_attend.h"

#include "data/activity_code.h"
#include "data/audit.h"
#include "data/changes.h"
#include "data/deeds.h"
#include "data/inbox.h"
#include "data/points_award.h"
#include "data/record.h"
#include "data/signups_join.h"
#include "geo/space/geodesic.h"

#include <stdio.h>
#include <string.h>

static const int64_t minute_ms = 60000;

struct work {
    const struct activities_rules *rules;
    const struct signups_arrival *arrival; /* or */
    const struct signups_verdict *verdict; /* this one */
    struct arena *arena;
    struct signups_signup *found;
    struct activities_activity activity;
    const struct activity_kinds_kind *kind;
    struct why *why;
};

static enum err find(struct db *db, struct work *w, const char *public_id, int64_t activity,
                     int64_t person)
{
    enum err e = signups_find(db, public_id, w->arena, w->found);
    if (!e && ((activity && w->found->activity != activity) ||
               (person && w->found->person != person) || !w->found->person))
        e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such sign-up");
    if (!e) e = activities_find(db, w->found->activity, w->arena, &w->activity);
    if (e) return e;
    w->kind = activity_kinds_find(w->rules->kinds, w->activity.kind);
    if (!w->kind)
        return err_say(w->why, ERR_CONFLICT, "the kind \"%s\" is no longer described",
                       w->activity.kind);
    return ERR_OK;
}

/* ---- points and numbers ---------------------------------------------------------------------- */

static enum err award(struct db *db, const struct work *w, int64_t now_ms)
{
    const struct activities_activity *a = &w->activity;
    const struct points_award points = {.person = w->found->person,
                                        .kind = w->kind->points,
                                        .amount = a->points,
                                        .source = points_source_name(POINTS_ACTIVITY),
                                        .source_id = a->id,
                                        .area_id = a->area_id,
                                        .reason = a->title};
    if (!a->points || !w->kind->points || !points_rules_find(w->rules->points, w->kind->points))
        return ERR_OK;
    return points_award_put(db, w->rules->points, &points, now_ms, NULL);
}

static enum err forget_numbers(struct db *db, int64_t signup)
{
    struct db_query *q;
    enum err e = db_prepare(db, "DELETE FROM activity_numbers WHERE signup_id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", signup);
    return db_run(q, NULL);
}

static enum err keep_numbers(struct db *db, const struct work *w)
{
    const struct signups_verdict *v = w->verdict;
    enum err e = forget_numbers(db, w->found->id);
    for (size_t i = 0; i < v->number_count && v->confirmed && !e; i++) {
        struct db_query *q;
        e = db_prepare(db,
                       "INSERT INTO activity_numbers (signup_id, code, number) VALUES (:id, "
                       ":code, :number)",
                       &q);
        if (e) return e;
        db_bind_int(q, ":id", w->found->id);
        db_bind_text(q, ":code", v->numbers[i].code);
        db_bind_int(q, ":number", v->numbers[i].number);
        e = db_run(q, NULL);
    }
    return e;
}

/* ---- checking in ----------------------------------------------------------------------------- */

static enum err judge_position(const struct work *w)
{
    const struct signups_arrival *in = w->arrival;
    double within = (double)w->kind->within_m;
    if (!w->activity.has_position)
        return err_say(w->why, ERR_CONFLICT, "it has no position: check in another way");
    if (in->accuracy_m > within)
        return err_say(w->why, ERR_CONFLICT,
                       "your position may be off by %.0f m: check in where it is known to %.0f m, "
                       "or another way",
                       in->accuracy_m, within);
    double away = geodesic_distance_m(in->at, w->activity.at);
    if (away <= within + in->accuracy_m) return ERR_OK;
    return err_say(w->why, ERR_CONFLICT, "you are %.0f m away: come within %.0f m", away, within);
}

static enum err judge_arrival(const struct work *w)
{
    const struct signups_arrival *in = w->arrival;
    const struct activities_activity *a = &w->activity;
    int64_t around = w->kind->around_min * minute_ms;
    if (a->state != ACTIVITIES_open && a->state != ACTIVITIES_closed)
        return err_say(w->why, ERR_CONFLICT, "it is %s", activities_state_name(a->state));
    if (in->now_ms < a->from_ms - around)
        return err_say(w->why, ERR_CONFLICT, "check in from %lld minutes before it begins",
                       (long long)w->kind->around_min);
    if (in->now_ms > a->to_ms + around)
        return err_say(w->why, ERR_CONFLICT, "it is over: ask the staff to confirm that you came");
    if (!(w->kind->check_in >> in->way & 1))
        return err_say(w->why, ERR_CONFLICT, "one does not check in to it by %s",
                       activity_kinds_way_name(in->way));
    if (w->found->state != SIGNUPS_signed)
        return err_say(w->why, ERR_CONFLICT, "the sign-up is %s",
                       signups_state_name(w->found->state));
    if (in->by && in->by == w->found->person)
        return err_say(w->why, ERR_DENIED, "nobody checks themselves in as staff");
    if (in->way == ACTIVITY_POSITION) return judge_position(w);
    if (in->way == ACTIVITY_CODE &&
        !activity_code_fits(in->key, a->id, w->kind, in->now_ms, in->code))
        return err_say(w->why, ERR_CONFLICT, "that is not the code that is shown there now");
    return ERR_OK;
}

static enum err arrive(struct db *db, const struct work *w)
{
    const struct signups_arrival *in = w->arrival;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE activity_signups SET version = version + 1, state = :state, "
                            "way = :way, attended_ms = :now, ended_ms = CASE :state WHEN "
                            "'confirmed' THEN :now END WHERE id = :id",
                            &q);
    if (e) return e;
    db_bind_text(q, ":state",
                 signups_state_name(w->kind->confirm ? SIGNUPS_attended : SIGNUPS_confirmed));
    db_bind_text(q, ":way", activity_kinds_way_name(in->way));
    db_bind_int(q, ":now", in->now_ms);
    db_bind_int(q, ":id", w->found->id);
    e = db_run(q, NULL);
    if (!e && !w->kind->confirm) e = award(db, w, in->now_ms);
    if (!e) e = changes_add(db, CHANGES_activities, w->activity.id, "checked_in");
    return e ? e : signups_find(db, in->public_id, w->arena, w->found);
}

static enum err check_in(struct db *db, void *user)
{
    struct work *w = user;
    const struct signups_arrival *in = w->arrival;
    enum err e = find(db, w, in->public_id, in->activity, in->person);
    if (e || w->found->state == SIGNUPS_attended || w->found->state == SIGNUPS_confirmed) return e;
    e = judge_arrival(w);
    return e ? e : arrive(db, w);
}

/* ---- what staff say -------------------------------------------------------------------------- */

static enum err check_numbers(const struct work *w)
{
    const struct signups_verdict *v = w->verdict;
    for (size_t i = 0; i < v->number_count; i++) {
        const struct signups_number *n = &v->numbers[i];
        const struct activity_kinds_number *of = activity_kinds_number(w->kind, n->code);
        if (!of)
            return err_say(w->why, ERR_INVALID, "tally: \"%s\" is not counted of \"%s\"", n->code,
                           w->kind->code);
        if (n->number < 0 || n->number > of->most)
            return err_say(w->why, ERR_INVALID, "tally: %s must be from 0 to %lld", n->code,
                           (long long)of->most);
        for (size_t j = 0; j < i; j++)
            if (strcmp(v->numbers[j].code, n->code) == 0)
                return err_say(w->why, ERR_INVALID, "tally: %s is given twice", n->code);
    }
    return ERR_OK;
}

static enum err judge_verdict(const struct work *w)
{
    const struct signups_verdict *v = w->verdict;
    const struct signups_signup *s = w->found;
    enum err e = record_seen("the sign-up", s->version, v->version, w->why);
    if (e) return e;
    if (s->person == v->by)
        return err_say(w->why, ERR_DENIED, "nobody judges whether they took part themselves");
    e = record_text("reason", v->reason, !v->confirmed, ACTIVITIES_REASON_MAX, w->why);
    if (e) return e;
    if (s->state == SIGNUPS_cancelled || (s->state == SIGNUPS_waiting && v->confirmed))
        return err_say(w->why, ERR_CONFLICT, "the sign-up is %s", signups_state_name(s->state));
    if (v->confirmed && w->activity.state == ACTIVITIES_cancelled)
        return err_say(w->why, ERR_CONFLICT, "the activity is cancelled");
    if (v->confirmed && v->now_ms < w->activity.from_ms - w->kind->around_min * minute_ms)
        return err_say(w->why, ERR_CONFLICT, "it has not begun: nobody took part yet");
    return v->confirmed ? check_numbers(w) : ERR_OK;
}

static enum err store_verdict(struct db *db, const struct work *w)
{
    const struct signups_verdict *v = w->verdict;
    struct db_query *q;
    enum err e =
        db_prepare(db,
                   "UPDATE activity_signups SET version = version + 1, state = :state, way = CASE "
                   "WHEN :confirmed AND way = '' THEN 'staff' ELSE way END, attended_ms = CASE "
                   "WHEN :confirmed THEN COALESCE(attended_ms, :now) ELSE attended_ms END, reason "
                   "= :reason, judged_by = :by, ended_ms = :now WHERE id = :id",
                   &q);
    if (e) return e;
    db_bind_text(q, ":state",
                 signups_state_name(v->confirmed ? SIGNUPS_confirmed : SIGNUPS_refused));
    db_bind_int(q, ":confirmed", v->confirmed);
    db_bind_text(q, ":reason", v->confirmed ? "" : v->reason);
    db_bind_int(q, ":by", v->by);
    db_bind_int(q, ":now", v->now_ms);
    db_bind_int(q, ":id", w->found->id);
    e = db_run(q, NULL);
    if (e == ERR_CONFLICT)
        return err_say(w->why, e, "all seats are taken: give it more before one more is confirmed");
    return e;
}

static enum err tell(struct db *db, const struct work *w)
{
    const struct signups_verdict *v = w->verdict;
    const char *about = arena_printf(w->arena, "/v1/activities/%lld", (long long)w->activity.id);
    const struct inbox_message message = {.person = w->found->person,
                                          .verb = v->confirmed ? INBOX_activity_confirmed
                                                               : INBOX_activity_refused,
                                          .about = about,
                                          .title = w->activity.title,
                                          .note = v->confirmed ? NULL : v->reason};
    const struct audit_row row = {.verb =
                                      v->confirmed ? AUDIT_signup_confirmed : AUDIT_signup_refused,
                                  .person = v->by,
                                  .subject = w->found->person,
                                  .area = w->activity.area_id,
                                  .detail = about,
                                  .at_ms = v->now_ms};
    if (!about) return ERR_NOMEM;
    enum err e = inbox_put(db, &message, v->now_ms);
    if (!e) e = audit_add(db, &row);
    return e ? e
             : changes_add(db, CHANGES_activities, w->activity.id,
                           v->confirmed ? "confirmed" : "refused");
}

static enum err judge(struct db *db, void *user)
{
    struct work *w = user;
    const struct signups_verdict *v = w->verdict;
    enum err e = find(db, w, v->public_id, v->activity, 0);
    if (!e) e = judge_verdict(w);
    if (!e) e = store_verdict(db, w);
    if (!e) e = keep_numbers(db, w);
    const struct points_unaward taken = {.person = w->found->person,
                                         .source = points_source_name(POINTS_ACTIVITY),
                                         .source_id = v->activity,
                                         .reason = v->reason};
    if (!e && v->confirmed) e = award(db, w, v->now_ms);
    if (!e && !v->confirmed) e = points_award_undo(db, &taken, v->now_ms);
    if (!e && !v->confirmed) e = deeds_take_off(db, w->found->id, v->now_ms);
    if (!e) e = tell(db, w);
    if (!e && !v->confirmed) e = signups_join_move_up(db, v->activity, v->now_ms);
    return e ? e : signups_find(db, v->public_id, w->arena, w->found);
}

/* ---- from outside ---------------------------------------------------------------------------- */

enum err signups_attend_check_in(struct db *db, const struct activities_rules *rules,
                                 const struct signups_arrival *arrival, struct arena *arena,
                                 struct signups_signup *found, struct why *why)
{
    struct work w = {.rules = rules, .arrival = arrival, .arena = arena, .found = found};
    return db_write_said(db, check_in, &w, &w.why, why);
}

enum err signups_attend_judge(struct db *db, const struct activities_rules *rules,
                              const struct signups_verdict *verdict, struct arena *arena,
                              struct signups_signup *found, struct why *why)
{
    struct work w = {.rules = rules, .verdict = verdict, .arena = arena, .found = found};
    return db_write_said(db, judge, &w, &w.why, why);
}

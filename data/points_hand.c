#include "data/points_hand.h"

#include "data/audit.h"
#include "data/record.h"
#include "geo/base/zone.h"

#include <stdio.h>
#include <string.h>

struct work {
    const struct points_gift *gift; /* of this kind, or */
    const struct points_kind *kind;
    const struct points_reversal *reversal; /* this one */
    const struct answers_reply *reply;
    struct arena *arena;
    struct points_entry *made;
    struct idempotency_answer *answer;
    int64_t now_ms;
    struct why *why;
};

static enum err check_reason(const char *reason, struct why *why)
{
    return record_text("reason", reason ? reason : "", 1, POINTS_REASON_MAX, why);
}

/* What stands in the ledger by now, in the audit trail, and as the kept answer. */
static enum err note(struct db *db, struct work *w, int64_t id, enum audit_verb verb)
{
    char number[24];
    enum err e = points_find(db, id, w->arena, w->made);
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    if (e) return e;
    const struct audit_row row = {
        .verb = verb,
        .person = w->made->by,
        .subject = w->made->person,
        .area = w->made->area_id,
        .detail =
            arena_printf(w->arena, "%lld %s", (long long)points_amount(w->made), w->made->kind),
        .at_ms = w->now_ms};
    e = audit_add(db, &row);
    return e ? e : answers_keep(db, w->reply, number, w->now_ms, w->arena, w->answer);
}

/* That the giver may give so many more this day. */
static enum err check_day(struct db *db, const struct work *w)
{
    const struct points_gift *gift = w->gift;
    struct db_query *q;
    bool row = false;
    int64_t given = 0;
    enum err e = db_prepare(db,
                            "SELECT sum(settled - owed) FROM points_entries WHERE by_id = :by AND "
                            "day = :day AND kind = :kind AND source = 'hand' AND phase = 'settled'",
                            &q);
    if (e) return e;
    db_bind_int(q, ":by", gift->by);
    db_bind_int(q, ":day", zone_time_of(gift->now_ms).day);
    db_bind_text(q, ":kind", gift->kind);
    if (!(e = db_step(q, &row)) && row) given = db_int(q, 0);
    db_done(q);
    if (e || given + gift->amount <= w->kind->hand_day) return e;
    return err_say(w->why, ERR_CONFLICT,
                   "one person gives %lld of these points a day at most: you gave %lld today",
                   (long long)w->kind->hand_day, (long long)given);
}

static enum err give(struct db *db, struct work *w)
{
    const struct points_gift *gift = w->gift;
    bool is_rider = false;
    int64_t id = 0;
    enum err e = points_is_rider(db, gift->person, &is_rider);
    if (e) return e;
    if (!is_rider)
        return err_say(w->why, ERR_INVALID,
                       "person: there is no such rider; who holds an office gets no points");
    struct points_entry entry = {.person = gift->person,
                                 .kind = gift->kind,
                                 .phase = POINTS_settled,
                                 .rule = "hand",
                                 .source = "hand",
                                 .area_id = gift->area_id,
                                 .by = gift->by,
                                 .reason = gift->reason,
                                 .at_ms = gift->now_ms};
    e = check_day(db, w);
    if (!e) e = points_credit(db, gift->amount, &entry);
    if (!e) e = points_add(db, &entry, &id);
    return e ? e : note(db, w, id, AUDIT_points_given);
}

static enum err take(struct db *db, struct work *w)
{
    int64_t id = 0;
    enum err e = points_reverse(db, w->reversal, w->arena, &id, w->why);
    return e ? e : note(db, w, id, AUDIT_points_reversed);
}

static enum err work(struct db *db, void *user)
{
    struct work *w = user;
    bool done = false;
    enum err e = answers_find(db, w->reply, w->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    return w->gift ? give(db, w) : take(db, w);
}

enum err points_hand_give(struct db *db, const struct points_rules *rules,
                          const struct points_gift *gift, const struct answers_reply *reply,
                          struct arena *arena, struct points_entry *made,
                          struct idempotency_answer *answer, struct why *why)
{
    struct work w = {.gift = gift,
                     .reply = reply,
                     .arena = arena,
                     .made = made,
                     .answer = answer,
                     .now_ms = gift->now_ms};
    const struct points_kind *kind = points_rules_find(rules, gift->kind);
    w.kind = kind;
    if (!kind) return err_say(why, ERR_INVALID, "points: there are none \"%s\"", gift->kind);
    if (!kind->hand_max)
        return err_say(why, ERR_INVALID, "points: \"%s\" are not given by hand", gift->kind);
    if (gift->amount < 1 || gift->amount > kind->hand_max)
        return err_say(why, ERR_INVALID, "amount must be from 1 to %lld",
                       (long long)kind->hand_max);
    enum err e = check_reason(gift->reason, why);
    return e ? e : db_write_said(db, work, &w, &w.why, why);
}

enum err points_hand_reverse(struct db *db, const struct points_reversal *reversal,
                             const struct answers_reply *reply, struct arena *arena,
                             struct points_entry *made, struct idempotency_answer *answer,
                             struct why *why)
{
    struct work w = {.reversal = reversal,
                     .reply = reply,
                     .arena = arena,
                     .made = made,
                     .answer = answer,
                     .now_ms = reversal->now_ms};
    enum err e = check_reason(reversal->reason, why);
    return e ? e : db_write_said(db, work, &w, &w.why, why);
}

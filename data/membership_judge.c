#include "data/membership_judge.h"

#include "data/audit.h"
#include "data/inbox.h"
#include "data/member_card.h"
#include "data/record.h"

#include <string.h>

struct work {
    const struct membership_judge *judge;
    struct arena *arena;
    struct memberships_membership *now;
    struct why *why;
};

/* Whether it is as this very verdict left it. */
static bool is_repeat(const struct work *w)
{
    const struct membership_judge *j = w->judge;
    const struct memberships_membership *m = w->now;
    return m->version == j->version + 1 && m->state == j->to && m->judged_by == j->by &&
           strcmp(m->reason, j->reason ? j->reason : "") == 0;
}

/* `*repeat`: nothing is to be done. */
static enum err find_present(struct db *db, const struct work *w, bool *repeat)
{
    const struct membership_judge *j = w->judge;
    const struct memberships_membership *m = w->now;
    enum memberships_state from =
        j->to == MEMBERSHIPS_removed ? MEMBERSHIPS_member : MEMBERSHIPS_waiting;
    enum err e = memberships_find(db, j->public_id, w->arena, w->now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such membership");
    if (e) return e;
    if ((*repeat = is_repeat(w))) return ERR_OK;
    e = record_seen("the membership", m->version, j->version, w->why);
    if (!e && m->state != from)
        return err_say(w->why, ERR_CONFLICT, "the membership is %s, not %s",
                       memberships_state_name(m->state), memberships_state_name(from));
    if (!e && m->person == j->by)
        return err_say(w->why, ERR_DENIED, "nobody judges their own membership");
    return e;
}

/* The other branch is left, or stands in the way. */
static enum err leave_other(struct db *db, const struct work *w)
{
    struct memberships_membership other;
    if (!w->now->alone) return ERR_OK;
    enum err e = memberships_find_alone(db, w->now->person, w->arena, &other);
    if (e) return e == ERR_NOTFOUND ? ERR_OK : e;
    if (!w->now->moves)
        return err_say(w->why, ERR_CONFLICT,
                       "they joined another branch meanwhile, and did not say that they move");
    const struct memberships_step step = {.state = MEMBERSHIPS_moved, .now_ms = w->judge->now_ms};
    return memberships_go_on(db, &other, &step);
}

static enum err note(struct db *db, const struct work *w)
{
    static const enum audit_verb verbs[MEMBERSHIPS_STATE_COUNT] = {
        [MEMBERSHIPS_member] = AUDIT_member_approved,
        [MEMBERSHIPS_refused] = AUDIT_member_refused,
        [MEMBERSHIPS_removed] = AUDIT_member_removed};
    static const enum inbox_verb told[MEMBERSHIPS_STATE_COUNT] = {
        [MEMBERSHIPS_member] = INBOX_member_approved,
        [MEMBERSHIPS_refused] = INBOX_member_refused,
        [MEMBERSHIPS_removed] = INBOX_member_ended};
    struct branches_branch branch;
    enum err e = branches_find(db, w->now->branch, w->arena, &branch);
    if (e) return e;
    const struct inbox_message message = {.person = w->now->person,
                                          .verb = told[w->judge->to],
                                          .about = "/v1/me/memberships",
                                          .title = branch.name,
                                          .note = w->judge->reason};
    const struct audit_row row = {.verb = verbs[w->judge->to],
                                  .person = w->judge->by,
                                  .subject = w->now->person,
                                  .area = branch.area_id,
                                  .route = w->judge->route,
                                  .detail = branch.name,
                                  .at_ms = w->judge->now_ms};
    e = audit_add(db, &row);
    return e ? e : inbox_put(db, &message, w->judge->now_ms);
}

static enum err judge(struct db *db, void *user)
{
    struct work *w = user;
    struct memberships_step step = {.state = w->judge->to,
                                    .by = w->judge->by,
                                    .reason = w->judge->reason,
                                    .now_ms = w->judge->now_ms};
    bool repeat = false;
    enum err e = find_present(db, w, &repeat);
    if (e || repeat) return e;
    if (step.state == MEMBERSHIPS_member) e = leave_other(db, w);
    if (!e && step.state == MEMBERSHIPS_member) e = member_card_number(db, &step.card);
    if (!e) e = memberships_go_on(db, w->now, &step);
    if (!e) e = note(db, w);
    return e ? e : memberships_find(db, w->judge->public_id, w->arena, w->now);
}

enum err membership_judge_put(struct db *db, const struct membership_judge *put,
                              struct arena *arena, struct memberships_membership *now,
                              struct why *why)
{
    struct work w = {put, arena, now, NULL};
    return db_write_said(db, judge, &w, &w.why, why);
}

/* A store with kinds of activities, one that is open, and riders who sign up. */
#ifndef YZ_TESTS_DATA_ACTIVITIES_SCENE_H
#define YZ_TESTS_DATA_ACTIVITIES_SCENE_H

#include "tests/data/points_scene.h"

#include "data/activities_write.h"
#include "data/signups_attend.h"
#include "data/signups_join.h"

enum { HOUR_MS = 3600000 };

struct fair {
    struct scene c;
    struct activity_kinds *kinds;
    struct activities_rules rules;
    int64_t staff;
};

static const char fair_kinds[] =
    "activity: help\nlabel: {zh: a, en: b}\nis: task\nwaiting_list: true\ncheck_in: [position, "
    "code, staff]\ndeeds: true\npoints: {kind: service, amount: 10}\ntally:\n  - {code: visits, "
    "zh: a, en: b, most: 5}\n";

static inline struct fair fair_open(void)
{
    struct fair f = {.c = scene_open()};
    struct why why = {""};
    if (activity_kinds_parse("help", fair_kinds, strlen(fair_kinds), f.c.rules, &f.kinds, &why))
        fail_msg("%s", why.text);
    f.rules = (struct activities_rules){f.kinds, f.c.rules};
    f.staff = scene_rider(&f.c, "staff");
    return f;
}

static inline void fair_close(struct fair *f)
{
    activity_kinds_free(f->kinds);
    scene_close(&f->c);
}

static inline enum err fair_render(void *user, struct buf *body)
{
    (void)user, (void)body;
    return ERR_OK;
}

/* One that begins in `hours` and lasts two. */
static inline struct activities_activity fair_publish(struct fair *f, int64_t hours, int64_t seats)
{
    const struct answers_reply reply = {.status = 201, .render = fair_render};
    struct idempotency_answer answer;
    struct why why = {""};
    struct activities_activity a = {.kind = "help",
                                    .state = ACTIVITIES_open,
                                    .title = "扫雪",
                                    .title_en = "",
                                    .body = "",
                                    .address = "",
                                    .has_position = true,
                                    .at = {116.3, 39.9},
                                    .from_ms = f->c.now_ms + hours * HOUR_MS,
                                    .to_ms = f->c.now_ms + (hours + 2) * HOUR_MS,
                                    .until_ms = f->c.now_ms + (hours + 2) * HOUR_MS,
                                    .seats = seats,
                                    .points = 10,
                                    .created_by = f->staff};
    if (activities_write_create(f->c.s.db, &f->rules, NULL, &reply, f->c.now_ms, &f->c.s.arena, &a,
                                &answer, &why))
        fail_msg("%s", why.text);
    return a;
}

static inline enum err fair_try_join(struct fair *f, int64_t activity, int64_t person,
                                     struct signups_signup *made, struct why *why)
{
    const struct answers_reply reply = {.status = 201, .render = fair_render};
    const struct signups_wish wish = {activity, person, f->c.now_ms += 1000};
    struct idempotency_answer answer;
    enum err e = signups_join_make(f->c.s.db, f->kinds, &wish, &reply, &f->c.s.arena, &answer, why);
    return e ? e : signups_of(f->c.s.db, activity, person, &f->c.s.arena, made);
}

static inline struct signups_signup fair_join(struct fair *f, int64_t activity, int64_t person)
{
    struct signups_signup made;
    struct why why = {""};
    if (fair_try_join(f, activity, person, &made, &why)) fail_msg("%s", why.text);
    return made;
}

static inline struct activities_activity fair_now(struct fair *f, int64_t activity)
{
    struct activities_activity now;
    assert_ok(activities_find(f->c.s.db, activity, &f->c.s.arena, &now));
    return now;
}

static inline enum signups_state fair_state(struct fair *f, const struct signups_signup *s)
{
    struct signups_signup now;
    assert_ok(signups_find(f->c.s.db, s->public_id, &f->c.s.arena, &now));
    return now.state;
}

/* What the triggers keep is what there is. */
static inline void fair_audit(struct fair *f)
{
    assert_int_equal(
        value_of(f->c.s.db,
                 "SELECT count(*) FROM activities a WHERE taken <> (SELECT count(*) FROM "
                 "activity_signups WHERE activity_id = a.id AND state IN ('signed', 'attended', "
                 "'confirmed')) OR waiting <> (SELECT count(*) FROM activity_signups WHERE "
                 "activity_id = a.id AND state = 'waiting') OR (seats > 0 AND taken > seats)"),
        0);
}

#endif

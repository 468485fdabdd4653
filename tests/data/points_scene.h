/* A store whose kinds bring points, riders, and what their ledgers say. */
#ifndef YZ_TESTS_DATA_POINTS_SCENE_H
#define YZ_TESTS_DATA_POINTS_SCENE_H

#include "tests/data/store.h"

#include "data/points.h"
#include "data/points_case.h"
#include "data/points_rank.h"
#include "geo/base/zone.h"

#include <stdio.h>

struct scene {
    struct store s;
    struct points_rules *rules;
    int64_t now_ms;
};

static const char scene_rules[] =
    "points: service\nlabel: {zh: 服务积分, en: Service points}\ncaps: {day: 25, week: 40}\nhand: "
    "100\ncases:\n  - {kind: report, pending: [filed], settled: [closed], void: [rejected, "
    "duplicate, withdrawn], reporter: 10, joiner: 2, repeat: 1, categories: {parking: 0}}\n"
    "activities: {most: 50, day: 60, week: 70}\nlessons: {most: 20}\n";

static inline struct scene scene_open(void)
{
    struct scene c = {.s = store_fresh(), .now_ms = 1795000000000};
    struct why why = {""};
    assert_ok(zone_use("Asia/Shanghai", &why));
    if (points_rules_parse("service", scene_rules, strlen(scene_rules), c.s.kinds, &c.rules, &why))
        fail_msg("%s", why.text);
    kinds_set_points(c.s.kinds, c.rules);
    return c;
}

static inline void scene_close(struct scene *c)
{
    store_close(&c->s);
    points_rules_free(c->rules);
    scratch_remove();
}

static inline int64_t scene_rider(struct scene *c, const char *login)
{
    struct db_query *q;
    assert_ok(db_prepare(
        c->s.db, "INSERT INTO people (login, created_ms, updated_ms) VALUES (:login, 1, 1)", &q));
    db_bind_text(q, ":login", login);
    assert_ok(db_run(q, NULL));
    return db_last_id(c->s.db);
}

static inline struct cases_case scene_sent(struct scene *c, int64_t reporter, const char *category)
{
    struct cases_new fresh = store_report();
    fresh.reporter = reporter;
    fresh.category = category;
    fresh.now_ms = c->now_ms += 1000;
    return store_created(&c->s, &fresh);
}

/* Moves by an area lead, one after the other; `states` ends with NULL. A photo of what was done is
 * there already. */
static inline void scene_move(struct scene *c, struct cases_case *of, const char *const *states)
{
    struct why why = {""};
    for (; *states; states++) {
        const bool rejected = strcmp(*states, "rejected") == 0;
        struct cases_acting acting = {.public_id = of->public_id,
                                      .to = *states,
                                      .version = of->version,
                                      .actor = {KINDS_ROLE(area_lead) | KINDS_REPORTER, 0},
                                      .reason = rejected || strcmp(*states, "reopened") == 0 ||
                                                        strcmp(*states, "submitted") == 0
                                                    ? "a reason"
                                                    : NULL,
                                      .now_ms = c->now_ms += 1000};
        unsigned char bytes[64];
        struct photos_clean photo = store_photo(bytes, (uint64_t)c->now_ms);
        struct cases_acted acted;
        if (strcmp(*states, "closed") == 0) {
            acting.photos = &photo;
            acting.photo_count = 1;
        }
        enum err e =
            cases_act(c->s.db, c->s.dir, c->s.kinds, &acting, NULL, &c->s.arena, &acted, &why);
        assert_string_equal(why.text, "");
        assert_ok(e);
        *of = acted.now;
    }
}
#define SCENE_MOVE(scene, of, ...) scene_move(scene, of, (const char *const[]){__VA_ARGS__, NULL})

static inline enum err scene_try_repeat(struct scene *c, struct cases_case *of,
                                        const struct cases_case *original, struct why *why)
{
    struct cases_acting acting = {.public_id = of->public_id,
                                  .to = "duplicate",
                                  .duplicate_of = original->public_id,
                                  .version = of->version,
                                  .actor = {KINDS_ROLE(area_lead), 0},
                                  .now_ms = c->now_ms += 1000};
    return store_act(c->s.db, c->s.kinds, &acting, &c->s.arena, of, why);
}

static inline void scene_repeats(struct scene *c, struct cases_case *of,
                                 const struct cases_case *original)
{
    struct why why = {""};
    if (scene_try_repeat(c, of, original, &why)) fail_msg("%s", why.text);
}

static inline void scene_join(struct scene *c, const struct cases_case *of, int64_t person)
{
    struct why why = {""};
    struct cases_case now;
    struct cases_acting acting = {.public_id = of->public_id,
                                  .verb = CASES_joined,
                                  .actor = {0, person},
                                  .now_ms = c->now_ms += 1000};
    assert_ok(store_act(c->s.db, c->s.kinds, &acting, &c->s.arena, &now, &why));
}

/* "pending/settled/owed" */
static inline const char *scene_has(struct scene *c, int64_t person)
{
    struct points_balance now;
    assert_ok(points_balance(c->s.db, person, "service", &now));
    return arena_printf(&c->s.arena, "%lld/%lld/%lld", (long long)now.pending,
                        (long long)now.settled, (long long)now.owed);
}

static inline int64_t scene_entries(struct scene *c)
{
    return value_of(c->s.db, "SELECT count(*) FROM points_entries");
}

/* What the rankings say is what the ledger adds up to. */
static inline void scene_audit(struct scene *c)
{
    for (int period = 0; period < POINTS_PERIODS; period++)
        assert_int_equal(
            value_of(c->s.db,
                     arena_printf(&c->s.arena,
                                  "SELECT COALESCE(sum(earned), 0) FROM points_tally WHERE "
                                  "area_id = 0 AND period = '%s'",
                                  points_period_name((enum points_period)period))),
            value_of(c->s.db, "SELECT COALESCE(sum(settled - owed), 0) FROM points_entries WHERE "
                              "phase IN ('settled', 'reversed') AND person_id IS NOT NULL"));
}

#endif

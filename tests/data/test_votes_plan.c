#include "tests/data/votes_scene.h"

#include <stdio.h>

/* People in three factors; the last is nobody's account. */
static struct votes_plan plan_of(struct scene *c, struct votes_plan_row rows[3])
{
    static const int64_t scores[3][3] = {{90, 80, 100}, {100, 60, 70}, {30, 90, 80}};
    static const char *const names[] = {"王五", "李四", "赵六"};
    for (int i = 0; i < 3; i++)
        rows[i] = (struct votes_plan_row){i < 2 ? c->people[i] : 0, names[i], scores[i], -1};
    return (struct votes_plan){1000001, rows, 3, 3};
}

TEST(what_is_divided_adds_up_to_the_pot_and_nobody_is_a_fen_off)
{
    uint64_t seed = random_seed();
    struct arena arena;
    arena_init(&arena, 0);
    for (int round = 0; round < 2000; round++) {
        enum { MOST = 40, FACTORS = 5 };
        int64_t scores[MOST][FACTORS], sums[FACTORS], weights[FACTORS], *amounts, all = 0,
                                                                                  hundred = 0;
        struct votes_plan_row rows[MOST];
        size_t n = 1 + random_below(&seed, MOST);
        double total = 0;
        for (size_t f = 0; f < FACTORS; f++)
            sums[f] = (int64_t)random_below(&seed, 20000000);
        for (size_t i = 0; i < n; i++) {
            for (size_t f = 0; f < FACTORS; f++)
                scores[i][f] = 1 + (int64_t)random_below(&seed, 1000);
            rows[i] = (struct votes_plan_row){0, "a", scores[i], -1};
        }
        const struct votes_plan plan = {
            1 + (int64_t)(random_unit(&seed) * (double)VOTES_PLAN_POT_MAX), rows, n, FACTORS};
        votes_plan_weights(sums, FACTORS, weights);
        assert_ok(votes_plan_divide(&plan, weights, &arena, &amounts));
        for (size_t f = 0; f < FACTORS; f++)
            hundred += weights[f];
        assert_int_equal(hundred, 10000);
        double shares[MOST];
        for (size_t i = 0; i < n; i++) {
            shares[i] = 0;
            for (size_t f = 0; f < FACTORS; f++)
                shares[i] += (double)weights[f] * (double)scores[i][f];
            total += shares[i];
        }
        for (size_t i = 0; i < n; i++) {
            double exact = (double)plan.pot_fen * shares[i] / total;
            assert_true((double)amounts[i] > exact - 1.001 && (double)amounts[i] < exact + 1.001);
            all += amounts[i];
        }
        assert_int_equal(all, plan.pot_fen);
        arena_reset(&arena);
    }
    arena_fini(&arena);
}

TEST(an_adopted_plan_has_what_everybody_gets_and_a_rejected_one_does_not)
{
    static const int64_t weights[] = {50, 30, 20};
    for (int yes = 0; yes < 2; yes++) {
        struct scene c = scene_open();
        struct votes_draft draft = scene_draft(&c, true);
        struct votes_plan_row rows[3];
        struct votes_plan plan = plan_of(&c, rows);
        struct votes_vote v;
        struct why why = {""};
        assert_ok(scene_try(&c, &draft, &v, &why));
        if (votes_plan_put(c.s.db, v.id, 1, &plan, 0, &c.s.arena, &why)) fail_msg("%s", why.text);
        const struct votes_act act = {.id = v.id, .version = 2, .now_ms = SCENE_NOW};
        assert_ok(votes_draft_open(c.s.db, &act, &c.s.arena, &v, &why));
        for (int i = 0; i < 3; i++)
            assert_ok(scene_cast(&c, v.id, c.people[i], yes ? 1 : 2, weights, NULL, NULL));
        v = scene_closed(&c, v.id);
        assert_int_equal(v.outcome, yes ? VOTES_adopted : VOTES_rejected);
        assert_ok(votes_plan_find(c.s.db, v.id, &c.s.arena, &plan));
        assert_int_equal(plan.row_count, 3);
        assert_string_equal(plan.rows[2].name, "赵六");
        /* 45 + 24 + 20 = 89, 50 + 18 + 14 = 82, 15 + 27 + 16 = 58; 229 in all. */
        static const int64_t want[] = {388647, 358079, 253275};
        for (int i = 0; i < 3; i++)
            assert_int_equal(plan.rows[i].amount_fen, yes ? want[i] : -1);
        if (yes) {
            assert_err(db_exec(c.s.db, "UPDATE vote_plan_rows SET amount_fen = 1"), ERR_CONFLICT);
            assert_err(db_exec(c.s.db, "DELETE FROM vote_plan_rows"), ERR_CONFLICT);
            assert_err(db_exec(c.s.db, "UPDATE vote_plans SET pot_fen = 1"), ERR_CONFLICT);
        }
        scene_close(&c);
    }
}

TEST(a_plan_that_nobody_gave_weights_for_is_rejected)
{
    struct scene c = scene_open();
    struct votes_draft draft = scene_draft(&c, true);
    struct votes_plan_row rows[3];
    struct votes_plan plan = plan_of(&c, rows);
    struct votes_vote v;
    struct why why = {""};
    assert_ok(scene_try(&c, &draft, &v, &why));
    assert_ok(votes_plan_put(c.s.db, v.id, 1, &plan, 0, &c.s.arena, &why));
    const struct votes_act act = {.id = v.id, .version = 2, .now_ms = SCENE_NOW};
    assert_ok(votes_draft_open(c.s.db, &act, &c.s.arena, &v, &why));
    for (int i = 0; i < 3; i++)
        assert_ok(scene_cast(&c, v.id, c.people[i], 1, NULL, NULL, NULL));
    v = scene_closed(&c, v.id);
    assert_int_equal(v.outcome, VOTES_rejected);
    scene_close(&c);
}

TEST(a_plan_that_does_not_fit_its_question_is_refused)
{
    struct scene c = scene_open();
    struct votes_draft draft = scene_draft(&c, true);
    struct votes_plan_row rows[3];
    struct votes_plan plan = plan_of(&c, rows);
    struct votes_vote v;
    struct why why = {""};
    assert_ok(scene_try(&c, &draft, &v, &why));
    plan.factor_count = 2;
    assert_err(votes_plan_put(c.s.db, v.id, 1, &plan, 0, &c.s.arena, &why), ERR_INVALID);
    plan = plan_of(&c, rows);
    plan.rows[1].person = plan.rows[0].person;
    assert_err(votes_plan_put(c.s.db, v.id, 1, &plan, 0, &c.s.arena, &why), ERR_INVALID);
    assert_string_equal(why.text, "rows/1/person is there twice");
    plan = plan_of(&c, rows);
    int64_t staff = c.people[4];
    assert_err(votes_plan_put(c.s.db, v.id, 1, &plan, staff, &c.s.arena, &why), ERR_INVALID);
    assert_string_equal(why.text, "rows/0/person is nobody whom you can ask");
    assert_err(votes_plan_put(c.s.db, v.id, 9, &plan, 0, &c.s.arena, &why), ERR_CONFLICT);
    assert_ok(votes_plan_put(c.s.db, v.id, 1, &plan, 0, &c.s.arena, &why));
    draft.vote.id = v.id;
    draft.vote.version = 2;
    draft.vote.question_count = 1; /* the weights are asked no more */
    assert_ok(votes_draft_change(c.s.db, &draft, SCENE_NOW, &c.s.arena, &v, &why));
    const struct votes_act act = {.id = v.id, .version = 3, .now_ms = SCENE_NOW};
    assert_err(votes_draft_open(c.s.db, &act, &c.s.arena, &v, &why), ERR_CONFLICT);
    scene_close(&c);
}

RUN(cmocka_unit_test(what_is_divided_adds_up_to_the_pot_and_nobody_is_a_fen_off),
    cmocka_unit_test(an_adopted_plan_has_what_everybody_gets_and_a_rejected_one_does_not),
    cmocka_unit_test(a_plan_that_nobody_gave_weights_for_is_rejected),
    cmocka_unit_test(a_plan_that_does_not_fit_its_question_is_refused))

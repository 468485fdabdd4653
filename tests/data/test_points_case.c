#include "tests/data/points_scene.h"

#include "data/cases_forget.h"
#include "data/people_forget.h"

TEST(points_wait_when_a_report_is_filed_and_are_good_when_it_is_closed)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang");
    struct cases_case one = scene_sent(&c, wang, "lamp"), none = scene_sent(&c, 0, "lamp"),
                      worthless = scene_sent(&c, wang, "parking");
    SCENE_MOVE(&c, &one, "accepted");
    assert_string_equal(scene_has(&c, wang), "0/0/0");
    SCENE_MOVE(&c, &one, "filed", "dispatched", "handling");
    assert_string_equal(scene_has(&c, wang), "10/0/0");
    SCENE_MOVE(&c, &one, "handled", "verifying", "closed");
    assert_string_equal(scene_has(&c, wang), "0/10/0");
    SCENE_MOVE(&c, &one, "reopened", "accepted", "filed", "dispatched", "handling", "handled",
               "verifying", "closed");
    assert_string_equal(scene_has(&c, wang), "0/10/0");
    SCENE_MOVE(&c, &none, "accepted", "filed");
    SCENE_MOVE(&c, &worthless, "accepted", "filed");
    assert_int_equal(scene_entries(&c), 2);
    scene_audit(&c);
    scene_close(&c);
}

TEST(what_turns_out_to_be_void_is_reversed_also_after_it_was_good)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang");
    struct cases_case one = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &one, "accepted", "filed", "dispatched", "handling", "handled", "verifying",
               "closed", "reopened", "accepted", "rejected");
    assert_string_equal(scene_has(&c, wang), "0/0/0");
    assert_int_equal(scene_entries(&c), 3);
    scene_audit(&c);
    scene_close(&c);
}

TEST(joiners_and_those_who_sent_the_same_get_little_and_each_once)
{
    struct scene c = scene_open();
    int64_t first = scene_rider(&c, "first"), joiner = scene_rider(&c, "joiner"),
            late = scene_rider(&c, "late"), again = scene_rider(&c, "again");
    struct cases_case one = scene_sent(&c, first, "lamp"), two = scene_sent(&c, again, "lamp"),
                      three = scene_sent(&c, again, "lamp"), own = scene_sent(&c, first, "lamp");
    scene_join(&c, &one, joiner);
    scene_repeats(&c, &two, &one);
    SCENE_MOVE(&c, &one, "accepted", "filed");
    assert_string_equal(scene_has(&c, joiner), "2/0/0");
    assert_string_equal(scene_has(&c, again), "1/0/0");
    scene_join(&c, &one, late);
    assert_string_equal(scene_has(&c, late), "2/0/0");
    scene_repeats(&c, &three, &one);
    scene_repeats(&c, &own, &one);
    scene_join(&c, &one, again);
    assert_string_equal(scene_has(&c, again), "1/0/0");
    assert_string_equal(scene_has(&c, first), "10/0/0");
    SCENE_MOVE(&c, &one, "dispatched", "handling", "handled", "verifying", "closed");
    assert_string_equal(scene_has(&c, first), "0/10/0");
    assert_string_equal(scene_has(&c, again), "0/1/0");
    assert_string_equal(scene_has(&c, late), "0/2/0");
    scene_audit(&c);
    scene_close(&c);
}

TEST(a_filed_report_that_becomes_a_repetition_gives_back_and_gets_little_until_it_is_split_off)
{
    struct scene c = scene_open();
    int64_t first = scene_rider(&c, "first"), again = scene_rider(&c, "again");
    struct cases_case one = scene_sent(&c, first, "lamp"), two = scene_sent(&c, again, "lamp");
    SCENE_MOVE(&c, &one, "accepted", "filed");
    SCENE_MOVE(&c, &two, "accepted", "filed");
    assert_string_equal(scene_has(&c, again), "10/0/0");
    scene_repeats(&c, &two, &one);
    assert_string_equal(scene_has(&c, again), "1/0/0");
    SCENE_MOVE(&c, &two, "submitted");
    assert_string_equal(scene_has(&c, again), "0/0/0");
    SCENE_MOVE(&c, &two, "accepted", "filed");
    assert_string_equal(scene_has(&c, again), "10/0/0");
    assert_string_equal(scene_has(&c, first), "10/0/0");
    scene_close(&c);
}

TEST(caps_hold_by_the_day_and_the_week_and_the_statement_says_so)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang");
    const int64_t day_ms = 86400000;
    struct cases_case sent[6];
    c.now_ms = zone_utc_ms_of(20780, 600); /* a Tuesday */
    for (int i = 0; i < 3; i++) {
        sent[i] = scene_sent(&c, wang, "lamp");
        SCENE_MOVE(&c, &sent[i], "accepted", "filed");
    }
    assert_string_equal(scene_has(&c, wang), "25/0/0");
    assert_int_equal(value_of(c.s.db, "SELECT sum(capped) FROM points_entries"), 5);
    c.now_ms += day_ms;
    for (int i = 3; i < 5; i++) {
        sent[i] = scene_sent(&c, wang, "lamp");
        SCENE_MOVE(&c, &sent[i], "accepted", "filed");
    }
    assert_string_equal(scene_has(&c, wang), "40/0/0");
    SCENE_MOVE(&c, &sent[2], "dispatched"); /* a day later nothing is added to it */
    assert_string_equal(scene_has(&c, wang), "40/0/0");
    c.now_ms += 6 * day_ms;
    sent[5] = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &sent[5], "accepted", "filed");
    assert_string_equal(scene_has(&c, wang), "50/0/0");
    scene_close(&c);
}

TEST(who_holds_an_office_gets_no_points)
{
    struct scene c = scene_open();
    int64_t staff = scene_rider(&c, "staff");
    struct why why = {""};
    const struct people_grant grant = {.role = PEOPLE_handler, .kind = ""};
    assert_ok(people_grant(c.s.db, NULL, staff, &grant, &why));
    struct cases_case one = scene_sent(&c, staff, "lamp");
    SCENE_MOVE(&c, &one, "accepted", "filed");
    assert_int_equal(scene_entries(&c), 0);
    scene_close(&c);
}

struct taking {
    struct points_reversal reversal;
    struct arena *arena;
    struct why why;
};

static enum err take(struct db *db, void *user)
{
    struct taking *t = user;
    return points_reverse(db, &t->reversal, t->arena, NULL, &t->why);
}

TEST(what_somebody_took_by_hand_does_not_come_back_with_the_next_move)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang"), lead = scene_rider(&c, "lead");
    struct cases_case one = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &one, "accepted", "filed");
    struct taking t = {.reversal = {.id = 1, .by = lead, .reason = "fraud", .now_ms = c.now_ms},
                       .arena = &c.s.arena};
    assert_ok(db_write(c.s.db, take, &t));
    assert_err(db_write(c.s.db, take, &t), ERR_CONFLICT);
    assert_non_null(strstr(t.why.text, "already"));
    SCENE_MOVE(&c, &one, "dispatched", "handling", "handled", "verifying", "closed");
    assert_string_equal(scene_has(&c, wang), "0/0/0");
    scene_close(&c);
}

TEST(a_report_that_is_forgotten_leaves_what_was_good_and_no_trace_of_which_it_was)
{
    struct scene c = scene_open();
    struct why why = {""};
    int64_t wang = scene_rider(&c, "wang"), joiner = scene_rider(&c, "joiner");
    struct cases_case one = scene_sent(&c, wang, "lamp"), two = scene_sent(&c, wang, "lamp");
    scene_join(&c, &one, joiner);
    SCENE_MOVE(&c, &one, "accepted", "filed", "dispatched", "handling", "handled", "verifying",
               "closed");
    SCENE_MOVE(&c, &two, "accepted", "filed");
    assert_string_equal(scene_has(&c, wang), "10/10/0");
    for (int i = 0; i < 2; i++) {
        const struct cases_forgetting forgetting = {
            .public_id = i ? two.public_id : one.public_id, .person = wang, .now_ms = c.now_ms};
        assert_ok(cases_forget_mine(c.s.db, c.s.dir, c.s.kinds, &forgetting, &c.s.arena, &why));
    }
    assert_string_equal(scene_has(&c, wang), "0/10/0");
    assert_string_equal(scene_has(&c, joiner), "0/2/0");
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM points_entries WHERE source_id IS NOT "
                                      "NULL OR at_ms <> day * 86400000"),
                     0);
    SCENE_MOVE(&c, &two, "dispatched", "handling", "handled", "verifying", "closed");
    assert_string_equal(scene_has(&c, wang), "0/10/0");
    scene_audit(&c);
    scene_close(&c);
}

TEST(a_duplicate_that_is_forgotten_is_in_no_row_of_any_case_that_it_ever_repeated)
{
    struct scene c = scene_open();
    struct why why = {""};
    int64_t wang = scene_rider(&c, "wang"), first = scene_rider(&c, "first");
    struct cases_case top = scene_sent(&c, first, "lamp"), middle = scene_sent(&c, first, "lamp"),
                      own = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &top, "accepted", "filed");
    SCENE_MOVE(&c, &middle, "accepted", "filed");
    scene_repeats(&c, &own, &middle);
    assert_string_equal(scene_has(&c, wang), "1/0/0");
    assert_ok(cases_get(c.s.db, middle.public_id, &c.s.arena, &middle));
    scene_repeats(&c, &middle, &top);
    assert_string_equal(scene_has(&c, wang), "1/0/0");
    const struct cases_forgetting forgetting = {
        .public_id = own.public_id, .person = wang, .now_ms = c.now_ms};
    assert_ok(cases_forget_mine(c.s.db, c.s.dir, c.s.kinds, &forgetting, &c.s.arena, &why));
    const char *left = arena_printf(&c.s.arena,
                                    "SELECT count(*) FROM points_entries WHERE person_id = %lld "
                                    "AND source_id IS NOT NULL",
                                    (long long)wang);
    assert_int_equal(value_of(c.s.db, left), 0);
    scene_audit(&c);
    scene_close(&c);
}

TEST(who_takes_a_join_back_gives_its_points_back_and_cannot_gather_them_twice)
{
    struct scene c = scene_open();
    struct why why = {""};
    int64_t wang = scene_rider(&c, "wang"), joiner = scene_rider(&c, "joiner");
    struct cases_case one = scene_sent(&c, wang, "lamp");
    scene_join(&c, &one, joiner);
    SCENE_MOVE(&c, &one, "accepted", "filed", "dispatched", "handling", "handled", "verifying",
               "closed", "reopened");
    assert_string_equal(scene_has(&c, joiner), "0/2/0");
    const struct cases_forgetting forgetting = {
        .public_id = one.public_id, .person = joiner, .now_ms = c.now_ms};
    for (int i = 0; i < 3; i++) {
        assert_ok(cases_forget_mine(c.s.db, c.s.dir, c.s.kinds, &forgetting, &c.s.arena, &why));
        assert_string_equal(scene_has(&c, joiner), "0/0/0");
        scene_join(&c, &one, joiner);
        assert_string_equal(scene_has(&c, joiner), "0/2/0");
    }
    scene_audit(&c);
    scene_close(&c);
}

TEST(a_rider_who_leaves_is_in_no_row_and_the_sums_of_all_stay)
{
    struct scene c = scene_open();
    struct why why = {""};
    int64_t wang = scene_rider(&c, "wang");
    struct cases_case one = scene_sent(&c, wang, "lamp");
    const struct points_name name = {"老王", false};
    SCENE_MOVE(&c, &one, "accepted", "filed", "dispatched", "handling", "handled", "verifying",
               "closed");
    assert_ok(points_rank_set_name(c.s.db, wang, &name));
    struct people_actor actor = {.id = wang, .login = "wang", .name = ""};
    memset(actor.token, 7, sizeof actor.token);
    struct db_query *q;
    assert_ok(db_prepare(c.s.db,
                         "INSERT INTO tokens (hash, person_id, purpose, created_ms, seen_ms) "
                         "VALUES (:hash, :id, 'session', :now, :now)",
                         &q));
    db_bind_blob(q, ":hash", actor.token, sizeof actor.token);
    db_bind_int(q, ":id", wang);
    db_bind_int(q, ":now", c.now_ms);
    assert_ok(db_run(q, NULL));
    assert_ok(people_forget(c.s.db, c.s.dir, c.s.kinds, &actor, c.now_ms, &why));
    assert_int_equal(value_of(c.s.db, "SELECT sum(settled) FROM points_entries"), 10);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM points_entries WHERE person_id IS NOT "
                                      "NULL OR source_id IS NOT NULL OR at_ms <> day * 86400000"),
                     0);
    assert_int_equal(value_of(c.s.db, "SELECT (SELECT count(*) FROM points_tally) + (SELECT "
                                      "count(*) FROM points_names)"),
                     0);
    scene_close(&c);
}

RUN(cmocka_unit_test(points_wait_when_a_report_is_filed_and_are_good_when_it_is_closed),
    cmocka_unit_test(what_turns_out_to_be_void_is_reversed_also_after_it_was_good),
    cmocka_unit_test(joiners_and_those_who_sent_the_same_get_little_and_each_once),
    cmocka_unit_test(
        a_filed_report_that_becomes_a_repetition_gives_back_and_gets_little_until_it_is_split_off),
    cmocka_unit_test(caps_hold_by_the_day_and_the_week_and_the_statement_says_so),
    cmocka_unit_test(who_holds_an_office_gets_no_points),
    cmocka_unit_test(what_somebody_took_by_hand_does_not_come_back_with_the_next_move),
    cmocka_unit_test(a_report_that_is_forgotten_leaves_what_was_good_and_no_trace_of_which_it_was),
    cmocka_unit_test(a_duplicate_that_is_forgotten_is_in_no_row_of_any_case_that_it_ever_repeated),
    cmocka_unit_test(who_takes_a_join_back_gives_its_points_back_and_cannot_gather_them_twice),
    cmocka_unit_test(a_rider_who_leaves_is_in_no_row_and_the_sums_of_all_stay))

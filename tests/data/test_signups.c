#include "tests/data/activities_scene.h"

#include "tests/data/plan.h"

#include "data/activities_remind.h"
#include "data/activity_code.h"

TEST(the_database_refuses_what_must_never_be)
{
    static const char *const refused[] = {
        /* A seat too many, by either way. */
        "INSERT INTO activity_signups (public_id, version, activity_id, person_id, state, made_ms) "
        "SELECT '2222222222222222222222', 1, 1, id, 'signed', 1 FROM people WHERE login = 'zhao'",
        "UPDATE activity_signups SET state = 'signed' WHERE state = 'waiting'",
        "UPDATE activities SET seats = 1",
        /* Twice. */
        "INSERT INTO activity_signups (public_id, version, activity_id, person_id, state, made_ms) "
        "SELECT '2222222222222222222222', 1, 1, id, 'waiting', 1 FROM people WHERE login = 'wang'",
        /* Of the closed and the late. */
        "INSERT INTO activity_signups (public_id, version, activity_id, person_id, state, made_ms) "
        "SELECT '2222222222222222222222', 1, 1, id, 'waiting', 9000000000000 FROM people WHERE "
        "login = 'zhao'",
        "INSERT INTO activity_signups (public_id, version, activity_id, person_id, state, made_ms, "
        "ended_ms) SELECT '2222222222222222222222', 1, 1, id, 'confirmed', 1, 1 FROM people WHERE "
        "login = 'zhao'",
        /* Another's, back from the dead, gone. */
        "UPDATE activity_signups SET person_id = (SELECT id FROM people WHERE login = 'zhao')",
        "UPDATE activity_signups SET person_id = NULL",
        "UPDATE activity_signups SET state = 'confirmed', ended_ms = 1 WHERE state = 'waiting'",
        "DELETE FROM activity_signups",
        "DELETE FROM activities",
        "UPDATE activities SET state = 'draft'",
        "UPDATE activities SET to_ms = from_ms",
    };
    struct fair f = fair_open();
    struct activities_activity a = fair_publish(&f, 5, 2);
    (void)fair_join(&f, a.id, scene_rider(&f.c, "wang"));
    (void)fair_join(&f, a.id, scene_rider(&f.c, "li"));
    assert_int_equal(fair_join(&f, a.id, scene_rider(&f.c, "qian")).state, SIGNUPS_waiting);
    (void)scene_rider(&f.c, "zhao");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (db_exec(f.c.s.db, refused[i]) != ERR_CONFLICT) fail_msg("done: %s", refused[i]);
    fair_audit(&f);
    fair_close(&f);
}

TEST(seats_hold_whatever_happens_in_which_order)
{
    enum { PEOPLE = 12, STEPS = 300 };
    struct fair f = fair_open();
    struct activities_activity a = fair_publish(&f, 5000, 4);
    uint64_t random = random_seed();
    int64_t people[PEOPLE];
    struct why why = {""};
    char login[16];
    for (int i = 0; i < PEOPLE; i++) {
        (void)snprintf(login, sizeof login, "p%d", i);
        people[i] = scene_rider(&f.c, login);
    }
    for (int i = 0; i < STEPS; i++) {
        int64_t person = people[random_below(&random, PEOPLE)];
        struct signups_signup s;
        if (signups_of(f.c.s.db, a.id, person, &f.c.s.arena, &s))
            s = fair_join(&f, a.id, person);
        else
            assert_ok(signups_join_cancel(f.c.s.db, s.public_id, person, f.c.now_ms, &why));
        fair_audit(&f);
        struct activities_activity now = fair_now(&f, a.id);
        assert_true(now.waiting == 0 || now.taken == now.seats);
    }
    fair_close(&f);
}

TEST(who_waits_longest_moves_up_while_one_can_sign_up)
{
    struct fair f = fair_open();
    struct activities_activity a = fair_publish(&f, 5, 1);
    struct why why = {""};
    int64_t wang = scene_rider(&f.c, "wang"), li = scene_rider(&f.c, "li");
    struct signups_signup first = fair_join(&f, a.id, wang), second = fair_join(&f, a.id, li);
    struct signups_signup third = fair_join(&f, a.id, scene_rider(&f.c, "zhao"));
    assert_ok(signups_join_cancel(f.c.s.db, first.public_id, wang, f.c.now_ms, &why));
    assert_int_equal(fair_state(&f, &second), SIGNUPS_signed);
    assert_int_equal(fair_state(&f, &third), SIGNUPS_waiting);
    assert_err(signups_join_cancel(f.c.s.db, second.public_id, wang, f.c.now_ms, &why),
               ERR_NOTFOUND);
    assert_err(signups_join_cancel(f.c.s.db, second.public_id, li, a.from_ms, &why), ERR_CONFLICT);
    const struct signups_verdict no = {.public_id = second.public_id,
                                       .activity = a.id,
                                       .version = 2,
                                       .by = f.staff,
                                       .reason = "没来",
                                       .now_ms = a.from_ms};
    struct signups_signup found;
    assert_ok(signups_attend_judge(f.c.s.db, &f.rules, &no, &f.c.s.arena, &found, &why));
    assert_int_equal(fair_state(&f, &third), SIGNUPS_signed);
    fair_audit(&f);
    fair_close(&f);
}

/* Seats given up before it began and after; sign-up ends in the first two hours, or before it. */
TEST(nobody_overtakes_who_waits_whenever_a_seat_comes_free)
{
    static const struct {
        int64_t until_h, at_h; /* from its beginning */
        bool moves;
    } rows[] = {{-3, -4, true}, {-3, -1, true}, {-3, 0, false}, {2, 1, true}, {1, 1, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fair f = fair_open();
        struct why why = {""};
        struct activities_activity a = fair_publish(&f, 9, 1), now;
        a.until_ms = a.from_ms + rows[i].until_h * HOUR_MS;
        assert_ok(
            activities_write_change(f.c.s.db, &f.rules, NULL, f.c.now_ms, &f.c.s.arena, &a, &why));
        int64_t wang = scene_rider(&f.c, "wang"), li = scene_rider(&f.c, "li");
        struct signups_signup first = fair_join(&f, a.id, wang), second = fair_join(&f, a.id, li);
        f.c.now_ms = a.from_ms + rows[i].at_h * HOUR_MS;
        const struct signups_verdict no = {.public_id = first.public_id,
                                           .activity = a.id,
                                           .version = 1,
                                           .by = f.staff,
                                           .reason = "没来",
                                           .now_ms = f.c.now_ms};
        assert_ok(signups_attend_judge(f.c.s.db, &f.rules, &no, &f.c.s.arena, &first, &why));
        if ((fair_state(&f, &second) == SIGNUPS_signed) != rows[i].moves) fail_msg("row %zu", i);
        now = fair_now(&f, a.id);
        assert_int_equal(now.waiting, !rows[i].moves);
        fair_audit(&f);
        fair_close(&f);
    }
}

/* However it came that a seat is free while somebody waits, a newcomer stands behind them. */
TEST(a_newcomer_takes_no_seat_from_who_waits)
{
    struct fair f = fair_open();
    struct activities_activity a = fair_publish(&f, 5, 1);
    (void)fair_join(&f, a.id, scene_rider(&f.c, "wang"));
    struct signups_signup second = fair_join(&f, a.id, scene_rider(&f.c, "li"));
    assert_ok(db_exec(f.c.s.db, "UPDATE activities SET seats = 2"));
    struct signups_signup third = fair_join(&f, a.id, scene_rider(&f.c, "zhao"));
    assert_int_equal(fair_state(&f, &second), SIGNUPS_signed);
    assert_int_equal(third.state, SIGNUPS_waiting);
    fair_audit(&f);
    fair_close(&f);
}

TEST(who_waits_can_always_take_that_back_and_who_has_a_seat_until_it_begins)
{
    struct fair f = fair_open();
    struct activities_activity a = fair_publish(&f, 5, 1);
    struct why why = {""};
    int64_t wang = scene_rider(&f.c, "wang"), li = scene_rider(&f.c, "li");
    struct signups_signup first = fair_join(&f, a.id, wang), second = fair_join(&f, a.id, li);
    assert_err(signups_join_cancel(f.c.s.db, first.public_id, wang, a.from_ms, &why), ERR_CONFLICT);
    assert_ok(signups_join_cancel(f.c.s.db, second.public_id, li, a.to_ms + HOUR_MS, &why));
    assert_int_equal(fair_state(&f, &second), SIGNUPS_cancelled);
    fair_audit(&f);
    fair_close(&f);
}

TEST(who_came_to_what_is_cancelled_is_told_and_can_be_refused_but_not_confirmed)
{
    enum { PEOPLE = 4 };
    static const char *const logins[PEOPLE] = {"wang", "li", "zhao", "qian"};
    struct fair f = fair_open();
    struct activities_activity a = fair_publish(&f, 0, 3), done;
    struct signups_signup s[PEOPLE];
    struct why why = {""};
    for (int i = 0; i < PEOPLE; i++)
        s[i] = fair_join(&f, a.id, scene_rider(&f.c, logins[i]));
    assert_int_equal(s[3].state, SIGNUPS_waiting);
    const struct signups_arrival in = {
        .public_id = s[1].public_id, .way = ACTIVITY_STAFF, .now_ms = f.c.now_ms};
    assert_ok(signups_attend_check_in(f.c.s.db, &f.rules, &in, &f.c.s.arena, &s[1], &why));
    struct signups_verdict v = {.public_id = s[2].public_id,
                                .activity = a.id,
                                .version = 1,
                                .by = f.staff,
                                .confirmed = true,
                                .reason = "",
                                .now_ms = f.c.now_ms};
    assert_ok(signups_attend_judge(f.c.s.db, &f.rules, &v, &f.c.s.arena, &s[2], &why));
    const struct activities_move move = {.id = a.id,
                                         .version = a.version,
                                         .by = f.staff,
                                         .to = ACTIVITIES_cancelled,
                                         .reason = "暴雨",
                                         .now_ms = f.c.now_ms};
    assert_ok(activities_write_move(f.c.s.db, &f.rules, &move, &f.c.s.arena, &done, &why));
    assert_int_equal(value_of(f.c.s.db, "SELECT count(DISTINCT person_id) FROM inbox_messages "
                                        "WHERE verb = 'activity.cancelled'"),
                     PEOPLE);
    v.version = s[2].version;
    assert_err(signups_attend_judge(f.c.s.db, &f.rules, &v, &f.c.s.arena, &s[2], &why),
               ERR_CONFLICT);
    v.confirmed = false;
    v.reason = "没有举行";
    for (int i = 1; i < 3; i++) {
        v.public_id = s[i].public_id;
        v.version = s[i].version;
        assert_ok(signups_attend_judge(f.c.s.db, &f.rules, &v, &f.c.s.arena, &s[i], &why));
        assert_int_equal(s[i].state, SIGNUPS_refused);
    }
    assert_int_equal(value_of(f.c.s.db, "SELECT sum(settled) FROM points_entries"), 0);
    v.public_id = s[0].public_id; /* free, and told so */
    v.version = s[0].version + 1;
    assert_err(signups_attend_judge(f.c.s.db, &f.rules, &v, &f.c.s.arena, &s[0], &why),
               ERR_CONFLICT);
    fair_audit(&f);
    fair_close(&f);
}

/* The next of many is found by number, not by sorting all that are left. */
TEST(who_signed_up_is_read_in_order_without_sorting)
{
    struct fair f = fair_open();
    plan_uses(f.c.s.db,
              "EXPLAIN QUERY PLAN SELECT id, person_id FROM activity_signups WHERE activity_id = "
              ":activity AND id > :id AND person_id IS NOT NULL AND (state IN ('signed', "
              "'attended') OR (:confirmed AND state = 'confirmed') OR (:waiting AND state = "
              "'waiting')) ORDER BY id LIMIT 1",
              "activity_signups_order (activity_id=? AND id>?)");
    plan_uses(f.c.s.db,
              "EXPLAIN QUERY PLAN SELECT s.id FROM activity_signups s WHERE s.activity_id = :whose "
              "AND s.id > :cursor AND (:state IS NULL OR s.state = :state) ORDER BY s.id LIMIT "
              ":limit",
              "activity_signups_order (activity_id=? AND id>?)");
    fair_close(&f);
}

TEST(a_position_counts_with_what_it_may_be_off)
{
    static const struct {
        double lon, accuracy_m;
        enum err e;
    } all[] = {
        {116.3, 0, ERR_OK},          /* there */
        {116.3023, 0, ERR_OK},       /* 197 m */
        {116.3027, 0, ERR_CONFLICT}, /* 231 m */
        {116.3027, 40, ERR_OK},      /* and that is what it may be off */
        {116.3, 201, ERR_CONFLICT},  /* anywhere */
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct fair f = fair_open();
        struct activities_activity a = fair_publish(&f, 0, 0);
        struct signups_signup s = fair_join(&f, a.id, scene_rider(&f.c, "wang")), found;
        const struct signups_arrival in = {.public_id = s.public_id,
                                           .way = ACTIVITY_POSITION,
                                           .at = {all[i].lon, 39.9},
                                           .accuracy_m = all[i].accuracy_m,
                                           .now_ms = f.c.now_ms};
        struct why why = {""};
        enum err e = signups_attend_check_in(f.c.s.db, &f.rules, &in, &f.c.s.arena, &found, &why);
        if (e != all[i].e) fail_msg("%zu: %s %s", i, err_name(e), why.text);
        fair_close(&f);
    }
}

TEST(a_reminder_comes_once_a_day_before_and_anew_when_the_time_changes)
{
    struct fair f = fair_open();
    struct activities_activity a = fair_publish(&f, 48, 0);
    size_t count = 9;
    struct why why = {""};
    (void)fair_join(&f, a.id, scene_rider(&f.c, "wang"));
    int64_t before = a.from_ms - 25 * HOUR_MS, day = a.from_ms - 23 * HOUR_MS;
    assert_ok(activities_remind(f.c.s.db, before, 10, &count));
    assert_int_equal(count, 0);
    f.c.now_ms = day;
    (void)fair_join(&f, a.id, scene_rider(&f.c, "li")); /* who knows it, since just now */
    assert_ok(activities_remind(f.c.s.db, day, 10, &count));
    assert_int_equal(count, 1);
    assert_ok(activities_remind(f.c.s.db, day, 10, &count));
    assert_int_equal(count, 0);
    struct activities_activity later = fair_now(&f, a.id);
    later.from_ms += 24 * HOUR_MS;
    later.to_ms += 24 * HOUR_MS;
    assert_ok(
        activities_write_change(f.c.s.db, &f.rules, NULL, f.c.now_ms, &f.c.s.arena, &later, &why));
    assert_ok(activities_remind(f.c.s.db, day + 24 * HOUR_MS, 1, &count));
    assert_int_equal(count, 1);
    assert_int_equal(value_of(f.c.s.db, "SELECT count(*) FROM inbox_messages WHERE verb = "
                                        "'activity.tomorrow'"),
                     2);
    fair_close(&f);
}

TEST(a_code_is_good_in_its_time_and_the_next_for_its_activity_alone)
{
    const unsigned char key[SECRETS_KEY_BYTES] = "a key", other[SECRETS_KEY_BYTES] = "another";
    const int64_t step = 10 * 60000, now = 179500 * step;
    const struct activity_kinds_kind turning = {.code_min = 10}, fixed = {.code_min = 0};
    struct activity_code code;
    assert_ok(secrets_init());
    activity_code_now(key, 7, &turning, now, &code);
    assert_int_equal(code.until_ms, now + step);
    assert_true(activity_code_fits(key, 7, &turning, now, code.code));
    assert_true(activity_code_fits(key, 7, &turning, now + 2 * step - 1, code.code));
    assert_false(activity_code_fits(key, 7, &turning, now + 2 * step, code.code));
    assert_false(activity_code_fits(key, 7, &turning, now - 1, code.code));
    assert_false(activity_code_fits(key, 8, &turning, now, code.code));
    assert_false(activity_code_fits(other, 7, &turning, now, code.code));
    assert_false(activity_code_fits(key, 7, &turning, now, ""));
    activity_code_now(key, 7, &fixed, now, &code);
    assert_int_equal(code.until_ms, 0);
    assert_true(activity_code_fits(key, 7, &fixed, now + 1000 * step, code.code));
}

RUN(cmocka_unit_test(the_database_refuses_what_must_never_be),
    cmocka_unit_test(seats_hold_whatever_happens_in_which_order),
    cmocka_unit_test(who_waits_longest_moves_up_while_one_can_sign_up),
    cmocka_unit_test(nobody_overtakes_who_waits_whenever_a_seat_comes_free),
    cmocka_unit_test(a_newcomer_takes_no_seat_from_who_waits),
    cmocka_unit_test(who_waits_can_always_take_that_back_and_who_has_a_seat_until_it_begins),
    cmocka_unit_test(who_came_to_what_is_cancelled_is_told_and_can_be_refused_but_not_confirmed),
    cmocka_unit_test(who_signed_up_is_read_in_order_without_sorting),
    cmocka_unit_test(a_position_counts_with_what_it_may_be_off),
    cmocka_unit_test(a_reminder_comes_once_a_day_before_and_anew_when_the_time_changes),
    cmocka_unit_test(a_code_is_good_in_its_time_and_the_next_for_its_activity_alone))

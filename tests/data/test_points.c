#include "tests/data/points_scene.h"

#include "data/points_flags.h"
#include "data/points_hand.h"

static enum err render(void *user, struct buf *body)
{
    const struct points_entry *made = user;
    buf_printf(body, "%lld", (long long)made->id);
    return body->err;
}

static enum err give(struct scene *c, int64_t person, int64_t by, int64_t amount, const char *key,
                     struct points_entry *made, struct why *why)
{
    const struct points_gift gift = {.person = person,
                                     .kind = "service",
                                     .amount = amount,
                                     .by = by,
                                     .reason = "清雪",
                                     .now_ms = c->now_ms};
    struct idempotency_answer answer;
    const struct answers_reply reply = {
        .request = {.scope = "POST", .key = key}, .status = 201, .render = render, .user = made};
    return points_hand_give(c->s.db, c->rules, &gift, &reply, &c->s.arena, made, &answer, why);
}

static enum err reverse(struct scene *c, int64_t id, int64_t by, struct points_entry *made,
                        struct why *why)
{
    const struct points_reversal reversal = {
        .id = id, .by = by, .reason = "造假", .now_ms = c->now_ms};
    struct idempotency_answer answer;
    const struct answers_reply reply = {.status = 201, .render = render, .user = made};
    return points_hand_reverse(c->s.db, &reversal, &reply, &c->s.arena, made, &answer, why);
}

TEST(one_giver_gives_so_much_a_day_and_what_is_taken_back_counts)
{
    struct scene c = scene_open();
    struct points_entry made, back;
    struct why why = {""};
    int64_t wang = scene_rider(&c, "wang"), lead = scene_rider(&c, "lead");
    int64_t other = scene_rider(&c, "other");
    for (int i = 0; i < 9; i++) /* the rule says 100 at once, and so 1000 a day */
        assert_ok(give(&c, wang, lead, 100, NULL, &made, &why));
    assert_ok(give(&c, wang, lead, 90, "k", &made, &why));
    assert_err(give(&c, wang, lead, 11, NULL, &back, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "you gave 990 today"));
    assert_ok(give(&c, wang, lead, 90, "k", &back, &why)); /* the same once more */
    assert_ok(reverse(&c, made.id, lead, &back, &why));
    assert_err(give(&c, wang, lead, 11, NULL, &back, &why), ERR_CONFLICT);
    assert_ok(give(&c, wang, lead, 10, NULL, &back, &why));
    assert_err(give(&c, wang, lead, 1, NULL, &back, &why), ERR_CONFLICT);
    assert_ok(give(&c, wang, other, 1, NULL, &back, &why));
    c.now_ms += 86400000;
    assert_ok(give(&c, wang, lead, 100, NULL, &back, &why));
    scene_audit(&c);
    scene_close(&c);
}

TEST(points_are_given_by_hand_once_for_a_key_and_taken_back_once)
{
    struct scene c = scene_open();
    struct points_entry made, back;
    struct why why = {""};
    int64_t wang = scene_rider(&c, "wang"), lead = scene_rider(&c, "lead");
    assert_ok(give(&c, wang, lead, 30, "k1", &made, &why));
    assert_ok(give(&c, wang, lead, 30, "k1", &back, &why));
    assert_string_equal(scene_has(&c, wang), "0/30/0");
    assert_ok(reverse(&c, made.id, lead, &back, &why));
    assert_int_equal(back.of, made.id);
    assert_int_equal(points_amount(&back), -30);
    assert_err(reverse(&c, made.id, lead, &back, &why), ERR_CONFLICT);
    assert_err(reverse(&c, back.id, lead, &back, &why), ERR_CONFLICT);
    assert_err(reverse(&c, 999, lead, &back, &why), ERR_NOTFOUND);
    assert_err(give(&c, wang, lead, 101, NULL, &made, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "amount"));
    assert_err(give(&c, 999, lead, 1, NULL, &made, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "person"));
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM audit WHERE verb IN ('points_given', "
                                      "'points_reversed')"),
                     2);
    scene_audit(&c);
    scene_close(&c);
}

static enum err spend(struct db *db, void *user)
{
    const struct points_entry *entry = user;
    return points_add(db, entry, NULL);
}

TEST(what_was_spent_before_it_is_reversed_is_owed_and_paid_by_what_comes_next)
{
    struct scene c = scene_open();
    struct points_entry made, back;
    struct why why = {""};
    int64_t wang = scene_rider(&c, "wang"), lead = scene_rider(&c, "lead");
    assert_ok(give(&c, wang, lead, 30, NULL, &made, &why));
    struct points_entry spent = {.person = wang,
                                 .kind = "service",
                                 .phase = POINTS_spent,
                                 .settled = -31,
                                 .rule = "reward",
                                 .source = "reward",
                                 .at_ms = c.now_ms};
    assert_err(db_write(c.s.db, spend, &spent), ERR_CONFLICT);
    spent.settled = -20;
    assert_ok(db_write(c.s.db, spend, &spent));
    assert_ok(reverse(&c, made.id, lead, &back, &why));
    assert_string_equal(scene_has(&c, wang), "0/0/20");
    assert_ok(give(&c, wang, lead, 15, NULL, &made, &why));
    assert_string_equal(scene_has(&c, wang), "0/0/5");
    assert_ok(give(&c, wang, lead, 15, NULL, &made, &why));
    assert_string_equal(scene_has(&c, wang), "0/10/0");
    scene_audit(&c);
    scene_close(&c);
}

TEST(the_database_itself_refuses_to_change_and_to_delete_a_row)
{
    static const char *const statements[] = {
        "DELETE FROM points_entries",
        "UPDATE points_entries SET settled = 1000",
        "UPDATE points_entries SET person_id = NULL",
        "UPDATE points_entries SET source_id = NULL, at_ms = day * 86400000",
        "UPDATE points_entries SET reason = ''",
        "INSERT INTO points_entries (person_id, kind, phase, pending, settled, owed, rule, source, "
        "day, at_ms) VALUES (1, 'service', 'spent', 0, -1, 0, 'reward', 'reward', 1, 1)",
        "INSERT INTO points_entries (person_id, kind, phase, pending, settled, owed, rule, source, "
        "source_id, day, at_ms) VALUES (1, 'service', 'pending', 1, 0, 0, 'report', 'case', 1, 1, "
        "1)",
        "INSERT INTO points_entries (person_id, kind, phase, pending, settled, owed, rule, source, "
        "day, at_ms) VALUES (1, 'service', 'settled', -10, 11, 0, 'report', 'case', 1, 1)"};
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang");
    struct cases_case one = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &one, "accepted", "filed");
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (!db_exec(c.s.db, statements[i])) fail_msg("it did: %s", statements[i]);
    assert_string_equal(scene_has(&c, wang), "10/0/0");
    scene_close(&c);
}

TEST(a_ranking_gives_equals_the_same_rank_on_whatever_page_and_no_name_that_was_not_chosen)
{
    enum { RIDERS = 7 };
    static const int64_t amounts[RIDERS] = {30, 50, 30, 30, 10, 50, 20};
    static const int64_t ranks[RIDERS] = {1, 1, 3, 3, 3, 6, 7};
    struct scene c = scene_open();
    struct points_entry made;
    struct why why = {""};
    int64_t lead = scene_rider(&c, "lead"), riders[RIDERS];
    for (int i = 0; i < RIDERS; i++) {
        char login[24];
        (void)snprintf(login, sizeof login, "rider%d", i);
        riders[i] = scene_rider(&c, login);
        assert_ok(give(&c, riders[i], lead, amounts[i], NULL, &made, &why));
    }
    const struct points_name shown = {"小李", false}, hidden = {"小张", true};
    assert_ok(points_rank_set_name(c.s.db, riders[1], &shown));
    assert_ok(points_rank_set_name(c.s.db, riders[5], &hidden));
    const struct points_ranking ranking = {
        .period = POINTS_MONTH,
        .start = points_period_start(POINTS_MONTH, zone_time_of(c.now_ms).day),
        .kind = "service"};
    for (size_t limit = 1; limit <= RIDERS; limit++) {
        bool more = true;
        for (size_t seen = 0; more;) {
            const struct points_ranked *list;
            size_t count;
            assert_ok(points_rank_list(c.s.db, &ranking, (int64_t)seen, limit, &c.s.arena, &list,
                                       &count, &more));
            assert_int_equal(more, seen + count < RIDERS);
            for (size_t i = 0; i < count; i++, seen++) {
                assert_int_equal(list[i].rank, ranks[seen]);
                assert_string_equal(list[i].name, list[i].person == riders[1] ? "小李" : "");
            }
        }
    }
    struct points_ranked own;
    assert_ok(points_rank_of(c.s.db, &ranking, riders[6], &own));
    assert_int_equal(own.rank, 6);
    assert_err(points_rank_of(c.s.db, &ranking, lead, &own), ERR_NOTFOUND);
    scene_close(&c);
}

TEST(periods_begin_on_mondays_and_first_days)
{
    assert_int_equal(points_period_start(POINTS_WEEK, 0), -3);
    assert_int_equal(points_period_start(POINTS_WEEK, 4), 4);
    assert_int_equal(points_period_start(POINTS_WEEK, 10), 4);
    assert_int_equal(points_period_start(POINTS_MONTH, 20785), 20758); /* 2026-11-28 */
    assert_int_equal(points_period_start(POINTS_YEAR, 20785), 20454);
}

TEST(what_speaks_against_points_is_told_with_its_evidence)
{
    struct scene c = scene_open();
    struct points_filter filter = {.only_awards = true, .limit = 20};
    const struct points_entry *awards;
    struct points_flags flags;
    size_t count;
    bool more, any = true;
    int64_t wang = scene_rider(&c, "wang");
    struct cases_case one = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &one, "accepted", "filed");
    assert_ok(points_list(c.s.db, &filter, &c.s.arena, &awards, &count, &more));
    assert_int_equal(count, 1);
    assert_ok(points_flags_find(c.s.db, c.s.kinds, &awards[0], &c.s.arena, &flags, &any));
    assert_false(any);

    struct cases_new fresh = store_report();
    fresh.reporter = wang;
    fresh.at.lon += 0.1;
    fresh.accuracy_m = 250;
    fresh.now_ms = c.now_ms += 60000;
    struct cases_case far = store_created(&c.s, &fresh);
    for (int i = 0; i < 3; i++)
        (void)scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &far, "accepted", "filed");
    assert_ok(points_list(c.s.db, &filter, &c.s.arena, &awards, &count, &more));
    assert_ok(points_flags_find(c.s.db, c.s.kinds, &awards[0], &c.s.arena, &flags, &any));
    assert_true(any);
    assert_true(flags.travel.kmh > 300 && flags.travel.kmh < 600);
    assert_string_equal(flags.travel.report, one.public_id);
    assert_true(flags.accuracy_m > 249);
    assert_int_equal(flags.burst, 0);
    struct cases_case last = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &last, "accepted", "filed");
    assert_ok(points_list(c.s.db, &filter, &c.s.arena, &awards, &count, &more));
    assert_ok(points_flags_find(c.s.db, c.s.kinds, &awards[0], &c.s.arena, &flags, &any));
    assert_int_equal(flags.burst, 6);
    scene_close(&c);
}

TEST(where_and_when_somebody_asked_for_help_is_no_evidence)
{
    struct scene c = scene_open();
    struct points_filter filter = {.only_awards = true, .limit = 20};
    const struct points_entry *awards;
    struct points_flags flags = {0};
    size_t count;
    bool more, any = true;
    int64_t wang = scene_rider(&c, "wang");
    struct cases_new help = store_report();
    help.kind = "difficulty";
    help.category = "counselling";
    help.reporter = wang;
    help.at.lon += 0.1;
    for (int i = 0; i < POINTS_FLAGS_BURST; i++) {
        help.now_ms = c.now_ms += 1000;
        (void)store_created(&c.s, &help);
    }
    struct cases_case one = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &one, "accepted", "filed");
    assert_ok(points_list(c.s.db, &filter, &c.s.arena, &awards, &count, &more));
    assert_ok(points_flags_find(c.s.db, c.s.kinds, &awards[0], &c.s.arena, &flags, &any));
    assert_false(any);
    /* The public one before is. */
    struct cases_new far = store_report();
    far.reporter = wang;
    far.at.lon -= 0.1;
    far.now_ms = one.created_ms - 10;
    (void)store_created(&c.s, &far);
    help.now_ms = one.created_ms - 5;
    (void)store_created(&c.s, &help);
    assert_ok(points_flags_find(c.s.db, c.s.kinds, &awards[0], &c.s.arena, &flags, &any));
    assert_true(any && flags.travel.report);
    assert_string_equal(flags.travel.kind, "report");
    scene_close(&c);
}

RUN(cmocka_unit_test(one_giver_gives_so_much_a_day_and_what_is_taken_back_counts),
    cmocka_unit_test(points_are_given_by_hand_once_for_a_key_and_taken_back_once),
    cmocka_unit_test(what_was_spent_before_it_is_reversed_is_owed_and_paid_by_what_comes_next),
    cmocka_unit_test(the_database_itself_refuses_to_change_and_to_delete_a_row),
    cmocka_unit_test(
        a_ranking_gives_equals_the_same_rank_on_whatever_page_and_no_name_that_was_not_chosen),
    cmocka_unit_test(periods_begin_on_mondays_and_first_days),
    cmocka_unit_test(what_speaks_against_points_is_told_with_its_evidence),
    cmocka_unit_test(where_and_when_somebody_asked_for_help_is_no_evidence))

#include "tests/data/plan.h"
#include "tests/data/points_scene.h"

#include "data/points_award.h"

enum { DAY_MS = 24 * 3600 * 1000 };

struct giving {
    const struct points_rules *rules;
    struct points_award award;
    int64_t now_ms, entry;
};

static enum err give(struct db *db, void *user)
{
    struct giving *g = user;
    return points_award_put(db, g->rules, &g->award, g->now_ms, &g->entry);
}

static int64_t given(struct scene *c, int64_t person, const char *source, int64_t id,
                     int64_t amount)
{
    struct giving g = {c->rules, {person, "service", amount, source, id, 0, "扫雪"}, c->now_ms, 0};
    assert_ok(db_write(c->s.db, give, &g));
    return g.entry;
}

static struct points_entry entry_of(struct scene *c, int64_t id)
{
    struct points_entry entry;
    assert_ok(points_find(c->s.db, id, &c->s.arena, &entry));
    return entry;
}

TEST(an_award_is_good_at_once_and_given_once_for_a_source)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang"), li = scene_rider(&c, "li");
    int64_t id = given(&c, wang, "activity", 7, 20);
    assert_true(id > 0);
    assert_string_equal(entry_of(&c, id).reason, "扫雪");
    assert_string_equal(entry_of(&c, id).source, "activity");
    assert_int_equal(entry_of(&c, id).source_id, 7);
    assert_int_equal(given(&c, wang, "activity", 7, 20), 0);
    assert_string_equal(scene_has(&c, wang), "0/20/0");
    assert_true(given(&c, wang, "lesson", 7, 5) > 0);
    assert_true(given(&c, li, "activity", 7, 20) > 0);
    assert_string_equal(scene_has(&c, wang), "0/25/0");
    scene_audit(&c);
    scene_close(&c);
}

TEST(the_database_refuses_a_second_award_whatever_the_program_does)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang");
    struct points_entry same = entry_of(&c, given(&c, wang, "activity", 7, 20));
    assert_err(points_add(c.s.db, &same, NULL), ERR_CONFLICT);
    same.source_id = 8;
    assert_ok(points_add(c.s.db, &same, NULL));
    scene_close(&c);
}

TEST(caps_of_the_day_and_week_and_the_most_of_one_are_told_as_capped)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang");
    int64_t most = given(&c, wang, "activity", 1, 55);
    assert_int_equal(entry_of(&c, most).settled, 50);
    assert_int_equal(entry_of(&c, most).capped, 5);
    int64_t rest = given(&c, wang, "activity", 2, 30);
    assert_int_equal(entry_of(&c, rest).settled, 10);
    assert_int_equal(entry_of(&c, rest).capped, 20);
    int64_t nothing = given(&c, wang, "activity", 3, 30);
    assert_int_equal(entry_of(&c, nothing).settled, 0);
    /* Lessons have a purse of their own. */
    assert_int_equal(entry_of(&c, given(&c, wang, "lesson", 1, 20)).settled, 20);
    /* The next day, or the next week when this one ends here. */
    c.now_ms += DAY_MS;
    bool same_week = (zone_time_of(c.now_ms).day + 3) % 7 != 0;
    assert_int_equal(entry_of(&c, given(&c, wang, "activity", 4, 30)).settled, same_week ? 10 : 30);
    scene_close(&c);
}

TEST(who_holds_an_office_or_is_nobody_gets_none_and_unknown_points_are_an_error)
{
    struct scene c = scene_open();
    int64_t lead = scene_rider(&c, "lead");
    assert_ok(db_exec(c.s.db, "INSERT INTO grants (person_id, role, kind, created_ms) SELECT "
                              "id, 'area_lead', '', 1 FROM people WHERE login = 'lead'"));
    assert_int_equal(given(&c, lead, "activity", 1, 10), 0);
    assert_int_equal(given(&c, 999, "activity", 1, 10), 0);
    int64_t wang = scene_rider(&c, "wang");
    assert_int_equal(given(&c, wang, "activity", 1, 0), 0);
    struct giving g = {c.rules, {wang, "gold", 1, "activity", 1, 0, NULL}, c.now_ms, 0};
    assert_err(db_write(c.s.db, give, &g), ERR_INVALID);
    g.award.kind = "service";
    g.award.source = "reward";
    assert_err(db_write(c.s.db, give, &g), ERR_INVALID);
    assert_int_equal(scene_entries(&c), 0);
    scene_close(&c);
}

struct taking {
    struct points_unaward what;
    struct points_reversal by_hand;
    struct scene *c;
};

static enum err undo(struct db *db, void *user)
{
    struct taking *t = user;
    return points_award_undo(db, &t->what, t->c->now_ms);
}

static enum err take_by_hand(struct db *db, void *user)
{
    struct taking *t = user;
    return points_reverse(db, &t->by_hand, &t->c->s.arena, NULL, NULL);
}

TEST(what_was_undone_is_given_anew_and_what_was_taken_by_hand_is_not)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang"), lead = scene_rider(&c, "lead");
    struct taking t = {.what = {wang, "activity", 7, "不是他"}, .c = &c};
    assert_ok(db_write(c.s.db, undo, &t));
    (void)given(&c, wang, "activity", 7, 20);
    assert_ok(db_write(c.s.db, undo, &t));
    assert_ok(db_write(c.s.db, undo, &t));
    assert_string_equal(scene_has(&c, wang), "0/0/0");
    int64_t again = given(&c, wang, "activity", 7, 20);
    assert_true(again > 0);
    t.by_hand = (struct points_reversal){again, lead, "造假", c.now_ms};
    assert_ok(db_write(c.s.db, take_by_hand, &t));
    assert_ok(db_write(c.s.db, undo, &t));
    assert_int_equal(given(&c, wang, "activity", 7, 20), 0);
    assert_string_equal(scene_has(&c, wang), "0/0/0");
    scene_audit(&c);
    scene_close(&c);
}

TEST(a_reason_that_is_too_long_is_cut_between_characters)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang");
    char *text = arena_alloc(&c.s.arena, 3 * 600 + 1);
    for (size_t i = 0; i < 600; i++)
        memcpy(text + 3 * i, "雪", 3);
    text[1800] = '\0';
    struct giving g = {c.rules, {wang, "service", 1, "lesson", 1, 0, text}, c.now_ms, 0};
    assert_ok(db_write(c.s.db, give, &g));
    assert_int_equal(strlen(entry_of(&c, g.entry).reason), 3 * POINTS_REASON_MAX);
    scene_close(&c);
}

/* What a whole city took part in is no dearer to give points for. */
TEST(an_award_reads_the_entries_of_one_person_alone)
{
    static const char *const phases[] = {"settled", "pending"};
    struct scene c = scene_open();
    plan_uses(
        c.s.db,
        "EXPLAIN QUERY PLAN SELECT id FROM points_entries e WHERE source = :source AND "
        "source_id = :id AND person_id = :person AND phase = 'settled' AND of_id IS NULL LIMIT 1",
        "points_entries_given (person_id=? AND source=? AND source_id=?)");
    for (size_t i = 0; i < 2; i++) {
        char sql[256];
        (void)snprintf(sql, sizeof sql,
                       "INSERT INTO points_entries (person_id, kind, phase, pending, settled, "
                       "owed, rule, source, source_id, day, at_ms) VALUES (7, 'k', '%s', 0, 0, 0, "
                       "'r', 's', 1, 1, 1)",
                       phases[i]);
        plan_inserts_without(c.s.db, sql, "points_entries_source");
    }
    scene_close(&c);
}

RUN(cmocka_unit_test(an_award_is_good_at_once_and_given_once_for_a_source),
    cmocka_unit_test(the_database_refuses_a_second_award_whatever_the_program_does),
    cmocka_unit_test(caps_of_the_day_and_week_and_the_most_of_one_are_told_as_capped),
    cmocka_unit_test(who_holds_an_office_or_is_nobody_gets_none_and_unknown_points_are_an_error),
    cmocka_unit_test(what_was_undone_is_given_anew_and_what_was_taken_by_hand_is_not),
    cmocka_unit_test(a_reason_that_is_too_long_is_cut_between_characters),
    cmocka_unit_test(an_award_reads_the_entries_of_one_person_alone))

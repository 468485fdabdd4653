#include "tests/data/points_scene.h"

#include "data/cases_forget.h"
#include "data/changes_trim.h"
#include "data/inbox_feed.h"

#include <string.h>

static void feed(struct scene *c)
{
    for (bool more = true; more;)
        assert_ok(inbox_feed_run(c->s.db, c->s.kinds, c->now_ms, &more));
}

/* What somebody was told, oldest first: "report.moved[...] points.settled[...]". */
static const char *told(struct scene *c, int64_t person)
{
    const struct inbox_filter filter = {.person = person, .limit = 50};
    const struct inbox_item *list;
    const char *all = "";
    size_t count = 0;
    bool more = false;
    assert_ok(inbox_list(c->s.db, &filter, &c->s.arena, &list, &count, &more));
    for (size_t i = count; i > 0; i--)
        all = arena_printf(&c->s.arena, "%s%s%s(%s|%s)", all, *all ? " " : "",
                           inbox_verbs_code(list[i - 1].verb), list[i - 1].title, list[i - 1].note);
    return all;
}

TEST(who_sent_or_joined_a_case_is_told_what_others_do_with_it_once)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang"), li = scene_rider(&c, "li"),
            zhao = scene_rider(&c, "zhao");
    struct cases_case sent = scene_sent(&c, wang, "lamp");
    scene_join(&c, &sent, li);
    feed(&c);
    assert_string_equal(told(&c, wang), "");
    SCENE_MOVE(&c, &sent, "accepted");
    feed(&c);
    feed(&c);
    assert_string_equal(told(&c, wang), told(&c, li));
    assert_non_null(strstr(told(&c, wang), "report.moved(路灯"));
    assert_null(strstr(told(&c, wang) + 1, "report.moved"));
    assert_string_equal(told(&c, zhao), "");
    scene_close(&c);
}

/* More than are read at once. */
TEST(of_many_who_joined_each_is_told_once)
{
    enum { MANY = 230 };
    struct scene c = scene_open();
    char sql[512];
    int64_t wang = scene_rider(&c, "wang");
    struct cases_case sent = scene_sent(&c, wang, "lamp");
    (void)snprintf(
        sql, sizeof sql,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO "
        "people (login, created_ms, updated_ms) SELECT 'p' || i, 1, 1 FROM n; INSERT INTO "
        "case_joins (case_id, person_id, hash, at_ms) SELECT %lld, id, randomblob(32), 1 FROM "
        "people WHERE login LIKE 'p%%'",
        MANY, (long long)sent.id);
    assert_ok(db_exec(c.s.db, sql));
    SCENE_MOVE(&c, &sent, "accepted");
    feed(&c);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM inbox_messages"), MANY + 1);
    assert_int_equal(value_of(c.s.db, "SELECT count(DISTINCT person_id) FROM inbox_messages"),
                     MANY + 1);
    scene_close(&c);
}

TEST(who_did_it_is_not_told)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang"), li = scene_rider(&c, "li");
    struct cases_case sent = scene_sent(&c, wang, "lamp");
    scene_join(&c, &sent, li);
    struct cases_acting acting = {.public_id = sent.public_id,
                                  .to = "withdrawn",
                                  .version = CASES_ANY_VERSION,
                                  .actor = {KINDS_REPORTER, wang},
                                  .now_ms = c.now_ms += 1000};
    struct why why = {""};
    enum err e = store_act(c.s.db, c.s.kinds, &acting, &c.s.arena, &sent, &why);
    if (e == ERR_CONFLICT) { /* others repeat it: a word does as well */
        acting.verb = CASES_written;
        acting.to = NULL;
        acting.reason = "谢谢";
        assert_ok(store_act(c.s.db, c.s.kinds, &acting, &c.s.arena, &sent, &why));
    }
    feed(&c);
    assert_string_equal(told(&c, wang), "");
    scene_close(&c);
}

TEST(a_word_of_staff_is_told_to_the_sender_and_a_note_is_not)
{
    struct scene c = scene_open();
    struct why why = {""};
    int64_t wang = scene_rider(&c, "wang");
    struct cases_case sent = scene_sent(&c, wang, "lamp");
    struct cases_acting acting = {.public_id = sent.public_id,
                                  .verb = CASES_noted,
                                  .version = CASES_ANY_VERSION,
                                  .actor = {KINDS_ROLE(area_lead), 0},
                                  .reason = "内部",
                                  .now_ms = c.now_ms += 1000};
    assert_ok(store_act(c.s.db, c.s.kinds, &acting, &c.s.arena, &sent, &why));
    feed(&c);
    assert_string_equal(told(&c, wang), "");
    acting.verb = CASES_written;
    acting.reason = "已派人查看";
    acting.now_ms = c.now_ms += 1000;
    assert_ok(store_act(c.s.db, c.s.kinds, &acting, &c.s.arena, &sent, &why));
    feed(&c);
    assert_int_equal(strncmp(told(&c, wang), "report.written(", 15), 0);
    assert_null(strstr(told(&c, wang), "已派人"));
    scene_close(&c);
}

static enum err reverse(struct db *db, void *user)
{
    struct arena arena;
    arena_init(&arena, 0);
    enum err e = points_reverse(db, user, &arena, NULL, NULL);
    arena_fini(&arena);
    return e;
}

TEST(points_that_are_good_are_told_and_those_that_wait_are_not)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang"), id = 0;
    struct cases_case sent = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &sent, "accepted", "filed");
    feed(&c);
    assert_null(strstr(told(&c, wang), "points."));
    SCENE_MOVE(&c, &sent, "dispatched", "handling", "handled", "verifying", "closed");
    feed(&c);
    assert_non_null(strstr(told(&c, wang), "points.settled(服务积分|+10)"));
    assert_ok(db_exec(c.s.db, "DELETE FROM inbox_messages"));
    id = value_of(c.s.db, "SELECT min(id) FROM points_entries WHERE phase = 'pending'");
    struct points_reversal reversal = {
        .id = id, .by = scene_rider(&c, "lead"), .reason = "重复照片", .now_ms = c.now_ms};
    assert_true(id > 0);
    assert_ok(db_exec(c.s.db, "INSERT INTO people_profiles (person_id, version, language, "
                              "updated_ms) SELECT id, 2, 'en', 1 FROM people"));
    assert_ok(db_write(c.s.db, reverse, &reversal));
    feed(&c);
    assert_string_equal(told(&c, wang), "points.reversed(Service points|-10)");
    scene_close(&c);
}

TEST(what_was_there_before_is_not_told_and_a_rider_who_is_gone_hears_nothing)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang");
    struct cases_case sent = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &sent, "accepted");
    assert_ok(db_exec(c.s.db, "UPDATE inbox_feed SET seen = (SELECT max(number) FROM changes)"));
    feed(&c);
    assert_string_equal(told(&c, wang), "");
    assert_ok(db_exec(c.s.db, "UPDATE people SET disabled_ms = 1"));
    SCENE_MOVE(&c, &sent, "filed");
    feed(&c);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM inbox_messages"), 0);
    scene_close(&c);
}

TEST(the_outbox_keeps_what_has_not_become_messages)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang"), gone = 0, first = 0, last;
    struct cases_case sent = scene_sent(&c, wang, "lamp");
    SCENE_MOVE(&c, &sent, "accepted");
    assert_ok(db_exec(c.s.db, "UPDATE changes SET at_ms = 1"));
    assert_ok(inbox_feed_first(c.s.db, &first));
    assert_int_equal(first, 2);
    last = value_of(c.s.db, "SELECT max(number) FROM changes");
    assert_ok(changes_trim(c.s.db, c.now_ms, NULL, &gone));
    assert_ok(inbox_feed_first(c.s.db, &first));
    assert_int_equal(first, 2);
    feed(&c);
    assert_int_equal(value_of(c.s.db, "SELECT seen FROM inbox_feed"), last);
    assert_ok(inbox_feed_first(c.s.db, &first));
    assert_int_equal(first, 0);
    assert_ok(changes_trim(c.s.db, c.now_ms, NULL, &gone));
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM changes WHERE number = 2"), 0);
    scene_close(&c);
}

static enum err forget_joiner(struct db *db, void *user)
{
    const int64_t *ids = user;
    return cases_forget_joiner(db, ids[0], NULL, ids[1]);
}

static enum err forget_sender(struct db *db, void *user)
{
    const int64_t *ids = user;
    return cases_forget_sender(db, ids[0], 9000);
}

/* Nothing is left in the database by which a report could be tied to them. */
TEST(what_was_told_of_a_case_goes_with_whose_it_was)
{
    struct scene c = scene_open();
    int64_t wang = scene_rider(&c, "wang"), li = scene_rider(&c, "li");
    struct cases_case sent = scene_sent(&c, wang, "lamp");
    scene_join(&c, &sent, li);
    SCENE_MOVE(&c, &sent, "accepted");
    feed(&c);
    assert_int_equal(
        value_of(c.s.db, "SELECT count(*) FROM changes WHERE topic = 'inbox' AND subject <> 0"), 0);
    int64_t ids[] = {sent.id, li};
    assert_ok(db_write(c.s.db, forget_joiner, ids));
    assert_string_equal(told(&c, li), "");
    assert_string_not_equal(told(&c, wang), "");
    assert_ok(db_write(c.s.db, forget_sender, ids));
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM inbox_messages"), 0);
    scene_close(&c);
}

RUN(cmocka_unit_test(what_was_told_of_a_case_goes_with_whose_it_was),
    cmocka_unit_test(who_sent_or_joined_a_case_is_told_what_others_do_with_it_once),
    cmocka_unit_test(of_many_who_joined_each_is_told_once),
    cmocka_unit_test(who_did_it_is_not_told),
    cmocka_unit_test(a_word_of_staff_is_told_to_the_sender_and_a_note_is_not),
    cmocka_unit_test(points_that_are_good_are_told_and_those_that_wait_are_not),
    cmocka_unit_test(what_was_there_before_is_not_told_and_a_rider_who_is_gone_hears_nothing),
    cmocka_unit_test(the_outbox_keeps_what_has_not_become_messages))

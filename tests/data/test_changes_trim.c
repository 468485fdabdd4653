#include "tests/data/store.h"

#include "data/changes.h"
#include "data/changes_trim.h"
#include "data/deliveries.h"
#include "data/news.h"
#include "data/people.h"
#include "data/webhooks.h"
#include "geo/base/clock.h"

static enum err exec(struct db *db, void *user)
{
    return db_exec(db, user);
}

static void run(struct store *s, const char *sql)
{
    assert_ok(db_write(s->db, exec, (void *)(uintptr_t)sql));
}

static int64_t trimmed(struct store *s)
{
    int64_t count = -1;
    assert_ok(changes_trim(s->db, clock_utc_ms(), NULL, &count));
    return count;
}

/* A store with an outbox of these rows: `old` of long ago, then `fresh` ones. */
static struct store filled(int old, int fresh)
{
    struct store s = store_fresh();
    struct cases_new report = store_report();
    for (int i = 0; i < old + fresh; i++) {
        (void)store_created(&s, &report);
        if (i == old - 1) run(&s, "UPDATE changes SET at_ms = 1000");
    }
    return s;
}

static void done(struct store *s)
{
    store_close(s);
    scratch_remove();
}

TEST(what_is_old_goes_what_is_not_stays_and_numbers_go_on)
{
    struct store s = filled(3, 2);
    struct cases_new report = store_report();
    int64_t oldest = 0, last = 0;
    assert_int_equal(trimmed(&s), 3);
    assert_int_equal(trimmed(&s), 0);
    assert_ok(news_oldest(s.db, &oldest));
    assert_int_equal(oldest, 3);
    (void)store_created(&s, &report);
    assert_ok(changes_last(s.db, &last));
    assert_int_equal(last, 6);
    done(&s);
}

TEST(the_last_row_stays_so_that_nobody_takes_the_outbox_for_a_new_one)
{
    struct store s = filled(3, 0);
    struct cases_new report = store_report();
    int64_t last = 0;
    assert_int_equal(trimmed(&s), 2);
    assert_ok(changes_last(s.db, &last));
    assert_int_equal(last, 3);
    (void)store_created(&s, &report);
    assert_ok(changes_last(s.db, &last));
    assert_int_equal(last, 4);
    done(&s);
}

TEST(more_than_a_batch_goes_and_stops_when_told_to)
{
    struct store s = filled(1, 1);
    run(&s,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT "
        "INTO changes (topic, subject, verb, at_ms) SELECT 'places', i, 'edited', 1000 FROM n");
    run(&s, "UPDATE changes SET at_ms = 1000");
    assert_int_equal(trimmed(&s), 2501);
    done(&s);
}

/* A clock that was set back for a while: nothing behind what is still kept goes. */
TEST(only_the_oldest_go)
{
    struct store s = filled(4, 0);
    char sql[120];
    (void)snprintf(sql, sizeof sql, "UPDATE changes SET at_ms = %lld WHERE number = 2",
                   (long long)clock_utc_ms());
    run(&s, sql);
    assert_int_equal(trimmed(&s), 1);
    done(&s);
}

TEST(what_a_living_webhook_was_not_told_stays_until_it_is_or_ends)
{
    struct store s = filled(4, 1);
    struct why why = {""};
    char secret[SECRETS_TOKEN_SIZE];
    int64_t person = 0, id = 0;
    assert_ok(people_add(s.db, NULL, NULL, "fang", "王芳", "correct horse", &person, &why));
    const struct webhooks_hook hook = {
        .person = person, .url = "https://example.org", .kind = "", .category = "", .verb = ""};
    assert_ok(webhooks_add(s.db, &hook, NULL, secret, &id, &why));
    run(&s, "UPDATE webhooks SET told = 2");
    assert_int_equal(trimmed(&s), 2);
    const struct deliveries_new wait = {id, 3};
    assert_ok(deliveries_queue(s.db, &wait, 1, 4, 2000));
    assert_int_equal(trimmed(&s), 0); /* what is on its way is made of its row each time */
    assert_ok(webhooks_end(s.db, id, 3000));
    assert_int_equal(trimmed(&s), 2);
    done(&s);
}

TEST(of_each_case_the_last_news_stay_so_that_who_loses_it_is_told)
{
    struct store s = store_fresh();
    struct why why = {""};
    run(&s,
        "INSERT INTO areas (source, source_id, level, created_ms, updated_ms, geom) SELECT 't', "
        "v.column1, 6, 0, 0, ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))', 4326) FROM "
        "(VALUES ('1'), ('2')) v");
    struct cases_new report = store_report();
    report.area_id = 1;
    struct cases_case c = store_created(&s, &report);
    assert_ok(store_move(&s, &c, "accepted", KINDS_STAFF, "x", &why));
    (void)store_created(&s, &report);
    run(&s, "UPDATE changes SET at_ms = 1000");
    run(&s, "UPDATE inbox_feed SET seen = (SELECT max(number) FROM changes)");
    assert_int_equal(trimmed(&s), 2);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM case_news"), 2);
    const struct cases_acting over = {.public_id = c.public_id,
                                      .verb = CASES_transferred,
                                      .version = c.version,
                                      .actor = {KINDS_STAFF, 0},
                                      .reason = "x",
                                      .area_id = 2,
                                      .now_ms = 9000};
    assert_ok(store_act(s.db, s.kinds, &over, &s.arena, &c, &why));
    assert_int_equal(
        value_of(s.db, "SELECT was_area_id FROM case_news ORDER BY number DESC LIMIT 1"), 1);
    done(&s);
}

TEST(who_stood_before_what_went_is_told_to_read_anew)
{
    struct store s = filled(3, 2);
    unsigned topics = 0;
    int64_t last = 0, subjects[4] = {7}, floor = 0;
    size_t count = 0;
    assert_ok(changes_since(s.db, 1, &topics, &last));
    assert_int_equal(topics, 1u << CHANGES_cases);
    assert_int_equal(trimmed(&s), 3);
    assert_ok(changes_since(s.db, 1, &topics, &last));
    assert_int_equal(topics, (1u << CHANGES_COUNT) - 1);
    assert_int_equal(last, 5);
    assert_ok(changes_since(s.db, 3, &topics, &last));
    assert_int_equal(topics, 1u << CHANGES_cases);
    assert_ok(changes_subjects(s.db, CHANGES_places, 1, 5, subjects, 4, &count));
    assert_int_equal(count, 1);
    assert_int_equal(subjects[0], 0);
    assert_ok(changes_subjects(s.db, CHANGES_places, 3, 5, subjects, 4, &count));
    assert_int_equal(count, 0);
    assert_ok(news_floor(s.db, 4096, &floor));
    assert_int_equal(floor, 3);
    done(&s);
}

RUN(cmocka_unit_test(what_is_old_goes_what_is_not_stays_and_numbers_go_on),
    cmocka_unit_test(the_last_row_stays_so_that_nobody_takes_the_outbox_for_a_new_one),
    cmocka_unit_test(more_than_a_batch_goes_and_stops_when_told_to),
    cmocka_unit_test(only_the_oldest_go),
    cmocka_unit_test(what_a_living_webhook_was_not_told_stays_until_it_is_or_ends),
    cmocka_unit_test(of_each_case_the_last_news_stay_so_that_who_loses_it_is_told),
    cmocka_unit_test(who_stood_before_what_went_is_told_to_read_anew))

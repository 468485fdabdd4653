#include "tests/data/plan.h"
#include "tests/data/store.h"

#include "data/inbox_send.h"
#include "data/inbox_send_sql.h"
#include "data/inbox_wants.h"
#include "geo/base/clock.h"

static const unsigned char key[SECRETS_KEY_BYTES] = {1, 2, 3}, other_key[SECRETS_KEY_BYTES] = {9};

static enum err put_one(struct db *db, void *user)
{
    return inbox_put(db, user, 1000);
}

static void put(struct store *s, int64_t person, enum inbox_verb verb)
{
    struct inbox_message message = {.person = person, .verb = verb, .title = "路灯"};
    assert_ok(db_write(s->db, put_one, &message));
}

/* Somebody who is bound and wants messages about reports by WeChat. */
static int64_t bound(struct store *s)
{
    struct why why = {""};
    const bool on = true;
    int64_t person = 0;
    assert_ok(people_add(s->db, NULL, NULL, "wang", "", "a good password", &person, &why));
    const struct people_by by = {person, "PUT /v1/me/wechat"};
    const struct people_policy policy = {.session_ms = 3600000, .idle_ms = 3600000};
    const struct people_signing signing = {.login = "wang",
                                           .password = "a good password",
                                           .device = "",
                                           .key = key,
                                           .policy = &policy,
                                           .now_ms = clock_utc_ms()};
    struct people_session session;
    unsigned char token[SECRETS_HASH_BYTES];
    assert_ok(people_sign_in(s->db, &signing, &session, &why));
    secrets_sha256(session.token, strlen(session.token), token);
    const struct wechat_people_binding binding = {&by, token, "openid-a", key, clock_utc_ms()};
    assert_ok(wechat_people_bind(s->db, &binding, &why));
    struct inbox_wants_put wish = {.person = person, .group = INBOX_reports, .now_ms = 1};
    wish.wanted[INBOX_WANTS_wechat] = &on;
    assert_ok(inbox_wants_put(s->db, &wish, &why));
    return person;
}

static size_t due_at(struct store *s, const unsigned char *with, int64_t now_ms,
                     struct inbox_send *due)
{
    size_t count = 0;
    assert_ok(inbox_send_due(s->db, with, now_ms, &s->arena, due, 8, &count));
    return count;
}

TEST(what_is_wanted_by_wechat_waits_there_and_nothing_else_does)
{
    struct store s = store_fresh();
    struct inbox_send due[8];
    int64_t person = bound(&s);
    put(&s, person, INBOX_report_moved);
    put(&s, person, INBOX_vote_opened);
    assert_int_equal(due_at(&s, key, 999, due), 0);
    assert_int_equal(due_at(&s, key, 1000, due), 1);
    assert_string_equal(due[0].openid, "openid-a");
    assert_string_equal(due[0].item.title, "路灯");
    assert_int_equal(due[0].item.verb, INBOX_report_moved);
    assert_null(due[0].withheld);
    assert_int_equal(due_at(&s, other_key, 1000, due), 1);
    assert_string_equal(due[0].openid, "");
    assert_non_null(due[0].withheld);
    store_close(&s);
    scratch_remove();
}

TEST(a_try_that_failed_is_due_later_and_one_that_is_dead_when_it_is_asked_for)
{
    struct store s = store_fresh();
    struct inbox_send due[8];
    const struct inbox_send_listed *list;
    size_t count = 0;
    bool more = false;
    int64_t again = 0, person = bound(&s);
    put(&s, person, INBOX_report_moved);
    assert_int_equal(due_at(&s, key, 1000, due), 1);
    struct inbox_send_outcome outcome = {.id = due[0].id,
                                         .person = person,
                                         .group = INBOX_reports,
                                         .state = DELIVERIES_WAITING,
                                         .tried = true,
                                         .code = -1,
                                         .error = "busy",
                                         .next_ms = 5000};
    assert_ok(inbox_send_settle(s.db, &outcome, 1100));
    assert_int_equal(due_at(&s, key, 4999, due), 0);
    assert_int_equal(due_at(&s, key, 5000, due), 1);
    assert_int_equal(due[0].tries, 1);
    outcome.state = DELIVERIES_DEAD;
    assert_ok(inbox_send_settle(s.db, &outcome, 5100));
    assert_int_equal(due_at(&s, key, 9000, due), 0);
    assert_ok(inbox_send_list(s.db, DELIVERIES_DEAD, 0, 5, &s.arena, &list, &count, &more));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].tries, 2);
    assert_int_equal(list[0].code, -1);
    assert_string_equal(list[0].verb, "report.moved");
    assert_ok(inbox_send_again(s.db, list[0].id, 9000, &again));
    assert_int_equal(again, 1);
    assert_int_equal(due_at(&s, key, 9000, due), 1);
    assert_int_equal(due[0].tries, 0);
    assert_ok(inbox_send_again(s.db, due[0].id, 9000, &again));
    assert_int_equal(again, 0);
    store_close(&s);
    scratch_remove();
}

TEST(who_refuses_is_not_written_to_and_what_waits_goes_with_message_and_binding)
{
    struct store s = store_fresh();
    struct why why = {""};
    struct inbox_send due[8];
    struct inbox_wants wants;
    int64_t person = bound(&s);
    put(&s, person, INBOX_report_moved);
    put(&s, person, INBOX_report_written);
    assert_int_equal(due_at(&s, key, 1000, due), 2);
    const struct inbox_send_outcome outcome = {.id = due[0].id,
                                               .person = person,
                                               .group = INBOX_reports,
                                               .state = DELIVERIES_DROPPED,
                                               .tried = true,
                                               .refused = true,
                                               .sent_ms = 1000,
                                               .code = 43101,
                                               .next_ms = 1000};
    assert_ok(inbox_send_settle(s.db, &outcome, 1100));
    assert_ok(inbox_wants_read(s.db, person, &wants));
    assert_true(wants.refused[INBOX_reports]);
    put(&s, person, INBOX_report_moved);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_deliveries"), 2);
    const struct people_by by = {person, "DELETE /v1/me/wechat"};
    assert_ok(wechat_people_free(s.db, &by, 1200, &why));
    assert_int_equal(due_at(&s, key, 9000, due), 0);
    assert_int_equal(
        value_of(s.db, "SELECT count(*) FROM inbox_deliveries WHERE state = 'waiting'"), 0);
    /* A late answer to what is settled, or gone, changes nothing. */
    assert_ok(db_exec(s.db, "UPDATE inbox_preferences SET wanted = 1, refused = 0"));
    assert_ok(inbox_send_settle(s.db, &outcome, 1300));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_preferences WHERE refused"), 0);
    assert_ok(inbox_forget(s.db, person));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_deliveries"), 0);
    store_close(&s);
    scratch_remove();
}

TEST(what_is_wanted_no_more_or_by_somebody_who_is_disabled_is_withheld)
{
    struct store s = store_fresh();
    struct why why = {""};
    struct inbox_send due[8];
    const bool off = false, on = true;
    int64_t person = bound(&s);
    put(&s, person, INBOX_report_moved);
    struct inbox_wants_put wish = {.person = person, .group = INBOX_reports, .now_ms = 1001};
    wish.wanted[INBOX_WANTS_wechat] = &off;
    assert_ok(inbox_wants_put(s.db, &wish, &why));
    assert_int_equal(due_at(&s, key, 1002, due), 1);
    assert_non_null(due[0].withheld);
    assert_string_equal(due[0].openid, "");
    wish.wanted[INBOX_WANTS_wechat] = &on;
    assert_ok(inbox_wants_put(s.db, &wish, &why));
    assert_int_equal(due_at(&s, key, 1002, due), 1);
    assert_null(due[0].withheld);
    assert_ok(db_exec(s.db, "UPDATE people SET disabled_ms = 1"));
    assert_int_equal(due_at(&s, key, 1002, due), 1);
    assert_string_equal(due[0].withheld, "the account is disabled");
    assert_string_equal(due[0].openid, "");
    store_close(&s);
    scratch_remove();
}

TEST(what_is_dead_is_not_tried_again_for_an_account_that_was_freed)
{
    struct store s = store_fresh();
    struct why why = {""};
    struct inbox_send due[8];
    int64_t again = 0, person = bound(&s);
    const struct people_by by = {person, "DELETE /v1/me/wechat"};
    put(&s, person, INBOX_report_moved);
    put(&s, person, INBOX_report_written);
    assert_ok(db_exec(s.db, "UPDATE inbox_deliveries SET state = 'dead' WHERE id = 1"));
    assert_ok(wechat_people_free(s.db, &by, 1200, &why));
    assert_ok(inbox_send_again(s.db, 0, 9000, &again));
    assert_int_equal(again, 0);
    /* As one that was freed before dead ones were dropped with it. */
    assert_ok(db_exec(s.db, "UPDATE inbox_deliveries SET state = 'waiting' WHERE id = 1"));
    assert_int_equal(due_at(&s, key, 9000, due), 1);
    assert_string_equal(due[0].withheld, "no longer bound");
    store_close(&s);
    scratch_remove();
}

TEST(what_a_newer_program_wrote_holds_nothing_up)
{
    struct store s = store_fresh();
    struct inbox_send due[8];
    int64_t person = bound(&s);
    put(&s, person, INBOX_report_moved);
    assert_ok(db_exec(
        s.db,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
        "INSERT INTO inbox_messages (person_id, verb, created_ms) SELECT p.id, 'later.thing', "
        "1 FROM n, people p; INSERT INTO inbox_deliveries (message_id, channel, state, "
        "next_ms, created_ms, changed_ms) SELECT id, 'wechat', 'waiting', 1, 1, 1 FROM "
        "inbox_messages WHERE verb = 'later.thing'"));
    assert_int_equal(due_at(&s, key, 1000, due), 1);
    assert_int_equal(due[0].item.verb, INBOX_report_moved);
    store_close(&s);
    scratch_remove();
}

TEST(dead_ones_are_found_among_many_by_index)
{
    struct store s = store_fresh();
    plan_uses(s.db, "EXPLAIN QUERY PLAN " INBOX_SEND_LIST("d.state = :state AND "),
              "inbox_deliveries_state (state=? AND id<?)");
    plan_uses(s.db, "EXPLAIN QUERY PLAN " INBOX_SEND_AGAIN,
              "inbox_deliveries_state (state=? AND id>? AND id<?)");
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(dead_ones_are_found_among_many_by_index),
    cmocka_unit_test(what_is_wanted_no_more_or_by_somebody_who_is_disabled_is_withheld),
    cmocka_unit_test(what_is_dead_is_not_tried_again_for_an_account_that_was_freed),
    cmocka_unit_test(what_a_newer_program_wrote_holds_nothing_up),
    cmocka_unit_test(what_is_wanted_by_wechat_waits_there_and_nothing_else_does),
    cmocka_unit_test(a_try_that_failed_is_due_later_and_one_that_is_dead_when_it_is_asked_for),
    cmocka_unit_test(who_refuses_is_not_written_to_and_what_waits_goes_with_message_and_binding))

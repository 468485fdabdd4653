#include "tests/data/store.h"

#include "data/changes.h"
#include "data/deliveries.h"
#include "data/people.h"
#include "data/webhooks.h"

static int64_t add_person(struct store *s, const char *login)
{
    static const struct people_grant integrator = {PEOPLE_integrator, 0, "report"};
    int64_t person = 0;
    struct why why = {""};
    assert_ok(people_add(s->db, NULL, &integrator, login, login, NULL, &person, &why));
    return person;
}

static int64_t add_hook(struct store *s, int64_t person, const unsigned char *key)
{
    const struct webhooks_hook fresh = {.person = person,
                                        .url = "https://example.org/a",
                                        .kind = "",
                                        .category = "",
                                        .verb = "moved",
                                        .created_ms = 1};
    char secret[SECRETS_TOKEN_SIZE];
    struct why why = {""};
    int64_t id = 0;
    assert_ok(webhooks_add(s->db, &fresh, key, secret, &id, &why));
    assert_int_equal(strncmp(secret, "yzw_", 4), 0);
    return id;
}

static size_t living(struct store *s)
{
    const struct webhooks_hook *hooks = NULL;
    size_t count = 0;
    assert_ok(webhooks_living(s->db, &s->arena, &hooks, &count));
    return count;
}

TEST(a_webhook_ends_with_itself_its_key_or_its_person)
{
    struct store s = store_fresh();
    struct why why = {""};
    char key[SECRETS_TOKEN_SIZE];
    unsigned char hash[SECRETS_HASH_BYTES];
    const struct people_put off = {.sets_disabled = true, .disabled = true};
    int64_t person = add_person(&s, "partner"), other = add_person(&s, "other");
    assert_ok(people_key_add(s.db, NULL, person, "one", key, &why));
    secrets_sha256(key, strlen(key), hash);
    int64_t first = add_hook(&s, person, hash);
    (void)add_hook(&s, person, NULL);
    (void)add_hook(&s, other, NULL);
    assert_int_equal(living(&s), 3);
    assert_ok(people_key_revoke(s.db, NULL, person, "one", &why));
    assert_int_equal(living(&s), 2);
    assert_ok(people_put(s.db, NULL, other, &off, &why));
    assert_int_equal(living(&s), 1);
    const struct webhooks_hook *hooks = NULL;
    size_t count = 0;
    assert_ok(webhooks_list(s.db, person, 0, &s.arena, &hooks, &count));
    assert_int_equal(count, 1);
    assert_string_equal(hooks[0].verb, "moved");
    assert_ok(webhooks_end(s.db, hooks[0].id, 5));
    assert_err(webhooks_end(s.db, hooks[0].id, 5), ERR_NOTFOUND);
    assert_ok(webhooks_end(s.db, first, 5));
    assert_int_equal(living(&s), 0);
    for (int i = 0; i < WEBHOOKS_OF_PERSON; i++)
        (void)add_hook(&s, person, NULL);
    const struct webhooks_hook more = {
        .person = person, .url = "https://a", .kind = "", .category = "", .verb = ""};
    assert_err(webhooks_add(s.db, &more, NULL, key, &first, &why), ERR_LIMIT);
    assert_non_null(strstr(why.text, "end one of them"));
    store_close(&s);
    scratch_remove();
}

TEST(a_delivery_is_made_once_tried_when_due_dead_in_the_end_and_tried_again_when_asked)
{
    struct store s = store_fresh();
    struct deliveries_delivery due[8];
    const struct deliveries_delivery *list = NULL;
    int64_t hook = add_hook(&s, add_person(&s, "partner"), NULL), next_ms = 0, again = 0;
    size_t count = 0;
    bool more = false;
    const struct deliveries_new fresh[] = {{hook, 5}, {hook, 6}, {hook, 5}};
    assert_ok(deliveries_queue(s.db, fresh, 3, 6, 100));
    assert_ok(deliveries_queue(s.db, fresh, 3, 6, 200));
    assert_ok(deliveries_due(s.db, hook, 99, due, 8, &count));
    assert_int_equal(count, 0);
    assert_ok(deliveries_due(s.db, hook, 100, due, 8, &count));
    assert_int_equal(count, 2);
    assert_int_equal(due[0].number, 5);
    struct deliveries_outcome outcomes[] = {{due[0].id, DELIVERIES_WAITING, true, 500, "x", 700},
                                            {due[1].id, DELIVERIES_DONE, true, 204, "", 0}};
    assert_ok(deliveries_settle(s.db, outcomes, 2, 150));
    assert_ok(deliveries_due(s.db, hook, 600, due, 8, &count));
    assert_int_equal(count, 0);
    assert_ok(deliveries_next(s.db, hook, 600, &next_ms));
    assert_int_equal(next_ms, 700);
    outcomes[0].state = DELIVERIES_DEAD;
    assert_ok(deliveries_settle(s.db, outcomes, 1, 800));
    assert_ok(deliveries_next(s.db, hook, 0, &next_ms));
    assert_int_equal(next_ms, INT64_MAX);
    assert_ok(deliveries_list(s.db, hook, DELIVERIES_DEAD, 0, 8, &s.arena, &list, &count, &more));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].tries, 2);
    assert_int_equal(list[0].status, 500);
    assert_ok(deliveries_list(s.db, hook, DELIVERIES_STATES, 0, 1, &s.arena, &list, &count, &more));
    assert_true(more);
    assert_int_equal(list[0].number, 6);
    assert_ok(deliveries_again(s.db, hook, 0, 900, &again));
    assert_int_equal(again, 1);
    assert_ok(deliveries_due(s.db, hook, 900, due, 8, &count));
    assert_int_equal(count, 1);
    assert_int_equal(due[0].tries, 0);
    store_close(&s);
    scratch_remove();
}

TEST(a_delivery_that_was_dropped_stays_so_whatever_becomes_of_its_last_letter)
{
    struct store s = store_fresh();
    struct deliveries_delivery due[2];
    const struct deliveries_delivery *list = NULL;
    int64_t hook = add_hook(&s, add_person(&s, "partner"), NULL);
    size_t count = 0;
    bool more = false;
    const struct deliveries_new fresh = {hook, 5};
    assert_ok(deliveries_queue(s.db, &fresh, 1, 5, 100));
    assert_ok(deliveries_due(s.db, hook, 100, due, 2, &count));
    assert_int_equal(count, 1);
    const struct deliveries_outcome dropped = {due[0].id, DELIVERIES_DROPPED, false, 0, "x", 0};
    const struct deliveries_outcome again = {due[0].id, DELIVERIES_WAITING, true, 500, "y", 200};
    assert_ok(deliveries_settle(s.db, &dropped, 1, 110));
    assert_ok(deliveries_settle(s.db, &again, 1, 120));
    assert_ok(deliveries_due(s.db, hook, 1000, due, 2, &count));
    assert_int_equal(count, 0);
    assert_ok(
        deliveries_list(s.db, hook, DELIVERIES_DROPPED, 0, 2, &s.arena, &list, &count, &more));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].error, "x");
    store_close(&s);
    scratch_remove();
}

TEST(what_was_done_is_forgotten_after_a_week_and_what_is_dead_after_a_month)
{
    static const int64_t day_ms = 24 * 3600 * 1000;
    struct store s = store_fresh();
    const struct deliveries_delivery *list = NULL;
    struct deliveries_delivery due[8];
    int64_t hook = add_hook(&s, add_person(&s, "partner"), NULL);
    size_t count = 0;
    bool more = false;
    const struct deliveries_new fresh[] = {{hook, 1}, {hook, 2}, {hook, 3}};
    assert_ok(deliveries_queue(s.db, fresh, 3, 3, 0));
    assert_ok(deliveries_due(s.db, hook, 0, due, 8, &count));
    const struct deliveries_outcome outcomes[] = {{due[0].id, DELIVERIES_DONE, true, 200, "", 0},
                                                  {due[1].id, DELIVERIES_DEAD, true, 0, "x", 0}};
    assert_ok(deliveries_settle(s.db, outcomes, 2, 0));
    static const struct {
        int64_t days;
        size_t left;
    } expected[] = {{6, 3}, {8, 2}, {29, 2}, {31, 0}};
    for (size_t i = 0; i < 4; i++) {
        assert_ok(deliveries_purge(s.db, expected[i].days * day_ms));
        assert_ok(
            deliveries_list(s.db, hook, DELIVERIES_STATES, 0, 8, &s.arena, &list, &count, &more));
        assert_int_equal(count, expected[i].left);
    }
    store_close(&s);
    scratch_remove();
}

TEST(pauses_grow_to_a_day_in_all_and_are_never_the_same)
{
    int64_t all_ms = 0, before = 0;
    for (int tries = 1; tries < DELIVERIES_TRIES; tries++) {
        int64_t pause = deliveries_pause(tries, 5000, 0.5);
        assert_true(pause > before);
        assert_true(deliveries_pause(tries, 5000, 0) < pause);
        assert_true(deliveries_pause(tries, 5000, 0.99) > pause);
        all_ms += before = pause;
    }
    assert_true(all_ms > 23 * 3600 * 1000 && all_ms < 25 * 3600 * 1000);
}

RUN(cmocka_unit_test(a_webhook_ends_with_itself_its_key_or_its_person),
    cmocka_unit_test(
        a_delivery_is_made_once_tried_when_due_dead_in_the_end_and_tried_again_when_asked),
    cmocka_unit_test(a_delivery_that_was_dropped_stays_so_whatever_becomes_of_its_last_letter),
    cmocka_unit_test(what_was_done_is_forgotten_after_a_week_and_what_is_dead_after_a_month),
    cmocka_unit_test(pauses_grow_to_a_day_in_all_and_are_never_the_same))

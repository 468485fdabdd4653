#include "tests/data/store.h"

#include "data/changes.h"
#include "server/api/event_past.h"
#include "server/hub_seat.h"

static struct areaset *areas;

static struct audience everybody(struct store *s, struct people_grant *grant)
{
    struct audience audience;
    *grant = (struct people_grant){PEOPLE_city_admin, 0, ""};
    const struct people_actor actor = {.id = 1, .grants = grant, .grant_count = 1};
    assert_ok(audience_init(&audience, s->kinds, &actor));
    return audience;
}

static enum err fill(struct db *db, void *user)
{
    const int64_t *cases = user;
    enum err e = ERR_OK;
    for (int i = 0; i < EVENT_PAST_MAX + 100 && !e; i++)
        e = changes_add(db, CHANGES_cases, cases[i % 2], "moved");
    return e;
}

static size_t count_of(const struct buf *buf, const char *what)
{
    size_t n = 0;
    if (!buf->len) return 0;
    char *text = strndup(buf->bytes, buf->len);
    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    free(text);
    return n;
}

TEST(who_was_away_is_told_what_was_theirs_and_where_they_got_to)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case first = store_created(&s, &fresh), second = store_created(&s, &fresh);
    struct why why = {""};
    struct event_past past;
    struct audience audience = {.of = AUDIENCE_CASE, .kinds = s.kinds, .case_id = first.id};
    int64_t after = 0, upto = 0;
    assert_ok(store_move(&s, &first, "accepted", KINDS_STAFF, NULL, &why));
    assert_ok(store_move(&s, &second, "accepted", KINDS_STAFF, NULL, &why));
    assert_ok(changes_last(s.db, &upto));
    event_past_init(&past, false);
    assert_ok(event_past_read(s.db, areas, &audience, upto, &after, &past));
    assert_int_equal(after, upto);
    assert_int_equal(past.count, 2);
    assert_int_equal(count_of(&past.out, "event: case\n"), 2);
    assert_int_equal(count_of(&past.out, second.public_id), 0);
    assert_false(past.more || past.lost);
    event_past_fini(&past);
    store_close(&s);
    scratch_remove();
}

TEST(a_poll_is_filled_page_by_page_and_a_stream_that_would_be_told_too_much_begins_anew)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    const int64_t cases[] = {store_created(&s, &fresh).id, store_created(&s, &fresh).id};
    struct people_grant grant;
    struct audience audience = everybody(&s, &grant);
    struct event_past past;
    int64_t after = 0, upto = 0;
    size_t told = 0;
    assert_ok(db_write(s.db, fill, (void *)cases));
    assert_ok(changes_last(s.db, &upto));
    for (bool more = true; more;) {
        event_past_init(&past, true);
        assert_ok(event_past_read(s.db, areas, &audience, upto, &after, &past));
        assert_true(past.count <= HUB_SEAT_POLL_MAX);
        told += past.count;
        more = past.more;
        assert_false(past.lost);
        event_past_fini(&past);
    }
    assert_int_equal(told, EVENT_PAST_MAX + 102);
    assert_int_equal(after, upto);
    event_past_init(&past, false);
    after = 0;
    assert_ok(event_past_read(s.db, areas, &audience, upto, &after, &past));
    assert_true(past.lost);
    event_past_fini(&past);
    event_past_init(&past, false);
    after = upto - 10;
    assert_ok(event_past_read(s.db, areas, &audience, upto, &after, &past));
    assert_false(past.lost);
    assert_int_equal(past.count, 10);
    event_past_fini(&past);
    audience_fini(&audience);
    store_close(&s);
    scratch_remove();
}

static enum err trim(struct db *db, void *user)
{
    return db_exec(db, user);
}

TEST(who_stands_before_what_the_outbox_keeps_has_lost_something)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct event_past past;
    struct people_grant grant;
    struct audience audience = everybody(&s, &grant);
    int64_t upto = 0;
    static char sql[] = "DELETE FROM changes WHERE number <= 3";
    for (int i = 0; i < 5; i++)
        (void)store_created(&s, &fresh);
    assert_ok(db_write(s.db, trim, sql));
    assert_ok(changes_last(s.db, &upto));
    for (int64_t at = 2; at <= 3; at++) {
        int64_t after = at;
        event_past_init(&past, false);
        assert_ok(event_past_read(s.db, areas, &audience, upto, &after, &past));
        assert_int_equal(past.lost, at < 3);
        event_past_fini(&past);
    }
    audience_fini(&audience);
    store_close(&s);
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_away_is_told_what_was_theirs_and_where_they_got_to),
        cmocka_unit_test(
            a_poll_is_filled_page_by_page_and_a_stream_that_would_be_told_too_much_begins_anew),
        cmocka_unit_test(who_stands_before_what_the_outbox_keeps_has_lost_something)};
    if (areaset_new(NULL, NULL, 0, &areas)) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    areaset_free(areas);
    return failed;
}

#include "tests/data/store.h"

#include "data/changes.h"
#include "data/news.h"
#include "data/people.h"
#include "data/people_token.h"
#include "geo/base/clock.h"

static size_t read_all(struct db *db, struct news_query query, struct news_item items[32])
{
    size_t count = 0;
    if (!query.upto) assert_ok(changes_last(db, &query.upto));
    assert_ok(news_read(db, &query, items, 32, &count));
    return count;
}

static enum err exec(struct db *db, void *user)
{
    return db_exec(db, user);
}

TEST(each_item_says_how_the_case_was_after_that_change)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case first = store_created(&s, &fresh), second = store_created(&s, &fresh);
    struct news_item items[32];
    struct why why = {""};
    assert_ok(store_move(&s, &first, "accepted", KINDS_STAFF, NULL, &why));
    assert_ok(store_move(&s, &second, "rejected", KINDS_STAFF, "不是我们的", &why));
    assert_ok(store_move(&s, &first, "filed", KINDS_STAFF, NULL, &why));
    static const struct {
        const char *verb, *state;
        int64_t version;
        int which;
    } expected[] = {{"created", "submitted", 1, 0},
                    {"created", "submitted", 1, 1},
                    {"moved", "accepted", 2, 0},
                    {"moved", "rejected", 2, 1},
                    {"moved", "filed", 3, 0}};
    assert_int_equal(read_all(s.db, (struct news_query){0}, items), 5);
    for (size_t i = 0; i < 5; i++) {
        const struct cases_case *c = expected[i].which ? &second : &first;
        assert_string_equal(items[i].verb, expected[i].verb);
        assert_string_equal(items[i].state, expected[i].state);
        assert_string_equal(items[i].report, c->public_id);
        assert_string_equal(items[i].kind, "report");
        assert_string_equal(items[i].category, "lamp");
        assert_int_equal(items[i].version, expected[i].version);
        assert_int_equal(items[i].case_id, c->id);
        assert_true(i == 0 || items[i].number > items[i - 1].number);
    }
    assert_int_equal(read_all(s.db, (struct news_query){.case_id = second.id}, items), 2);
    assert_string_equal(items[1].state, "rejected");
    assert_int_equal(read_all(s.db, (struct news_query){.after = items[1].number}, items), 1);
    store_close(&s);
    scratch_remove();
}

TEST(a_page_ends_where_it_is_full_and_the_next_goes_on)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct news_item items[32];
    size_t count = 0, n = 0;
    int64_t upto = 0, after = 0;
    for (int i = 0; i < 7; i++)
        (void)store_created(&s, &fresh);
    assert_ok(changes_last(s.db, &upto));
    do {
        const struct news_query query = {.after = after, .upto = upto};
        assert_ok(news_read(s.db, &query, items, 3, &count));
        n += count;
        if (count) after = items[count - 1].number;
    } while (count == 3);
    assert_int_equal(n, 7);
    assert_ok(news_floor(s.db, 3, &after));
    assert_int_equal(read_all(s.db, (struct news_query){.after = after}, items), 3);
    after = -1;
    assert_ok(news_floor(s.db, 100, &after));
    assert_int_equal(after, 0);
    store_close(&s);
    scratch_remove();
}

TEST(a_case_that_changes_its_area_says_which_it_left)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct news_item items[32];
    struct why why = {""};
    static char area[] =
        "INSERT INTO areas (id, source, source_id, level, created_ms, updated_ms, geom) VALUES "
        "(7, 't', 'a', 8, 1, 1, ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)))', 4326)), "
        "(8, 't', 'b', 8, 1, 1, ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)))', 4326))";
    static char move[] = "UPDATE cases SET area_id = 8";
    assert_ok(db_write(s.db, exec, area));
    fresh.area_id = 7;
    struct cases_case c = store_created(&s, &fresh);
    assert_ok(db_write(s.db, exec, move));
    assert_ok(store_move(&s, &c, "accepted", KINDS_STAFF, NULL, &why));
    assert_ok(store_move(&s, &c, "filed", KINDS_STAFF, NULL, &why));
    assert_int_equal(read_all(s.db, (struct news_query){0}, items), 3);
    assert_int_equal(items[0].area_id, 7);
    assert_int_equal(items[0].was_area_id, 0);
    assert_int_equal(items[1].area_id, 8);
    assert_int_equal(items[1].was_area_id, 7);
    assert_int_equal(items[2].was_area_id, 0);
    store_close(&s);
    scratch_remove();
}

TEST(whatever_takes_a_right_away_is_told_in_its_place_among_the_cases)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct news_item items[32];
    struct why why = {""};
    int64_t person = 0, after = 0;
    const struct people_grant grant = {PEOPLE_area_staff, 0, ""};
    assert_ok(people_add(s.db, NULL, NULL, "fang", "王芳", "correct horse", &person, &why));
    assert_ok(people_grant(s.db, NULL, person, &grant, &why));
    const struct people_policy policy = {.session_ms = 60000, .idle_ms = 60000};
    const struct people_signing signing = {
        .login = "fang", .password = "correct horse", .policy = &policy, .now_ms = clock_utc_ms()};
    struct people_session session;
    struct people_actor actor;
    struct arena arena;
    arena_init(&arena, 0);
    assert_ok(people_sign_in(s.db, &signing, &session, &why));
    assert_ok(people_recognise(s.db, session.token, &policy, clock_utc_ms(), &arena, &actor));
    assert_ok(changes_last(s.db, &after));
    (void)store_created(&s, &fresh);
    assert_ok(people_sign_out(s.db, &actor));
    (void)store_created(&s, &fresh);
    static char taken[] = "DELETE FROM grants";
    assert_ok(db_write(s.db, exec, taken));
    const struct news_query query = {.after = after, .people = true};
    assert_int_equal(read_all(s.db, query, items), 4);
    assert_int_equal(items[0].person, 0);
    assert_int_equal(items[1].person, person);
    assert_string_equal(items[1].verb, "token_ended");
    assert_int_equal(items[2].person, 0);
    assert_int_equal(items[3].person, person);
    assert_string_equal(items[3].verb, "grant_taken");
    assert_int_equal(read_all(s.db, (struct news_query){.after = after}, items), 2);
    arena_fini(&arena);
    store_close(&s);
    scratch_remove();
}

TEST(a_token_is_dead_once_it_ended_expired_or_its_person_may_not_sign_in)
{
    const struct people_put off = {.sets_disabled = true, .disabled = true};
    struct store s = store_fresh();
    struct why why = {""};
    unsigned char hash[SECRETS_HASH_BYTES];
    int64_t person = 0, now_ms = clock_utc_ms();
    bool alive = false;
    assert_ok(people_add(s.db, NULL, NULL, "fang", "王芳", "correct horse", &person, &why));
    const struct people_policy policy = {.session_ms = 60000, .idle_ms = 60000};
    const struct people_signing signing = {
        .login = "fang", .password = "correct horse", .policy = &policy, .now_ms = now_ms};
    struct people_session session;
    assert_ok(people_sign_in(s.db, &signing, &session, &why));
    secrets_sha256(session.token, strlen(session.token), hash);
    assert_ok(people_token_alive(s.db, hash, now_ms, INT64_MAX / 2, &alive));
    assert_true(alive);
    assert_ok(people_token_alive(s.db, hash, session.expires_ms, INT64_MAX / 2, &alive));
    assert_false(alive);
    assert_ok(people_token_alive(s.db, hash, session.expires_ms - 1, 4000, &alive));
    assert_false(alive);
    assert_ok(people_put(s.db, NULL, session.person, &off, &why));
    assert_ok(people_token_alive(s.db, hash, now_ms, INT64_MAX / 2, &alive));
    assert_false(alive);
    store_close(&s);
    scratch_remove();
}

TEST(what_the_outbox_no_longer_has_is_known)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    int64_t before = -1;
    assert_ok(news_oldest(s.db, &before));
    assert_int_equal(before, 0);
    for (int i = 0; i < 3; i++)
        (void)store_created(&s, &fresh);
    static char trim[] = "DELETE FROM changes WHERE number < 3";
    assert_ok(db_write(s.db, exec, trim));
    assert_ok(news_oldest(s.db, &before));
    assert_int_equal(before, 2);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(each_item_says_how_the_case_was_after_that_change),
    cmocka_unit_test(a_page_ends_where_it_is_full_and_the_next_goes_on),
    cmocka_unit_test(a_case_that_changes_its_area_says_which_it_left),
    cmocka_unit_test(whatever_takes_a_right_away_is_told_in_its_place_among_the_cases),
    cmocka_unit_test(a_token_is_dead_once_it_ended_expired_or_its_person_may_not_sign_in),
    cmocka_unit_test(what_the_outbox_no_longer_has_is_known))

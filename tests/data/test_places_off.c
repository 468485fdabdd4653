#include "tests/data/places_brought.h"

#include <stdio.h>

static bool is_north(const void *user, struct coord at)
{
    return at.lat > *(const double *)user;
}

TEST(what_is_off_the_map_is_listed_in_pages_what_left_last_first)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row rows[] = {toilet("1"), toilet("2"), toilet("3"), toilet("4")}, after;
    struct places_by by = {.actor = "staff", .now_ms = 5000};
    struct why why = {""};
    rows[1].at.lat = 41;
    rows[1].category = "fuel";
    counts_are(imported(&f, rows, 4), 4, 0, 0, 0);
    counts_are(imported(&f, rows, 3), 0, 0, 3, 1); /* 4 vanished, today */
    assert_ok(places_remove(f.db, 1, 1, &by, &arena, &after, &why));
    assert_int_equal(after.off_ms, 5000);
    by.now_ms = 6000;
    assert_ok(places_remove(f.db, 2, 1, &by, &arena, &after, &why));
    struct places_off_page page;
    struct places_off_query query = {.limit = 10, .looks = 10};
    assert_ok(places_off(f.db, &query, &arena, &page));
    assert_int_equal(page.count, 3);
    assert_false(page.more);
    static const int64_t order[] = {4, 2, 1};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(page.rows[i].id, order[i]);
    assert_int_equal(page.rows[1].off_ms, 6000);
    query.limit = 1;
    for (size_t i = 0; i < 3; i++) {
        assert_ok(places_off(f.db, &query, &arena, &page));
        assert_int_equal(page.count, 1);
        assert_int_equal(page.rows[0].id, order[i]);
        assert_int_equal(page.more, i < 2);
        query.has_after = true;
        query.after_ms = page.last_ms;
        query.after_id = page.last_id;
    }
    const double north = 40;
    query = (struct places_off_query){.wanted = is_north, .user = &north, .limit = 10, .looks = 1};
    assert_ok(places_off(f.db, &query, &arena, &page)); /* a look at what is not wanted */
    assert_int_equal(page.count, 0);
    assert_true(page.more);
    query.looks = 10;
    assert_ok(places_off(f.db, &query, &arena, &page));
    assert_int_equal(page.count, 1);
    assert_int_equal(page.rows[0].id, 2);
    query = (struct places_off_query){.category = "charging", .limit = 10, .looks = 2};
    assert_ok(places_off(f.db, &query, &arena, &page)); /* of another category: a look, too */
    assert_int_equal(page.count, 0);
    assert_true(page.more);
    query = (struct places_off_query){.no_removed = true, .limit = 10, .looks = 10};
    assert_ok(places_off(f.db, &query, &arena, &page));
    assert_int_equal(page.count, 1);
    assert_true(page.rows[0].vanished);
    query = (struct places_off_query){
        .no_vanished = true, .category = "fuel", .limit = 10, .looks = 10};
    assert_ok(places_off(f.db, &query, &arena, &page));
    assert_int_equal(page.count, 1);
    assert_int_equal(page.rows[0].id, 2);
    arena_fini(&arena);
    gone(&f);
}

/* As an import lets many vanish at once. */
TEST(what_left_at_the_same_moment_is_listed_whole_whatever_the_pages)
{
    enum { MANY = 23 };
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row rows[MANY];
    char ids[MANY][16];
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "%d", i + 1);
        rows[i] = toilet(ids[i]);
    }
    counts_are(imported(&f, rows, MANY), MANY, 0, 0, 0);
    counts_are(imported(&f, rows, 1), 0, 0, 1, MANY - 1);
    for (uint32_t limit = 1; limit < MANY + 2; limit++) {
        struct places_off_query query = {.limit = limit, .looks = 7};
        struct places_off_page page = {.more = true};
        int64_t expected = MANY;
        while (page.more) {
            assert_ok(places_off(f.db, &query, &arena, &page));
            for (size_t i = 0; i < page.count; i++)
                assert_int_equal(page.rows[i].id, expected--);
            query.has_after = true;
            query.after_ms = page.last_ms;
            query.after_id = page.last_id;
        }
        assert_int_equal(expected, 1);
    }
    arena_fini(&arena);
    gone(&f);
}

RUN(cmocka_unit_test(what_left_at_the_same_moment_is_listed_whole_whatever_the_pages),
    cmocka_unit_test(what_is_off_the_map_is_listed_in_pages_what_left_last_first))

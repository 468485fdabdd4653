#include "tests/data/places_brought.h"

#include "data/changes.h"

#include <math.h>
#include <string.h>

static const char short_list[] = "categories:\n"
                                 "  - {code: fuel, zh: 加油站, en: Fuel}\n"
                                 "amenities:\n"
                                 "  - {code: seats, zh: 座椅, en: Seats}\n";

static struct placeset *loaded(struct fixture *f)
{
    struct placeset *set = NULL;
    assert_ok(places_load(f->db, f->categories, NULL, &set, NULL));
    return set;
}

TEST(a_place_comes_back_from_the_table_and_in_the_snapshot)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row row = toilet("node/1"), read;
    counts_are(imported(&f, &row, 1), 1, 0, 0, 0);
    assert_ok(places_get(f.db, 1, &arena, &read));
    assert_string_equal(read.source_id, "node/1");
    assert_string_equal(read.hours_self, "Mo-Su 06:00-22:00");
    assert_string_equal(read.amenities, "water seats");
    assert_true(read.at.lon == row.at.lon && read.at.lat == row.at.lat);
    assert_false(read.vanished);
    assert_true(read.created_ms > 1600000000000);
    assert_err(places_get(f.db, 2, &arena, &read), ERR_NOTFOUND);
    struct placeset *set = loaded(&f);
    assert_int_equal(placeset_count(set), 1);
    struct place place = placeset_at(set, 0);
    assert_int_equal(place.id, 1);
    assert_int_equal(place.amenities, 1 | 4);
    assert_string_equal(place.source, "osm:node/1");
    assert_string_equal(place.name, "西单公厕");
    assert_string_equal(place.phone, "010-1");
    assert_true(fabs(place.at.lon - row.at.lon) < 1e-7);
    placeset_free(set);
    arena_fini(&arena);
    gone(&f);
}

TEST(the_same_file_twice_changes_nothing_and_wakes_nobody)
{
    struct fixture f = fresh();
    struct places_row rows[] = {toilet("node/1"), toilet("way/2")};
    int64_t before, after;
    counts_are(imported(&f, rows, 2), 2, 0, 0, 0);
    assert_ok(changes_last(f.db, &before));
    counts_are(imported(&f, rows, 2), 0, 0, 2, 0);
    assert_ok(changes_last(f.db, &after));
    assert_int_equal(before, 1);
    assert_int_equal(after, before);
    gone(&f);
}

TEST(what_a_source_no_longer_has_is_marked_and_may_return_as_the_same_place)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row rows[] = {toilet("node/1"), toilet("way/2")}, read;
    imported(&f, rows, 2);
    counts_are(imported(&f, rows, 1), 0, 0, 1, 1);
    struct placeset *set = loaded(&f);
    assert_int_equal(placeset_count(set), 1);
    placeset_free(set);
    assert_ok(places_get(f.db, 2, &arena, &read));
    assert_true(read.vanished);
    counts_are(imported(&f, rows, 1), 0, 0, 1, 0);
    counts_are(imported(&f, rows, 2), 0, 1, 1, 0);
    assert_ok(places_get(f.db, 2, &arena, &read));
    assert_false(read.vanished);
    arena_fini(&arena);
    gone(&f);
}

TEST(any_field_that_differs_is_a_change)
{
    struct fixture f = fresh();
    struct places_row row = toilet("node/1");
    imported(&f, &row, 1);
    for (int i = 0; i < 12; i++) {
        const char **texts[] = {&row.category, &row.amenities,  &row.name,
                                &row.name_en,  &row.address,    &row.phone,
                                &row.hours,    &row.hours_self, &row.names};
        if (i < 9) *texts[i] = i == 0 ? "fuel" : i == 1 ? "wifi" : "x";
        if (i == 9) row.at.lon += 1e-6;
        if (i == 10) row.at.lat += 1e-6;
        if (i == 11) row.capacity = 7;
        counts_are(imported(&f, &row, 1), 0, 1, 0, 0);
        counts_are(imported(&f, &row, 1), 0, 0, 1, 0);
    }
    gone(&f);
}

TEST(a_bad_place_is_named_and_the_whole_import_undone)
{
    static char long_name[400];
    memset(long_name, 'a', sizeof long_name - 1);
    struct fixture f = fresh();
    struct places_row rows[7];
    for (int i = 0; i < 7; i++)
        rows[i] = toilet("node/9");
    rows[0].category = "palace";
    rows[1].amenities = "water sauna seats";
    rows[2].at.lat = 91;
    rows[3].name = "\xC3(";
    rows[4].name = long_name;
    rows[5].source_id = "";
    rows[6].at.lon = (double)NAN;
    static const struct {
        enum err e;
        const char *sentence;
    } expected[] = {{ERR_INVALID, "category: there is none \"palace\""},
                    {ERR_INVALID, "amenities: there is none \"sauna\""},
                    {ERR_RANGE, "outside the world"},
                    {ERR_INVALID, "name is not valid UTF-8"},
                    {ERR_INVALID, "name is longer than 300 bytes"},
                    {ERR_INVALID, "source and source_id"},
                    {ERR_RANGE, "outside the world"}};
    for (int i = 0; i < 7; i++) {
        struct places_row both[] = {toilet("node/1"), rows[i]};
        struct import in = {.f = &f, .rows = both, .count = 2};
        int64_t count = -1;
        assert_err(db_write(f.db, bring, &in), expected[i].e);
        assert_non_null(strstr(in.why.text, expected[i].sentence));
        assert_ok(places_count(f.db, &count));
        assert_int_equal(count, 0);
    }
    gone(&f);
}

TEST(a_category_that_left_the_list_leaves_its_places_out_and_tells_how_many)
{
    struct fixture f = fresh();
    struct places_row rows[] = {toilet("node/1"), toilet("node/2")};
    struct placeset *set = NULL;
    struct places_loaded loaded = {0};
    rows[1].category = "fuel";
    imported(&f, rows, 2);
    categories_free(f.categories);
    f.categories = NULL;
    assert_ok(categories_parse("list", short_list, sizeof short_list - 1, &f.categories, NULL));
    assert_ok(places_load(f.db, f.categories, NULL, &set, &loaded));
    assert_int_equal(loaded.skipped, 1);
    assert_int_equal(loaded.change, 1);
    assert_int_equal(placeset_count(set), 1);
    assert_int_equal(placeset_at(set, 0).category, 0);
    assert_int_equal(placeset_at(set, 0).amenities, 1);
    placeset_free(set);
    gone(&f);
}

/* --- editing --- */

static const struct places_by staff = {.actor = "staff", .now_ms = 1700000000000, .reason = "巡查"};

static enum err edited(struct fixture *f, int64_t version, const struct places_row *row,
                       unsigned fields, unsigned release, struct places_row *after,
                       struct arena *arena, struct why *why)
{
    const struct places_edit edit = {
        .id = 1, .version = version, .row = row, .fields = fields, .release = release};
    return places_edit(f->db, f->categories, &edit, &staff, arena, after, why);
}

TEST(what_staff_set_stays_when_the_source_says_otherwise_until_it_is_released)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row row = toilet("node/1"), after,
                      set = {.name = "西单公共卫生间", .capacity = 8};
    struct why why = {""};
    const unsigned name = 1u << PLACES_name, capacity = 1u << PLACES_capacity;
    imported(&f, &row, 1);
    assert_ok(edited(&f, 1, &set, name | capacity, 0, &after, &arena, &why));
    assert_int_equal(after.version, 2);
    assert_int_equal(after.held, name | capacity);
    assert_string_equal(after.name, "西单公共卫生间");
    counts_are(imported(&f, &row, 1), 0, 0, 1, 0); /* what differs is held */
    row.name = "西单厕所";
    row.phone = "010-2";
    counts_are(imported(&f, &row, 1), 0, 1, 0, 0);
    assert_ok(places_get(f.db, 1, &arena, &after));
    assert_string_equal(after.name, "西单公共卫生间");
    assert_string_equal(after.phone, "010-2");
    assert_int_equal(after.capacity, 8);
    assert_int_equal(after.version, 3);
    assert_ok(edited(&f, 3, &set, 0, name, &after, &arena, &why));
    assert_int_equal(after.held, capacity);
    counts_are(imported(&f, &row, 1), 0, 1, 0, 0);
    assert_ok(places_get(f.db, 1, &arena, &after));
    assert_string_equal(after.name, "西单厕所");
    arena_fini(&arena);
    gone(&f);
}

TEST(an_edit_is_refused_when_it_is_wrong_late_or_of_nothing)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row row = toilet("node/1"), after, set = {.category = "palace", .capacity = -1};
    struct why why = {""};
    imported(&f, &row, 1);
    assert_err(edited(&f, 1, &set, 1u << PLACES_category, 0, &after, &arena, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "category: there is none"));
    assert_err(edited(&f, 1, &set, 1u << PLACES_capacity, 0, &after, &arena, &why), ERR_RANGE);
    set = (struct places_row){.at = {200, 0}};
    assert_err(edited(&f, 1, &set, 1u << PLACES_location, 0, &after, &arena, &why), ERR_RANGE);
    set = (struct places_row){.name = "x"};
    assert_err(edited(&f, 7, &set, 1u << PLACES_name, 0, &after, &arena, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "its version is 1 by now"));
    const struct places_edit none = {.id = 99, .row = &set};
    assert_err(places_edit(f.db, f.categories, &none, &staff, &arena, &after, &why), ERR_NOTFOUND);
    int64_t before, last;
    assert_ok(changes_last(f.db, &before));
    assert_ok(edited(&f, 1, &set, 0, 0, &after, &arena, &why));
    assert_int_equal(after.version, 1);
    assert_ok(changes_last(f.db, &last));
    assert_int_equal(before, last);
    arena_fini(&arena);
    gone(&f);
}

TEST(a_place_of_our_own_is_never_touched_by_an_import)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row row = toilet("node/1"), mine = toilet("ignored"), read;
    struct places_created created;
    struct why why = {""};
    mine.category = "fuel";
    assert_ok(places_create(f.db, f.categories, &mine, &staff, NULL, &arena, &created, &why));
    assert_string_equal(created.made.source, "local");
    assert_int_equal(strlen(created.made.source_id), 22);
    assert_int_equal(created.made.version, 1);
    counts_are(imported(&f, &row, 1), 1, 0, 0, 0);
    counts_are(imported(&f, NULL, 0), 0, 0, 0, 1);
    assert_ok(places_get(f.db, created.made.id, &arena, &read));
    assert_false(read.vanished);
    mine.category = "palace";
    assert_err(places_create(f.db, f.categories, &mine, &staff, NULL, &arena, &created, &why),
               ERR_INVALID);
    arena_fini(&arena);
    gone(&f);
}

TEST(a_place_is_closed_for_a_while_taken_off_and_put_back)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row row = toilet("node/1"), after;
    struct why why = {""};
    const struct places_event *events;
    size_t count;
    imported(&f, &row, 1);
    assert_ok(places_close(f.db, 1, 1, 1000, INT64_MAX, &staff, &arena, &after, &why));
    assert_int_equal(after.version, 2);
    struct placeset *set = loaded(&f);
    struct place place = placeset_at(set, 0);
    assert_int_equal(place.closed_from_ms, 1000);
    assert_true(place.closed_to_ms == INT64_MAX);
    assert_string_equal(place.closed_reason, "巡查");
    placeset_free(set);
    assert_err(places_close(f.db, 1, 2, 1000, 1000, &staff, &arena, &after, &why), ERR_RANGE);
    assert_ok(places_close(f.db, 1, 2, 0, 0, &staff, &arena, &after, &why));
    assert_int_equal(after.closed_to_ms, 0);
    assert_ok(places_history(f.db, 1, 0, 10, &arena, &events, &count));
    assert_string_equal(events[0].verb, "opened");
    assert_string_equal(
        events[0].changes,
        "{\"closed\":[{\"from\":\"1970-01-01T00:00:01.000Z\",\"reason\":\"巡查\"},null]}");
    assert_ok(places_remove(f.db, 1, 3, &staff, &arena, &after, &why));
    counts_are(imported(&f, &row, 1), 0, 0, 1, 0);
    set = loaded(&f);
    assert_int_equal(placeset_count(set), 0);
    placeset_free(set);
    assert_err(places_confirm(f.db, 1, &staff, &arena, &after, &why), ERR_CONFLICT);
    assert_ok(places_restore(f.db, 1, 4, &staff, &arena, &after, &why));
    assert_false(after.removed);
    imported(&f, NULL, 0); /* the source loses it; staff know better */
    assert_ok(places_get(f.db, 1, &arena, &after));
    assert_true(after.vanished);
    assert_ok(places_restore(f.db, 1, 0, &staff, &arena, &after, &why));
    assert_true(after.kept && !after.vanished);
    counts_are(imported(&f, NULL, 0), 0, 0, 0, 0);
    arena_fini(&arena);
    gone(&f);
}

TEST(every_edit_is_told_by_a_history_that_cannot_be_changed)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row row = toilet("node/1"), after, set = {.at = {116.5, 39.5}, .name = "a\"b"};
    struct why why = {""};
    const struct places_event *events;
    size_t count;
    imported(&f, &row, 1);
    assert_ok(
        edited(&f, 1, &set, 1u << PLACES_name | 1u << PLACES_location, 0, &after, &arena, &why));
    const struct places_by rider = {.actor = "rider", .now_ms = 1700000001000};
    assert_ok(places_confirm(f.db, 1, &rider, &arena, &after, &why));
    assert_int_equal(after.version, 2);
    assert_int_equal(after.confirmed_ms, 1700000001000);
    imported(&f, NULL, 0);
    assert_ok(places_history(f.db, 1, 0, 10, &arena, &events, &count));
    assert_int_equal(count, 3);
    assert_string_equal(events[0].verb, "vanished");
    assert_string_equal(events[0].actor, "source");
    assert_int_equal(events[0].version, 3);
    assert_string_equal(events[1].verb, "confirmed");
    assert_string_equal(events[1].actor, "rider");
    assert_string_equal(events[2].verb, "edited");
    assert_string_equal(events[2].reason, "巡查");
    assert_string_equal(events[2].changes, "{\"location\":[[116.3751235,39.9],[116.5,39.5]],"
                                           "\"name\":[\"西单公厕\",\"a\\\"b\"]}");
    assert_ok(places_history(f.db, 1, events[1].id, 1, &arena, &events, &count));
    assert_int_equal(count, 1);
    assert_string_equal(events[0].verb, "edited");
    assert_true(db_exec(f.db, "UPDATE place_events SET reason = 'x'") != ERR_OK);
    assert_true(db_exec(f.db, "DELETE FROM place_events") != ERR_OK);
    arena_fini(&arena);
    gone(&f);
}

TEST(what_was_touched_is_read_anew_over_the_base)
{
    struct fixture f = fresh();
    struct arena arena = {0};
    struct places_row rows[] = {toilet("node/1"), toilet("node/2"), toilet("node/3")}, after;
    struct places_row set = {.name = "新名"};
    struct why why = {""};
    imported(&f, rows, 3);
    struct placeset *base = loaded(&f), *next;
    assert_ok(edited(&f, 1, &set, 1u << PLACES_name, 0, &after, &arena, &why));
    assert_ok(places_remove(f.db, 2, 1, &staff, &arena, &after, &why));
    const int64_t ids[] = {1, 2, 77};
    assert_ok(places_reload(f.db, f.categories, base, ids, 3, &next));
    assert_int_equal(placeset_count(next), 2);
    assert_string_equal(placeset_at(next, (uint32_t)placeset_by_id(next, 1)).name, "新名");
    assert_int_equal(placeset_by_id(next, 2), -1);
    assert_int_equal(placeset_count(base), 3);
    placeset_free(base);
    placeset_free(next);
    arena_fini(&arena);
    gone(&f);
}

TEST(an_empty_table_is_an_empty_snapshot)
{
    struct fixture f = fresh();
    struct placeset *set = loaded(&f);
    assert_int_equal(placeset_count(set), 0);
    placeset_free(set);
    gone(&f);
}

static bool stop(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user;
    (void)stage;
    return done == 0 || total == 0;
}

static enum err fill(struct db *db, void *user)
{
    return db_exec(db, user);
}

TEST(many_places_load_fast_and_loading_can_be_stopped)
{
    struct fixture f = fresh();
    struct placeset *set = NULL;
    struct progress progress = {stop, NULL};
    struct timespec a, b;
    /* Written by the database itself: what is measured is the reading, by two threads. */
    static char sql[] =
        "INSERT INTO imports (source, file, began_ms) VALUES ('t', '', 0);"
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 150000) "
        "INSERT INTO places (category, amenities, name, name_en, address, hours, source, "
        "source_id, import_id, created_ms, updated_ms, geom) SELECT CASE i % 2 WHEN 0 THEN "
        "'toilet' ELSE 'fuel' END, CASE i % 3 WHEN 0 THEN 'water wifi' ELSE '' END, '公共厕所' || "
        "i, 'Toilet ' || i, '某某路' || (i % 100) || '号', '24/7', 't', 'node/' || i, 1, 0, 0, "
        "MakePoint(116 + (i % 1000) * 0.001, 39 + i / 1000 * 0.01, 4326) FROM n";
    assert_ok(db_write(f.db, fill, sql));
    assert_err(places_load(f.db, f.categories, &progress, &set, NULL), ERR_CANCELLED);
    assert_null(set);
    clock_gettime(CLOCK_MONOTONIC, &a);
    set = loaded(&f);
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("150000 places loaded in %.0f ms\n",
           (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) * 1e-6);
    assert_int_equal(placeset_count(set), 150000);
    placeset_free(set);
    gone(&f);
}

RUN(cmocka_unit_test(a_place_comes_back_from_the_table_and_in_the_snapshot),
    cmocka_unit_test(the_same_file_twice_changes_nothing_and_wakes_nobody),
    cmocka_unit_test(what_a_source_no_longer_has_is_marked_and_may_return_as_the_same_place),
    cmocka_unit_test(any_field_that_differs_is_a_change),
    cmocka_unit_test(a_bad_place_is_named_and_the_whole_import_undone),
    cmocka_unit_test(a_category_that_left_the_list_leaves_its_places_out_and_tells_how_many),
    cmocka_unit_test(what_staff_set_stays_when_the_source_says_otherwise_until_it_is_released),
    cmocka_unit_test(an_edit_is_refused_when_it_is_wrong_late_or_of_nothing),
    cmocka_unit_test(a_place_of_our_own_is_never_touched_by_an_import),
    cmocka_unit_test(a_place_is_closed_for_a_while_taken_off_and_put_back),
    cmocka_unit_test(every_edit_is_told_by_a_history_that_cannot_be_changed),
    cmocka_unit_test(what_was_touched_is_read_anew_over_the_base),
    cmocka_unit_test(an_empty_table_is_an_empty_snapshot),
    cmocka_unit_test(many_places_load_fast_and_loading_can_be_stopped))

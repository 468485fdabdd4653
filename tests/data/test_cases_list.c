#include "tests/data/store.h"

#include "data/blobs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- lists --- */

static void make_areas(struct db *db)
{
    /* 1 holds 2 and 3, 3 holds 4; 5 stands alone. */
    assert_ok(db_exec(
        db, "INSERT INTO areas (source, source_id, level, parent_id, created_ms, updated_ms, geom) "
            "SELECT 't', v.column1, v.column2, v.column3, 0, 0, ST_GeomFromText('MULTIPOLYGON(((0 "
            "0, 1 0, 1 1, 0 0)))', 4326) FROM (VALUES ('1', 4, NULL), ('2', 6, 1), ('3', 6, 1), "
            "('4', 8, 3), ('5', 4, NULL)) v"));
}

static size_t listed(struct store *s, const struct cases_filter *filter, bool *more,
                     const struct cases_case **cases)
{
    size_t count = 0;
    assert_ok(cases_list(s->db, filter, s->kinds, &s->arena, cases, &count, more));
    return count;
}

TEST(staff_see_the_cases_of_their_areas_and_of_those_below)
{
    struct store s = store_fresh();
    const struct cases_case *cases;
    bool more;
    make_areas(s.db);
    for (int64_t area = 0; area <= 5; area++) {
        struct cases_new fresh = store_report();
        fresh.area_id = area;
        fresh.now_ms = area;
        store_created(&s, &fresh);
    }
    static const struct {
        int64_t areas[2];
        size_t count, expected;
    } wanted[] = {{{1}, 1, 4},    {{3}, 1, 2},    {{4}, 1, 1},
                  {{2, 5}, 2, 2}, {{3, 4}, 2, 2}, {{0}, 0, 0}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct cases_filter filter = {.limit = 50,
                                      .areas_limited = true,
                                      .area_ids = wanted[i].areas,
                                      .area_count = wanted[i].count};
        assert_int_equal(listed(&s, &filter, &more, &cases), wanted[i].expected);
    }
    struct cases_filter all = {.limit = 50};
    assert_int_equal(listed(&s, &all, &more, &cases), 6);
    store_close(&s);
    scratch_remove();
}

/* Through the states, as far as `count` of them. */
static void move_along(struct store *s, struct cases_case *c, const char *const *states,
                       size_t count)
{
    struct why why = {""};
    for (size_t i = 0; i < count; i++)
        assert_ok(store_move(s, c, states[i], KINDS_STAFF, "x", &why));
}

TEST(a_deadline_is_kept_waits_is_extended_and_is_asked_for)
{
    static const char *const way[] = {"accepted", "filed", "dispatched", "handling", "suspended"};
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    const struct cases_case *cases;
    const struct cases_event *events;
    struct why why = {""};
    size_t count;
    bool more;
    const int64_t hour_ms = 3600000, monday = INT64_C(1795392000000); /* 23 November 2026, UTC */
    fresh.now_ms = monday + 9 * hour_ms;
    fresh.category = "collapse";
    struct cases_case c = store_created(&s, &fresh);
    int64_t due_ms = c.due.due_ms;
    assert_true(due_ms > fresh.now_ms);
    struct cases_filter filter = {.limit = 50, .only_open = true, .due_upto_ms = due_ms - 1};
    assert_int_equal(listed(&s, &filter, &more, &cases), 0);
    filter.due_upto_ms = due_ms;
    assert_int_equal(listed(&s, &filter, &more, &cases), 1);
    assert_int_equal(cases[0].due.due_ms, due_ms);
    move_along(&s, &c, way, 5);
    assert_int_equal(c.due.due_ms, 0);
    assert_true(c.due.left_min > 100 && c.due.left_min <= 120);
    filter.due_upto_ms = INT64_MAX;
    assert_int_equal(listed(&s, &filter, &more, &cases), 0);
    move_along(&s, &c, way + 3, 1); /* handling again */
    assert_true(c.due.due_ms >= due_ms);
    struct cases_acting extend = {.public_id = c.public_id,
                                  .to = "extended",
                                  .version = c.version,
                                  .actor = {KINDS_STAFF, 0},
                                  .reason = "rain",
                                  .now_ms = c.updated_ms + 1};
    assert_err(store_act(s.db, s.kinds, &extend, &s.arena, &c, &why), ERR_INVALID);
    assert_string_equal(why.text, "due_at is owed: the new deadline");
    extend.due_ms = extend.now_ms;
    assert_err(store_act(s.db, s.kinds, &extend, &s.arena, &c, &why), ERR_INVALID);
    extend.due_ms = monday + 100 * hour_ms;
    assert_ok(store_act(s.db, s.kinds, &extend, &s.arena, &c, &why));
    assert_int_equal(c.due.due_ms, extend.due_ms);
    assert_ok(cases_history(s.db, c.id, &s.arena, &events, &count));
    assert_int_equal(count, 8);
    assert_int_equal(events[0].due_ms, due_ms);
    assert_int_equal(events[5].due_ms, 0);
    assert_int_equal(events[7].due_ms, extend.due_ms);
    extend.to = "handling";
    extend.version = c.version;
    assert_err(store_act(s.db, s.kinds, &extend, &s.arena, &c, &why), ERR_INVALID);
    assert_string_equal(why.text, "due_at has no place in this move");
    store_close(&s);
    scratch_remove();
}

TEST(filters_narrow_a_list)
{
    struct store s = store_fresh();
    const struct cases_case *cases;
    struct why why = {""};
    bool more;
    struct cases_new lamp = store_report(), bin = store_report();
    bin.category = "bin";
    struct cases_case a = store_created(&s, &lamp), b = store_created(&s, &lamp);
    store_created(&s, &bin);
    assert_ok(store_move(&s, &a, "accepted", KINDS_STAFF, "", &why));
    assert_ok(store_move(&s, &b, "rejected", KINDS_STAFF, "x", &why));
    struct cases_filter filter = {.limit = 50, .category = "lamp"};
    assert_int_equal(listed(&s, &filter, &more, &cases), 2);
    filter.only_open = true;
    assert_int_equal(listed(&s, &filter, &more, &cases), 1);
    assert_string_equal(cases[0].public_id, a.public_id);
    filter = (struct cases_filter){.limit = 50, .state = "rejected"};
    assert_int_equal(listed(&s, &filter, &more, &cases), 1);
    filter = (struct cases_filter){.limit = 50, .kind = "difficulty"};
    assert_int_equal(listed(&s, &filter, &more, &cases), 0);
    filter.limit = 0;
    size_t count;
    assert_err(cases_list(s.db, &filter, s.kinds, &s.arena, &cases, &count, &more), ERR_RANGE);
    store_close(&s);
    scratch_remove();
}

TEST(pages_follow_each_other_without_gap_or_repetition_in_both_directions)
{
    enum { ALL = 25, PAGE = 4 };
    struct store s = store_fresh();
    for (int i = 0; i < ALL; i++) {
        struct cases_new fresh = store_report();
        fresh.now_ms = i / 3; /* several in one millisecond */
        store_created(&s, &fresh);
    }
    for (int newest = 0; newest < 2; newest++) {
        struct cases_filter filter = {.limit = PAGE,
                                      .sort = newest == 1 ? CASES_NEWEST : CASES_OLDEST};
        const struct cases_case *cases;
        int64_t expected = newest ? ALL : 1;
        bool more = true;
        while (more) {
            size_t count = listed(&s, &filter, &more, &cases);
            assert_true(count > 0);
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(cases[i].id, expected);
                expected += newest ? -1 : 1;
            }
            filter.has_after = true;
            filter.after_key = cases[count - 1].created_ms;
            filter.after_id = cases[count - 1].id;
        }
        assert_int_equal(expected, newest ? 0 : ALL + 1);
    }
    store_close(&s);
    scratch_remove();
}

/* --- content files --- */

TEST(what_no_row_names_is_set_aside_and_what_one_names_stays)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    unsigned char a[64];
    char orphan[SECRETS_HEX_SIZE], path[300], half[330];
    struct photos_clean photo = store_photo(a, 1);
    struct blobs_swept swept;
    struct stat st;
    fresh.photos = &photo;
    fresh.photo_count = 1;
    store_created(&s, &fresh);
    assert_ok(blobs_put(s.dir, "orphan", 6, orphan, NULL));
    assert_ok(blobs_path(s.dir, orphan, path, sizeof path));
    (void)snprintf(half, sizeof half, "%s.Ab3dEf", path); /* as a crash leaves it */
    assert_int_equal(symlink("/etc/passwd", half), 0);
    (void)snprintf(half, sizeof half, "%s/upload", datadir_path(s.dir, DATADIR_TMP));
    assert_int_equal(symlink("/etc/passwd", half), 0);
    assert_ok(blobs_sweep(s.dir, s.db, &swept, NULL));
    assert_int_equal(swept.kept, PHOTOS_SIZES);
    assert_int_equal(swept.set_aside, 1);
    assert_int_equal(swept.removed, 1);
    assert_int_equal(swept.missing, 0);
    assert_int_not_equal(stat(path, &st), 0);
    assert_int_not_equal(lstat(half, &st), 0);
    assert_int_equal(stat("/etc/passwd", &st), 0);
    assert_ok(blobs_path(s.dir, "../../../etc/passwd", path, sizeof path) ? ERR_OK : ERR_INVALID);

    struct cases_photo found;
    struct cases_case of;
    const struct cases_case *cases;
    bool more;
    struct cases_filter all = {.limit = 1};
    assert_int_equal(listed(&s, &all, &more, &cases), 1);
    assert_ok(cases_photo(s.db, cases[0].photos[0].public_id, &s.arena, &found, &of));
    assert_ok(blobs_path(s.dir, found.blobs[PHOTOS_LARGE], path, sizeof path));
    assert_int_equal(unlink(path), 0);
    assert_ok(blobs_sweep(s.dir, s.db, &swept, NULL));
    assert_int_equal(swept.missing, 1);
    store_close(&s);
    scratch_remove();
}

TEST(a_photo_set_aside_comes_back_when_the_database_names_it_again)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    unsigned char a[64], b[64];
    struct photos_clean first = store_photo(a, 1), second = store_photo(b, 2);
    struct blobs_swept swept;
    fresh.photos = &first;
    fresh.photo_count = 1;
    store_created(&s, &fresh);
    fresh.photos = &second;
    store_created(&s, &fresh);
    /* An older backup is restored, which knows the first report alone, and then a newer one. */
    assert_ok(db_exec(s.db, "CREATE TEMP TABLE newer AS SELECT * FROM blobs WHERE rowid > 3;"
                            "PRAGMA foreign_keys = OFF; DELETE FROM blobs WHERE rowid > 3"));
    assert_ok(blobs_sweep(s.dir, s.db, &swept, NULL));
    assert_int_equal(swept.kept, PHOTOS_SIZES);
    assert_int_equal(swept.set_aside, PHOTOS_SIZES);
    assert_ok(db_exec(s.db, "INSERT INTO blobs SELECT * FROM newer"));
    assert_ok(blobs_sweep(s.dir, s.db, &swept, NULL));
    assert_int_equal(swept.returned, PHOTOS_SIZES);
    assert_int_equal(swept.missing, 0);
    assert_ok(blobs_sweep(s.dir, s.db, &swept, NULL));
    assert_int_equal(swept.kept, 2 * PHOTOS_SIZES);
    store_close(&s);
    scratch_remove();
}

TEST(an_empty_database_beside_older_photos_is_refused_and_the_photos_stay)
{
    struct store s = store_fresh();
    char name[SECRETS_HEX_SIZE], path[300];
    struct blobs_swept swept;
    struct why why = {""};
    const struct timespec long_ago[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    assert_ok(blobs_put(s.dir, "photo", 5, name, NULL));
    assert_ok(blobs_path(s.dir, name, path, sizeof path));
    assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
    for (int start = 0; start < 2; start++) { /* the second time is no better */
        assert_err(blobs_sweep(s.dir, s.db, &swept, &why), ERR_CONFLICT);
        assert_non_null(strstr(why.text, "restore yizhan.db"));
        assert_int_equal(access(path, F_OK), 0);
    }
    store_close(&s);
    scratch_remove();
}

TEST(the_same_photo_sent_twice_is_one_file)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    unsigned char a[64];
    struct photos_clean photo = store_photo(a, 1);
    fresh.photos = &photo;
    fresh.photo_count = 1;
    struct cases_case one = store_created(&s, &fresh), two = store_created(&s, &fresh);
    assert_string_equal(one.photos[0].blobs[PHOTOS_LARGE], two.photos[0].blobs[PHOTOS_LARGE]);
    assert_string_not_equal(one.photos[0].public_id, two.photos[0].public_id);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs"), PHOTOS_SIZES);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM photos"), 2);
    store_close(&s);
    scratch_remove();
}

struct positions {
    double lon;
    size_t count, most;
};

static bool note_position(void *user, struct coord at)
{
    struct positions *p = user;
    p->lon += at.lon;
    return ++p->count < p->most;
}

TEST(positions_of_cases_come_by_kind_and_box_as_far_as_one_cares)
{
    static const struct box box = {1, 1, 3, 3};
    struct store s = store_fresh();
    for (int i = 0; i < 5; i++) {
        struct cases_new fresh = store_report();
        fresh.at = (struct coord){i, i};
        store_created(&s, &fresh);
    }
    struct cases_new nowhere = store_report();
    nowhere.has_position = false;
    nowhere.address = "somewhere";
    store_created(&s, &nowhere);
    struct positions found = {.most = 10};
    assert_ok(cases_positions(s.db, "report", box, note_position, &found));
    assert_int_equal(found.count, 3);
    assert_true(found.lon == 1 + 2 + 3);
    found = (struct positions){.most = 1};
    assert_ok(cases_positions(s.db, "report", box, note_position, &found));
    assert_int_equal(found.count, 1);
    found = (struct positions){.most = 10};
    assert_ok(cases_positions(s.db, "proposal", box, note_position, &found));
    assert_int_equal(found.count, 0);
    store_close(&s);
    scratch_remove();
}

TEST(what_is_open_of_one_kind_may_be_closed_of_another)
{
    static const char *const handled[] = {"handled"};
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    const struct cases_case *cases;
    bool more;
    fresh.kind = "place_feedback";
    fresh.category = "other";
    struct cases_case c = store_created(&s, &fresh);
    struct cases_filter filter = {.kind = "place_feedback", .limit = 50, .only_open = true};
    assert_int_equal(listed(&s, &filter, &more, &cases), 1);
    move_along(&s, &c, handled, 1);
    assert_int_equal(listed(&s, &filter, &more, &cases), 0);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(what_is_open_of_one_kind_may_be_closed_of_another),
    cmocka_unit_test(positions_of_cases_come_by_kind_and_box_as_far_as_one_cares),
    cmocka_unit_test(staff_see_the_cases_of_their_areas_and_of_those_below),
    cmocka_unit_test(a_deadline_is_kept_waits_is_extended_and_is_asked_for),
    cmocka_unit_test(filters_narrow_a_list),
    cmocka_unit_test(pages_follow_each_other_without_gap_or_repetition_in_both_directions),
    cmocka_unit_test(what_no_row_names_is_set_aside_and_what_one_names_stays),
    cmocka_unit_test(a_photo_set_aside_comes_back_when_the_database_names_it_again),
    cmocka_unit_test(an_empty_database_beside_older_photos_is_refused_and_the_photos_stay),
    cmocka_unit_test(the_same_photo_sent_twice_is_one_file))

#include "tests/data/store.h"

#include "data/blobs.h"
#include "data/place_photos.h"

#include <stdio.h>

static const struct places_by staff = {.actor = "staff", .now_ms = 1000};

static int64_t station(struct store *s)
{
    static const char list[] = "categories:\n  - {code: toilet, zh: 厕所, en: Toilet}\n"
                               "amenities:\n  - {code: water, zh: 饮水, en: Water}\n";
    const struct places_row row = {.category = "toilet", .at = {116.3, 39.9}};
    struct categories *categories;
    struct places_created made;
    struct why why = {""};
    assert_ok(categories_parse("list", list, sizeof list - 1, &categories, &why));
    assert_ok(places_create(s->db, categories, &row, &staff, NULL, &s->arena, &made, &why));
    categories_free(categories);
    return made.made.id;
}

static struct places_row shoot(struct store *s, int64_t place, uint64_t mark)
{
    unsigned char bytes[64];
    const struct photos_clean photo = store_photo(bytes, mark);
    const struct place_photos_adding adding = {
        .place = place, .photos = &photo, .count = 1, .by = &staff};
    struct places_created made;
    struct why why = {""};
    assert_ok(place_photos_add(s->db, s->dir, &adding, &s->arena, &made, &why));
    return made.made;
}

TEST(photos_stand_in_the_order_of_adding_and_can_be_put_in_another)
{
    struct store s = store_fresh();
    int64_t place = station(&s);
    struct places_row after = shoot(&s, place, 1);
    char a[64], order[128];
    struct why why = {""};
    (void)snprintf(a, sizeof a, "%s", after.photos);
    after = shoot(&s, place, 2);
    assert_int_equal(after.version, 3);
    assert_int_equal(strlen(after.photos), 45);
    (void)snprintf(order, sizeof order, "%s %s", after.photos + 23, a);
    assert_ok(place_photos_order(s.db, place, 3, order, &staff, &s.arena, &after, &why));
    assert_string_equal(after.photos, order);
    const char *wrong[] = {"", a, "x", order + 1};
    for (size_t i = 0; i < 4; i++)
        assert_err(place_photos_order(s.db, place, 4, wrong[i], &staff, &s.arena, &after, &why),
                   ERR_INVALID);
    (void)snprintf(order, sizeof order, "%s %s", a, a);
    assert_err(place_photos_order(s.db, place, 4, order, &staff, &s.arena, &after, &why),
               ERR_INVALID);
    assert_err(place_photos_order(s.db, place, 3, a, &staff, &s.arena, &after, &why), ERR_CONFLICT);
    store_close(&s);
    scratch_remove();
}

TEST(a_photo_is_taken_off_wherever_it_stands)
{
    static const int gone[3] = {0, 1, 2};
    for (size_t turn = 0; turn < 3; turn++) {
        struct store s = store_fresh();
        int64_t place = station(&s);
        struct places_row after = {0};
        struct why why = {""};
        struct place_photos_photo photo;
        char id[SECRETS_ID_SIZE], left[128] = "";
        for (uint64_t i = 0; i < 3; i++)
            after = shoot(&s, place, i);
        (void)snprintf(id, sizeof id, "%.22s", after.photos + (ptrdiff_t)23 * gone[turn]);
        for (size_t i = 0; i < 3; i++)
            if ((int)i != gone[turn])
                (void)snprintf(left + strlen(left), sizeof left - strlen(left), "%s%.22s",
                               *left ? " " : "", after.photos + 23 * i);
        assert_ok(place_photos_get(s.db, id, &s.arena, &photo));
        assert_true(photo.shown);
        assert_ok(place_photos_remove(s.db, place, id, &staff, &s.arena, &after, &why));
        assert_string_equal(after.photos, left);
        assert_err(place_photos_get(s.db, id, &s.arena, &photo), ERR_NOTFOUND);
        assert_err(place_photos_remove(s.db, place, id, &staff, &s.arena, &after, &why),
                   ERR_NOTFOUND);
        assert_int_equal(
            value_of(s.db, "SELECT count(*) FROM place_events WHERE verb = 'photo_removed'"), 1);
        store_close(&s);
        scratch_remove();
    }
}

TEST(a_place_has_so_many_photos_and_no_more)
{
    struct store s = store_fresh();
    int64_t place = station(&s);
    unsigned char bytes[64];
    struct why why = {""};
    struct places_created made;
    for (uint64_t i = 0; i < PLACE_PHOTOS_MAX; i++)
        (void)shoot(&s, place, i);
    const struct photos_clean photo = store_photo(bytes, 99);
    const struct place_photos_adding adding = {
        .place = place, .photos = &photo, .count = 1, .by = &staff};
    assert_err(place_photos_add(s.db, s.dir, &adding, &s.arena, &made, &why), ERR_LIMIT);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM place_photos"), PLACE_PHOTOS_MAX);
    store_close(&s);
    scratch_remove();
}

TEST(the_files_of_photos_outlive_a_restart_and_those_that_nobody_names_do_not)
{
    struct store s = store_fresh();
    struct blobs_swept swept;
    struct why why = {""};
    char orphan[SECRETS_HEX_SIZE];
    int64_t place = station(&s);
    (void)shoot(&s, place, 1);
    assert_ok(blobs_put(s.dir, "left behind", 11, orphan, &why));
    assert_ok(blobs_sweep(s.dir, s.db, &swept, &why));
    assert_int_equal(swept.kept, PHOTOS_SIZES);
    assert_int_equal(swept.set_aside, 1);
    assert_int_equal(swept.missing, 0);
    store_close(&s);
    scratch_remove();
}

TEST(the_files_of_a_photo_that_is_taken_off_go_with_it_unless_another_photo_is_the_same_picture)
{
    struct store s = store_fresh();
    struct blobs_swept swept;
    struct places_row after;
    struct why why = {""};
    char a[SECRETS_ID_SIZE], b[SECRETS_ID_SIZE];
    int64_t place = station(&s), other = station(&s);
    (void)snprintf(a, sizeof a, "%.22s", shoot(&s, place, 1).photos);
    (void)snprintf(b, sizeof b, "%.22s", shoot(&s, other, 1).photos);
    assert_ok(place_photos_remove(s.db, place, a, &staff, &s.arena, &after, &why));
    assert_ok(blobs_sweep(s.dir, s.db, &swept, &why));
    assert_int_equal(swept.kept, PHOTOS_SIZES);
    assert_int_equal(swept.set_aside, 0);
    assert_ok(place_photos_remove(s.db, other, b, &staff, &s.arena, &after, &why));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs"), 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM place_photos"), 0);
    assert_ok(blobs_sweep(s.dir, s.db, &swept, &why));
    assert_int_equal(swept.kept, 0);
    assert_int_equal(swept.set_aside, PHOTOS_SIZES);
    assert_int_equal(strlen(shoot(&s, place, 1).photos), 22); /* and can be added again */
    assert_ok(blobs_sweep(s.dir, s.db, &swept, &why));
    assert_int_equal(swept.kept, PHOTOS_SIZES);
    store_close(&s);
    scratch_remove();
}

TEST(a_photo_that_a_report_has_too_keeps_its_files)
{
    struct store s = store_fresh();
    struct places_row after;
    struct why why = {""};
    unsigned char bytes[64];
    char id[SECRETS_ID_SIZE];
    int64_t place = station(&s);
    const struct photos_clean photo = store_photo(bytes, 1);
    struct cases_new fresh = store_report();
    fresh.photos = &photo;
    fresh.photo_count = 1;
    (void)store_created(&s, &fresh);
    (void)snprintf(id, sizeof id, "%.22s", shoot(&s, place, 1).photos);
    assert_ok(place_photos_remove(s.db, place, id, &staff, &s.arena, &after, &why));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs"), PHOTOS_SIZES);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(photos_stand_in_the_order_of_adding_and_can_be_put_in_another),
    cmocka_unit_test(a_photo_is_taken_off_wherever_it_stands),
    cmocka_unit_test(a_place_has_so_many_photos_and_no_more),
    cmocka_unit_test(the_files_of_photos_outlive_a_restart_and_those_that_nobody_names_do_not),
    cmocka_unit_test(
        the_files_of_a_photo_that_is_taken_off_go_with_it_unless_another_photo_is_the_same_picture),
    cmocka_unit_test(a_photo_that_a_report_has_too_keeps_its_files))

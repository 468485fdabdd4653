#include "tests/geo/place/random_part.h"

#include <sys/stat.h>

enum { MANY = 70000 }; /* enough for threads to help */

static void same_bytes(const void *a, const void *b, size_t n)
{
    if (n) assert_memory_equal(a, b, n);
}

static void same_tree(const struct rtree *a, const struct rtree *b)
{
    assert_int_equal(a->item_count, b->item_count);
    assert_int_equal(a->box_count, b->box_count);
    assert_int_equal(a->levels, b->levels);
    same_bytes(a->level_start, b->level_start, a->levels * sizeof *a->level_start);
    same_bytes(a->boxes, b->boxes, a->box_count * sizeof *a->boxes);
    same_bytes(a->items, b->items, a->item_count * sizeof *a->items);
}

static void same_places(const struct placepart *a, const struct placepart *b)
{
    const struct hours_moment moment = hours_moment_of(NULL, hours_day_of(2026, 11, 27), 600);
    for (uint32_t i = 0; i < a->count; i++) {
        struct place x = placepart_at(a, i), y = placepart_at(b, i);
        assert_int_equal(placepart_by_id(b, x.id), i);
#define SAME(field) assert_string_equal(x.field, y.field);
        PLACEPART_TEXTS(SAME)
#undef SAME
        assert_int_equal(x.plain, y.plain);
        assert_string_equal(x.closed_reason, y.closed_reason);
        assert_int_equal(x.closed_from_ms, y.closed_from_ms);
        assert_int_equal(x.closed_to_ms, y.closed_to_ms);
        assert_int_equal(openings_at(a->openings, i, &moment),
                         openings_at(b->openings, i, &moment));
        for (unsigned kind = 0; kind < OPENINGS_KINDS; kind++) {
            const struct hours *u = NULL, *v = NULL;
            assert_int_equal(openings_hours(a->openings, i, kind, &u),
                             openings_hours(b->openings, i, kind, &v));
            assert_int_equal(u == NULL, v == NULL);
        }
    }
}

/* Bit for bit, but for what is an address. */
static void same_part(const struct placepart *a, const struct placepart *b)
{
    size_t n = a->count;
    assert_int_equal(a->count, b->count);
    assert_int_equal(b->first, 0);
    same_bytes(a->coords, b->coords, n * sizeof *a->coords);
    same_bytes(a->categories, b->categories, n);
    same_bytes(a->amenities, b->amenities, n * sizeof *a->amenities);
    same_bytes(a->ids, b->ids, n * sizeof *a->ids);
    same_bytes(a->more, b->more, n * sizeof *a->more);
    assert_int_equal(a->closing_count, b->closing_count);
    same_bytes(a->closings, b->closings, a->closing_count * sizeof *a->closings);
    assert_int_equal(a->reasons.len, b->reasons.len);
    same_bytes(a->reasons.bytes, b->reasons.bytes, a->reasons.len);
    same_bytes(openings_numbers(a->openings), openings_numbers(b->openings),
               n * OPENINGS_KINDS * sizeof(uint32_t));
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(a->index[k].id, b->index[k].id);
        assert_int_equal(a->index[k].index, b->index[k].index);
    }
    same_tree(&a->tree, &b->tree);
    for (unsigned c = 0; c < PLACESET_CATEGORIES; c++) {
        const struct placepart_group *x = &a->groups[c], *y = &b->groups[c];
        same_tree(&x->tree, &y->tree);
        if (!x->tree.item_count) continue;
        assert_int_equal(x->first, y->first);
        same_bytes(x->amenities, y->amenities,
                   (x->tree.box_count - x->tree.item_count) * sizeof *x->amenities);
    }
    same_places(a, b);
}

TEST(a_part_comes_back_bit_for_bit_with_its_note)
{
    static const uint32_t counts[] = {0, 1, 2, 15, 16, 17, 300, 5000, MANY};
    uint64_t random = random_seed();
    char path[128];
    scratch_make();
    scratch_in(path, sizeof path, "p");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct placeset *set = random_set(&random, counts[i]);
        const struct placepart *part = placeset_part(set, PLACESET_BASE);
        struct placepart *read;
        struct placepart_file *file;
        struct why why = {""};
        struct stat st;
        assert_ok(placepart_file_write(path, part, "a note", 6, NULL, &why));
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_ok(placepart_file_open(path, &file, &why));
        assert_memory_equal(placepart_file_note(file), "a note\0\0", 8);
        assert_int_equal(placepart_file_count(file), counts[i]);
        assert_ok(placepart_file_read(file, PLACESET_CATEGORIES, PLACESET_AMENITIES, &read, &why));
        placepart_file_close(file);
        same_part(part, read);
        placepart_release(read);
        placeset_free(set);
    }
    scratch_remove();
}

TEST(a_set_of_such_a_base_takes_edits_like_any_other)
{
    uint64_t random = random_seed();
    char path[128], name[64];
    struct why why = {""};
    struct placepart *read;
    struct placeset *again, *patched;
    struct placeset_builder *builder;
    scratch_make();
    struct placeset *set = random_set(&random, 500);
    int64_t id = placeset_id(set, 77);
    assert_ok(placepart_file_write(scratch_in(path, sizeof path, "p"), placeset_part(set, 0), "", 0,
                                   NULL, &why));
    assert_ok(opened(path, PLACESET_CATEGORIES, PLACESET_AMENITIES, &read, &why));
    assert_ok(placeset_of_base(read, &again));
    assert_int_equal(placeset_count(again), 500);
    struct place edited = random_place(&random, id, name);
    edited.name = "edited";
    assert_ok(placeset_builder_new(1, &builder));
    assert_ok(placeset_add(builder, &edited));
    assert_ok(placeset_patch(again, builder, &id, 1, &patched));
    placeset_builder_free(builder);
    placeset_free(again);
    assert_int_equal(placeset_count(patched), 500);
    assert_string_equal(placeset_at(patched, (uint32_t)placeset_by_id(patched, id)).name, "edited");
    placeset_free(patched);
    placeset_free(set);
    scratch_remove();
}

TEST(categories_and_amenities_that_there_are_not_are_refused)
{
    struct placeset_builder *builder;
    const struct place place = {.id = 1, .category = 3, .amenities = 1 << 5, .name = "x"};
    char path[128];
    struct why why = {""};
    struct placepart *read;
    scratch_make();
    assert_ok(placeset_builder_new(1, &builder));
    assert_ok(placeset_add(builder, &place));
    struct placeset *set = set_of(builder);
    placeset_builder_free(builder);
    assert_ok(placepart_file_write(scratch_in(path, sizeof path, "p"), placeset_part(set, 0), "", 0,
                                   NULL, &why));
    assert_err(opened(path, 3, 6, &read, &why), ERR_FORMAT);
    assert_err(opened(path, 4, 5, &read, &why), ERR_FORMAT);
    assert_ok(opened(path, 4, 6, &read, &why));
    placepart_release(read);
    placeset_free(set);
    scratch_remove();
}

TEST(every_length_that_is_too_short_is_refused)
{
    uint64_t random = random_seed();
    struct damage d = damage_new(&random, 20);
    struct why why = {""};
    for (size_t len = 0; len < d.len; len += 1 + random_below(&random, 40)) {
        enum err e = written_and_read(&d, len, &why);
        assert_true(e == ERR_TRUNCATED || e == ERR_FORMAT);
        assert_true(why.text[0]);
    }
    assert_ok(written_and_read(&d, d.len, &why));
    damage_free(&d);
}

TEST(every_flipped_bit_is_refused)
{
    uint64_t random = random_seed();
    struct damage d = damage_new(&random, 30);
    struct why why = {""};
    for (int round = 0; round < 2000; round++) {
        const struct placepart_file_entry *entry =
            &d.header.sections[random_below(&random, PLACEPART_FILE_SECTION_COUNT)];
        size_t bytes = (size_t)entry->count * entry->item_size, at;
        if (round % 2 == 0)
            at = random_below(&random, sizeof d.header);
        else if (!bytes)
            continue;
        else
            at = (size_t)entry->offset + random_below(&random, (uint32_t)bytes);
        char bit = (char)(1 << random_below(&random, 8));
        d.bytes[at] = (char)(d.bytes[at] ^ bit);
        assert_true(written_and_read(&d, d.len, &why) != ERR_OK);
        assert_true(why.text[0]);
        d.bytes[at] = (char)(d.bytes[at] ^ bit);
    }
    damage_free(&d);
}

TEST(a_file_of_another_program_and_none_at_all_are_told_apart)
{
    uint64_t random = random_seed();
    struct damage d = damage_new(&random, 10);
    struct placepart *read;
    struct why why = {""};
    d.header.version++;
    mend(&d);
    assert_err(written_and_read(&d, d.len, &why), ERR_VERSION);
    d.header.version--;
    d.header.sample.texts++;
    mend(&d);
    assert_err(written_and_read(&d, d.len, &why), ERR_VERSION);
    d.bytes[0] = 'X';
    assert_err(written_and_read(&d, d.len, &why), ERR_FORMAT);
    assert_int_equal(unlink(d.path), 0);
    assert_err(opened(d.path, 1, 1, &read, &why), ERR_NOTFOUND);
    assert_err(opened(scratch_path, 1, 1, &read, &why), ERR_FORMAT);
    damage_free(&d);
}

struct patience {
    int left;
};

static bool until_patience_ends(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct patience *p = user;
    assert_string_equal(stage, "places");
    assert_true(done <= total);
    return p->left-- > 0;
}

TEST(writing_stops_on_request_and_leaves_nothing)
{
    uint64_t random = random_seed();
    struct placeset *set = random_set(&random, 1000);
    struct patience endless = {1000}, short_one;
    const struct progress all = {until_patience_ends, &endless},
                          some = {until_patience_ends, &short_one};
    char path[128];
    struct why why = {""};
    struct stat st;
    scratch_make();
    scratch_in(path, sizeof path, "p");
    assert_ok(placepart_file_write(path, placeset_part(set, 0), "", 0, &all, &why));
    assert_int_equal(unlink(path), 0);
    for (int calls = 1000 - endless.left, n = 0; n < calls; n++) {
        short_one.left = n;
        assert_err(placepart_file_write(path, placeset_part(set, 0), "", 0, &some, &why),
                   ERR_CANCELLED);
        assert_int_equal(stat(path, &st), -1);
    }
    placeset_free(set);
    assert_int_equal(rmdir(scratch_path), 0); /* empty */
    scratch_remove();
}

TEST(a_folder_that_is_not_there_is_told)
{
    uint64_t random = random_seed();
    struct placeset *set = random_set(&random, 10);
    struct why why = {""};
    assert_err(placepart_file_write("/nowhere/at/all", placeset_part(set, 0), "", 0, NULL, &why),
               ERR_NOTFOUND);
    assert_non_null(strstr(why.text, "/nowhere/at/all"));
    placeset_free(set);
}

RUN(cmocka_unit_test(a_part_comes_back_bit_for_bit_with_its_note),
    cmocka_unit_test(a_set_of_such_a_base_takes_edits_like_any_other),
    cmocka_unit_test(categories_and_amenities_that_there_are_not_are_refused),
    cmocka_unit_test(every_length_that_is_too_short_is_refused),
    cmocka_unit_test(every_flipped_bit_is_refused),
    cmocka_unit_test(a_file_of_another_program_and_none_at_all_are_told_apart),
    cmocka_unit_test(writing_stops_on_request_and_leaves_nothing),
    cmocka_unit_test(a_folder_that_is_not_there_is_told))

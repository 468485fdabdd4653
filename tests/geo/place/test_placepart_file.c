#include "tests/check.h"
#include "tests/scratch.h"

#include "geo/base/file.h"
#include "geo/base/zip.h"
#include "geo/place/placepart_file.h"
#include "geo/place/placeset.h"

#include <string.h>
#include <sys/stat.h>

enum { MANY = 70000 }; /* enough for threads to help */

static const char *const hours[] = {
    NULL, "24/7", "Mo-Fr 08:00-18:00", "周一至周五 8:00-18:00", "by the moon", "Mo-Su 20:00-02:00"};

static struct placeset *set_of(const struct placeset_builder *builder)
{
    struct placeset *set;
    assert_ok(placeset_build(builder, &set));
    return set;
}

static struct place random_place(uint64_t *random, int64_t id, char name[64])
{
    (void)snprintf(name, 64, "驿站 %x%s", random_below(random, 100000),
                   random_below(random, 9) ? "" : "\"\n");
    bool closed = random_below(random, 20) == 0;
    return (struct place){
        .id = id,
        .at = {random_unit(random) * 360 - 180, random_unit(random) * 180 - 90},
        .category = random_below(random, PLACESET_CATEGORIES),
        .amenities = random_next(random),
        .name = random_below(random, 10) ? name : NULL,
        .name_en = random_below(random, 3) ? NULL : "Station",
        .names = random_below(random, 5) ? NULL : "甲;乙",
        .address = random_below(random, 2) ? NULL : "西单北大街 1 号",
        .phone = random_below(random, 4) ? NULL : "010-1",
        .hours = hours[random_below(random, 6)],
        .hours_self = hours[random_below(random, 6)],
        .source = random_below(random, 50) ? "osm:node/1" : NULL,
        .photos = random_below(random, 7) ? NULL : "abc def",
        .version = (uint32_t)random_next(random),
        .capacity = random_below(random, 1000),
        .doubted = random_below(random, 2),
        .by_staff = random_below(random, 2),
        .confirmed_ms = (int64_t)random_below(random, 2000000000) * 1000,
        .closed_from_ms = closed ? 1 : 0,
        .closed_to_ms = closed ? INT64_MAX - random_below(random, 2) : 0,
        .closed_reason = random_below(random, 3) ? "装修" : name,
    };
}

/* Ids are different, and in no order. */
static struct placeset *random_set(uint64_t *random, uint32_t count)
{
    struct placeset_builder *builder;
    char name[64];
    int64_t factor = (int64_t)(random_next(random) >> 32 | 1) * (random_below(random, 2) ? 1 : -1);
    assert_ok(placeset_builder_new(count, &builder));
    for (uint32_t i = 0; i < count; i++) {
        struct place place = random_place(random, (int64_t)((i * 7919u) % 1000003) * factor, name);
        assert_ok(placeset_add(builder, &place));
    }
    struct placeset *set = set_of(builder);
    placeset_builder_free(builder);
    return set;
}

static enum err opened(const char *path, unsigned categories, unsigned amenities,
                       struct placepart **part, struct why *why)
{
    struct placepart_file *file;
    enum err e = placepart_file_open(path, &file, why);
    if (e) return e;
    e = placepart_file_read(file, categories, amenities, part, why);
    placepart_file_close(file);
    return e;
}

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

/* --- damage --- */

struct damage {
    char path[128];
    char *bytes;
    size_t len;
    struct placepart_file_header header;
};

static struct damage damage_new(uint64_t *random, uint32_t count)
{
    struct damage d;
    struct why why = {""};
    scratch_make();
    scratch_in(d.path, sizeof d.path, "p");
    struct placeset *set = random_set(random, count);
    assert_ok(placepart_file_write(d.path, placeset_part(set, 0), "", 0, NULL, &why));
    placeset_free(set);
    assert_ok(file_read(d.path, 1 << 26, &d.bytes, &d.len, &why));
    memcpy(&d.header, d.bytes, sizeof d.header);
    return d;
}

static void damage_free(struct damage *d)
{
    free(d->bytes);
    scratch_remove();
}

static enum err written_and_read(const struct damage *d, size_t len, struct why *why)
{
    struct placepart *read;
    assert_ok(file_replace(d->path, d->bytes, len, why));
    enum err e = opened(d->path, PLACESET_CATEGORIES, PLACESET_AMENITIES, &read, why);
    if (!e) placepart_release(read);
    return e;
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

static void *section(struct damage *d, enum placepart_file_section which)
{
    return d->bytes + d->header.sections[which].offset;
}

/* Puts the checksums right, so that only what they cover is wrong. */
static void mend(struct damage *d)
{
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT; i++) {
        struct placepart_file_entry *entry = &d->header.sections[i];
        entry->crc = zip_crc32(0, section(d, i), (size_t)(entry->count * entry->item_size));
    }
    d->header.crc = zip_crc32(0, (const char *)&d->header + PLACEPART_FILE_CRC_START,
                              sizeof d->header - PLACEPART_FILE_CRC_START);
    memcpy(d->bytes, &d->header, sizeof d->header);
}

static void unsort_categories(struct damage *d)
{
    struct placepart_more *more = section(d, PLACEPART_FILE_more);
    more[0].category = 63;
}
static void leave_texts(struct damage *d)
{
    struct placepart_more *more = section(d, PLACEPART_FILE_more);
    more[200].texts = UINT32_MAX;
}
static void lose_a_nul(struct damage *d)
{
    char *texts = section(d, PLACEPART_FILE_texts);
    texts[d->header.sections[PLACEPART_FILE_texts].count - 1] = 'x';
}
static void lie_about_plain(struct damage *d)
{
    const struct placepart_more *more = section(d, PLACEPART_FILE_more);
    unsigned char *texts = section(d, PLACEPART_FILE_texts);
    for (size_t i = 0;; i++) {
        unsigned char *text = texts + more[i].texts;
        if (!(text[1] & 0x80) || !text[PLACEPART_HEAD]) continue;
        text[PLACEPART_HEAD] = '"';
        return;
    }
}
static void claim_more_texts(struct damage *d)
{
    unsigned char *texts = section(d, PLACEPART_FILE_texts);
    texts[1] |= 0x40;
}
static void leave_the_world(struct damage *d)
{
    struct coord_e7 *coords = section(d, PLACEPART_FILE_coords);
    coords[7].lat_e7 = 900000001;
}
static void see_one_twice(struct damage *d)
{
    uint32_t *items = section(d, PLACEPART_FILE_items);
    items[3] = items[4];
}
static void leave_the_tree(struct damage *d)
{
    uint32_t *items = section(d, PLACEPART_FILE_items);
    items[3] = 300;
}
static void unsort_ids(struct damage *d)
{
    uint32_t *by_id = section(d, PLACEPART_FILE_by_id);
    by_id[9] = by_id[8];
}
static void leave_the_ids(struct damage *d)
{
    uint32_t *by_id = section(d, PLACEPART_FILE_by_id);
    by_id[9] = UINT32_MAX;
}
static void hurry_hours(struct damage *d)
{
    uint32_t *numbers = section(d, PLACEPART_FILE_hours);
    numbers[0] = 5;
}
static void close_what_is_not(struct damage *d)
{
    struct placepart_closing *closings = section(d, PLACEPART_FILE_closings);
    closings[0].place = 300;
}
static void unsort_closings(struct damage *d)
{
    struct placepart_closing *closings = section(d, PLACEPART_FILE_closings);
    closings[1].place = closings[0].place;
}
static void leave_the_reasons(struct damage *d)
{
    struct placepart_closing *closings = section(d, PLACEPART_FILE_closings);
    closings[0].reason = (uint32_t)d->header.sections[PLACEPART_FILE_reasons].count;
}
static void never_end_a_reason(struct damage *d)
{
    char *reasons = section(d, PLACEPART_FILE_reasons);
    reasons[d->header.sections[PLACEPART_FILE_reasons].count - 1] = 'x';
}
static void count_wrongly(struct damage *d)
{
    d->header.sections[PLACEPART_FILE_items].count--;
}
static void lie_outside(struct damage *d)
{
    d->header.sections[PLACEPART_FILE_reasons].offset = UINT64_MAX - 3;
    d->header.sections[PLACEPART_FILE_reasons].count = 0;
}

TEST(what_is_wrong_under_a_right_checksum_is_refused_too)
{
    static void (*const harms[])(struct damage *) = {
        unsort_categories, leave_texts,       lose_a_nul,        lie_about_plain,
        claim_more_texts,  leave_the_world,   see_one_twice,     leave_the_tree,
        unsort_ids,        leave_the_ids,     hurry_hours,       count_wrongly,
        unsort_closings,   leave_the_reasons, close_what_is_not, never_end_a_reason};
    uint64_t random = random_seed();
    struct why why = {""};
    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        struct damage d = damage_new(&random, 300);
        mend(&d);
        assert_ok(written_and_read(&d, d.len, &why));
        harms[i](&d);
        mend(&d);
        if (written_and_read(&d, d.len, &why) != ERR_FORMAT) fail_msg("harm %zu is not seen", i);
        damage_free(&d);
    }
    struct damage d = damage_new(&random, 300);
    lie_outside(&d);
    d.header.crc = zip_crc32(0, (const char *)&d.header + PLACEPART_FILE_CRC_START,
                             sizeof d.header - PLACEPART_FILE_CRC_START);
    memcpy(d.bytes, &d.header, sizeof d.header);
    assert_err(written_and_read(&d, d.len, &why), ERR_FORMAT);
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
    cmocka_unit_test(what_is_wrong_under_a_right_checksum_is_refused_too),
    cmocka_unit_test(a_file_of_another_program_and_none_at_all_are_told_apart),
    cmocka_unit_test(writing_stops_on_request_and_leaves_nothing),
    cmocka_unit_test(a_folder_that_is_not_there_is_told))

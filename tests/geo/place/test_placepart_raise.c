#include "tests/geo/place/random_part.h"

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

RUN(cmocka_unit_test(what_is_wrong_under_a_right_checksum_is_refused_too))

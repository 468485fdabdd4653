/* Parts with something of everything in them, and what can be done to their files. */
#ifndef YZ_TESTS_PLACE_RANDOM_PART_H
#define YZ_TESTS_PLACE_RANDOM_PART_H

#include "tests/check.h"
#include "tests/scratch.h"

#include "geo/base/file.h"
#include "geo/base/zip.h"
#include "geo/place/placepart_file.h"
#include "geo/place/placeset.h"

#include <string.h>

static const char *const random_hours[] = {
    NULL, "24/7", "Mo-Fr 08:00-18:00", "周一至周五 8:00-18:00", "by the moon", "Mo-Su 20:00-02:00"};

static inline struct placeset *set_of(const struct placeset_builder *builder)
{
    struct placeset *set;
    assert_ok(placeset_build(builder, &set));
    return set;
}

static inline struct place random_place(uint64_t *random, int64_t id, char name[64])
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
        .hours = random_hours[random_below(random, 6)],
        .hours_self = random_hours[random_below(random, 6)],
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
static inline struct placeset *random_set(uint64_t *random, uint32_t count)
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

static inline enum err opened(const char *path, unsigned categories, unsigned amenities,
                              struct placepart **part, struct why *why)
{
    struct placepart_file *file;
    enum err e = placepart_file_open(path, &file, why);
    if (e) return e;
    e = placepart_file_read(file, categories, amenities, part, why);
    placepart_file_close(file);
    return e;
}

/* --- damage --- */

struct damage {
    char path[128];
    char *bytes;
    size_t len;
    struct placepart_file_header header;
};

static inline struct damage damage_new(uint64_t *random, uint32_t count)
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

static inline void damage_free(struct damage *d)
{
    free(d->bytes);
    scratch_remove();
}

static inline enum err written_and_read(const struct damage *d, size_t len, struct why *why)
{
    struct placepart *read;
    assert_ok(file_replace(d->path, d->bytes, len, why));
    enum err e = opened(d->path, PLACESET_CATEGORIES, PLACESET_AMENITIES, &read, why);
    if (!e) placepart_release(read);
    return e;
}

static inline void *section(struct damage *d, enum placepart_file_section which)
{
    return d->bytes + d->header.sections[which].offset;
}

/* Puts the checksums right, so that only what they cover is wrong. */
static inline void mend(struct damage *d)
{
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT; i++) {
        struct placepart_file_entry *entry = &d->header.sections[i];
        entry->crc = zip_crc32(0, section(d, i), (size_t)(entry->count * entry->item_size));
    }
    d->header.crc = zip_crc32(0, (const char *)&d->header + PLACEPART_FILE_CRC_START,
                              sizeof d->header - PLACEPART_FILE_CRC_START);
    memcpy(d->bytes, &d->header, sizeof d->header);
}

#endif

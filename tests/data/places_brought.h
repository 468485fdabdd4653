/* A database with places of a source, for the tests of what is kept of them. */
#ifndef YZ_TESTS_DATA_PLACES_BROUGHT_H
#define YZ_TESTS_DATA_PLACES_BROUGHT_H

#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/scratch.h"

#include "data/categories.h"
#include "data/migrate.h"
#include "data/places.h"

static const char list[] = "categories:\n"
                           "  - {code: toilet, zh: 公共卫生间, en: Toilet}\n"
                           "  - {code: fuel, zh: 加油站, en: Fuel}\n"
                           "amenities:\n"
                           "  - {code: water, zh: 饮水, en: Water}\n"
                           "  - {code: wifi, zh: WiFi, en: Wi-Fi}\n"
                           "  - {code: seats, zh: 座椅, en: Seats}\n";

struct fixture {
    struct db *db;
    struct categories *categories;
};

static inline struct fixture fresh(void)
{
    char path[128];
    struct fixture f = {0};
    struct why why = {""};
    scratch_make();
    template_lay(scratch_in(path, sizeof path, "a.db"));
    assert_ok(db_open(path, DB_CREATE, &f.db, &why));
    assert_ok(migrate_up(f.db, NULL, &why));
    assert_ok(categories_parse("list", list, sizeof list - 1, &f.categories, &why));
    return f;
}

static inline void gone(struct fixture *f)
{
    categories_free(f->categories);
    db_close(f->db);
    scratch_remove();
}

static inline struct places_row toilet(const char *id)
{
    return (struct places_row){.source = "osm",
                               .source_id = id,
                               .at = {116.3751234567, 39.9},
                               .category = "toilet",
                               .amenities = "water seats",
                               .name = "西单公厕",
                               .name_en = "Xidan Toilet",
                               .address = "西单北大街",
                               .phone = "010-1",
                               .hours = "24/7",
                               .hours_self = "Mo-Su 06:00-22:00"};
}

/* An import of rows as one transaction. */
struct import {
    struct fixture *f;
    const struct places_row *rows;
    size_t count;
    struct places_counts counts;
    struct why why;
};

static inline enum err bring(struct db *db, void *user)
{
    struct import *in = user;
    int64_t import;
    enum err e = places_import_begin(db, "osm", "a.osm.pbf", &import);
    for (size_t i = 0; i < in->count && !e; i++)
        e = places_put(db, import, in->f->categories, &in->rows[i], &in->counts, &in->why);
    if (!e) e = places_prune(db, import, &in->counts);
    return e ? e : places_import_end(db, import, &in->counts);
}

static inline struct places_counts imported(struct fixture *f, const struct places_row *rows,
                                            size_t n)
{
    struct import in = {.f = f, .rows = rows, .count = n};
    enum err e = db_write(f->db, bring, &in);
    assert_string_equal(in.why.text, "");
    assert_ok(e);
    return in.counts;
}

static inline void counts_are(struct places_counts c, uint64_t added, uint64_t changed,
                              uint64_t unchanged, uint64_t vanished)
{
    assert_int_equal(c.added, added);
    assert_int_equal(c.changed, changed);
    assert_int_equal(c.unchanged, unchanged);
    assert_int_equal(c.vanished, vanished);
}

#endif

#include "tests/data/places_brought.h"

#include "data/changes.h"
#include "data/places_kept.h"
#include "geo/base/file.h"
#include "geo/place/placepart_file.h"

#include <string.h>

enum { ROWS = 300, MAX = 40 };

static const struct places_by staff = {.actor = "staff", .now_ms = 1700000000000};

struct beside {
    struct fixture f;
    char path[128];
    int64_t touched[MAX];
};

static struct placeset *loaded(struct fixture *f, struct places_loaded *how)
{
    struct placeset *set = NULL;
    assert_ok(places_load(f->db, f->categories, NULL, &set, how));
    return set;
}

/* What a start that read all rows leaves behind. */
static void keep(struct beside *b)
{
    struct places_loaded how;
    struct places_mark mark;
    struct why why = {""};
    struct placeset *set = loaded(&b->f, &how);
    assert_ok(places_kept_mark(b->f.db, b->f.categories, &how, &mark));
    assert_ok(places_kept_write(b->path, placeset_part(set, PLACESET_BASE), &mark, NULL, &why));
    placeset_free(set);
}

static void bring_many(struct fixture *f, uint64_t *random)
{
    static struct places_row rows[ROWS];
    static char ids[ROWS][20], names[ROWS][40];
    static const char *const hours[] = {"", "24/7", "Mo-Fr 08:00-18:00", "whenever"};
    for (int i = 0; i < ROWS; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "node/%d", i);
        (void)snprintf(names[i], sizeof names[i], "站点 %x", random_below(random, 1 << 20));
        rows[i] = toilet(ids[i]);
        rows[i].at = (struct coord){116 + random_unit(random), 39 + random_unit(random)};
        rows[i].category = random_below(random, 2) ? "fuel" : "toilet";
        rows[i].amenities = random_below(random, 2) ? "water" : "";
        rows[i].name = names[i];
        rows[i].hours = hours[random_below(random, 4)];
    }
    imported(f, rows, ROWS);
}

static struct beside beside_fresh(uint64_t *random)
{
    struct beside b = {.f = fresh()};
    assert_ok(secrets_init());
    scratch_in(b.path, sizeof b.path, "places.yzp");
    bring_many(&b.f, random);
    return b;
}

static enum err start(struct beside *b, struct places_kept *kept, struct why *why)
{
    return places_kept_load(b->path, b->f.db, b->f.categories, b->touched, MAX, kept, why);
}

static void same_places(const struct placeset *a, const struct placeset *b)
{
    assert_int_equal(placeset_count(a), placeset_count(b));
    for (int64_t id = 1; id <= 2 * ROWS; id++) {
        int64_t i = placeset_by_id(a, id), j = placeset_by_id(b, id);
        assert_int_equal(i >= 0, j >= 0);
        if (i < 0) continue;
        struct place x = placeset_at(a, (uint32_t)i), y = placeset_at(b, (uint32_t)j);
#define SAME(field) assert_string_equal(x.field, y.field);
        PLACEPART_TEXTS(SAME)
#undef SAME
        assert_true(x.at.lon == y.at.lon && x.at.lat == y.at.lat);
        assert_int_equal(x.category, y.category);
        assert_int_equal(x.amenities, y.amenities);
        assert_int_equal(x.version, y.version);
        assert_int_equal(x.confirmed_ms, y.confirmed_ms);
        assert_int_equal(x.by_staff, y.by_staff);
        assert_int_equal(x.closed_to_ms, y.closed_to_ms);
        assert_string_equal(x.closed_reason, y.closed_reason);
    }
}

/* The file serves, with so many touched, and gives what the rows give. */
static void serves(struct beside *b, size_t touched)
{
    struct places_kept kept;
    struct why why = {""};
    enum err e = start(b, &kept, &why);
    assert_string_equal(why.text, "");
    assert_ok(e);
    assert_int_equal(kept.count, touched);
    struct placeset *rows = loaded(&b->f, NULL);
    same_places(kept.set, rows);
    placeset_free(rows);
    placeset_free(kept.set);
}

static void serves_not(struct beside *b, const char *sentence)
{
    struct places_kept kept;
    struct why why = {""};
    assert_err(start(b, &kept, &why), ERR_CONFLICT);
    if (!strstr(why.text, sentence)) assert_string_equal(why.text, sentence);
}

static void rename_place(struct beside *b, int64_t id, const char *name)
{
    struct arena arena = {0};
    struct places_row after, row = {.name = name};
    const struct places_edit edit = {.id = id, .row = &row, .fields = 1u << PLACES_name};
    struct why why = {""};
    assert_ok(places_edit(b->f.db, b->f.categories, &edit, &staff, &arena, &after, &why));
    arena_fini(&arena);
}

TEST(the_file_and_the_rows_give_the_same_and_so_after_edits)
{
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    struct arena arena = {0};
    struct places_row after;
    struct places_created created;
    struct why why = {""};
    const struct places_by closing = {.actor = "staff", .now_ms = 1, .reason = "装修"};
    assert_ok(places_close(b.f.db, 9, 0, 0, INT64_MAX, &closing, &arena, &after, &why));
    keep(&b);
    serves(&b, 0);
    rename_place(&b, 3, "neu");
    rename_place(&b, 3, "newer");
    assert_ok(places_remove(b.f.db, 5, 0, &staff, &arena, &after, &why));
    assert_ok(places_close(b.f.db, 9, 0, 0, 0, &closing, &arena, &after, &why));
    assert_ok(places_close(b.f.db, 10, 0, 7, INT64_MAX, &closing, &arena, &after, &why));
    assert_ok(places_confirm(b.f.db, 11, &staff, &arena, &after, &why));
    struct places_row row = {.name = "fresh", .category = "fuel", .at = {117, 39}};
    assert_ok(places_create(b.f.db, b.f.categories, &row, &staff, NULL, &arena, &created, &why));
    serves(&b, 6);
    serves(&b, 6); /* reading it changes nothing */
    keep(&b);
    serves(&b, 0);
    arena_fini(&arena);
    gone(&b.f);
}

TEST(changes_of_other_things_do_not_matter)
{
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    keep(&b);
    assert_ok(db_exec(b.f.db, "INSERT INTO changes (topic, subject, verb, at_ms) VALUES "
                              "('cases', 3, 'created', 0), ('areas', 0, 'imported', 0)"));
    serves(&b, 0);
    gone(&b.f);
}

TEST(an_import_since_or_too_many_edits_and_the_rows_serve)
{
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    keep(&b);
    for (int64_t id = 1; id <= MAX; id++)
        rename_place(&b, id, "touched");
    serves(&b, MAX);
    rename_place(&b, MAX + 1, "one more");
    serves_not(&b, "more than 40 places were touched since");
    keep(&b);
    serves(&b, 0);
    bring_many(&b.f, &random);
    serves_not(&b, "a list was imported since");
    keep(&b);
    serves(&b, 0);
    gone(&b.f);
}

TEST(another_list_of_categories_or_amenities_and_the_rows_serve)
{
    static const char *const lists[] = {
        "categories:\n  - {code: fuel, zh: 加油站, en: Fuel}\n  - {code: toilet, zh: 厕, en: "
        "Toilet}\n"
        "amenities:\n  - {code: water, zh: 水, en: Water}\n  - {code: wifi, zh: 无线, en: Wifi}\n"
        "  - {code: seats, zh: 座, en: Seats}\n",
        "categories:\n  - {code: toilet, zh: 厕, en: Toilet}\n  - {code: fuel, zh: 加油站, en: "
        "Fuel}\n"
        "amenities:\n  - {code: water, zh: 水, en: Water}\n  - {code: wifi, zh: 无线, en: Wifi}\n",
    };
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    struct why why = {""};
    keep(&b);
    for (size_t i = 0; i < 2; i++) {
        categories_free(b.f.categories);
        assert_ok(categories_parse("other", lists[i], strlen(lists[i]), &b.f.categories, &why));
        serves_not(&b, "the list of categories and amenities has changed");
    }
    /* Labels are not in the file. */
    static const char labels[] =
        "categories:\n  - {code: toilet, zh: 厕, en: Toilet}\n  - {code: fuel, zh: 油, en: Fuel}\n"
        "amenities:\n  - {code: water, zh: 水, en: Water}\n  - {code: wifi, zh: 无线, en: Wifi}\n"
        "  - {code: seats, zh: 座, en: Seats}\n";
    categories_free(b.f.categories);
    assert_ok(categories_parse("other", labels, sizeof labels - 1, &b.f.categories, &why));
    serves(&b, 0);
    gone(&b.f);
}

static void reopen(struct beside *b)
{
    char path[128];
    struct why why = {""};
    assert_ok(db_open(scratch_in(path, sizeof path, "a.db"), DB_CREATE, &b->f.db, &why));
}

TEST(a_restored_database_that_went_another_way_and_the_rows_serve)
{
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    char path[128], sql[200], *bytes;
    size_t len;
    struct why why = {""};
    (void)snprintf(sql, sizeof sql, "VACUUM INTO '%s/backup.db'", scratch_path);
    assert_ok(db_exec(b.f.db, sql));
    rename_place(&b, 3, "after the backup");
    rename_place(&b, 4, "after the backup");
    keep(&b);
    serves(&b, 0);
    db_close(b.f.db);
    assert_ok(file_read(scratch_in(path, sizeof path, "backup.db"), 1 << 28, &bytes, &len, &why));
    assert_ok(file_replace(scratch_in(path, sizeof path, "a.db"), bytes, len, &why));
    free(bytes);
    reopen(&b);
    serves_not(&b, "has not gone on from where it was"); /* shorter */
    rename_place(&b, 5, "another way");
    rename_place(&b, 6, "another way");
    serves_not(&b, "has not gone on from where it was"); /* as long */
    rename_place(&b, 7, "another way");
    serves_not(&b, "has not gone on from where it was"); /* longer */
    keep(&b);
    serves(&b, 0);
    gone(&b.f);
}

TEST(an_outbox_that_lost_rows_and_the_rows_serve)
{
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    int64_t last;
    keep(&b);
    assert_ok(changes_last(b.f.db, &last));
    rename_place(&b, 3, "a");
    rename_place(&b, 4, "b");
    assert_ok(db_exec(b.f.db, "DELETE FROM changes WHERE number = (SELECT max(number) - 1 FROM "
                              "changes)"));
    serves_not(&b, "the outbox does not hold every change");
    assert_ok(db_exec(b.f.db, "DELETE FROM changes WHERE number < (SELECT max(number) FROM "
                              "changes)"));
    serves_not(&b, "has not gone on from where it was");
    keep(&b);
    rename_place(&b, 5, "c");
    serves(&b, 1);
    gone(&b.f);
}

TEST(another_shape_or_another_database_and_the_rows_serve)
{
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    keep(&b);
    assert_ok(db_exec(b.f.db, "UPDATE schema_migrations SET ran_ms = ran_ms - 1000 WHERE number = "
                              "1"));
    serves_not(&b, "of another database");
    keep(&b);
    serves(&b, 0);
    assert_ok(db_exec(b.f.db, "DELETE FROM schema_migrations WHERE number = (SELECT max(number) "
                              "FROM schema_migrations)"));
    serves_not(&b, "of another database");
    gone(&b.f);
}

TEST(a_damaged_file_or_none_is_told)
{
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    struct places_kept kept;
    struct why why = {""};
    char *bytes;
    size_t len;
    assert_err(start(&b, &kept, &why), ERR_NOTFOUND);
    keep(&b);
    assert_ok(file_read(b.path, 1 << 26, &bytes, &len, &why));
    bytes[len / 2] = (char)(bytes[len / 2] ^ 1);
    assert_ok(file_replace(b.path, bytes, len, &why));
    assert_err(start(&b, &kept, &why), ERR_CHECKSUM);
    assert_ok(file_replace(b.path, bytes, len / 2, &why));
    assert_err(start(&b, &kept, &why), ERR_TRUNCATED);
    free(bytes);
    gone(&b.f);
}

TEST(what_the_list_does_not_know_is_still_counted_and_never_shown)
{
    static const char toilets[] = "categories:\n  - {code: toilet, zh: 厕, en: Toilet}\n"
                                  "amenities: []\n";
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    struct places_kept kept;
    struct places_loaded how;
    struct why why = {""};
    categories_free(b.f.categories);
    assert_ok(categories_parse("few", toilets, sizeof toilets - 1, &b.f.categories, &why));
    keep(&b);
    placeset_free(loaded(&b.f, &how));
    assert_ok(start(&b, &kept, &why));
    assert_true(how.skipped > 0);
    assert_int_equal(kept.skipped, how.skipped);
    placeset_free(kept.set);
    serves(&b, 0);
    gone(&b.f);
}

TEST(a_file_of_right_sums_with_a_category_too_many_is_refused)
{
    uint64_t random = random_seed();
    struct beside b = beside_fresh(&random);
    struct placeset_builder *builder;
    struct placeset *set;
    struct places_kept kept;
    struct places_loaded how;
    struct places_mark mark;
    struct why why = {""};
    const struct place place = {.id = 1, .category = 2, .name = "x"};
    placeset_free(loaded(&b.f, &how));
    assert_ok(places_kept_mark(b.f.db, b.f.categories, &how, &mark));
    assert_ok(placeset_builder_new(1, &builder));
    assert_ok(placeset_add(builder, &place));
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    assert_ok(places_kept_write(b.path, placeset_part(set, PLACESET_BASE), &mark, NULL, &why));
    placeset_free(set);
    assert_err(start(&b, &kept, &why), ERR_FORMAT);
    gone(&b.f);
}

RUN(cmocka_unit_test(the_file_and_the_rows_give_the_same_and_so_after_edits),
    cmocka_unit_test(changes_of_other_things_do_not_matter),
    cmocka_unit_test(an_import_since_or_too_many_edits_and_the_rows_serve),
    cmocka_unit_test(another_list_of_categories_or_amenities_and_the_rows_serve),
    cmocka_unit_test(a_restored_database_that_went_another_way_and_the_rows_serve),
    cmocka_unit_test(an_outbox_that_lost_rows_and_the_rows_serve),
    cmocka_unit_test(another_shape_or_another_database_and_the_rows_serve),
    cmocka_unit_test(a_damaged_file_or_none_is_told),
    cmocka_unit_test(what_the_list_does_not_know_is_still_counted_and_never_shown),
    cmocka_unit_test(a_file_of_right_sums_with_a_category_too_many_is_refused))

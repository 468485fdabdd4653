#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/scratch.h"

#include "data/changes.h"
#include "data/migrate.h"
#include "server/placing.h"

#include <stdio.h>
#include <string.h>

static const char list[] = "categories:\n"
                           "  - {code: toilet, zh: 公共卫生间, en: Toilet}\n"
                           "amenities: []\n";

static const struct places_by staff = {.actor = "staff", .now_ms = 1700000000000};

struct fixture {
    struct db *db;
    struct categories *categories;
    struct placing placing;
    struct placeset *shown;
    int64_t last;
};

static enum err fill(struct db *db, void *user)
{
    enum err e = db_exec(db, user);
    return e ? e : changes_add(db, CHANGES_places, 0, "imported");
}

static void fresh(struct fixture *f)
{
    static char sql[] =
        "INSERT INTO imports (source, file, began_ms) VALUES ('t', '', 0);"
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
        "INSERT INTO places (category, name, source, source_id, import_id, created_ms, updated_ms, "
        "geom) SELECT 'toilet', 'n' || i, 't', 'node/' || i, 1, 0, 0, MakePoint(116 + i * 0.001, "
        "39, 4326) FROM n";
    char path[128];
    struct why why = {""};
    memset(f, 0, sizeof *f);
    scratch_make();
    template_lay(scratch_in(path, sizeof path, "a.db"));
    assert_ok(db_open(path, DB_CREATE, &f->db, &why));
    assert_ok(migrate_up(f->db, NULL, &why));
    assert_ok(categories_parse("list", list, sizeof list - 1, &f->categories, &why));
    assert_ok(db_write(f->db, fill, sql));
}

static void gone(struct fixture *f)
{
    placeset_free(f->shown);
    categories_free(f->categories);
    db_close(f->db);
    scratch_remove();
}

/* What a look of the watcher does; whether the base was kept. */
static bool look(struct fixture *f)
{
    struct placeset *next;
    uint64_t skipped;
    struct placing_span span = {f->last, 0};
    unsigned topics;
    assert_ok(changes_since(f->db, f->last, &topics, &span.upto));
    assert_ok(
        placing_load(&f->placing, f->db, f->categories, &span, NULL, f->shown, &next, &skipped));
    bool kept = placeset_same_base(f->shown, next);
    placeset_free(f->shown);
    f->shown = next;
    f->last = span.upto;
    return kept;
}

static void hold_against_all(struct fixture *f)
{
    struct placeset *anew;
    assert_ok(places_load(f->db, f->categories, NULL, &anew, NULL));
    assert_int_equal(placeset_count(f->shown), placeset_count(anew));
    for (int64_t id = 1; id < 260; id++) {
        int64_t a = placeset_by_id(f->shown, id), b = placeset_by_id(anew, id);
        assert_int_equal(a >= 0, b >= 0);
        if (a < 0) continue;
        struct place x = placeset_at(f->shown, (uint32_t)a), y = placeset_at(anew, (uint32_t)b);
        assert_string_equal(x.name, y.name);
        assert_int_equal(x.version, y.version);
        assert_int_equal(x.confirmed_ms, y.confirmed_ms);
    }
    placeset_free(anew);
}

static void change_something(struct fixture *f, uint64_t *random, int round)
{
    struct arena arena = {0};
    struct places_row after;
    struct places_created created;
    char name[20];
    (void)snprintf(name, sizeof name, "edit %d", round);
    struct places_row row = {.name = name, .category = "toilet", .at = {117, 39}};
    int64_t id = 1 + random_below(random, 200);
    const struct places_edit edit = {.id = id, .row = &row, .fields = 1u << PLACES_name};
    switch (random_below(random, 5)) {
    case 0:
        assert_ok(places_create(f->db, f->categories, &row, &staff, NULL, &arena, &created, NULL));
        break;
    case 1:
        assert_ok(places_remove(f->db, id, 0, &staff, &arena, &after, NULL));
        break;
    case 2:
        assert_ok(places_restore(f->db, id, 0, &staff, &arena, &after, NULL));
        break;
    case 3:
        (void)places_confirm(f->db, id, &staff, &arena, &after, NULL); /* removed ones are not */
        break;
    default:
        assert_ok(places_edit(f->db, f->categories, &edit, &staff, &arena, &after, NULL));
    }
    arena_fini(&arena);
}

TEST(edits_keep_the_base_and_show_what_loading_all_anew_would)
{
    struct fixture f;
    uint64_t random = random_seed();
    fresh(&f);
    assert_false(look(&f));
    for (int round = 0; round < 60; round++) {
        for (uint32_t n = 1 + random_below(&random, 3); n > 0; n--)
            change_something(&f, &random, round);
        assert_true(look(&f));
        hold_against_all(&f);
    }
    gone(&f);
}

TEST(an_import_or_too_many_edits_load_all_anew)
{
    struct fixture f;
    static char none
        [] = "SELECT 1",
    many[] =
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i <= 4096) "
        "INSERT INTO changes (topic, subject, verb, at_ms) SELECT 'places', i, 'edited', 0 FROM n";
    fresh(&f);
    assert_false(look(&f));
    assert_ok(db_write(f.db, fill, none));
    assert_false(look(&f));
    assert_ok(db_exec(f.db, many)); /* one more than it keeps */
    assert_false(look(&f));
    assert_int_equal(f.placing.count, 0);
    assert_true(look(&f)); /* nothing happened: nothing is loaded but what was touched */
    hold_against_all(&f);
    gone(&f);
}

RUN(cmocka_unit_test(edits_keep_the_base_and_show_what_loading_all_anew_would),
    cmocka_unit_test(an_import_or_too_many_edits_load_all_anew))

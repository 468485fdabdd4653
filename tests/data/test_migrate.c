#include "tests/check.h"
#include "tests/data/value.h"
#include "tests/scratch.h"

#include "data/changes.h"
#include "data/migrate.h"

#include <string.h>

static const struct migrate_step steps[] = {
    {1, "one", "CREATE TABLE one (a INTEGER)"},
    {2, "two", "CREATE TABLE two (a INTEGER); INSERT INTO two VALUES (2)"},
    {3, "bad", "CREATE TABLE three (a INTEGER); INSERT INTO nowhere VALUES (1)"},
};

static struct db *fresh(void)
{
    char path[128];
    struct db *db = NULL;
    scratch_make();
    assert_ok(db_open(scratch_in(path, sizeof path, "a.db"), DB_CREATE, &db, NULL));
    return db;
}

static void gone(struct db *db)
{
    db_close(db);
    scratch_remove();
}

TEST(steps_run_once_and_in_order)
{
    struct db *db = fresh();
    struct why why = {""};
    int ran = -1;
    assert_ok(migrate_to(db, steps, 1, &ran, &why));
    assert_int_equal(ran, 1);
    assert_ok(migrate_to(db, steps, 2, &ran, &why));
    assert_int_equal(ran, 1);
    assert_ok(migrate_to(db, steps, 2, &ran, &why));
    assert_int_equal(ran, 0);
    assert_int_equal(value_of(db, "SELECT a FROM two"), 2);
    gone(db);
}

TEST(a_failing_step_leaves_the_ones_before_it_and_nothing_of_its_own)
{
    struct db *db = fresh();
    struct why why = {""};
    assert_err(migrate_to(db, steps, 3, NULL, &why), ERR_DB);
    assert_string_equal(why.text, "migration 0003_bad failed: no such table: nowhere");
    assert_int_equal(value_of(db, "SELECT max(number) FROM schema_migrations"), 2);
    assert_int_equal(value_of(db, "SELECT count(*) FROM sqlite_master WHERE name = 'three'"), 0);
    gone(db);
}

TEST(a_database_newer_than_the_program_is_refused)
{
    struct db *db = fresh();
    struct why why = {""};
    assert_ok(migrate_to(db, steps, 2, NULL, &why));
    assert_err(migrate_to(db, steps, 1, NULL, &why), ERR_VERSION);
    assert_non_null(strstr(why.text, "newer program"));
    gone(db);
}

TEST(a_step_edited_after_it_ran_is_noticed)
{
    struct db *db = fresh();
    struct why why = {""};
    const struct migrate_step other[] = {{1, "one", "CREATE TABLE one (b INTEGER)"}};
    assert_ok(migrate_to(db, steps, 1, NULL, &why));
    assert_err(migrate_to(db, other, 1, NULL, &why), ERR_CHECKSUM);
    assert_non_null(strstr(why.text, "0001_one"));
    gone(db);
}

TEST(the_database_of_another_program_is_left_alone)
{
    struct db *db = fresh();
    struct why why = {""};
    assert_ok(db_exec(db, "CREATE TABLE places (a INTEGER)"));
    assert_err(migrate_up(db, NULL, &why), ERR_FORMAT);
    assert_int_equal(value_of(db, "SELECT count(*) FROM sqlite_master WHERE name = 'cases'"), 0);
    gone(db);
}

TEST(the_programs_own_steps_make_its_shape_with_geometry_columns_that_maps_can_open)
{
    struct db *db = fresh();
    struct why why = {""};
    assert_err(migrate_check(db, &why), ERR_VERSION);
    assert_ok(migrate_up(db, NULL, &why));
    assert_ok(migrate_check(db, &why));
    assert_int_equal(value_of(db, "SELECT count(*) FROM geometry_columns WHERE srid = 4326 AND "
                                  "f_table_name IN ('areas', 'places', 'cases')"),
                     3);
    assert_int_equal(value_of(db, "SELECT count(*) FROM sqlite_master WHERE name = "
                                  "'migration_must'"),
                     0);
    assert_err(db_exec(db, "INSERT INTO places (category, source, source_id, import_id, "
                           "created_ms, updated_ms, geom) VALUES ('a', 's', '1', 1, 0, 0, "
                           "ST_GeomFromText('LINESTRING(0 0, 1 1)', 4326))"),
               ERR_CONFLICT);
    gone(db);
}

TEST(a_place_may_be_made_by_hand_and_a_case_moved_in_any_role)
{
    struct db *db = fresh();
    assert_ok(migrate_up(db, NULL, NULL));
    assert_ok(db_exec(db, "INSERT INTO places (category, source, source_id, created_ms, "
                          "updated_ms, geom) VALUES ('a', 'staff', '1', 0, 0, "
                          "ST_GeomFromText('POINT(1 1)', 4326))"));
    assert_ok(db_exec(db, "INSERT INTO cases (public_id, kind, category, state, version, "
                          "created_ms, updated_ms) VALUES ('2222222222222222222222', 'report', "
                          "'lamp', 'submitted', 1, 0, 0);"
                          "INSERT INTO case_events (case_id, at_ms, from_state, to_state, actor) "
                          "VALUES (1, 0, '', 'submitted', 'system')"));
    gone(db);
}

TEST(history_cannot_be_rewritten)
{
    struct db *db = fresh();
    assert_ok(migrate_up(db, NULL, NULL));
    assert_ok(db_exec(db, "INSERT INTO cases (public_id, kind, category, state, version, "
                          "created_ms, updated_ms) VALUES ('2222222222222222222222', 'report', "
                          "'lamp', 'submitted', 1, 0, 0);"
                          "INSERT INTO case_events (case_id, at_ms, from_state, to_state, actor) "
                          "VALUES (1, 0, '', 'submitted', 'reporter')"));
    assert_err(db_exec(db, "UPDATE case_events SET reason = 'x'"), ERR_CONFLICT);
    assert_string_equal(db_error(db), "the history of a case is only ever added to");
    assert_err(db_exec(db, "DELETE FROM case_events"), ERR_CONFLICT);
    gone(db);
}

static enum err add_two(struct db *db, void *user)
{
    (void)user;
    enum err e = changes_add(db, CHANGES_places, 7, "edited");
    return e ? e : changes_add(db, CHANGES_cases, 0, "moved");
}

TEST(the_outbox_tells_what_moved_since_a_number)
{
    struct db *db = fresh();
    unsigned topics = 99;
    int64_t last = -1;
    assert_ok(migrate_up(db, NULL, NULL));
    assert_ok(changes_last(db, &last));
    assert_int_equal(last, 0);
    assert_ok(db_write(db, add_two, NULL));
    assert_ok(changes_since(db, 0, &topics, &last));
    assert_int_equal(topics, (1 << CHANGES_places) | (1 << CHANGES_cases));
    assert_int_equal(last, 2);
    assert_ok(changes_since(db, 1, &topics, &last));
    assert_int_equal(topics, 1 << CHANGES_cases);
    assert_ok(changes_since(db, 2, &topics, &last));
    assert_int_equal(topics, 0);
    assert_int_equal(last, 2);
    assert_ok(changes_last(db, &last));
    assert_int_equal(last, 2);
    gone(db);
}

RUN(cmocka_unit_test(steps_run_once_and_in_order),
    cmocka_unit_test(a_failing_step_leaves_the_ones_before_it_and_nothing_of_its_own),
    cmocka_unit_test(a_database_newer_than_the_program_is_refused),
    cmocka_unit_test(a_step_edited_after_it_ran_is_noticed),
    cmocka_unit_test(the_database_of_another_program_is_left_alone),
    cmocka_unit_test(
        the_programs_own_steps_make_its_shape_with_geometry_columns_that_maps_can_open),
    cmocka_unit_test(a_place_may_be_made_by_hand_and_a_case_moved_in_any_role),
    cmocka_unit_test(history_cannot_be_rewritten),
    cmocka_unit_test(the_outbox_tells_what_moved_since_a_number))

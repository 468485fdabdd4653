#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/scratch.h"

#include "data/audit.h"
#include "data/migrate.h"
#include "data/people.h"

#include <string.h>

enum { MINUTE_MS = 60000 };
static struct arena arena;
static int64_t wang, li;

static struct db *fresh(void)
{
    char path[128];
    struct db *db = NULL;
    assert_ok(secrets_init());
    scratch_make();
    template_lay(scratch_in(path, sizeof path, "a.db"));
    assert_ok(db_open(path, DB_CREATE, &db, NULL));
    assert_ok(migrate_up(db, NULL, NULL));
    arena_init(&arena, 0);
    assert_ok(people_add(db, NULL, NULL, "wang", "", NULL, &wang, NULL));
    assert_ok(people_add(db, NULL, NULL, "li", "", NULL, &li, NULL));
    assert_ok(db_exec(db, "INSERT INTO cases (id, public_id, kind, category, state, version, "
                          "created_ms, updated_ms) VALUES "
                          "(1, 'aaaaaaaaaaaaaaaaaaaaaa', 'difficulty', 'x', 'y', 1, 0, 0), "
                          "(2, 'bbbbbbbbbbbbbbbbbbbbbb', 'difficulty', 'x', 'y', 1, 0, 0)"));
    return db;
}

static void gone(struct db *db)
{
    arena_fini(&arena);
    db_close(db);
    scratch_remove();
}

static struct audit_row look(int64_t who, int64_t at_case, int64_t at_ms)
{
    return (struct audit_row){
        .verb = AUDIT_looked, .person = who, .case_id = at_case, .route = "r", .at_ms = at_ms};
}

static size_t count(struct db *db, struct audit_filter filter, const struct audit_told **rows)
{
    size_t n = 0;
    bool more;
    if (!filter.limit) filter.limit = 100;
    assert_ok(audit_list(db, &filter, &arena, rows, &n, &more));
    return n;
}

TEST(a_look_is_kept_once_a_minute_for_each_person_and_case)
{
    struct db *db = fresh();
    const struct audit_told *rows;
    const struct audit_row first[] = {look(wang, 1, 0), look(wang, 2, 0), look(wang, 1, 59999)};
    const struct audit_row later[] = {look(wang, 1, MINUTE_MS), look(li, 1, MINUTE_MS)};
    assert_ok(audit_add_all(db, first, 3));
    assert_ok(audit_add_all(db, first, 3));
    assert_ok(audit_add_all(db, later, 2));
    assert_ok(audit_add_all(db, NULL, 0));
    assert_int_equal(count(db, (struct audit_filter){.verb = "looked"}, &rows), 4);
    assert_int_equal(count(db, (struct audit_filter){.verb = "looked", .person = wang}, &rows), 3);
    assert_int_equal(count(db, (struct audit_filter){.report = "bbbbbbbbbbbbbbbbbbbbbb"}, &rows),
                     1);
    assert_string_equal(rows[0].person_name, "wang");
    assert_string_equal(rows[0].kind, "difficulty");
    assert_int_equal(count(db, (struct audit_filter){.from_ms = 1, .to_ms = MINUTE_MS}, &rows), 0);
    gone(db);
}

TEST(pages_are_newest_first_and_what_was_done_to_people_is_there)
{
    struct db *db = fresh();
    const struct audit_told *rows = NULL;
    size_t n = 0;
    bool more = false;
    struct audit_filter filter = {.limit = 1};
    assert_ok(audit_list(db, &filter, &arena, &rows, &n, &more));
    assert_int_equal(n, 1);
    assert_true(more);
    assert_string_equal(rows[0].verb, "person_added");
    assert_string_equal(rows[0].subject_name, "li");
    assert_string_equal(rows[0].person_name, "");
    filter.before = rows[0].id;
    assert_ok(audit_list(db, &filter, &arena, &rows, &n, &more));
    assert_string_equal(rows[0].subject_name, "wang");
    assert_false(more);
    filter = (struct audit_filter){.limit = 9, .areas_limited = true};
    assert_ok(audit_list(db, &filter, &arena, &rows, &n, &more));
    assert_int_equal(n, 0);
    gone(db);
}

TEST(the_database_refuses_to_change_or_forget_what_is_there)
{
    struct db *db = fresh();
    assert_int_not_equal(db_exec(db, "UPDATE audit SET person_id = NULL"), ERR_OK);
    assert_int_not_equal(db_exec(db, "DELETE FROM audit"), ERR_OK);
    gone(db);
}

RUN(cmocka_unit_test(a_look_is_kept_once_a_minute_for_each_person_and_case),
    cmocka_unit_test(pages_are_newest_first_and_what_was_done_to_people_is_there),
    cmocka_unit_test(the_database_refuses_to_change_or_forget_what_is_there))

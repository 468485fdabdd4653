#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/data/value.h"
#include "tests/scratch.h"

#include "data/migrate.h"
#include "data/people_page.h"
#include "data/rights.h"

#include <string.h>

enum { CITY = 1, WEST, EAST };
static struct arena arena;

static void run(struct db *db, const char *sql)
{
    assert_ok(db_exec(db, sql));
}

/* A city of two parts. */
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
    run(db, "WITH a (id, parent) AS (VALUES (1, NULL), (2, 1), (3, 1)) INSERT INTO areas (id, "
            "source, source_id, level, parent_id, parent_given, created_ms, updated_ms, geom) "
            "SELECT id, 'test', 'a' || id, 8, parent, 1, 1, 1, CastToMulti(GeomFromText("
            "'POLYGON((0 0,1 0,1 1,0 0))', 4326)) FROM a");
    return db;
}

static void gone(struct db *db)
{
    arena_fini(&arena);
    db_close(db);
    scratch_remove();
}

static int64_t add(struct db *db, const char *login, struct people_grant first)
{
    struct why why = {""};
    int64_t id = 0;
    assert_ok(people_add(db, NULL, &first, login, login, NULL, &id, &why));
    return id;
}

TEST(a_role_that_is_given_lets_do_nothing_that_its_giver_may_not)
{
    for (int giver = 0; giver < PEOPLE_ROLE_COUNT; giver++)
        for (int given = 0; given < PEOPLE_ROLE_COUNT; given++) {
            if (!(people_reach_roles((enum people_role)giver) & 1u << given)) continue;
            assert_true(rights_roles(RIGHTS_people) & 1u << giver);
            for (int right = 0; right < RIGHTS_COUNT; right++)
                if (rights_roles((enum rights)right) & 1u << given)
                    assert_true(rights_roles((enum rights)right) & 1u << giver);
        }
    assert_int_equal(people_reach_roles(PEOPLE_branch_staff), 0);
    assert_false(people_reach_roles(PEOPLE_area_lead) & RIGHTS_ROLE(city_admin));
    assert_false(people_reach_roles(PEOPLE_area_lead) & RIGHTS_ROLE(branch_staff));
    assert_false(people_reach_roles(PEOPLE_area_lead) & RIGHTS_ROLE(integrator));
}

TEST(a_grant_reaches_within_its_area_and_its_kind)
{
    static const struct {
        struct people_grant own, grant;
        bool covers;
    } rows[] = {
        {{PEOPLE_area_lead, WEST, ""}, {PEOPLE_handler, WEST, ""}, true},
        {{PEOPLE_area_lead, CITY, ""}, {PEOPLE_handler, WEST, ""}, true},
        {{PEOPLE_area_lead, WEST, ""}, {PEOPLE_handler, CITY, ""}, false},
        {{PEOPLE_area_lead, WEST, ""}, {PEOPLE_handler, EAST, ""}, false},
        {{PEOPLE_area_lead, WEST, ""}, {PEOPLE_handler, 0, ""}, false},
        {{PEOPLE_area_lead, WEST, ""}, {PEOPLE_area_lead, WEST, "report"}, true},
        {{PEOPLE_area_lead, WEST, ""}, {PEOPLE_area_lead, WEST, "difficulty"}, false},
        {{PEOPLE_area_lead, WEST, "difficulty"}, {PEOPLE_handler, WEST, "difficulty"}, true},
        {{PEOPLE_area_lead, WEST, "report"}, {PEOPLE_handler, WEST, ""}, false},
        {{PEOPLE_area_lead, WEST, "report"}, {PEOPLE_handler, WEST, "opinion"}, false},
        {{PEOPLE_area_lead, WEST, "place"}, {PEOPLE_handler, WEST, "place_feedback"}, true},
        {{PEOPLE_area_lead, WEST, "place_feedback"}, {PEOPLE_handler, WEST, "place"}, false},
        {{PEOPLE_area_lead, 0, ""}, {PEOPLE_handler, 0, ""}, true},
        {{PEOPLE_area_lead, 0, ""}, {PEOPLE_city_admin, WEST, ""}, false},
        {{PEOPLE_area_lead, 0, ""}, {PEOPLE_branch_staff, WEST, "opinion"}, false},
        {{PEOPLE_area_lead, 0, ""}, {PEOPLE_integrator, WEST, "report"}, false},
        {{PEOPLE_city_admin, CITY, ""}, {PEOPLE_city_admin, WEST, ""}, true},
        {{PEOPLE_city_admin, CITY, ""}, {PEOPLE_city_admin, 0, ""}, false},
        {{PEOPLE_city_admin, 0, "report"}, {PEOPLE_city_admin, 0, ""}, false},
        {{PEOPLE_city_admin, 0, ""}, {PEOPLE_branch_staff, 0, "difficulty"}, true},
        {{PEOPLE_area_staff, 0, ""}, {PEOPLE_rider, WEST, ""}, false},
        {{PEOPLE_branch_staff, 0, ""}, {PEOPLE_branch_staff, WEST, ""}, false},
    };
    struct db *db = fresh();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char login[20];
        struct people_reach reach;
        struct why why = {""};
        bool covers = false;
        (void)snprintf(login, sizeof login, "p%zu", i);
        const struct people_by by = {add(db, login, rows[i].own), "TEST"};
        assert_ok(people_reach_read(db, &by, &arena, &reach, &why));
        assert_ok(people_reach_covers(db, &reach, &rows[i].grant, &covers));
        if (covers != rows[i].covers) fail_msg("row %zu", i);
    }
    gone(db);
}

TEST(areas_that_lie_in_each_other_do_not_hang_it)
{
    struct db *db = fresh();
    struct people_reach reach;
    const struct people_grant beyond = {PEOPLE_handler, WEST, ""};
    bool covers = true;
    run(db, "UPDATE areas SET parent_id = 2 WHERE id = 1");
    const struct people_by by = {add(db, "east", (struct people_grant){PEOPLE_area_lead, EAST, ""}),
                                 "TEST"};
    assert_ok(people_reach_read(db, &by, &arena, &reach, NULL));
    assert_ok(people_reach_covers(db, &reach, &beyond, &covers));
    assert_false(covers);
    gone(db);
}

TEST(a_role_that_is_not_known_is_beyond_all_but_the_whole)
{
    struct db *db = fresh();
    struct why why = {""};
    const struct people_put put = {.name = "新"};
    int64_t worker = add(db, "worker", (struct people_grant){PEOPLE_handler, WEST, ""});
    const struct people_by by = {add(db, "lead", (struct people_grant){PEOPLE_area_lead, WEST, ""}),
                                 "TEST"};
    const struct people_by all = {add(db, "all", (struct people_grant){PEOPLE_city_admin, 0, ""}),
                                  "TEST"};
    assert_ok(people_put(db, &by, worker, &put, &why));
    run(db, "INSERT INTO grants (person_id, role, area_id, kind, created_ms) VALUES (1, "
            "'of_tomorrow', 2, '', 1)");
    assert_err(people_put(db, &by, worker, &put, &why), ERR_DENIED);
    assert_ok(people_put(db, &all, worker, &put, &why));
    gone(db);
}

TEST(who_was_disabled_meanwhile_does_nothing_more)
{
    static const struct people_put off = {.sets_disabled = true, .disabled = true};
    struct db *db = fresh();
    struct why why = {""};
    const struct people_grant handler = {PEOPLE_handler, WEST, ""};
    int64_t worker = add(db, "worker", handler), id = 0;
    const struct people_by by = {add(db, "lead", (struct people_grant){PEOPLE_area_lead, WEST, ""}),
                                 "TEST"};
    assert_ok(people_put(db, NULL, by.person, &off, &why));
    assert_err(people_put(db, &by, worker, &off, &why), ERR_DENIED);
    assert_err(people_grant(db, &by, worker, &handler, &why), ERR_DENIED);
    assert_err(people_ungrant(db, &by, worker, 1, &why), ERR_DENIED);
    assert_err(people_end_sessions(db, &by, worker, &why), ERR_DENIED);
    assert_err(people_add(db, &by, &handler, "li", "", NULL, &id, &why), ERR_DENIED);
    assert_err(people_add(db, &by, NULL, "li", "", NULL, &id, &why), ERR_DENIED);
    assert_int_equal(value_of(db, "SELECT count(*) FROM people"), 2);
    gone(db);
}

TEST(each_act_is_in_the_trail_with_who_did_it_and_where)
{
    static const struct people_put off = {.sets_disabled = true, .disabled = true};
    static const struct people_put on = {.name = "新", .sets_disabled = true};
    struct db *db = fresh();
    struct why why = {""};
    const struct people_grant handler = {PEOPLE_handler, WEST, "report"};
    const struct people_by by = {add(db, "lead", (struct people_grant){PEOPLE_area_lead, WEST, ""}),
                                 "PUT /v1/people/{id}"};
    int64_t id = 0;
    run(db, "CREATE TABLE seen AS SELECT max(id) AS id FROM audit");
    assert_ok(people_add(db, &by, &handler, "li", "", "a long password", &id, &why));
    assert_ok(people_put(db, &by, id, &off, &why));
    assert_ok(people_put(db, &by, id, &off, &why)); /* nothing new */
    assert_ok(people_put(db, &by, id, &on, &why));
    assert_ok(people_set_password(db, &by, id, "another password", &why));
    assert_ok(people_end_sessions(db, &by, id, &why));
    assert_ok(people_grant(db, &by, id, &(struct people_grant){PEOPLE_rider, WEST, ""}, &why));
    assert_ok(people_ungrant(db, &by, id,
                             value_of(db, "SELECT id FROM grants WHERE role = 'rider'"), &why));
    assert_int_equal(value_of(db, "SELECT count(*) FROM audit WHERE id > (SELECT id FROM seen)"),
                     9);
    assert_int_equal(value_of(db, "SELECT count(*) FROM audit WHERE id > (SELECT id FROM seen) AND "
                                  "person_id = 1 AND subject_id = 2 AND area_id = 2 AND route = "
                                  "'PUT /v1/people/{id}'"),
                     9);
    gone(db);
}

RUN(cmocka_unit_test(a_role_that_is_given_lets_do_nothing_that_its_giver_may_not),
    cmocka_unit_test(a_grant_reaches_within_its_area_and_its_kind),
    cmocka_unit_test(areas_that_lie_in_each_other_do_not_hang_it),
    cmocka_unit_test(a_role_that_is_not_known_is_beyond_all_but_the_whole),
    cmocka_unit_test(who_was_disabled_meanwhile_does_nothing_more),
    cmocka_unit_test(each_act_is_in_the_trail_with_who_did_it_and_where))

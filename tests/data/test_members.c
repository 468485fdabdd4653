#include "tests/data/plan.h"
#include "tests/data/store.h"

#include "data/members.h"

static int64_t put(struct store *s, const char *sql)
{
    assert_ok(db_exec(s->db, sql));
    return db_last_id(s->db);
}

static int64_t area(struct store *s, const char *name, int64_t parent)
{
    return put(s, arena_printf(&s->arena,
                               "INSERT INTO areas (source, source_id, level, name, parent_id, "
                               "created_ms, updated_ms, geom) VALUES ('test', '%s', 8, '%s', "
                               "NULLIF(%lld, 0), 1, 1, ST_Multi(ST_GeomFromText('POLYGON((0 0, 1 "
                               "0, 1 1, 0 0))', 4326)))",
                               name, name, (long long)parent));
}

static int64_t person(struct store *s, const char *login)
{
    return put(s, arena_printf(&s->arena,
                               "INSERT INTO people (login, created_ms, updated_ms) VALUES ('%s', "
                               "1, 1)",
                               login));
}

static int64_t branch(struct store *s, const char *name, int64_t area_id)
{
    char code[SECRETS_ID_SIZE];
    secrets_public_id(code);
    int64_t id =
        put(s, arena_printf(&s->arena,
                            "INSERT INTO branches (version, name, area_id, alongside, form, code, "
                            "created_ms, updated_ms) VALUES (1, '%s', NULLIF(%lld, 0), 0, 1, '%s', "
                            "1, 1)",
                            name, (long long)area_id, code));
    (void)put(s, arena_printf(&s->arena,
                              "INSERT INTO branch_forms (branch_id, version, consent, made_ms) "
                              "VALUES (%lld, 1, '同意', 1)",
                              (long long)id));
    return id;
}

static enum err apply(struct store *s, int64_t branch_id, int64_t person_id)
{
    char id[SECRETS_ID_SIZE];
    secrets_public_id(id);
    return db_exec(s->db, arena_printf(&s->arena,
                                       "INSERT INTO memberships (public_id, branch_id, person_id, "
                                       "version, state, alone, moves, form, consented_ms, answers, "
                                       "made_ms) VALUES ('%s', %lld, %lld, 1, 'waiting', 1, 0, 1, "
                                       "1, x'00', 1)",
                                       id, (long long)branch_id, (long long)person_id));
}

static enum err approve(struct store *s, int64_t branch_id, int64_t person_id)
{
    return db_exec(s->db, arena_printf(&s->arena,
                                       "UPDATE memberships SET state = 'member', card = id WHERE "
                                       "branch_id = %lld AND person_id = %lld AND state = "
                                       "'waiting'",
                                       (long long)branch_id, (long long)person_id));
}

TEST(members_are_those_who_were_approved_and_each_is_listed_once)
{
    struct store s = store_fresh();
    int64_t district = area(&s, "district", 0), street = area(&s, "street", district);
    int64_t near = branch(&s, "near", street), far = branch(&s, "far", 0);
    int64_t wang = person(&s, "wang"), li = person(&s, "li"), zhao = person(&s, "zhao");
    const int64_t *people = NULL;
    size_t count = 9;
    bool yes = true;
    assert_ok(apply(&s, near, wang));
    assert_ok(members_is(s.db, near, wang, &yes));
    assert_false(yes);
    assert_ok(apply(&s, near, li));
    assert_ok(apply(&s, far, zhao));
    assert_ok(approve(&s, near, wang));
    assert_ok(approve(&s, near, li));
    assert_ok(approve(&s, far, zhao));
    assert_ok(members_is(s.db, near, wang, &yes));
    assert_true(yes);
    assert_ok(members_is(s.db, far, wang, &yes));
    assert_false(yes);
    const struct members_scope by_area = {.areas = &district, .area_count = 1};
    assert_ok(members_of(s.db, &by_area, &s.arena, &people, &count));
    assert_int_equal(count, 2);
    assert_int_equal(people[0], wang);
    assert_int_equal(people[1], li);
    const int64_t both[] = {near, far};
    const struct members_scope all = {
        .branches = both, .branch_count = 2, .areas = &street, .area_count = 1};
    assert_ok(members_of(s.db, &all, &s.arena, &people, &count));
    assert_int_equal(count, 3);
    static const bool in[3][3] = {{true, true, true}, {true, true, false}, {true, true, false}};
    const int64_t areas[] = {0, district, street}, who[] = {wang, li, zhao};
    for (int i = 0; i < 9; i++) {
        assert_ok(members_in(s.db, areas[i / 3], who[i % 3], &yes));
        assert_int_equal(yes, in[i / 3][i % 3]);
    }
    int64_t elsewhere = area(&s, "elsewhere", 0);
    assert_ok(members_in(s.db, elsewhere, wang, &yes));
    assert_false(yes);
    const struct members_scope none = {0};
    assert_ok(members_of(s.db, &none, &s.arena, &people, &count));
    assert_int_equal(count, 0);
    const struct members_scope many = {.branches = both, .branch_count = MEMBERS_SCOPE_MAX + 1};
    assert_err(members_of(s.db, &many, &s.arena, &people, &count), ERR_LIMIT);
    store_close(&s);
    scratch_remove();
}

TEST(a_page_of_members_is_read_in_the_order_of_an_index)
{
    struct store s = store_fresh();
    plan_uses(s.db,
              "EXPLAIN QUERY PLAN SELECT m.id, p.login FROM memberships m LEFT JOIN people p ON "
              "p.id = m.person_id WHERE m.branch_id = :branch AND m.id < :before ORDER BY m.id "
              "DESC LIMIT :most",
              "memberships_newest (branch_id=? AND id<?)");
    plan_uses(s.db,
              "EXPLAIN QUERY PLAN SELECT m.id, p.login FROM memberships m LEFT JOIN people p ON "
              "p.id = m.person_id WHERE m.branch_id = :branch AND m.state = :state AND m.id < "
              ":before ORDER BY m.id DESC LIMIT :most",
              "memberships_branch (branch_id=? AND state=? AND id<?)");
    store_close(&s);
    scratch_remove();
}

TEST(the_database_refuses_two_branches_at_a_time_and_memberships_that_begin_or_end_otherwise)
{
    struct store s = store_fresh();
    int64_t one = branch(&s, "one", 0), two = branch(&s, "two", 0), wang = person(&s, "wang");
    assert_ok(apply(&s, one, wang));
    assert_err(apply(&s, one, wang), ERR_CONFLICT);
    assert_ok(apply(&s, two, wang));
    assert_ok(approve(&s, one, wang));
    assert_err(approve(&s, two, wang), ERR_CONFLICT);
    static const char *const wrong[] = {
        "DELETE FROM memberships",
        "UPDATE memberships SET person_id = NULL",
        "UPDATE memberships SET state = 'waiting', card = NULL WHERE state = 'member'",
        "UPDATE memberships SET state = 'left' WHERE state = 'member'",
        "UPDATE memberships SET state = 'left', card = NULL, ended_ms = 2 WHERE state = 'member'",
        "UPDATE branch_forms SET consent = 'other'",
        "DELETE FROM branch_forms"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_err(db_exec(s.db, wrong[i]), ERR_CONFLICT);
    assert_ok(db_exec(s.db, "UPDATE memberships SET state = 'left', card = NULL, answers = NULL, "
                            "ended_ms = 2 WHERE state = 'member'"));
    assert_err(db_exec(s.db, "UPDATE memberships SET state = 'member', card = 5, answers = x'00', "
                             "ended_ms = NULL WHERE state = 'left'"),
               ERR_CONFLICT);
    assert_ok(approve(&s, two, wang));
    assert_ok(db_exec(s.db, "UPDATE branches SET ended_ms = 3"));
    assert_err(apply(&s, one, wang), ERR_CONFLICT);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(members_are_those_who_were_approved_and_each_is_listed_once),
    cmocka_unit_test(a_page_of_members_is_read_in_the_order_of_an_index),
    cmocka_unit_test(
        the_database_refuses_two_branches_at_a_time_and_memberships_that_begin_or_end_otherwise))

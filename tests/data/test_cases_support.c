#include "tests/data/plan.h"
#include "tests/data/points_scene.h"

#include "data/cases_forget.h"
#include "data/cases_support.h"
#include "data/cases_support_double.h"

#define BRANCH .actor = {KINDS_ROLE(branch_staff), 0}

/* Proposals that everybody finds at once. */
static struct store open_store(void)
{
    struct store s = store_fresh();
    struct kinds_kind *kind = (struct kinds_kind *)(uintptr_t)kinds_find(s.kinds, "proposal");
    kind->public = KINDS_AT_ONCE;
    return s;
}

static int64_t person(struct store *s, const char *login)
{
    struct scene c = {.s = *s};
    return scene_rider(&c, login);
}

static struct cases_case proposal(struct store *s, int64_t by)
{
    const struct cases_new fresh = {.kind = "proposal",
                                    .category = "safety",
                                    .description = "巷道加装照明",
                                    .accuracy_m = -1,
                                    .reporter = by,
                                    .now_ms = 1000};
    return store_created(s, &fresh);
}

static struct cases_case now(struct store *s, const struct cases_case *c)
{
    struct cases_case read;
    assert_ok(cases_get(s->db, c->public_id, &s->arena, &read));
    return read;
}

static enum err act(struct store *s, const struct cases_case *c, struct cases_acting acting)
{
    struct cases_case done;
    struct why why = {""};
    acting.public_id = c->public_id;
    acting.now_ms = now(s, c).updated_ms + 1;
    if (!acting.version) acting.version = now(s, c).version;
    return store_act(s->db, s->kinds, &acting, &s->arena, &done, &why);
}

static enum err support(struct store *s, const struct cases_case *c, int64_t by, int64_t edition)
{
    const struct cases_support wish = {c->public_id, by, edition, 2000};
    struct cases_case after;
    struct why why = {""};
    return cases_support_give(s->db, s->kinds, &wish, &s->arena, &after, &why);
}

static enum err run_sql(struct store *s, const char *sql)
{
    struct db_query *q;
    assert_ok(db_prepare(s->db, sql, &q));
    return db_run(q, NULL);
}

TEST(a_text_that_is_supported_does_not_change_not_even_by_hand)
{
    struct store s = open_store();
    int64_t li = person(&s, "li"), wang = person(&s, "wang");
    struct cases_case c = proposal(&s, li);
    const struct cases_acting edit = {
        .verb = CASES_edited, .actor = {KINDS_REPORTER, li}, .description = "井口也装"};
    assert_ok(act(&s, &c, edit));
    assert_int_equal(now(&s, &c).edition, 2);
    assert_err(support(&s, &c, wang, 1), ERR_CONFLICT);
    assert_err(support(&s, &c, li, 2), ERR_CONFLICT);
    assert_ok(support(&s, &c, wang, 2));
    assert_ok(support(&s, &c, wang, 2));
    assert_int_equal(now(&s, &c).supports, 1);
    assert_err(act(&s, &c, edit), ERR_CONFLICT);
    assert_err(run_sql(&s, "UPDATE cases SET description = 'x', edition = 3"), ERR_CONFLICT);
    assert_err(run_sql(&s, "UPDATE cases SET description = 'x'"), ERR_CONFLICT);
    assert_err(run_sql(&s, "UPDATE case_supports SET edition = 3"), ERR_CONFLICT);
    assert_err(run_sql(&s, "UPDATE case_supports SET person_id = 1"), ERR_CONFLICT);
    assert_err(run_sql(&s, "INSERT INTO case_supports (case_id, person_id, edition, at_ms) VALUES "
                           "(1, 2, 2, 1)"),
               ERR_CONFLICT);
    assert_err(run_sql(&s, "INSERT INTO case_supports (case_id, person_id, edition, at_ms) VALUES "
                           "(1, 1, 2, 1)"),
               ERR_CONFLICT);
    assert_string_equal(now(&s, &c).description, "井口也装");
    store_close(&s);
    scratch_remove();
}

/* Whether the number that is kept is that of the people who stand behind the case, counted plainly.
 */
static void hold_counts(struct store *s)
{
    struct db_query *q;
    bool row;
    assert_ok(db_prepare(
        s->db,
        "SELECT public_id, supports, (SELECT count(*) FROM people p WHERE p.id IS NOT "
        "c.reporter_id "
        "AND (EXISTS (SELECT 1 FROM case_supports s JOIN cases d ON d.id = s.case_id WHERE "
        "s.person_id = p.id AND COALESCE(d.duplicate_of, d.id) = c.id) OR EXISTS (SELECT 1 FROM "
        "cases d WHERE d.duplicate_of = c.id AND d.reporter_id = p.id))) + (SELECT count(*) FROM "
        "case_supports s JOIN cases d ON d.id = s.case_id WHERE s.person_id IS NULL AND "
        "COALESCE(d.duplicate_of, d.id) = c.id) FROM cases c WHERE c.duplicate_of IS NULL",
        &q));
    for (assert_ok(db_step(q, &row)); row; assert_ok(db_step(q, &row)))
        if (db_int(q, 1) != db_int(q, 2))
            fail_msg("%s: %lld, not %lld", db_text(q, 0), (long long)db_int(q, 1),
                     (long long)db_int(q, 2));
    db_done(q);
}

enum { PEOPLE = 6, CASES = 5, STEPS = 400 };

/* One thing that may be done, or be refused. */
static void do_something(struct store *s, struct cases_case cases[CASES], const int64_t *people,
                         uint64_t *seed)
{
    const struct cases_case *c = &cases[random_below(seed, CASES)];
    const struct cases_case *other = &cases[random_below(seed, CASES)];
    int64_t who = people[random_below(seed, PEOPLE)];
    const struct cases_support wish = {.public_id = c->public_id, .person = who, .now_ms = 3000};
    struct cases_case after;
    struct why why;
    switch (random_below(seed, 5)) {
    case 0:
        (void)act(
            s, c,
            (struct cases_acting){.to = "duplicate", BRANCH, .duplicate_of = other->public_id});
        break;
    case 1:
        (void)act(s, c, (struct cases_acting){.to = "submitted", BRANCH, .reason = "另一件"});
        break;
    case 2:
        (void)cases_support_take_back(s->db, &wish, &s->arena, &after, &why);
        break;
    default:
        (void)support(s, c, who, 1);
    }
}

TEST(however_cases_are_merged_and_split_each_person_counts_once)
{
    struct store s = open_store();
    struct cases_case cases[CASES];
    int64_t people[PEOPLE];
    uint64_t seed = random_seed();
    for (int i = 0; i < PEOPLE; i++) {
        const char login[] = {(char)('a' + i), '\0'};
        people[i] = person(&s, login);
    }
    for (int i = 0; i < CASES; i++)
        cases[i] = proposal(&s, people[i]);
    for (int i = 0; i < STEPS; i++) {
        do_something(&s, cases, people, &seed);
        hold_counts(&s);
    }
    store_close(&s);
    scratch_remove();
}

static enum err forget_person(struct db *db, void *user)
{
    return cases_support_forget_person(db, *(const int64_t *)user);
}

TEST(who_is_forgotten_stays_counted_once)
{
    struct store s = open_store();
    int64_t li = person(&s, "li"), wang = person(&s, "wang"), zhao = person(&s, "zhao");
    struct cases_case a = proposal(&s, li), b = proposal(&s, wang);
    assert_ok(support(&s, &a, zhao, 1));
    assert_ok(support(&s, &b, zhao, 1));
    assert_ok(support(&s, &b, li, 1));
    assert_ok(
        act(&s, &b, (struct cases_acting){.to = "duplicate", BRANCH, .duplicate_of = a.public_id}));
    assert_int_equal(now(&s, &a).supports, 2);
    assert_ok(db_write(s.db, forget_person, &zhao));
    hold_counts(&s);
    assert_int_equal(now(&s, &a).supports, 2);
    /* Who takes back what they sent stands behind nothing by it. */
    const struct cases_forgetting forgetting = {
        .public_id = b.public_id, .person = wang, .now_ms = 5000};
    assert_ok(cases_forget_mine(s.db, s.dir, s.kinds, &forgetting, &s.arena, NULL));
    assert_true(now(&s, &b).anonymised);
    hold_counts(&s);
    assert_int_equal(now(&s, &a).supports, 1);
    bool yes = true;
    assert_ok(cases_support_is(s.db, a.id, zhao, &yes));
    assert_false(yes);
    store_close(&s);
    scratch_remove();
}

/* As many cases as there are, it looks at those that are counted together. */
TEST(what_counts_twice_is_found_by_index)
{
    struct store s = open_store();
    plan_uses(
        s.db,
        "EXPLAIN QUERY PLAN " CASES_SUPPORT_DOUBLE("person_id = :id", "o.id < case_supports.id"),
        "cases_repeats (duplicate_of=?)");
    plan_uses(s.db,
              "EXPLAIN QUERY PLAN " CASES_SUPPORT_DOUBLE("case_id = :id AND person_id IS NOT NULL",
                                                         "o.case_id <> :id"),
              "cases_repeats (duplicate_of=?)");
    store_close(&s);
    scratch_remove();
}

TEST(only_what_everybody_finds_and_what_is_open_is_supported)
{
    struct store s = store_fresh();
    int64_t li = person(&s, "li"), wang = person(&s, "wang");
    struct cases_case c = proposal(&s, li);
    struct cases_new report = store_report();
    struct cases_case other = store_created(&s, &report);
    assert_err(support(&s, &c, wang, 1), ERR_CONFLICT);
    assert_err(support(&s, &other, wang, 1), ERR_INVALID);
    assert_ok(
        act(&s, &c,
            (struct cases_acting){.to = "accepted", BRANCH, .unit = "机电队", .due_ms = 1000000}));
    assert_ok(support(&s, &c, wang, 1));
    assert_ok(act(&s, &c, (struct cases_acting){.to = "declined", BRANCH, .reason = "x"}));
    assert_err(support(&s, &c, person(&s, "zhao"), 1), ERR_CONFLICT);
    assert_int_equal(now(&s, &c).supports, 1);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_text_that_is_supported_does_not_change_not_even_by_hand),
    cmocka_unit_test(however_cases_are_merged_and_split_each_person_counts_once),
    cmocka_unit_test(who_is_forgotten_stays_counted_once),
    cmocka_unit_test(what_counts_twice_is_found_by_index),
    cmocka_unit_test(only_what_everybody_finds_and_what_is_open_is_supported))

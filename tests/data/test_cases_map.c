#include "tests/data/store.h"

#include "data/cases_map.h"

struct seen {
    int64_t ids[600];
    size_t count;
    size_t stop_at; /* 0: never */
};

static enum err see(void *user, int64_t id, struct coord at)
{
    struct seen *seen = user;
    assert_true(coord_valid(at));
    seen->ids[seen->count++] = id;
    return seen->count == seen->stop_at ? ERR_LIMIT : ERR_OK;
}

static struct seen visit(struct store *s, const struct cases_filter *filter, struct box box)
{
    struct seen seen = {.count = 0};
    assert_ok(cases_map_visit(s->db, filter, s->kinds, box, &s->arena, see, &seen));
    return seen;
}

static const struct box world = {-180, -90, 180, 90};

TEST(a_map_has_the_cases_of_its_box_that_are_wanted)
{
    enum { CASES = 300 };
    struct store s = store_fresh();
    struct why why = {""};
    uint64_t random = random_seed();
    static struct cases_case made[CASES];
    size_t open = 0;
    for (int i = 0; i < CASES; i++) {
        struct cases_new fresh = store_report();
        fresh.at = (struct coord){116 + random_unit(&random), 39 + random_unit(&random)};
        if (i % 3 == 0) fresh.category = "bin";
        made[i] = store_created(&s, &fresh);
        if (i % 4 == 0) assert_ok(store_move(&s, &made[i], "rejected", KINDS_STAFF, "x", &why));
        open += i % 4 != 0;
    }
    struct cases_new nowhere = store_report();
    nowhere.has_position = false;
    nowhere.address = "牛街";
    store_created(&s, &nowhere);

    const struct cases_filter all = {.kind = "report"};
    const struct cases_filter still_open = {.kind = "report", .only_open = true};
    const struct cases_filter bins = {.category = "bin", .state = "rejected"};
    assert_int_equal(visit(&s, &all, world).count, CASES);
    assert_int_equal(visit(&s, &still_open, world).count, open);
    assert_int_equal(visit(&s, &bins, world).count, CASES / 12);
    assert_int_equal(visit(&s, &(struct cases_filter){.kind = "difficulty"}, world).count, 0);
    for (int round = 0; round < 20; round++) {
        struct coord a = {116 + random_unit(&random), 39 + random_unit(&random)};
        struct box box = {a.lon, a.lat, a.lon + 0.3, a.lat + 0.3};
        struct seen seen = visit(&s, &all, box);
        size_t expected = 0;
        for (int i = 0; i < CASES; i++)
            expected += box_contains(box, made[i].at);
        assert_int_equal(seen.count, expected);
    }
    struct seen seen = {.stop_at = 7};
    assert_err(cases_map_visit(s.db, &all, s.kinds, world, &s.arena, see, &seen), ERR_LIMIT);
    assert_int_equal(seen.count, 7);
    store_close(&s);
    scratch_remove();
}

TEST(a_map_of_some_areas_has_no_case_of_others)
{
    struct store s = store_fresh();
    /* 1 holds 2; 3 stands alone. */
    assert_ok(db_exec(
        s.db, "INSERT INTO areas (source, source_id, level, parent_id, created_ms, updated_ms, "
              "geom) SELECT 't', v.column1, v.column2, v.column3, 0, 0, "
              "ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))', 4326) FROM (VALUES ('1', 4, "
              "NULL), ('2', 6, 1), ('3', 4, NULL)) v"));
    for (int64_t area = 0; area <= 3; area++) {
        struct cases_new fresh = store_report();
        fresh.area_id = area;
        store_created(&s, &fresh);
    }
    static const struct {
        int64_t areas[2];
        size_t count, expected;
    } wanted[] = {{{1}, 1, 2}, {{2}, 1, 1}, {{2, 3}, 2, 2}, {{0}, 0, 0}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct cases_filter filter = {
            .areas_limited = true, .area_ids = wanted[i].areas, .area_count = wanted[i].count};
        assert_int_equal(visit(&s, &filter, world).count, wanted[i].expected);
    }
    static int64_t many[300];
    const struct cases_filter filter = {.areas_limited = true, .area_ids = many, .area_count = 300};
    struct seen seen = {.count = 0};
    assert_err(cases_map_visit(s.db, &filter, s.kinds, world, &s.arena, see, &seen), ERR_LIMIT);
    store_close(&s);
    scratch_remove();
}

static void keep(void *user, const struct cases_map_spot *spot)
{
    (void)snprintf(user, 200, "%s %s %s %s %lld", spot->public_id, spot->kind, spot->category,
                   spot->state, (long long)spot->created_ms);
}

TEST(one_case_is_told_in_short)
{
    struct store s = store_fresh();
    char told[200] = "", expected[200];
    struct cases_new fresh = store_report();
    struct cases_case made = store_created(&s, &fresh);
    assert_ok(cases_map_read(s.db, made.id, keep, told));
    (void)snprintf(expected, sizeof expected, "%s report lamp submitted 1000", made.public_id);
    assert_string_equal(told, expected);
    assert_err(cases_map_read(s.db, made.id + 1, keep, told), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

/* Neither that of states nor that of areas, which would lead to rows all over the table. */
TEST(a_map_walks_along_the_index_of_places)
{
    struct store s = store_fresh();
    struct db_query *q;
    bool row;
    assert_ok(db_prepare(s.db,
                         "EXPLAIN QUERY PLAN SELECT c.id, c.lon, c.lat FROM cases c WHERE c.lat "
                         "BETWEEN 1 AND 2 AND c.lon BETWEEN 1 AND 2 AND c.kind = 'report' AND "
                         "c.state || '' IN ('a', 'b') AND c.area_id + 0 IN (1)",
                         &q));
    assert_ok(db_step(q, &row));
    assert_non_null(strstr(db_text(q, 3), "INDEX cases_map (lat>? AND lat<?)"));
    db_done(q);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_map_has_the_cases_of_its_box_that_are_wanted),
    cmocka_unit_test(a_map_of_some_areas_has_no_case_of_others),
    cmocka_unit_test(one_case_is_told_in_short),
    cmocka_unit_test(a_map_walks_along_the_index_of_places))

#include "tests/check.h"

#include "server/request.h"

#include <math.h>
#include <string.h>

struct fixture {
    struct request request;
    struct arena arena;
    struct problem problem;
};

static enum err parse(struct fixture *f, const char *target)
{
    *f = (struct fixture){0};
    arena_init(&f->arena, 0);
    f->request.arena = &f->arena;
    f->request.problem = &f->problem;
    return request_parse(&f->request, target);
}

TEST(a_query_is_split_and_decoded)
{
    struct fixture f;
    assert_ok(parse(&f, "/v1/places?near=116.3%2C39.9&q=a+b%20c&empty=&flag"));
    assert_string_equal(f.request.path, "/v1/places");
    assert_int_equal(f.request.query_count, 4);
    assert_string_equal(request_query(&f.request, "near"), "116.3,39.9");
    assert_string_equal(request_query(&f.request, "q"), "a b c");
    assert_string_equal(request_query(&f.request, "empty"), "");
    assert_string_equal(request_query(&f.request, "flag"), "");
    assert_null(request_query(&f.request, "missing"));
    arena_fini(&f.arena);
}

TEST(only_whole_words_are_allowed_as_names)
{
    static const struct {
        const char *target, *stranger;
    } rows[] = {{"/?near=1&radius=2", NULL},
                {"/?nea=1", "nea"},
                {"/?ear=1", "ear"},
                {"/?nearer=1", "nearer"},
                {"/?near+radius=1", "near radius"},
                {"/?radius=1&+=2", " "},
                {"/?by=1&b=2", "b"},
                {"/?x=1", "x"},
                {"/?y=1", "y"},
                {"/?by=1", NULL},
                {"/", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        assert_ok(parse(&f, rows[i].target));
        enum err e = request_allow(&f.request, " near radius nearby by");
        assert_int_equal(e != ERR_OK, rows[i].stranger != NULL);
        if (rows[i].stranger) assert_string_equal(f.problem.parameter, rows[i].stranger);
        arena_fini(&f.arena);
    }
}

TEST(a_malformed_target_is_refused_with_its_reason)
{
    static const struct {
        const char *target;
        enum problem_kind kind;
    } rows[] = {
        {"/a?b=%", PROBLEM_TARGET},
        {"/a?b=%4", PROBLEM_TARGET},
        {"/a?b=%zz", PROBLEM_TARGET},
        {"/a?b=%00", PROBLEM_TARGET},
        {"/a?b=%0a", PROBLEM_TARGET},
        {"/a?b=%ff", PROBLEM_TARGET},
        {"/a?b=%c0%80", PROBLEM_TARGET},
        {"/a?b=1&b=2", PROBLEM_PARAMETER},
        {"/a?b=123456789\x7f", PROBLEM_TARGET},
        {"/a?12345678\n=1", PROBLEM_TARGET},
        {"/a?b=\xff", PROBLEM_TARGET},
        {"/a?%62=1&b=2", PROBLEM_PARAMETER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        assert_int_not_equal(parse(&f, rows[i].target), ERR_OK);
        assert_int_equal(f.problem.kind, rows[i].kind);
        arena_fini(&f.arena);
    }
}

TEST(a_target_that_is_too_long_is_refused)
{
    struct fixture f;
    char *target = malloc(REQUEST_MAX_TARGET + 2);
    memset(target, 'a', REQUEST_MAX_TARGET + 1);
    target[REQUEST_MAX_TARGET + 1] = '\0';
    assert_int_not_equal(parse(&f, target), ERR_OK);
    assert_int_equal(f.problem.kind, PROBLEM_TARGET_LONG);
    arena_fini(&f.arena);
    free(target);
}

TEST(an_unknown_parameter_is_named)
{
    struct fixture f;
    assert_ok(parse(&f, "/?near=1,2&raduis=3"));
    assert_int_not_equal(request_allow(&f.request, "near radius"), ERR_OK);
    assert_string_equal(f.problem.parameter, "raduis");
    arena_fini(&f.arena);
    assert_ok(parse(&f, "/?ne=1"));
    assert_int_not_equal(request_allow(&f.request, "near radius"), ERR_OK);
    arena_fini(&f.arena);
    assert_ok(parse(&f, "/?radius=1&near=1"));
    assert_ok(request_allow(&f.request, "near radius"));
    arena_fini(&f.arena);
}

TEST(a_parameter_without_a_name_is_unknown)
{
    static const char *const targets[] = {"/?=1", "/?near=1,2&=3"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct fixture f;
        enum err e = parse(&f, targets[i]);
        assert_int_not_equal(e ? e : request_allow(&f.request, "near radius"), ERR_OK);
        arena_fini(&f.arena);
    }
    struct request_pair nameless = {.name = "", .value = "1"};
    struct problem problem = {0};
    struct request asked = {.problem = &problem, .query = {nameless}, .query_count = 1};
    assert_int_not_equal(request_allow(&asked, "near radius"), ERR_OK);
}

TEST(a_point_is_two_finite_numbers_and_nothing_else)
{
    static const char *const bad[] = {"1",     "1,",    ",1",      "1,2,3", "a,b",  "NaN,1",
                                      "1,nan", "inf,1", "0x10,1",  " 1,2",  "1 ,2", "1;2",
                                      "",      "1,2 ",  "1e999,2", "--1,2"};
    struct fixture f;
    struct coord at = {7, 7};
    bool given;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_ok(parse(&f, "/"));
        f.request.query[0] = (struct request_pair){"near", bad[i]};
        f.request.query_count = 1;
        f.request.names = request_bit("near");
        assert_int_not_equal(request_point(&f.request, "near", &at, &given), ERR_OK);
        assert_string_equal(f.problem.parameter, "near");
        assert_true(at.lon > 6.9 && at.lat > 6.9);
        arena_fini(&f.arena);
    }
    assert_ok(parse(&f, "/?near=116.366,-39.9e0"));
    assert_ok(request_point(&f.request, "near", &at, &given));
    assert_true(given && fabs(at.lon - 116.366) < 1e-12 && fabs(at.lat + 39.9) < 1e-12);
    arena_fini(&f.arena);
}

TEST(a_version_is_owed)
{
    static const char *const refused[] = {"/", "/?version=0", "/?version=-1", "/?version=x",
                                          "/?version="};
    struct fixture f;
    int64_t version = 7;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_ok(parse(&f, refused[i]));
        assert_int_not_equal(request_version(&f.request, &version), ERR_OK);
        assert_string_equal(f.problem.parameter, "version");
        arena_fini(&f.arena);
    }
    assert_ok(parse(&f, "/?version=3"));
    assert_ok(request_version(&f.request, &version));
    assert_int_equal(version, 3);
    arena_fini(&f.arena);
}

TEST(numbers_have_limits_and_absent_ones_keep_the_default)
{
    struct fixture f;
    int64_t limit = 20;
    double radius = 5;
    bool steps = false;
    assert_ok(parse(&f, "/?limit=1001&radius=-1&steps=yes"));
    assert_ok(request_int(&f.request, "absent", 1, 2, &limit));
    assert_int_equal(limit, 20);
    assert_int_not_equal(request_int(&f.request, "limit", 1, 1000, &limit), ERR_OK);
    assert_string_equal(f.problem.parameter, "limit");
    f.problem.kind = PROBLEM_NONE;
    assert_int_not_equal(request_number(&f.request, "radius", 0, 10, &radius), ERR_OK);
    f.problem.kind = PROBLEM_NONE;
    assert_int_not_equal(request_bool(&f.request, "steps", &steps), ERR_OK);
    assert_int_equal(limit, 20);
    arena_fini(&f.arena);
}

TEST(lists_of_points_stop_at_their_limit)
{
    struct fixture f;
    struct coord points[2];
    size_t count = 0;
    assert_ok(parse(&f, "/?via=1,2;3,4"));
    assert_ok(request_points(&f.request, "via", points, 2, &count));
    assert_int_equal(count, 2);
    assert_int_not_equal(request_points(&f.request, "via", points, 1, &count), ERR_OK);
    arena_fini(&f.arena);
    assert_ok(parse(&f, "/?via=1,2;"));
    assert_int_not_equal(request_points(&f.request, "via", points, 2, &count), ERR_OK);
    arena_fini(&f.arena);
}

RUN(cmocka_unit_test(a_query_is_split_and_decoded),
    cmocka_unit_test(only_whole_words_are_allowed_as_names),
    cmocka_unit_test(a_malformed_target_is_refused_with_its_reason),
    cmocka_unit_test(a_target_that_is_too_long_is_refused),
    cmocka_unit_test(an_unknown_parameter_is_named),
    cmocka_unit_test(a_parameter_without_a_name_is_unknown),
    cmocka_unit_test(a_point_is_two_finite_numbers_and_nothing_else),
    cmocka_unit_test(a_version_is_owed),
    cmocka_unit_test(numbers_have_limits_and_absent_ones_keep_the_default),
    cmocka_unit_test(lists_of_points_stop_at_their_limit))

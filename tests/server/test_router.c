#include "tests/check.h"

#include "server/router.h"

#include <string.h>

#define ROW(m, pattern, params, takes, bytes)                                                      \
    {                                                                                              \
        REQUEST_##m, pattern, params, ROUTER_ANYONE, ROUTER_INLINE, ROUTER_##takes, bytes,         \
            LIMIT_READ, PROBLEM_JSON, false, NULL, NULL, NULL                                      \
    }

static const struct router_rule rules[] = {
    ROW(GET, "/v1/places", "near", NO_BODY, 0),
    ROW(GET, "/v1/places/{id}", "", NO_BODY, 0),
    ROW(GET, "/tiles/style.json", "", NO_BODY, 0),
    ROW(GET, "/tiles/{layers}.json", "", NO_BODY, 0),
    ROW(GET, "/tiles/{layers}/{z}/{x}/{y}.mvt", "", NO_BODY, 0),
    ROW(POST, "/v1/reports", "", MULTIPART, 1000),
    ROW(PUT, "/v1/reports/{id}/state", "", JSON, 100),
    ROW(GET, "*", "", NO_BODY, 0),
};
enum { RULES = sizeof rules / sizeof *rules };

struct fixture {
    struct request request;
    struct arena arena;
    struct problem problem;
    const char *allow;
};

static const struct router_rule *find(struct fixture *f, enum request_method method,
                                      const char *target)
{
    *f = (struct fixture){0};
    arena_init(&f->arena, 0);
    f->request = (struct request){.method = method, .arena = &f->arena, .problem = &f->problem};
    assert_ok(request_parse(&f->request, target));
    return router_find(rules, RULES, &f->request, &f->allow);
}

TEST(a_path_finds_its_row_and_its_arguments)
{
    struct fixture f;
    assert_ptr_equal(find(&f, REQUEST_GET, "/v1/places?near=1,2"), &rules[0]);
    arena_fini(&f.arena);
    assert_ptr_equal(find(&f, REQUEST_HEAD, "/v1/places/17"), &rules[1]);
    assert_string_equal(request_arg(&f.request, "id"), "17");
    arena_fini(&f.arena);
    assert_ptr_equal(find(&f, REQUEST_GET, "/tiles/style.json"), &rules[2]);
    arena_fini(&f.arena);
    assert_ptr_equal(find(&f, REQUEST_GET, "/tiles/a%2Cb.json"), &rules[3]);
    assert_string_equal(request_arg(&f.request, "layers"), "a,b");
    arena_fini(&f.arena);
    assert_ptr_equal(find(&f, REQUEST_GET, "/tiles/all/12/3/4.mvt"), &rules[4]);
    assert_string_equal(request_arg(&f.request, "y"), "4");
    arena_fini(&f.arena);
}

TEST(a_slash_in_percent_signs_does_not_split_a_segment)
{
    struct fixture f;
    assert_ptr_equal(find(&f, REQUEST_GET, "/v1/places/a%2Fb"), &rules[1]);
    assert_string_equal(request_arg(&f.request, "id"), "a/b");
    arena_fini(&f.arena);
}

TEST(a_wrong_method_is_told_what_is_allowed)
{
    struct fixture f;
    assert_null(find(&f, REQUEST_DELETE, "/v1/places"));
    assert_int_equal(f.problem.kind, PROBLEM_METHOD);
    assert_string_equal(f.problem.allow, "GET, HEAD, OPTIONS");
    arena_fini(&f.arena);
    assert_null(find(&f, REQUEST_OTHER, "/v1/reports"));
    assert_string_equal(f.problem.allow, "POST, OPTIONS");
    arena_fini(&f.arena);
}

TEST(options_are_answered_by_the_table)
{
    struct fixture f;
    assert_null(find(&f, REQUEST_OPTIONS, "/v1/reports/5/state"));
    assert_int_equal(f.problem.kind, PROBLEM_NONE);
    assert_string_equal(f.allow, "PUT, OPTIONS");
    arena_fini(&f.arena);
}

TEST(what_is_not_there_is_not_found_and_pages_do_not_hide_it)
{
    static const char *const missing[] = {"/v1/place",      "/v1",           "/v1/places/",
                                          "/v1/places/1/2", "/v1/reports/1", "/tiles/.json",
                                          "/tiles"};
    struct fixture f;
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        assert_null(find(&f, REQUEST_GET, missing[i]));
        assert_int_equal(f.problem.kind, PROBLEM_NOT_FOUND);
        arena_fini(&f.arena);
    }
    assert_ptr_equal(find(&f, REQUEST_GET, "/console/"), &rules[RULES - 1]);
    arena_fini(&f.arena);
}

TEST(a_broken_percent_sign_in_the_path_is_told)
{
    struct fixture f;
    assert_null(find(&f, REQUEST_GET, "/v1/places/%f"));
    assert_int_equal(f.problem.kind, PROBLEM_TARGET);
    arena_fini(&f.arena);
}

TEST(a_body_is_judged_by_its_announcement)
{
    static const struct {
        const char *type, *length;
        enum problem_kind kind;
    } rows[] = {
        {"multipart/form-data; boundary=x", "1000", PROBLEM_NONE},
        {"multipart/form-data; boundary=x", NULL, PROBLEM_NONE},
        {"Multipart/Form-Data;boundary=x", "1", PROBLEM_NONE},
        {"multipart/form-data; boundary=x", "1001", PROBLEM_TOO_LARGE},
        {"multipart/form-data; boundary=x", "99999999999999999999", PROBLEM_BODY},
        {"multipart/form-data; boundary=x", "-1", PROBLEM_BODY},
        {"multipart/form-datax", "1", PROBLEM_MEDIA},
        {"application/json", "1", PROBLEM_MEDIA},
        {NULL, "1", PROBLEM_MEDIA},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        const struct router_rule *rule = find(&f, REQUEST_POST, "/v1/reports");
        f.request.headers.content_type = rows[i].type;
        f.request.headers.content_length = rows[i].length;
        (void)router_admit(rule, &f.request);
        assert_int_equal(f.problem.kind, rows[i].kind);
        arena_fini(&f.arena);
    }
}

RUN(cmocka_unit_test(a_path_finds_its_row_and_its_arguments),
    cmocka_unit_test(a_slash_in_percent_signs_does_not_split_a_segment),
    cmocka_unit_test(a_wrong_method_is_told_what_is_allowed),
    cmocka_unit_test(options_are_answered_by_the_table),
    cmocka_unit_test(what_is_not_there_is_not_found_and_pages_do_not_hide_it),
    cmocka_unit_test(a_broken_percent_sign_in_the_path_is_told),
    cmocka_unit_test(a_body_is_judged_by_its_announcement))

#include "tests/check.h"

#include "geo/base/text.h"
#include "server/response.h"

#include <string.h>

struct fixture {
    struct request request;
    struct response response;
    struct arena arena;
    struct problem problem;
};

static void begin(struct fixture *f)
{
    *f = (struct fixture){0};
    arena_init(&f->arena, 0);
    response_init(&f->response);
    f->request = (struct request){.arena = &f->arena, .problem = &f->problem};
}

static void end(struct fixture *f)
{
    response_fini(&f->response);
    arena_fini(&f->arena);
}

static const char *header(const struct fixture *f, const char *name)
{
    for (size_t i = 0; i < f->response.header_count; i++)
        if (strcmp(f->response.headers[i].name, name) == 0) return f->response.headers[i].value;
    return NULL;
}

static void write_body(struct fixture *f, size_t strings)
{
    struct jsonw *json = response_json(&f->response);
    jsonw_array(json);
    for (size_t i = 0; i < strings; i++)
        jsonw_string(json, "驿站");
    jsonw_array_end(json);
}

TEST(what_the_client_has_is_not_sent_again)
{
    struct fixture f;
    char tag[32];
    begin(&f);
    write_body(&f, 3);
    response_finish(&f.response, &f.request, PROBLEM_JSON, "1");
    assert_int_equal(f.response.status, 200);
    assert_true(text_copy(tag, sizeof tag, header(&f, "ETag")));
    end(&f);

    begin(&f);
    f.request.headers.if_none_match = arena_printf(&f.arena, "\"x\", %s", tag);
    write_body(&f, 3);
    response_finish(&f.response, &f.request, PROBLEM_JSON, "1");
    assert_int_equal(f.response.status, 304);
    assert_int_equal(f.response.len, 0);
    assert_string_equal(header(&f, "ETag"), tag);
    end(&f);

    begin(&f);
    f.request.headers.if_none_match = tag;
    write_body(&f, 4);
    response_finish(&f.response, &f.request, PROBLEM_JSON, "1");
    assert_int_equal(f.response.status, 200);
    end(&f);
}

TEST(large_text_is_packed_for_those_who_take_it)
{
    struct fixture f;
    begin(&f);
    f.request.headers.accept_encoding = "br, gzip;q=0.5";
    write_body(&f, 1000);
    response_finish(&f.response, &f.request, PROBLEM_JSON, "1");
    assert_string_equal(header(&f, "Content-Encoding"), "gzip");
    assert_true(f.response.len < 200);
    end(&f);

    begin(&f);
    f.request.headers.accept_encoding = "gzip;q=0, br";
    write_body(&f, 1000);
    response_finish(&f.response, &f.request, PROBLEM_JSON, "1");
    assert_null(header(&f, "Content-Encoding"));
    assert_string_equal(header(&f, "Vary"), "Accept-Encoding");
    end(&f);
}

static void count_return(void *lent)
{
    ++*(int *)lent;
}

TEST(what_was_lent_is_given_back_once_whatever_became_of_it)
{
    static const char bytes[] = "tile", tag[] = "W/\"1\"";
    struct fixture f;
    int returns = 0;
    begin(&f);
    response_lend(&f.response, "text/plain", bytes, 4, false, &returns, count_return);
    response_tagged(&f.response, &f.request, tag);
    response_finish(&f.response, &f.request, PROBLEM_JSON, "1");
    assert_ptr_equal(f.response.bytes, bytes);
    assert_string_equal(header(&f, "ETag"), tag);
    assert_int_equal(returns, 0);
    response_reset(&f.response);
    assert_int_equal(returns, 1);

    f.request.headers.if_none_match = "\"0\", \"1\"";
    response_lend(&f.response, "text/plain", bytes, 4, true, &returns, count_return);
    response_tagged(&f.response, &f.request, tag);
    response_finish(&f.response, &f.request, PROBLEM_JSON, "1");
    assert_int_equal(f.response.status, 304);
    assert_int_equal(f.response.len, 0);
    assert_null(header(&f, "Content-Encoding"));
    response_reset(&f.response);
    assert_int_equal(returns, 2);

    /* Refused all the same, as beyond a limit. */
    response_lend(&f.response, "text/plain", bytes, 4, true, &returns, count_return);
    problem_tell(&f.problem, PROBLEM_TOO_MANY, NULL, "too many");
    response_finish(&f.response, &f.request, PROBLEM_JSON, "1");
    assert_int_equal(f.response.status, 429);
    assert_ptr_not_equal(f.response.bytes, bytes);
    assert_null(header(&f, "Content-Encoding"));
    end(&f);
    assert_int_equal(returns, 3);
}

TEST(a_problem_replaces_what_was_written)
{
    static const char wanted[] =
        "{\"type\":\"urn:yizhan:problem:bad-parameter\",\"title\":\"A parameter is missing, "
        "unknown or malformed\",\"status\":400,\"detail\":\"no\",\"instance\":"
        "\"urn:yizhan:request:7\",\"errors\":[{\"parameter\":\"lon\",\"detail\":\"no\"}]}";
    struct fixture f;
    begin(&f);
    write_body(&f, 2);
    problem_tell(&f.problem, PROBLEM_PARAMETER, "lon", "no");
    problem_tell(&f.problem, PROBLEM_INTERNAL, NULL, "a later cause");
    response_finish(&f.response, &f.request, PROBLEM_JSON, "7");
    assert_int_equal(f.response.status, 400);
    assert_string_equal(f.response.content_type, "application/problem+json");
    assert_int_equal(f.response.len, sizeof wanted - 1);
    assert_memory_equal(f.response.bytes, wanted, sizeof wanted - 1);
    end(&f);
}

TEST(the_facade_answers_in_its_own_words)
{
    struct fixture f;
    static const char wanted[] = "{\"code\":\"NoRoute\",\"message\":\"Impossible\"}";
    begin(&f);
    problem_tell(&f.problem, PROBLEM_NO_ROUTE, NULL, "Impossible");
    response_finish(&f.response, &f.request, PROBLEM_OSRM, "7");
    assert_int_equal(f.response.status, 400);
    assert_memory_equal(f.response.bytes, wanted, sizeof wanted - 1);
    end(&f);
}

TEST(every_error_of_the_layers_below_has_a_status)
{
    for (int e = 1; e < ERR_COUNT; e++) {
        struct problem problem = {0};
        (void)problem_from_err(&problem, (enum err)e, NULL);
        assert_int_not_equal(problem.kind, PROBLEM_NONE);
        assert_true(problem_status(&problem, PROBLEM_JSON) >= 400);
        assert_true(problem.detail[0] != '\0');
    }
}

RUN(cmocka_unit_test(what_the_client_has_is_not_sent_again),
    cmocka_unit_test(large_text_is_packed_for_those_who_take_it),
    cmocka_unit_test(what_was_lent_is_given_back_once_whatever_became_of_it),
    cmocka_unit_test(a_problem_replaces_what_was_written),
    cmocka_unit_test(the_facade_answers_in_its_own_words),
    cmocka_unit_test(every_error_of_the_layers_below_has_a_status))

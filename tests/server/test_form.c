#include "tests/check.h"

#include "geo/base/buf.h"
#include "server/form.h"

#include <string.h>

static enum err parse(const char *body, size_t len, struct arena *arena, struct multipart *out)
{
    struct why why = {""};
    char *exact = malloc(len ? len : 1); /* so that the sanitizer sees the very end */
    memcpy(exact, body, len);
    enum err e = form_parse(exact, len, arena, out, &why);
    free(exact);
    return e;
}

TEST(fields_are_decoded)
{
    struct arena arena = {0};
    struct multipart m;
    const char *body = "a=1+2&attribute%5Bx%5D%5B%5D=%E4%BA%95&&empty=&bare&b=c=d%00";
    assert_ok(parse(body, strlen(body), &arena, &m));
    assert_int_equal(m.count, 5);
    assert_string_equal(m.parts[0].bytes, "1 2");
    assert_string_equal(m.parts[1].name, "attribute[x][]");
    assert_string_equal(m.parts[1].bytes, "井");
    assert_int_equal(m.parts[2].len, 0);
    assert_string_equal(m.parts[3].name, "bare");
    assert_int_equal(m.parts[4].len, 4);
    assert_null(m.parts[0].filename);
    arena_fini(&arena);
}

TEST(what_is_broken_or_too_much_is_refused)
{
    static const struct {
        const char *body;
        enum err e;
    } rows[] = {{"a=%", ERR_FORMAT},     {"a=%4", ERR_FORMAT},  {"a=%4g", ERR_FORMAT},
                {"=1", ERR_FORMAT},      {"%ff=1", ERR_FORMAT}, {"a%00b=1", ERR_FORMAT},
                {"a%0Ab=1", ERR_FORMAT}, {"", ERR_OK},          {"&&&", ERR_OK}};
    struct arena arena = {0};
    struct multipart m;
    struct buf body;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_err(parse(rows[i].body, strlen(rows[i].body), &arena, &m), rows[i].e);
    buf_init(&body, (size_t)1 << 20);
    for (int i = 0; i <= MULTIPART_MAX_PARTS; i++)
        buf_puts(&body, "attribute[a]=1&");
    assert_err(parse(body.bytes, body.len, &arena, &m), ERR_LIMIT);
    buf_reset(&body);
    for (int i = 0; i <= MULTIPART_MAX_NAME; i++)
        buf_putc(&body, 'x');
    assert_err(parse(body.bytes, body.len, &arena, &m), ERR_LIMIT);
    buf_fini(&body);
    arena_fini(&arena);
}

TEST(the_content_type_may_have_parameters)
{
    assert_true(form_is("application/x-www-form-urlencoded"));
    assert_true(form_is("Application/X-WWW-Form-Urlencoded; charset=utf-8"));
    assert_false(form_is("application/x-www-form-urlencodedx"));
    assert_false(form_is("multipart/form-data"));
    assert_false(form_is(NULL));
}

RUN(cmocka_unit_test(fields_are_decoded), cmocka_unit_test(what_is_broken_or_too_much_is_refused),
    cmocka_unit_test(the_content_type_may_have_parameters))

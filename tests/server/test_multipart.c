#include "tests/check.h"

#include "geo/base/buf.h"
#include "server/multipart.h"

#include <string.h>

#define TYPE "multipart/form-data; boundary=XX"
#define PART(name, value)                                                                          \
    "--XX\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static enum err parse_n(const char *type, const char *body, size_t len, struct arena *arena,
                        struct multipart *out, struct why *why)
{
    char *exact = malloc(len ? len : 1); /* so that the sanitizer sees the very end */
    memcpy(exact, body, len);
    enum err e = multipart_parse(type, exact, len, arena, out, why);
    for (size_t i = 0; !e && i < out->count; i++)
        out->parts[i].bytes = arena_strndup(arena, out->parts[i].bytes, out->parts[i].len);
    free(exact);
    return e;
}

static enum err parse(const char *type, const char *body, struct arena *arena,
                      struct multipart *out, struct why *why)
{
    return parse_n(type, body, strlen(body), arena, out, why);
}

TEST(fields_and_files_come_out_as_they_went_in)
{
    struct arena arena = {0};
    struct multipart m;
    struct why why = {""};
    assert_ok(parse(
        TYPE,
        PART("lon", "116.3")
            PART("empty",
                 "") "--XX\r\n"
                     "content-disposition: form-data; name=photo; filename=\"a \\\"b\\\".jpg\"\r\n"
                     "Content-Type: image/jpeg\r\nContent-Length: 6\r\n\r\n\r\n--XY\r\n--XX--\r\n",
        &arena, &m, &why));
    assert_int_equal(m.count, 3);
    assert_string_equal(m.parts[0].name, "lon");
    assert_string_equal(m.parts[0].bytes, "116.3");
    assert_null(m.parts[0].filename);
    assert_int_equal(m.parts[1].len, 0);
    assert_string_equal(m.parts[2].filename, "a \"b\".jpg");
    assert_string_equal(m.parts[2].type, "image/jpeg");
    assert_string_equal(m.parts[2].bytes, "\r\n--XY");
    arena_fini(&arena);
}

TEST(every_fault_has_its_error)
{
    static const struct {
        const char *type, *body;
        enum err e;
    } rows[] = {
        {"application/json", "", ERR_UNSUPPORTED},
        {NULL, "", ERR_UNSUPPORTED},
        {"multipart/form-data", PART("a", "1") "--XX--", ERR_INVALID},
        {"multipart/form-data; boundary=", PART("a", "1") "--XX--", ERR_INVALID},
        {"multipart/form-data; boundary=\"XX", PART("a", "1") "--XX--", ERR_INVALID},
        {TYPE, "", ERR_TRUNCATED},
        {TYPE, "--YY\r\n", ERR_FORMAT},
        {TYPE, "--XX", ERR_TRUNCATED},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=a", ERR_TRUNCATED},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nhalf", ERR_TRUNCATED},
        {TYPE, PART("a", "1") "--XX", ERR_TRUNCATED},
        {TYPE, PART("a", "1") "--XX-", ERR_TRUNCATED},
        {TYPE, PART("a", "1"), ERR_TRUNCATED},
        {TYPE, PART("a", "1") "--XXjunk", ERR_FORMAT},
        {TYPE, PART("a", "1") "--XX--\r\nmore", ERR_FORMAT},
        {TYPE, "--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--", ERR_FORMAT},
        {TYPE, "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XX--", ERR_FORMAT},
        {TYPE, "--XX\r\nno colon\r\n\r\n1\r\n--XX--", ERR_FORMAT},
        {TYPE,
         "--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Length: 5\r\n\r\n1\r\n--XX--",
         ERR_FORMAT},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n1\r\n--XX--",
         ERR_FORMAT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena = {0};
        struct multipart m;
        struct why why = {""};
        assert_err(parse(rows[i].type, rows[i].body, &arena, &m, &why), rows[i].e);
        assert_true(why.text[0] != '\0');
        arena_fini(&arena);
    }
}

TEST(the_part_that_is_cut_off_is_named)
{
    struct arena arena = {0};
    struct multipart m;
    struct why why = {""};
    assert_err(parse(TYPE,
                     PART("lon", "1") "--XX\r\nContent-Disposition: form-data; name=photo; "
                                      "filename=a.jpg\r\n\r\nhalf a pict",
                     &arena, &m, &why),
               ERR_TRUNCATED);
    assert_string_equal(why.text, "the body ends inside of part 2 (\"photo\")");
    arena_fini(&arena);
}

TEST(too_many_parts_and_headers_are_refused)
{
    struct arena arena = {0};
    struct multipart m;
    struct why why = {""};
    struct buf body;
    buf_init(&body, 1 << 20);
    for (int i = 0; i <= MULTIPART_MAX_PARTS; i++)
        buf_puts(&body, PART("a", "1"));
    buf_puts(&body, "--XX--");
    assert_err(parse_n(TYPE, body.bytes, body.len, &arena, &m, &why), ERR_LIMIT);
    buf_reset(&body);
    buf_puts(&body, "--XX\r\nX: ");
    for (int i = 0; i < MULTIPART_MAX_HEADERS; i++)
        buf_putc(&body, 'x');
    buf_puts(&body, "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--");
    assert_err(parse_n(TYPE, body.bytes, body.len, &arena, &m, &why), ERR_LIMIT);
    buf_fini(&body);
    arena_fini(&arena);
}

/* Whatever is cut off a good body, it is never taken for whole. */
TEST(no_prefix_of_a_body_is_taken_for_the_body)
{
    static const char body[] = PART("lon", "116.3") PART("lat", "39.9") "--XX--";
    for (size_t len = 0; len < sizeof body - 1; len++) {
        struct arena arena = {0};
        struct multipart m;
        struct why why = {""};
        assert_err(parse_n(TYPE, body, len, &arena, &m, &why),
                   len >= 4 || len == 0 ? ERR_TRUNCATED : ERR_FORMAT);
        arena_fini(&arena);
    }
}

RUN(cmocka_unit_test(fields_and_files_come_out_as_they_went_in),
    cmocka_unit_test(every_fault_has_its_error),
    cmocka_unit_test(the_part_that_is_cut_off_is_named),
    cmocka_unit_test(too_many_parts_and_headers_are_refused),
    cmocka_unit_test(no_prefix_of_a_body_is_taken_for_the_body))

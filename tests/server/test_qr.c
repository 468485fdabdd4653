#include "tests/check.h"

#include "server/qr.h"

#include <stdlib.h>
#include <string.h>

/* Reads the path back: what is dark, by row and column without the quiet zone. */
static int is_dark(const char *svg, int column, int row)
{
    const char *at = strstr(svg, "/><path d=\"");
    assert_non_null(at);
    while ((at = strchr(at, 'M'))) {
        char *end;
        long x = strtol(at + 1, &end, 10), y = strtol(end + 1, &end, 10);
        long run = strtol(end + 1, &end, 10);
        if (y == row + 4 && column + 4 >= x && column + 4 < x + run) return 1;
        at = end;
    }
    return 0;
}

TEST(a_code_is_drawn_with_its_three_corners_and_a_quiet_zone)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_ok(qr_svg("k3f7-9mzx-2pqa", &out));
    buf_putc(&out, '\0');
    assert_non_null(strstr(out.bytes, "viewBox=\"0 0 29 29\"")); /* version 1, 21 modules */
    static const char *const corner[] = {"1111111", "1000001", "1011101", "1011101",
                                         "1011101", "1000001", "1111111"};
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 7; x++) {
            assert_int_equal(is_dark(out.bytes, x, y), corner[y][x] == '1');
            assert_int_equal(is_dark(out.bytes, 14 + x, y), corner[y][x] == '1');
            assert_int_equal(is_dark(out.bytes, x, 14 + y), corner[y][x] == '1');
        }
    buf_fini(&out);
}

TEST(text_that_is_empty_or_too_long_is_refused)
{
    char text[QR_TEXT_MAX + 2];
    struct buf out;
    memset(text, 'a', sizeof text);
    text[QR_TEXT_MAX + 1] = '\0';
    buf_init(&out, 1 << 20);
    assert_err(qr_svg("", &out), ERR_LIMIT);
    assert_err(qr_svg(text, &out), ERR_LIMIT);
    text[QR_TEXT_MAX] = '\0';
    assert_ok(qr_svg(text, &out));
    buf_fini(&out);
}

RUN(cmocka_unit_test(a_code_is_drawn_with_its_three_corners_and_a_quiet_zone),
    cmocka_unit_test(text_that_is_empty_or_too_long_is_refused))

#include "tests/check.h"

#include "geo/base/xmlw.h"

#include <string.h>

static void check(const char *text, size_t len, const char *expected)
{
    struct buf buf;
    buf_init(&buf, 4096);
    xmlw_text(&buf, text, len);
    buf_putc(&buf, '\0');
    assert_string_equal(buf.bytes, expected);
    buf_fini(&buf);
}

TEST(markup_is_escaped_and_what_xml_does_not_have_is_replaced)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"井盖 & <b>", "井盖 &amp; &lt;b&gt;"},
        {"]]><!-- \"'", "]]&gt;&lt;!-- \"'"},
        {"a\tb\nc\rd", "a\tb\nc&#13;d"},
        {"a\x01\x08\x1f", "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xff\xc3", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBC", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBC"},
        {"\xF0\x9F\x9A\xA7", "\xF0\x9F\x9A\xA7"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i].text, strlen(rows[i].text), rows[i].expected);
    check("a\0b", 3,
          "a\xEF\xBF\xBD"
          "b");
}

TEST(elements_are_opened_and_closed_in_a_document)
{
    struct buf buf;
    buf_init(&buf, 4096);
    xmlw_begin(&buf);
    xmlw_open(&buf, "a");
    xmlw_text(&buf, "1<2", 3);
    xmlw_close(&buf, "a");
    buf_putc(&buf, '\0');
    assert_string_equal(buf.bytes, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a>1&lt;2</a>");
    buf_fini(&buf);
}

RUN(cmocka_unit_test(markup_is_escaped_and_what_xml_does_not_have_is_replaced),
    cmocka_unit_test(elements_are_opened_and_closed_in_a_document))

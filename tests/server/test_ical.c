#include "tests/check.h"

#include "geo/base/text.h"
#include "server/ical.h"

#include <string.h>

static struct ical_event event(void)
{
    return (struct ical_event){.uid = "activity-12@map.example.org",
                               .title = "路口疏导",
                               .text = "",
                               .where = "",
                               .url = "https://map.example.org/activities/12",
                               .category = "",
                               .from_ms = 1795000000000,
                               .to_ms = 1795003600000,
                               .created_ms = 1794000000000,
                               .updated_ms = 1794000001000,
                               .sequence = 3};
}

static const char *written(struct buf *out, const struct ical_event *events, size_t count)
{
    buf_init(out, 1 << 20);
    assert_ok(ical_write(events, count, out));
    buf_putc(out, '\0');
    return out->bytes;
}

static void has(const char *text, const char *line)
{
    if (!strstr(text, line)) fail_msg("no \"%s\" in\n%s", line, text);
}

TEST(an_event_is_written_with_its_times_in_utc)
{
    struct ical_event e = event();
    struct buf out;
    e.has_position = true;
    e.at = (struct coord){116.302, 39.902};
    const char *text = written(&out, &e, 1);
    has(text, "BEGIN:VCALENDAR\r\n");
    has(text, "VERSION:2.0\r\n");
    has(text, "UID:activity-12@map.example.org\r\n");
    has(text, "DTSTART:20261118T110640Z\r\n");
    has(text, "DTEND:20261118T120640Z\r\n");
    has(text, "SUMMARY:路口疏导\r\n");
    has(text, "STATUS:CONFIRMED\r\n");
    has(text, "SEQUENCE:3\r\n");
    has(text, "GEO:39.902");
    has(text, "END:VCALENDAR\r\n");
    assert_null(strstr(text, "LOCATION"));
    buf_fini(&out);
}

TEST(a_calendar_without_events_is_one)
{
    struct buf out;
    const char *text = written(&out, NULL, 0);
    assert_null(strstr(text, "VEVENT"));
    has(text, "END:VCALENDAR\r\n");
    buf_fini(&out);
}

TEST(what_is_cancelled_or_waits_says_so)
{
    struct ical_event both[2] = {event(), event()};
    struct buf out;
    both[0].status = ICAL_CANCELLED;
    both[1].status = ICAL_TENTATIVE;
    const char *text = written(&out, both, 2);
    has(text, "STATUS:CANCELLED\r\n");
    has(text, "STATUS:TENTATIVE\r\n");
    buf_fini(&out);
}

/* Each ends in CR LF, has at most 75 octets, and whole characters. */
static void are_lines(const char *line)
{
    while (*line) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        size_t len = (size_t)(end - line);
        if (len > 75 || !text_utf8_valid(line, len) || memchr(line, '\n', len))
            fail_msg("%zu: %.*s", len, (int)len, line);
        line = end + 2;
    }
}

/* RFC 5545, 3.1 and 3.3.11: nothing that somebody writes makes a line of its own. */
TEST(text_is_escaped_and_lines_are_folded_between_characters)
{
    struct ical_event e = event();
    struct buf out;
    e.title = "a;b,c\\d\r\nBEGIN:VALARM";
    e.text = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
             "\nATTENDEE:x\001y\ttab";
    const char *text = written(&out, &e, 1);
    has(text, "SUMMARY:a\\;b\\,c\\\\d\\nBEGIN:VALARM\r\n");
    assert_null(strstr(text, "\nATTENDEE"));
    assert_null(strchr(text, 1));
    are_lines(text);
    buf_fini(&out);
}

TEST(wherever_a_line_ends_it_ends_whole)
{
    char title[200] = "";
    for (size_t n = 1; n < sizeof title; n++) {
        struct ical_event e = event();
        struct buf out;
        memset(title, 'a', n);
        e.title = title;
        const char *text = written(&out, &e, 1);
        are_lines(text);
        assert_null(strstr(text, "\r\r"));
        buf_fini(&out);
    }
}

RUN(cmocka_unit_test(an_event_is_written_with_its_times_in_utc),
    cmocka_unit_test(a_calendar_without_events_is_one),
    cmocka_unit_test(what_is_cancelled_or_waits_says_so),
    cmocka_unit_test(text_is_escaped_and_lines_are_folded_between_characters),
    cmocka_unit_test(wherever_a_line_ends_it_ends_whole))

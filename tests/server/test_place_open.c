#include "tests/check.h"

#include "geo/base/zone.h"
#include "server/api/place_open.h"

#include <string.h>

/* 2026-11-24, a Tuesday, 09:00 by the clock of Shanghai. */
static const int64_t now = INT64_C(1795482000000);
enum { HOUR_MS = 3600000 };

/* The member `open` of a place with such hours, closed from–to hours from now. */
static const char *written(const char *hours, const char *hours_self, int from_h, int to_h)
{
    static char text[1 << 14];
    struct placeset_builder *builder;
    struct placeset *set;
    struct service service = {.holidays = NULL};
    struct place p = {.id = 7,
                      .at = {116.3, 39.9},
                      .hours = hours,
                      .hours_self = hours_self,
                      .name = "",
                      .name_en = "",
                      .names = "",
                      .address = "",
                      .phone = "",
                      .source = "",
                      .photos = "",
                      .closed_reason = "装修"};
    if (from_h || to_h) {
        p.closed_from_ms = now + (int64_t)from_h * HOUR_MS;
        p.closed_to_ms = to_h == INT32_MAX ? INT64_MAX : now + (int64_t)to_h * HOUR_MS;
    }
    assert_ok(placeset_builder_new(1, &builder));
    assert_ok(placeset_add(builder, &p));
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    const struct snapshot snapshot = {.places = set};
    const struct tools tools = {.service = &service, .snapshot = &snapshot};
    struct buf out;
    struct jsonw json;
    buf_init(&out, sizeof text);
    jsonw_init(&json, &out);
    jsonw_object(&json);
    const struct place shown = placeset_at(set, 0);
    place_open_write(&json, &tools, 0, &shown, now);
    jsonw_object_end(&json);
    buf_putc(&out, '\0');
    assert_ok(out.err);
    memcpy(text, out.bytes, out.len);
    buf_fini(&out);
    placeset_free(set);
    return text;
}

static int in_shanghai(void **state)
{
    struct why why = {""};
    (void)state;
    return zone_use("CST-8", &why) ? 1 : 0;
}

TEST(each_kind_of_hours_is_told_apart_and_both_together)
{
    assert_string_equal(
        written("Mo-Fr 08:00-18:00", "24/7", 0, 0),
        "{\"open\":{\"state\":\"open\",\"now\":{\"zh\":\"24 小时开放\",\"en\":\"Open 24 hours\"},"
        "\"staffed\":{\"state\":\"open\",\"now\":{\"zh\":\"营业中，18:00 关门\",\"en\":\"Open "
        "until "
        "18:00\"},\"changes_at\":\"2026-11-24T10:00:00.000Z\",\"changes_to\":\"closed\",\"hours\":{"
        "\"zh\":\"周一至周五 08:00–18:00\",\"en\":\"Mon–Fri 08:00–18:00\"}},"
        "\"self_service\":{\"state\":\"open\",\"now\":{\"zh\":\"24 小时开放\",\"en\":\"Open 24 "
        "hours\"},\"hours\":{\"zh\":\"24 小时开放\",\"en\":\"Open 24 hours\"}}}}");
}

TEST(what_is_not_said_or_not_understood_is_unknown_and_has_no_words_of_its_own)
{
    assert_string_equal(written("", "", 0, 0),
                        "{\"open\":{\"state\":\"unknown\",\"now\":{\"zh\":\"开放时间不确定\","
                        "\"en\":\"Hours not certain\"}}}");
    assert_string_equal(written("", "around noon", 0, 0),
                        "{\"open\":{\"state\":\"unknown\",\"now\":{\"zh\":\"开放时间不确定\","
                        "\"en\":\"Hours not certain\"},\"self_service\":{\"state\":\"unknown\","
                        "\"now\":{\"zh\":\"开放时间不确定\",\"en\":\"Hours not certain\"}}}}");
}

TEST(a_place_closed_for_a_while_is_closed_in_every_way_until_its_end)
{
    const char *text = written("Mo-Fr 08:00-18:00", "24/7", -1, 2);
    assert_non_null(strstr(text,
                           "{\"open\":{\"state\":\"closed\",\"now\":{\"zh\":\"暂停开放（装修），"
                           "11:00 恢复开放\",\"en\":\"Closed for now (装修), opens at 11:00\"},"
                           "\"changes_at\":\"2026-11-24T03:00:00.000Z\","
                           "\"changes_to\":\"open\""));
    assert_null(strstr(text, "\"state\":\"open\""));
    text = written("Mo-Fr 08:00-18:00", "", -1, 12); /* over the evening: open in the morning */
    assert_non_null(strstr(text, "\"changes_at\":\"2026-11-25T00:00:00.000Z\""));
    text = written("24/7", "", -1, INT32_MAX);
    assert_non_null(strstr(text, "\"state\":\"closed\",\"now\":{\"zh\":\"暂停开放（装修）\","));
    assert_null(strstr(text, "changes_at"));
}

TEST(a_closing_to_come_ends_what_is_open_and_one_that_is_over_says_nothing)
{
    const char *text = written("24/7", "", 1, 2);
    assert_non_null(
        strstr(text, "{\"open\":{\"state\":\"open\",\"now\":{\"zh\":\"营业中，10:00 关门\""));
    assert_non_null(strstr(text, "\"changes_at\":\"2026-11-24T02:00:00.000Z\""));
    text = written("24/7", "", -2, -1);
    assert_non_null(strstr(text, "{\"open\":{\"state\":\"open\",\"now\":{\"zh\":\"24 小时开放\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_hours_is_told_apart_and_both_together),
        cmocka_unit_test(what_is_not_said_or_not_understood_is_unknown_and_has_no_words_of_its_own),
        cmocka_unit_test(a_place_closed_for_a_while_is_closed_in_every_way_until_its_end),
        cmocka_unit_test(a_closing_to_come_ends_what_is_open_and_one_that_is_over_says_nothing)};
    return cmocka_run_group_tests(tests, in_shanghai, NULL);
}

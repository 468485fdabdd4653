#include "tests/check.h"

#include "geo/place/outlook.h"

#include <string.h>

enum { DAY_MO = 20514, PLAIN_DAYS = 12 }; /* 2026-03-02 */
static const int16_t years[] = {2026};
static const int32_t holidays[] = {DAY_MO + 3}, workdays[] = {DAY_MO + 5};
static const struct hours_calendar calendar = {holidays, 1, workdays, 1, years, 1};

static int64_t at(int32_t day, unsigned hour, unsigned minute)
{
    return (int64_t)day * HOURS_MINUTES + hour * 60 + minute;
}

static struct hours *compiled(const char *text)
{
    struct hours *hours = NULL;
    struct why why = {""};
    if (text && hours_parse(text, strlen(text), &hours, &why)) fail_msg("%s: %s", text, why.text);
    return hours;
}

static const char *said(const struct outlook *o, int64_t minute, enum hours_tongue tongue)
{
    static char text[1 << 12];
    struct buf out;
    buf_init(&out, sizeof text);
    outlook_say(o, minute, tongue, &out);
    buf_putc(&out, '\0');
    assert_ok(out.err);
    memcpy(text, out.bytes, out.len);
    buf_fini(&out);
    return text;
}

TEST(it_is_said_in_both_languages_what_holds_and_until_when)
{
    static const struct {
        const char *value;
        int32_t day;
        unsigned hour;
        const char *zh, *en;
    } cases[] = {
        {"24/7", DAY_MO, 9, "24 小时开放", "Open 24 hours"},
        {"off", DAY_MO, 9, "不开放", "Closed"},
        {"closed \"being rebuilt\"", DAY_MO, 9, "不开放（being rebuilt）",
         "Closed (being rebuilt)"},
        {"\"ask\"", DAY_MO, 9, "开放时间不确定（ask）", "Hours not certain (ask)"},
        {NULL, DAY_MO, 9, "开放时间不确定", "Hours not certain"},
        {"Mo-Fr 08:00-18:00", DAY_MO, 9, "营业中，18:00 关门", "Open until 18:00"},
        {"Mo-Fr 08:00-18:00", DAY_MO, 7, "已关门，08:00 开门", "Closed, opens at 08:00"},
        {"Mo-Fr 08:00-18:00", DAY_MO, 18, "已关门，明天 08:00 开门",
         "Closed, opens tomorrow at 08:00"},
        {"Mo-We,Su 08:00-18:00", DAY_MO + 2, 19, "已关门，周日 08:00 开门",
         "Closed, opens Sun at 08:00"},
        {"Mo 08:00-18:00", DAY_MO, 19, "已关门，3月9日 08:00 开门", "Closed, opens 9 Mar at 08:00"},
        {"Jan 2 08:00-18:00", DAY_MO, 19, "已关门，2027年1月2日 08:00 开门",
         "Closed, opens 2 Jan 2027 at 08:00"},
        {"18:00-02:00", DAY_MO, 19, "营业中，明天 02:00 关门", "Open until 02:00 tomorrow"},
        {"18:00-02:00", DAY_MO, 1, "营业中，02:00 关门", "Open until 02:00"},
        {"Mo 18:00-24:00", DAY_MO, 19, "营业中，24:00 关门", "Open until 24:00"},
        {"Mo-Tu", DAY_MO, 19, "营业中，明天 24:00 关门", "Open until 24:00 tomorrow"},
        {"Tu", DAY_MO, 19, "已关门，明天 00:00 开门", "Closed, opens tomorrow at 00:00"},
        {"10:00-16:00+", DAY_MO, 11, "营业中，16:00 后不确定",
         "Open until 16:00, not certain after"},
        {"18:00+", DAY_MO, 11, "已关门，18:00 后不确定", "Closed, not certain from 18:00"},
        {"10:00-12:00 unknown, 12:00-13:00", DAY_MO, 11, "开放时间不确定，12:00 开门",
         "Hours not certain, opens at 12:00"},
        {"Mo 10:00-12:00 \"ask\"", DAY_MO, 11, "开放时间不确定（ask），12:00 关门",
         "Hours not certain (ask), closes at 12:00"},
        {"10:00-12:00 open \"ring\"", DAY_MO, 11, "营业中（ring），12:00 关门",
         "Open (ring) until 12:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hours *hours = compiled(cases[i].value);
        const struct hours *all[] = {hours};
        const int64_t minute = at(cases[i].day, cases[i].hour, 0);
        struct outlook o = outlook_of(all, 1, NULL, NULL, minute);
        assert_string_equal(said(&o, minute, HOURS_ZH), cases[i].zh);
        assert_string_equal(said(&o, minute, HOURS_EN), cases[i].en);
        hours_free(hours);
    }
}

TEST(a_pause_closes_whatever_the_hours_say_and_its_end_is_a_change)
{
    struct hours *always = compiled("24/7"), *week = compiled("Mo-Fr 08:00-18:00");
    const struct hours *all[] = {always}, *weekly[] = {week};
    const int64_t now = at(DAY_MO, 9, 0);
    struct outlook_pause pause = {at(DAY_MO - 1, 0, 0), at(DAY_MO + 1, 12, 0), "装修"};
    struct outlook o = outlook_of(all, 1, &pause, NULL, now);
    assert_true(o.paused && o.state == HOURS_CLOSED && o.at == pause.to && o.to == HOURS_OPEN);
    assert_string_equal(said(&o, now, HOURS_ZH), "暂停开放（装修），明天 12:00 恢复开放");
    assert_string_equal(said(&o, now, HOURS_EN), "Closed for now (装修), opens tomorrow at 12:00");
    pause.to = at(DAY_MO + 1, 20, 0); /* in the evening: open the morning after */
    o = outlook_of(weekly, 1, &pause, NULL, now);
    assert_true(o.changes && o.at == at(DAY_MO + 2, 8, 0));
    pause.to = OUTLOOK_FOR_GOOD;
    pause.reason = "";
    o = outlook_of(all, 1, &pause, NULL, now);
    assert_true(o.paused && !o.changes);
    assert_string_equal(said(&o, now, HOURS_EN), "Closed for now");
    pause = (struct outlook_pause){at(DAY_MO, 12, 0), at(DAY_MO, 13, 0), ""};
    o = outlook_of(weekly, 1, &pause, NULL, now);
    assert_true(!o.paused && o.state == HOURS_OPEN && o.at == pause.from && o.to == HOURS_CLOSED);
    pause = (struct outlook_pause){at(DAY_MO, 6, 0), at(DAY_MO + 500, 13, 0), ""};
    o = outlook_of(all, 1, &pause, NULL, now); /* its end is known, however far */
    assert_true(o.changes && o.at == pause.to);
    hours_free(always);
    hours_free(week);
}

TEST(of_two_kinds_of_hours_either_lets_one_in)
{
    struct hours *staff = compiled("Mo-Fr 08:00-18:00"), *self = compiled("06:00-23:00");
    struct hours *day = compiled("00:00-12:00"), *night = compiled("12:00-24:00");
    const struct hours *two[] = {staff, self}, *round[] = {day, night}, *one[] = {staff, NULL};
    const int64_t now = at(DAY_MO, 9, 0);
    struct outlook o = outlook_of(two, 2, NULL, NULL, now);
    assert_true(o.state == HOURS_OPEN && o.at == at(DAY_MO, 23, 0));
    o = outlook_of(round, 2, NULL, NULL, now);
    assert_true(o.state == HOURS_OPEN && !o.changes);
    o = outlook_of(one, 2, NULL, NULL, now);
    assert_true(o.state == HOURS_OPEN && o.to == HOURS_UNKNOWN && o.at == at(DAY_MO, 18, 0));
    o = outlook_of(NULL, 0, NULL, NULL, now);
    assert_true(o.state == HOURS_UNKNOWN && !o.changes);
    hours_free(staff);
    hours_free(self);
    hours_free(day);
    hours_free(night);
}

static enum hours_state plainly(const struct hours *const *hours, size_t count,
                                const struct outlook_pause *pause, int64_t minute)
{
    struct hours_moment m =
        hours_moment_of(&calendar, (int32_t)(minute / HOURS_MINUTES), (uint32_t)(minute % 1440));
    bool open = false, unknown = false;
    for (size_t i = 0; i < count; i++) {
        enum hours_state state = hours_at(hours[i], &m, NULL);
        open |= state == HOURS_OPEN;
        unknown |= state == HOURS_UNKNOWN;
    }
    if (pause && minute >= pause->from && minute < pause->to) return HOURS_CLOSED;
    return open ? HOURS_OPEN : unknown ? HOURS_UNKNOWN : HOURS_CLOSED;
}

TEST(the_outlook_is_what_going_through_the_minutes_finds)
{
    static const char *const values[] = {"24/7",
                                         "Mo-Fr 08:00-12:00,13:30-17:30",
                                         "Mo-Su 18:00-02:00; Tu off",
                                         "Mo-Fr 10:00-16:00+; PH off",
                                         "sunrise-sunset",
                                         "off",
                                         "Sa 22:00-30:00",
                                         "Mo-Fr 07:00-22:00; SH off",
                                         "week 11 We 08:00-09:00 || 20:00-21:00 unknown",
                                         NULL};
    const uint32_t value_count = sizeof values / sizeof *values;
    struct hours *made[sizeof values / sizeof *values];
    uint64_t random = random_seed();
    for (uint32_t v = 0; v < value_count; v++)
        made[v] = compiled(values[v]);
    for (int i = 0; i < 400; i++) {
        const struct hours *hours[] = {made[random_below(&random, value_count)],
                                       made[random_below(&random, value_count)]};
        const size_t count = 1 + random_below(&random, 2);
        const int64_t now = at(DAY_MO, 0, 0) + random_below(&random, 5 * 1440);
        const int64_t from = now - 1440 + random_below(&random, 2 * 1440);
        const struct outlook_pause pause = {from, from + random_below(&random, 2 * 1440), ""};
        const struct outlook_pause *paused = random_below(&random, 2) ? &pause : NULL;
        struct outlook o = outlook_of(hours, count, paused, &calendar, now);
        assert_int_equal(o.state, plainly(hours, count, paused, now));
        int64_t minute = now + 1;
        const int64_t last = now + PLAIN_DAYS * 1440;
        while (minute < last && plainly(hours, count, paused, minute) == o.state)
            minute++;
        if (minute == last) {
            assert_true(!o.changes || o.at >= last);
            continue;
        }
        assert_true(o.changes);
        assert_int_equal(o.at, minute);
        assert_int_equal(o.to, plainly(hours, count, paused, minute));
    }
    for (uint32_t v = 0; v < value_count; v++)
        hours_free(made[v]);
}

RUN(cmocka_unit_test(it_is_said_in_both_languages_what_holds_and_until_when),
    cmocka_unit_test(a_pause_closes_whatever_the_hours_say_and_its_end_is_a_change),
    cmocka_unit_test(of_two_kinds_of_hours_either_lets_one_in),
    cmocka_unit_test(the_outlook_is_what_going_through_the_minutes_finds))

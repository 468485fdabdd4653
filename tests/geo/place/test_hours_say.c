/* Opening hours for people: the sentences, and what offices type. */
#include "tests/check.h"

#include "geo/place/hours_say.h"

#include <string.h>

#define CORPUS HOUSE_ROOT "/tests/hours/corpus.txt"

enum { DAY_MO = 20514 }; /* 2026-03-02 */
static const int16_t years[] = {2026};
static const int32_t holidays[] = {DAY_MO + 2, DAY_MO + 12};
static const struct hours_calendar calendar = {holidays, 2, NULL, 0, years, 1};

static struct hours *compiled(const char *text)
{
    struct hours *hours = NULL;
    struct why why = {""};
    if (hours_parse(text, strlen(text), &hours, &why)) fail_msg("%s: %s", text, why.text);
    return hours;
}

static const char *said(const struct hours *hours, enum hours_tongue tongue)
{
    static char texts[HOURS_TONGUES][1 << 14];
    struct buf out;
    buf_init(&out, sizeof texts[0]);
    hours_say(hours, tongue, &out);
    buf_putc(&out, '\0');
    assert_ok(out.err);
    memcpy(texts[tongue], out.bytes, out.len);
    buf_fini(&out);
    return texts[tongue];
}

static const struct {
    const char *value, *zh, *en;
} sentences[] = {
    {"24/7", "24 小时开放", "Open 24 hours"},
    {"Mo-Su 00:00-24:00", "24 小时开放", "Open 24 hours"},
    {"off", "不开放", "Closed"},
    {"unknown", "开放时间不确定", "Hours not certain"},
    {"\"by appointment\"", "开放时间不确定（by appointment）",
     "Hours not certain (by appointment)"},
    {"closed \"being rebuilt\"", "不开放（being rebuilt）", "Closed (being rebuilt)"},
    {"8:00-22:00", "每天 08:00–22:00", "Daily 08:00–22:00"},
    {"Mo-Fr 08:00-18:00; PH off", "周一至周五 08:00–18:00；法定节假日休息",
     "Mon–Fri 08:00–18:00; closed on public holidays"},
    {"Mo-Fr 08:30-12:00,13:00-17:30; Sa,Su 10:00-16:00",
     "周一至周五 08:30–12:00、13:00–17:30；周六、周日 10:00–16:00",
     "Mon–Fri 08:30–12:00, 13:00–17:30; Sat, Sun 10:00–16:00"},
    {"Mo-Fr; SH off", "周一至周五 24 小时；寒暑假休息",
     "Mon–Fri 24 hours; closed on school holidays"},
    {"Mo-Su,PH 07:00-21:00", "每天（含法定节假日）07:00–21:00",
     "Daily including public holidays 07:00–21:00"},
    {"Sa,PH 12:00-17:00", "周六及法定节假日 12:00–17:00", "Sat and public holidays 12:00–17:00"},
    {"PH Mo-Fr 10:00-14:00", "周一至周五的法定节假日 10:00–14:00",
     "Public holidays on Mon–Fri 10:00–14:00"},
    {"Sa-Mo,We 18:00-02:00", "周三、周六至周一 18:00–次日 02:00", "Wed, Sat–Mon 18:00–02:00"},
    {"Mo-Su 10:00-10:00", "每天 10:00–次日 10:00", "Daily 10:00–10:00 next day"},
    {"Mo-Fr 08:00-18:00, We 19:00-21:00", "周一至周五 08:00–18:00；另加周三 19:00–21:00",
     "Mon–Fri 08:00–18:00; also Wed 19:00–21:00"},
    {"Mo-Fr 08:00-18:00, Sa 09:00-13:00", "周一至周五 08:00–18:00，周六 09:00–13:00",
     "Mon–Fri 08:00–18:00; Sat 09:00–13:00"},
    {"08:00-18:00; 12:00-13:00 off", "每天 08:00–18:00；每天 12:00–13:00 休息",
     "Daily 08:00–18:00; closed daily 12:00–13:00"},
    {"Mo-Fr 09:00-17:00 || unknown \"ring\"", "周一至周五 09:00–17:00；其余时间不确定（ring）",
     "Mon–Fri 09:00–17:00; otherwise not certain (ring)"},
    {"Mo 09:00-17:00 || Sa 10:00-12:00", "周一 09:00–17:00；其余时间：周六 10:00–12:00",
     "Mon 09:00–17:00; otherwise Sat 10:00–12:00"},
    {"We[1,3,-1] 10:00-12:00", "每月第一个、第三个、最后一个周三 10:00–12:00",
     "First, third and last Wed of the month 10:00–12:00"},
    {"18:00+", "每天 18:00 起", "Daily from 18:00"},
    {"10:00-16:00+", "每天 10:00–16:00 或更晚", "Daily 10:00–16:00 or later"},
    {"sunrise-sunset", "每天日出至日落", "Daily sunrise–sunset"},
    {"10:00-(sunset+01:30)", "每天 10:00 至日落后 1:30", "Daily 10:00–1:30 after sunset"},
    {"sunset-02:00+", "每天日落至 02:00 或更晚", "Daily sunset–02:00 or later"},
    {"dusk+", "每天黄昏起", "Daily from dusk"},
    {"Apr-Oct Tu-Su 08:30-17:00; Nov-Mar off", "4月至10月：周二至周日 08:30–17:00；11月至3月休息",
     "Apr–Oct: Tue–Sun 08:30–17:00; closed Nov–Mar"},
    {"Dec 25-Jan 3 off; Oct 1-7 10:00-12:00", "12月25日至1月3日休息；10月1日至7日：10:00–12:00",
     "Closed 25 Dec–3 Jan; 1–7 Oct: 10:00–12:00"},
    {"2026 Feb 15-2026 Mar 3 off; 2026 Sep 1+ open",
     "2026年2月15日至3月3日休息；2026年9月1日起：24 小时",
     "Closed 15 Feb–3 Mar 2026; from 1 Sep 2026: 24 hours"},
    {"2025 Dec 20-2026 Jan 10 off", "2025年12月20日至2026年1月10日休息",
     "Closed 20 Dec 2025–10 Jan 2026"},
    {"2024-2030/2 Jan,Mar 5 Mo off", "2024年至2030年每2年 1月、3月5日：周一休息",
     "Closed 2024–2030 every 2 years Jan, 5 Mar on Mon"},
    {"week 2-52/2 08:00-12:00; week 1-53/2 off; week 3,5-7 Mo off",
     "双周：08:00–12:00；单周休息；第3、5–7周：周一休息",
     "Even weeks: 08:00–12:00; closed odd weeks; closed weeks 3, 5–7 on Mon"},
};

TEST(a_value_becomes_a_sentence_in_both_languages)
{
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        struct hours *hours = compiled(sentences[i].value);
        assert_string_equal(said(hours, HOURS_ZH), sentences[i].zh);
        assert_string_equal(said(hours, HOURS_EN), sentences[i].en);
        hours_free(hours);
    }
    assert_string_equal(said(NULL, HOURS_EN), "Hours not certain");
}

/* The first half hour of three weeks at which two values differ; -1: none. */
static int difference(const struct hours *a, const struct hours *b)
{
    for (int i = 0; i < 21 * 48; i++) {
        struct hours_moment m = hours_moment_of(&calendar, DAY_MO, (uint32_t)i * 30);
        if (hours_at(a, &m, NULL) != hours_at(b, &m, NULL)) return i;
    }
    return -1;
}

static void same(const char *odd, const char *value)
{
    struct hours *a = compiled(odd), *b = compiled(value);
    int at = difference(a, b);
    if (at >= 0) fail_msg("%s is not %s, half hour %d", odd, value, at);
    hours_free(a);
    hours_free(b);
}

TEST(what_offices_type_is_read)
{
    static const char *const cases[][2] = {
        {"周一至周五 8:00-18:00，法定节假日休息", "Mo-Fr 08:00-18:00; PH off"},
        {"周一至五8：00—18：00", "Mo-Fr 08:00-18:00"},
        {"周一、三、五 9:00-12:00；周末休息", "Mo,We,Fr 09:00-12:00"},
        {"全天24小时开放", "24/7"},
        {"24小时", "24/7"},
        {"7×24小时", "24/7"},
        {"7*24小时营业", "24/7"},
        {"周一至周五 8:00-18:00；周六日 9:00-17:00", "Mo-Fr 08:00-18:00; Sa,Su 09:00-17:00"},
        {"周一三五 9:00-12:00", "Mo,We,Fr 09:00-12:00"},
        {"周六日日出至日落", "Sa,Su sunrise-sunset"},
        {"每天24小时营业", "24/7"},
        {"24 小时开放；周一 12:00–13:00 休息", "24/7; Mo 12:00-13:00 off"},
        {"每日 06:00~22:00", "06:00-22:00"},
        {"早8:00-晚20:00", "08:00-20:00"},
        {"上午9点至下午17点30分", "09:00-17:30"},
        {"9点半到18时", "09:30-18:00"},
        {"营业时间：08:00～20:00", "08:00-20:00"},
        {"星期一到星期日 6:00-次日2:00", "06:00-02:00"},
        {"20:00-次日凌晨2点", "20:00-02:00"},
        {"Fr 20:00-次日 22:00", "Fr 20:00-46:00"},
        {"星期一至星期五：8:00-12:00、14:00-18:00（法定节假日除外）",
         "Mo-Fr 08:00-12:00,14:00-18:00; PH off"},
        {"3月1日至3月10日 8:00-20:00", "Mar 1-10 08:00-20:00"},
        {"2026年3月5日至7日休息；每天 8:00-9:00", "2026 Mar 5-7 off; 08:00-09:00"},
        {"周一至周日（含法定节假日）9:00-17:00", "Mo-Su,PH 09:00-17:00"},
        {"日出至日落", "sunrise-sunset"},
        {"周一至周日 全天", "24/7"},
        {"Mo-Fr 08:00-12:00 open \"周一至周五24小时\"", "Mo-Fr 08:00-12:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        same(cases[i][0], cases[i][1]);
}

TEST(what_offices_type_in_other_ways_is_not_guessed)
{
    static const char *const cases[] = {"早8点至晚8点", "下午2:00-5:00",      "工作日 9:00-17:00",
                                        "节假日休息",   "早上八点到晚上十点", "全年无休",
                                        "次日",         "25点-26点",          "13月 8:00-9:00",
                                        "9点-10点半钟", "上午13:00-14:00"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hours *hours = NULL;
        if (hours_parse(cases[i], strlen(cases[i]), &hours, NULL) != ERR_FORMAT)
            fail_msg("%s became %s", cases[i], said(hours, HOURS_EN));
    }
}

static void add_days(uint64_t *random, struct buf *text)
{
    static const char *const days[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH"};
    for (uint32_t n = 1 + random_below(random, 3); n > 0; n--) {
        uint32_t from = random_below(random, 8);
        buf_puts(text, days[from]);
        if (from < 7 && random_below(random, 2))
            buf_printf(text, "-%s", days[random_below(random, 7)]);
        buf_puts(text, n > 1 ? "," : " ");
    }
}

static void add_times(uint64_t *random, struct buf *text)
{
    for (uint32_t n = 1 + random_below(random, 3); n > 0; n--) {
        uint32_t from = random_below(random, 48) * 30;
        uint32_t to = from + 30 + random_below(random, 80) * 30;
        if (to > 2 * HOURS_MINUTES) to = 2 * HOURS_MINUTES;
        buf_printf(text, "%02u:%02u-%02u:%02u%s", from / 60, from % 60, to / 60, to % 60,
                   n > 1 ? "," : "");
    }
}

TEST(the_chinese_sentence_of_a_week_read_again_says_the_same)
{
    static const char *const ends[] = {"", "", " off"};
    uint64_t random = random_seed();
    struct buf text;
    buf_init(&text, 1 << 12);
    for (int i = 0; i < 500; i++) {
        buf_reset(&text);
        for (uint32_t n = 1 + random_below(&random, 4); n > 0; n--) {
            uint32_t end = random_below(&random, 3);
            if (random_below(&random, 4)) add_days(&random, &text);
            add_times(&random, &text);
            buf_printf(&text, "%s%s", ends[end], n > 1 ? "; " : "");
        }
        buf_putc(&text, '\0');
        assert_ok(text.err);
        struct hours *hours = compiled(text.bytes);
        same(said(hours, HOURS_ZH), text.bytes);
        hours_free(hours);
    }
    buf_fini(&text);
}

TEST(every_value_of_the_corpus_has_a_sentence)
{
    char line[1024];
    size_t count = 0;
    FILE *file = fopen(CORPUS, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        struct hours *hours = compiled(line);
        const char *zh = said(hours, HOURS_ZH), *en = said(hours, HOURS_EN);
        assert_true(*zh && *en);
        assert_string_not_equal(zh, en);
        assert_true(*en < 'a' || *en > 'z');
        assert_null(strstr(en, "  "));
        hours_free(hours);
        count++;
    }
    assert_true(count > 150);
    fclose(file);
}

RUN(cmocka_unit_test(a_value_becomes_a_sentence_in_both_languages),
    cmocka_unit_test(what_offices_type_is_read),
    cmocka_unit_test(what_offices_type_in_other_ways_is_not_guessed),
    cmocka_unit_test(the_chinese_sentence_of_a_week_read_again_says_the_same),
    cmocka_unit_test(every_value_of_the_corpus_has_a_sentence))

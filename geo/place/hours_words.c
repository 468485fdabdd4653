#include "geo/place/hours_words.h"

static const char *const weekdays[HOURS_TONGUES][HOURS_WEEKDAYS] = {
    {"周一", "周二", "周三", "周四", "周五", "周六", "周日"},
    {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}};
static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const commas[HOURS_TONGUES] = {"、", ", "};
static const char *const dashes[HOURS_TONGUES] = {"至", "–"};
static const char *const ands[HOURS_TONGUES] = {"及", " and "};

void hours_words_weekday(struct buf *out, enum hours_tongue tongue, unsigned weekday)
{
    buf_puts(out, weekdays[tongue][weekday]);
}

void hours_words_date(struct buf *out, enum hours_tongue tongue, int32_t year, unsigned month,
                      unsigned day)
{
    if (tongue == HOURS_ZH) {
        if (year) buf_printf(out, "%d年", year);
        buf_printf(out, "%u月", month);
        if (day) buf_printf(out, "%u日", day);
        return;
    }
    if (day) buf_printf(out, "%u ", day);
    buf_puts(out, month_names[month - 1]);
    if (year) buf_printf(out, " %d", year);
}

void hours_words_clock(struct buf *out, unsigned minute)
{
    buf_printf(out, "%02u:%02u", minute / 60, minute % 60);
}

/* ---- years, dates, weeks ---- */

struct date {
    int32_t year; /* 0: none */
    unsigned month, day;
};

static struct date date_of(int32_t number)
{
    return (struct date){.year = number / 512,
                         .month = (unsigned)(number % 512 / 32),
                         .day = (unsigned)(number % 32)};
}

static void write_from(struct buf *out, enum hours_tongue tongue, const struct date *d)
{
    if (tongue == HOURS_EN) buf_puts(out, "from ");
    hours_words_date(out, tongue, d->year, d->month, d->day);
    if (tongue == HOURS_ZH) buf_puts(out, "起");
}

/* What both ends share is said once, with the first of them in Chinese and with the last in
 * English. */
static void write_dates(struct buf *out, enum hours_tongue tongue, const struct hours_dates *d)
{
    struct date from = date_of(d->from), to = date_of(d->to);
    if (to.year == HOURS_FOREVER) {
        write_from(out, tongue, &from);
        return;
    }
    const bool whole = from.day == 1 && to.day == hours_month_length(to.month);
    const bool same_year = from.year == to.year, same_month = same_year && from.month == to.month;
    if (whole) from.day = to.day = 0;
    if (same_month && from.day == to.day) {
        hours_words_date(out, tongue, from.year, from.month, from.day);
    } else if (tongue == HOURS_ZH) {
        hours_words_date(out, tongue, from.year, from.month, from.day);
        buf_puts(out, dashes[tongue]);
        if (same_month)
            buf_printf(out, "%u日", to.day);
        else
            hours_words_date(out, tongue, same_year ? 0 : to.year, to.month, to.day);
    } else {
        if (same_month)
            buf_printf(out, "%u", from.day);
        else
            hours_words_date(out, tongue, same_year ? 0 : from.year, from.month, from.day);
        buf_puts(out, dashes[tongue]);
        hours_words_date(out, tongue, to.year, to.month, to.day);
    }
}

static void write_years(struct buf *out, enum hours_tongue tongue, const struct hours_years *y)
{
    static const char *const one[HOURS_TONGUES] = {"%d年", "%d"};
    static const char *const onward[HOURS_TONGUES] = {"%d年起", "from %d"};
    static const char *const range[HOURS_TONGUES] = {"%d年至%d年", "%d–%d"};
    static const char *const stepped[HOURS_TONGUES] = {"%d年至%d年每%d年", "%d–%d every %d years"};
    if (y->to == HOURS_FOREVER)
        buf_printf(out, onward[tongue], y->from);
    else if (y->from == y->to)
        buf_printf(out, one[tongue], y->from);
    else if (y->step == 1)
        buf_printf(out, range[tongue], y->from, y->to);
    else
        buf_printf(out, stepped[tongue], y->from, y->to, y->step);
}

static void write_week_runs(struct buf *out, enum hours_tongue tongue, uint64_t weeks)
{
    const char *comma = "";
    for (unsigned w = 1; w <= HOURS_WEEKS; w++) {
        unsigned last = w;
        if (!(weeks >> w & 1)) continue;
        while (last < HOURS_WEEKS && weeks >> (last + 1) & 1)
            last++;
        buf_printf(out, w == last ? "%s%u" : "%s%u–%u", comma, w, last);
        comma = commas[tongue];
        w = last;
    }
}

static void write_weeks(struct buf *out, enum hours_tongue tongue, uint64_t weeks)
{
    static const char *const parities[2][HOURS_TONGUES] = {{"双周", "even weeks"},
                                                           {"单周", "odd weeks"}};
    static const char *const before[HOURS_TONGUES] = {"第", "weeks "};
    static const char *const behind[HOURS_TONGUES] = {"周", ""};
    /* The last odd week, the 53rd, is in few years. */
    const uint64_t even = UINT64_C(0x15555555555554), odd = UINT64_C(0xaaaaaaaaaaaaa);
    const uint64_t regular = weeks & ~(UINT64_C(1) << HOURS_WEEKS);
    if (weeks == even || regular == odd) {
        buf_puts(out, parities[weeks != even][tongue]);
        return;
    }
    bool one = !(weeks & (weeks - 1));
    buf_puts(out, one && tongue == HOURS_EN ? "week " : before[tongue]);
    write_week_runs(out, tongue, weeks);
    buf_puts(out, behind[tongue]);
}

void hours_words_wide(struct buf *out, enum hours_tongue tongue, const struct hours *hours,
                      const struct hours_rule *rule)
{
    size_t begin = out->len;
    for (unsigned i = 0; i < rule->year_count; i++) {
        if (i) buf_puts(out, commas[tongue]);
        write_years(out, tongue, &hours->years[rule->year_first + i]);
    }
    if (rule->date_count && out->len > begin) buf_putc(out, ' ');
    for (unsigned i = 0; i < rule->date_count; i++) {
        if (i) buf_puts(out, commas[tongue]);
        write_dates(out, tongue, &hours->dates[rule->date_first + i]);
    }
    if (!rule->weeks) return;
    if (out->len > begin) buf_putc(out, ' ');
    write_weeks(out, tongue, rule->weeks);
}

/* ---- weekdays and holidays ---- */

static void write_comma(struct buf *out, enum hours_tongue tongue, unsigned written)
{
    if (written) buf_puts(out, commas[tongue]);
}

/* "第一个、最后一个", "first, last": the how-manieth of the month, as bits. */
static void write_nth(struct buf *out, enum hours_tongue tongue, uint16_t nth)
{
    static const char *const names[10][HOURS_TONGUES] = {
        {"第一个", "first"},           {"第二个", "second"},          {"第三个", "third"},
        {"第四个", "fourth"},          {"第五个", "fifth"},           {"最后一个", "last"},
        {"倒数第二个", "2nd to last"}, {"倒数第三个", "3rd to last"}, {"倒数第四个", "4th to last"},
        {"倒数第五个", "5th to last"}};
    for (unsigned i = 0, written = 0; i < sizeof names / sizeof *names; i++) {
        if (!(nth >> i & 1)) continue;
        bool last = nth >> i == 1 && tongue == HOURS_EN;
        if (written++) buf_puts(out, last ? ands[tongue] : commas[tongue]);
        buf_puts(out, names[i][tongue]);
    }
}

/* Weekdays of every week, as runs round the week: three and more by their ends. */
static unsigned write_weekly(struct buf *out, enum hours_tongue tongue, const uint16_t *nth,
                             unsigned written)
{
    unsigned start = 0;
    while (start < HOURS_WEEKDAYS && nth[(start + 6) % 7] == HOURS_ALL_NTH)
        start++;
    for (unsigned i = 0; i < HOURS_WEEKDAYS; i++) {
        unsigned run = 0;
        while (i + run < HOURS_WEEKDAYS && nth[(start + i + run) % 7] == HOURS_ALL_NTH)
            run++;
        if (!run) continue;
        write_comma(out, tongue, written++);
        hours_words_weekday(out, tongue, (start + i) % 7);
        if (run > 1) {
            buf_puts(out, run == 2 ? commas[tongue] : dashes[tongue]);
            hours_words_weekday(out, tongue, (start + i + run - 1) % 7);
        }
        i += run;
    }
    return written;
}

static unsigned write_monthly(struct buf *out, enum hours_tongue tongue, const uint16_t *nth,
                              unsigned written)
{
    for (unsigned d = 0; d < HOURS_WEEKDAYS; d++) {
        if (!nth[d] || nth[d] == HOURS_ALL_NTH) continue;
        write_comma(out, tongue, written++);
        if (tongue == HOURS_ZH) buf_puts(out, "每月");
        write_nth(out, tongue, nth[d]);
        if (tongue == HOURS_EN) buf_putc(out, ' ');
        hours_words_weekday(out, tongue, d);
        if (tongue == HOURS_EN) buf_puts(out, " of the month");
    }
    return written;
}

static bool all_week(const struct hours_rule *rule)
{
    for (unsigned d = 0; d < HOURS_WEEKDAYS; d++)
        if (rule->nth[d] != HOURS_ALL_NTH) return false;
    return true;
}

static void write_weekdays(struct buf *out, enum hours_tongue tongue, const struct hours_rule *rule)
{
    static const char *const daily[HOURS_TONGUES] = {"每天", "daily"};
    if (all_week(rule))
        buf_puts(out, daily[tongue]);
    else
        write_monthly(out, tongue, rule->nth, write_weekly(out, tongue, rule->nth, 0));
}

static void write_holidays(struct buf *out, enum hours_tongue tongue, const struct hours_rule *rule)
{
    static const char *const public[HOURS_TONGUES] = {"法定节假日", "public holidays"};
    static const char *const school[HOURS_TONGUES] = {"寒暑假", "school holidays"};
    if (rule->public_holidays) buf_puts(out, public[tongue]);
    if (rule->public_holidays && rule->school_holidays) buf_puts(out, ands[tongue]);
    if (rule->school_holidays) buf_puts(out, school[tongue]);
}

void hours_words_days(struct buf *out, enum hours_tongue tongue, const struct hours_rule *rule)
{
    const bool holidays = rule->public_holidays || rule->school_holidays;
    if (rule->both && tongue == HOURS_EN) {
        write_holidays(out, tongue, rule);
        buf_puts(out, all_week(rule) ? " " : " on ");
        write_weekdays(out, tongue, rule);
        return;
    }
    if (rule->has_weekdays) write_weekdays(out, tongue, rule);
    if (!holidays) return;
    const bool included = rule->has_weekdays && !rule->both && all_week(rule);
    if (included)
        buf_puts(out, tongue == HOURS_ZH ? "（含" : " including ");
    else if (rule->both)
        buf_puts(out, "的");
    else if (rule->has_weekdays)
        buf_puts(out, ands[tongue]);
    write_holidays(out, tongue, rule);
    if (included && tongue == HOURS_ZH) buf_puts(out, "）");
}

bool hours_words_daily(const struct hours_rule *rule)
{
    return !rule->public_holidays && !rule->school_holidays &&
           (!rule->has_weekdays || all_week(rule));
}

/* ---- times ---- */

/* "日落后 1:30", "1:30 after sunset" */
static void write_end(struct buf *out, enum hours_tongue tongue, struct hours_end end)
{
    static const char *const suns[][HOURS_TONGUES] = {[HOURS_DAWN] = {"黎明", "dawn"},
                                                      [HOURS_SUNRISE] = {"日出", "sunrise"},
                                                      [HOURS_SUNSET] = {"日落", "sunset"},
                                                      [HOURS_DUSK] = {"黄昏", "dusk"}};
    const unsigned shift = (unsigned)(end.minutes < 0 ? -end.minutes : end.minutes);
    if (!end.sun) {
        hours_words_clock(out, shift);
        return;
    }
    if (shift && tongue == HOURS_EN)
        buf_printf(out, "%u:%02u %s ", shift / 60, shift % 60,
                   end.minutes < 0 ? "before" : "after");
    buf_puts(out, suns[end.sun][tongue]);
    if (shift && tongue == HOURS_ZH)
        buf_printf(out, "%s %u:%02u", end.minutes < 0 ? "前" : "后", shift / 60, shift % 60);
}

static const char *const later[HOURS_TONGUES] = {" 或更晚", " or later"};

static void write_since(struct buf *out, enum hours_tongue tongue, struct hours_end from)
{
    if (tongue == HOURS_EN) buf_puts(out, "from ");
    write_end(out, tongue, from);
    if (tongue == HOURS_ZH) buf_puts(out, from.sun ? "起" : " 起");
}

static void write_vague(struct buf *out, enum hours_tongue tongue, const struct hours_span *s)
{
    const bool onward =
        s->later && s->begins.sun == s->ends.sun && s->begins.minutes == s->ends.minutes;
    if (onward) {
        write_since(out, tongue, s->begins);
        return;
    }
    write_end(out, tongue, s->begins);
    if (tongue == HOURS_ZH)
        buf_puts(out, s->begins.sun && !s->begins.minutes ? "至" : " 至");
    else
        buf_puts(out, s->begins.sun && s->begins.minutes ? " to " : "–");
    if (tongue == HOURS_ZH && !s->ends.sun) buf_putc(out, ' ');
    write_end(out, tongue, s->ends);
    if (s->later) buf_puts(out, later[tongue]);
}

static void write_sure(struct buf *out, enum hours_tongue tongue, const struct hours_span *s)
{
    const bool over = s->to > HOURS_MINUTES, long_over = s->to - s->from >= HOURS_MINUTES;
    hours_words_clock(out, s->from);
    buf_puts(out, "–");
    if (over && tongue == HOURS_ZH) buf_puts(out, "次日 ");
    hours_words_clock(out, over ? s->to - (unsigned)HOURS_MINUTES : s->to);
    if (over && long_over && tongue == HOURS_EN) buf_puts(out, " next day");
}

void hours_words_times(struct buf *out, enum hours_tongue tongue, const struct hours *hours,
                       const struct hours_rule *rule)
{
    const struct hours_span *spans = hours->spans + rule->span_first;
    for (unsigned i = 0; i < rule->span_count; i++) {
        const struct hours_span *s = &spans[i];
        if (i) buf_puts(out, commas[tongue]);
        if (s->doubt == HOURS_VAGUE) {
            write_vague(out, tongue, s);
        } else if (s->doubt == HOURS_SURE) {
            write_sure(out, tongue, s);
        } else if (i + 1 < rule->span_count && spans[i + 1].doubt == HOURS_SURE &&
                   spans[i + 1].to == s->from) { /* 10:00-16:00+ comes as both */
            write_sure(out, tongue, &spans[++i]);
            buf_puts(out, later[tongue]);
        } else {
            write_since(out, tongue, (struct hours_end){.minutes = (int16_t)s->from});
        }
    }
}

#include "geo/place/hours_say.h"

#include "geo/place/hours_words.h"

#include <string.h>

static const char *const all_day[HOURS_TONGUES] = {"24 小时", "24 hours"};
static const char *const uncertain[HOURS_TONGUES] = {"不确定", "not certain"};

/* A whole day, written as its times. */
static bool whole_day(const struct hours *h, const struct hours_rule *r)
{
    const struct hours_span *s = &h->spans[r->span_first];
    return r->span_count == 0 ||
           (r->span_count == 1 && s->doubt == HOURS_SURE && s->from == 0 && s->to == HOURS_MINUTES);
}

static bool has_wide(const struct hours_rule *r)
{
    return r->year_count || r->date_count || r->weeks;
}

/* What holds on all days and at all times. */
static void say_always(const struct hours_rule *r, enum hours_tongue tongue, struct buf *out)
{
    const bool behind_words = r->kind == HOURS_FALLBACK && r->state == HOURS_UNKNOWN;
    static const char *const states[][HOURS_TONGUES] = {
        [HOURS_CLOSED] = {"不开放", "closed"},
        [HOURS_OPEN] = {"24 小时开放", "open 24 hours"},
        [HOURS_UNKNOWN] = {"开放时间不确定", "hours not certain"}};
    buf_puts(out, behind_words ? uncertain[tongue] : states[r->state][tongue]);
}

static bool ends_with(const struct buf *out, const char *text)
{
    size_t len = strlen(text);
    return out->len >= len && memcmp(out->bytes + out->len - len, text, len) == 0;
}

static bool ends_in_digit(const struct buf *out)
{
    const char last = out->len ? out->bytes[out->len - 1] : ' ';
    return last >= '0' && last <= '9';
}

/* Between words of Chinese and digits there is a space, between two words of it none. */
static void say_state(const struct hours_rule *r, struct buf *out)
{
    if (r->state == HOURS_OPEN) return;
    if (ends_in_digit(out)) buf_putc(out, ' ');
    buf_puts(out, r->state == HOURS_CLOSED ? "休息" : uncertain[HOURS_ZH]);
}

/* "4月至10月：周二至周日 08:30–17:00", "12月25日休息" */
static void say_zh(const struct hours *h, const struct hours_rule *r, struct buf *out)
{
    const bool whole = whole_day(h, r), daily = hours_words_daily(r);
    const bool times = !whole || r->state == HOURS_OPEN;
    hours_words_wide(out, HOURS_ZH, h, r);
    if (has_wide(r) && (times || !daily)) buf_puts(out, "：");
    if (!daily)
        hours_words_days(out, HOURS_ZH, r);
    else if (!has_wide(r))
        buf_puts(out, "每天");
    const bool by_sun = r->span_count && h->spans[r->span_first].begins.sun;
    const bool included = ends_with(out, "）"); /* 每天（含法定节假日） */
    if (times && !by_sun && !included && !(daily && has_wide(r))) buf_putc(out, ' ');
    if (times && whole)
        buf_puts(out, all_day[HOURS_ZH]);
    else if (times)
        hours_words_times(out, HOURS_ZH, h, r);
    say_state(r, out);
}

/* "Apr–Oct: Tue–Sun 08:30–17:00", "closed 25 Dec" */
static void say_en(const struct hours *h, const struct hours_rule *r, struct buf *out)
{
    const bool whole = whole_day(h, r), daily = hours_words_daily(r);
    const bool closed = r->state == HOURS_CLOSED, times = !whole || r->state == HOURS_OPEN;
    if (closed) buf_puts(out, "closed ");
    hours_words_wide(out, HOURS_EN, h, r);
    if (has_wide(r)) buf_puts(out, closed ? " " : ": ");
    if (!daily) {
        if (closed) buf_puts(out, "on ");
        hours_words_days(out, HOURS_EN, r);
        buf_putc(out, ' ');
    } else if (!has_wide(r)) {
        buf_puts(out, "daily ");
    }
    if (times && whole)
        buf_puts(out, all_day[HOURS_EN]);
    else if (times)
        hours_words_times(out, HOURS_EN, h, r);
    if (r->state == HOURS_UNKNOWN && times) buf_putc(out, ' ');
    if (r->state == HOURS_UNKNOWN) buf_puts(out, uncertain[HOURS_EN]);
    if (!out->err && out->len && out->bytes[out->len - 1] == ' ') out->len--;
}

/* Whether the rule adds to days that rules before it speak of, too. Of those behind a comma only
 * weekdays can be told apart for sure; one behind a semicolon adds where it does not override. */
static bool adds_to_others(const struct hours *h, unsigned i)
{
    const struct hours_rule *r = &h->rules[i];
    if (!i || r->state == HOURS_CLOSED) return false;
    if (r->kind == HOURS_NORMAL) return !hours_rule_dated(r) && hours_rule_dated(r - 1);
    for (unsigned k = 0; k <= i; k++) {
        const struct hours_rule *other = &h->rules[k];
        if (!other->has_weekdays || other->public_holidays || other->school_holidays) return true;
        for (unsigned d = 0; k < i && d < HOURS_WEEKDAYS; d++)
            if (other->nth[d] && r->nth[d]) return true;
    }
    return false;
}

static void say_rule(const struct hours *h, unsigned i, enum hours_tongue tongue, struct buf *out)
{
    static const char *const fallback[HOURS_TONGUES] = {"其余时间", "otherwise "};
    static const char *const added[HOURS_TONGUES] = {"另加", "also "};
    static const char *const remarks[HOURS_TONGUES] = {"（%s）", " (%s)"};
    const struct hours_rule *r = &h->rules[i];
    const bool always = !has_wide(r) && hours_words_daily(r) && whole_day(h, r);
    const bool adds = !always && adds_to_others(h, i);
    const bool comma = tongue == HOURS_ZH && r->kind == HOURS_ADDITIONAL && !adds;
    if (i) buf_puts(out, comma ? "，" : tongue == HOURS_ZH ? "；" : "; ");
    if (r->kind == HOURS_FALLBACK) {
        buf_puts(out, fallback[tongue]);
        if (tongue == HOURS_ZH && !always) buf_puts(out, "：");
    } else if (adds) {
        buf_puts(out, added[tongue]);
    }
    if (always)
        say_always(r, tongue, out);
    else if (tongue == HOURS_ZH)
        say_zh(h, r, out);
    else
        say_en(h, r, out);
    if (r->comment && h->comments[r->comment])
        buf_printf(out, remarks[tongue], h->comments + r->comment);
}

void hours_say(const struct hours *hours, enum hours_tongue tongue, struct buf *out)
{
    static const struct hours_rule nothing = {.state = HOURS_UNKNOWN};
    const size_t begin = out->len;
    if (!hours) say_always(&nothing, tongue, out);
    for (unsigned i = 0; hours && i < hours->rule_count; i++)
        say_rule(hours, i, tongue, out);
    if (out->err || out->len == begin) return;
    char *first = &out->bytes[begin];
    if (*first >= 'a' && *first <= 'z') *first = (char)(*first - 'a' + 'A');
}

#include "geo/place/hours_form.h"

enum { LAST_MINUTE = 2 * HOURS_MINUTES };
enum { DAWN, SUNRISE, SUNSET, DUSK };
static const char *const event_names[] = {"dawn", "sunrise", "sunset", "dusk", NULL};

struct time {
    unsigned minute;
    int event;  /* -1: none */
    bool later; /* an offset behind the event */
};

static unsigned take_clock(struct hours_form *p, unsigned last)
{
    unsigned hour = hours_text_number(&p->in, 2, 0, 48, "an hour");
    if (p->in.text[p->in.at] != ':') hours_text_fail(&p->in, "hours:minutes");
    if (p->in.failed) return 0;
    p->in.at++;
    if (!hours_text_is_digit(p->in.text[p->in.at]) ||
        !hours_text_is_digit(p->in.text[p->in.at + 1]))
        hours_text_fail(&p->in, "two digits");
    unsigned minute = hour * 60 + hours_text_number(&p->in, 2, 0, 59, "minutes");
    if (minute > last) hours_text_fail(&p->in, "an earlier time");
    return minute;
}

static struct time take_time(struct hours_form *p, unsigned last)
{
    struct time t = {.event = hours_text_take_word(&p->in, event_names, 0)};
    if (t.event >= 0) return t;
    if (!hours_text_take(&p->in, '(')) {
        t.minute = take_clock(p, last);
        return t;
    }
    t.event = hours_text_take_word(&p->in, event_names, 0);
    t.later = hours_text_take(&p->in, '+');
    if (t.event < 0 || (!t.later && !hours_text_take(&p->in, '-')))
        hours_text_fail(&p->in, "an event and an offset");
    if (!p->in.failed) take_clock(p, HOURS_MINUTES);
    if (!hours_text_take(&p->in, ')')) hours_text_fail(&p->in, ")");
    return t;
}

static void add_span(struct hours_form *p, struct hours_rule *r, unsigned from, unsigned to,
                     enum hours_doubt doubt)
{
    if (p->span_count == HOURS_MAX_RUNS) hours_text_fail(&p->in, "a shorter list");
    if (p->in.failed) return;
    p->spans[p->span_count++] = (struct hours_span){(uint16_t)from, (uint16_t)to, (uint8_t)doubt};
    r->span_count++;
}

/* Until when an open end is thought to last: the later it begins, the farther into the night. */
static unsigned open_end(unsigned from)
{
    unsigned to = from >= 22 * 60   ? from + 8 * 60
                  : from >= 17 * 60 ? from + 10 * 60
                                    : (unsigned)HOURS_MINUTES;
    return to < LAST_MINUTE ? to : (unsigned)LAST_MINUTE;
}

/* The sun is not computed: all minutes that such a span could reach. */
static void add_vague(struct hours_form *p, struct hours_rule *r, struct time from, struct time to)
{
    unsigned begin = from.event < 0 ? from.minute : 0, end = to.minute;
    bool over_midnight =
        to.event == DAWN || to.event == SUNRISE || to.later || (from.event >= 0 && from.later);
    if (to.event >= 0)
        end = over_midnight ? LAST_MINUTE : HOURS_MINUTES;
    else if (over_midnight || from.event >= SUNSET || end < HOURS_MINUTES / 2)
        end = end < HOURS_MINUTES ? end + HOURS_MINUTES : (unsigned)LAST_MINUTE;
    add_span(p, r, begin, end, HOURS_VAGUE);
}

static void read_span(struct hours_form *p, struct hours_rule *r)
{
    struct time from = take_time(p, HOURS_MINUTES - 1);
    if (!p->in.failed && hours_text_take(&p->in, '+')) {
        if (from.event < 0)
            add_span(p, r, from.minute, open_end(from.minute), HOURS_OPEN_END);
        else
            add_span(p, r, 0, LAST_MINUTE, HOURS_VAGUE);
        return;
    }
    if (!p->in.failed && !hours_text_take(&p->in, '-'))
        hours_text_fail(&p->in, "a time until which");
    if (p->in.failed) return;
    struct time to = take_time(p, LAST_MINUTE);
    bool open = hours_text_take(&p->in, '+');
    if (hours_text_peek(&p->in) == '/') hours_text_fail(&p->in, "no interval");
    if (from.event >= 0 || to.event >= 0) {
        add_vague(p, r, from, to);
        if (open) add_span(p, r, 0, LAST_MINUTE, HOURS_VAGUE);
        return;
    }
    unsigned end = to.minute + (to.minute <= from.minute ? (unsigned)HOURS_MINUTES : 0);
    if (open && end < LAST_MINUTE) add_span(p, r, end, open_end(end), HOURS_OPEN_END);
    add_span(p, r, from.minute, end, HOURS_SURE);
}

static bool at_time(struct hours_form *p)
{
    return hours_text_at_clock(&p->in) || hours_text_peek(&p->in) == '(' ||
           hours_text_find(&p->in, event_names, 0) >= 0;
}

void hours_times_read(struct hours_form *form, struct hours_rule *rule)
{
    for (bool more = at_time(form); more && !form->in.failed;) {
        read_span(form, rule);
        size_t at = form->in.at;
        more = hours_text_take(&form->in, ',') && at_time(form);
        if (!more) form->in.at = at;
    }
}

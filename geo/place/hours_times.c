#include "geo/place/hours_form.h"

enum { LAST_MINUTE = 2 * HOURS_MINUTES };
/* In the order of enum hours_sun, which begins with the clock. */
static const char *const event_names[] = {"dawn", "sunrise", "sunset", "dusk", NULL};

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

static enum hours_sun take_event(struct hours_form *p)
{
    return (enum hours_sun)(1 + hours_text_take_word(&p->in, event_names, 0));
}

static struct hours_end take_time(struct hours_form *p, unsigned last)
{
    struct hours_end t = {.sun = (uint8_t)take_event(p)};
    if (t.sun) return t;
    if (!hours_text_take(&p->in, '(')) {
        t.minutes = (int16_t)take_clock(p, last);
        return t;
    }
    t.sun = (uint8_t)take_event(p);
    bool after = hours_text_take(&p->in, '+');
    if (!t.sun || (!after && !hours_text_take(&p->in, '-')))
        hours_text_fail(&p->in, "an event and an offset");
    if (!p->in.failed) t.minutes = (int16_t)take_clock(p, HOURS_MINUTES);
    if (!after) t.minutes = (int16_t)-t.minutes;
    if (!hours_text_take(&p->in, ')')) hours_text_fail(&p->in, ")");
    return t;
}

static void add_span(struct hours_form *p, struct hours_rule *r, struct hours_span span)
{
    if (p->span_count == HOURS_MAX_RUNS) hours_text_fail(&p->in, "a shorter list");
    if (p->in.failed) return;
    p->spans[p->span_count++] = span;
    r->span_count++;
}

static void add_sure(struct hours_form *p, struct hours_rule *r, unsigned from, unsigned to)
{
    add_span(p, r, (struct hours_span){.from = (uint16_t)from, .to = (uint16_t)to});
}

/* Until when an open end is thought to last: the later it begins, the farther into the night. */
static unsigned open_end(unsigned from)
{
    unsigned to = from >= 22 * 60   ? from + 8 * 60
                  : from >= 17 * 60 ? from + 10 * 60
                                    : (unsigned)HOURS_MINUTES;
    return to < LAST_MINUTE ? to : (unsigned)LAST_MINUTE;
}

static void add_open_end(struct hours_form *p, struct hours_rule *r, unsigned from)
{
    add_span(p, r,
             (struct hours_span){
                 .from = (uint16_t)from, .to = (uint16_t)open_end(from), .doubt = HOURS_OPEN_END});
}

/* The sun is not computed: all minutes that such a span could reach. */
static void add_vague(struct hours_form *p, struct hours_rule *r, struct hours_end from,
                      struct hours_end to, bool later)
{
    unsigned begin = from.sun ? 0 : (unsigned)from.minutes, end = LAST_MINUTE;
    bool over_midnight = to.sun == HOURS_DAWN || to.sun == HOURS_SUNRISE ||
                         (to.sun && to.minutes > 0) || (from.sun && from.minutes > 0);
    if (later)
        begin = 0;
    else if (to.sun && !over_midnight)
        end = HOURS_MINUTES;
    else if (!to.sun) {
        end = (unsigned)to.minutes;
        if (over_midnight || from.sun >= HOURS_SUNSET || end < HOURS_MINUTES / 2)
            end = end < HOURS_MINUTES ? end + HOURS_MINUTES : (unsigned)LAST_MINUTE;
    }
    add_span(p, r,
             (struct hours_span){.from = (uint16_t)begin,
                                 .to = (uint16_t)end,
                                 .doubt = HOURS_VAGUE,
                                 .later = later,
                                 .begins = from,
                                 .ends = to});
}

static void read_span(struct hours_form *p, struct hours_rule *r)
{
    struct hours_end from = take_time(p, HOURS_MINUTES - 1);
    if (!p->in.failed && hours_text_take(&p->in, '+')) {
        if (from.sun)
            add_vague(p, r, from, from, true);
        else
            add_open_end(p, r, (unsigned)from.minutes);
        return;
    }
    if (!p->in.failed && !hours_text_take(&p->in, '-'))
        hours_text_fail(&p->in, "a time until which");
    if (p->in.failed) return;
    struct hours_end to = take_time(p, LAST_MINUTE);
    bool open = hours_text_take(&p->in, '+');
    if (hours_text_peek(&p->in) == '/') hours_text_fail(&p->in, "no interval");
    if (p->in.failed) return;
    if (from.sun || to.sun) {
        add_vague(p, r, from, to, open);
        return;
    }
    unsigned end = (unsigned)(to.minutes + (to.minutes <= from.minutes ? (int)HOURS_MINUTES : 0));
    if (open && end < LAST_MINUTE) add_open_end(p, r, end);
    add_sure(p, r, (unsigned)from.minutes, end);
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

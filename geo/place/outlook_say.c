#include "geo/place/hours_words.h"
#include "geo/place/outlook.h"

/* "营业中" (the comment) "，" 18:00 " 关门"; `fixed` where nothing changes. */
struct form {
    const char *head, *joint, *behind, *fixed;
    bool at; /* "tomorrow at 08:00", not "08:00 tomorrow" */
};

/* By state, with a fourth one for a pause, and by what comes next. */
enum { PAUSED = HOURS_UNKNOWN + 1, STATES };
static const struct form forms[HOURS_TONGUES][STATES][3] = {
    [HOURS_ZH] = {[HOURS_CLOSED] = {[HOURS_CLOSED] = {.fixed = "不开放"},
                                    [HOURS_OPEN] = {"已关门", "，", " 开门", NULL, false},
                                    [HOURS_UNKNOWN] = {"已关门", "，", " 后不确定", NULL, false}},
                  [HOURS_OPEN] = {[HOURS_OPEN] = {.fixed = "24 小时开放"},
                                  [HOURS_CLOSED] = {"营业中", "，", " 关门", NULL, false},
                                  [HOURS_UNKNOWN] = {"营业中", "，", " 后不确定", NULL, false}},
                  [HOURS_UNKNOWN] = {[HOURS_UNKNOWN] = {.fixed = "开放时间不确定"},
                                     [HOURS_CLOSED] = {"开放时间不确定", "，", " 关门", NULL,
                                                       false},
                                     [HOURS_OPEN] = {"开放时间不确定", "，", " 开门", NULL, false}},
                  [PAUSED] = {[HOURS_CLOSED] = {.fixed = "暂停开放"},
                              [HOURS_OPEN] = {"暂停开放", "，", " 恢复开放", NULL, false},
                              [HOURS_UNKNOWN] = {"暂停开放", "，", " 后不确定", NULL, false}}},
    [HOURS_EN] = {
        [HOURS_CLOSED] = {[HOURS_CLOSED] = {.fixed = "Closed"},
                          [HOURS_OPEN] = {"Closed", ", opens ", "", NULL, true},
                          [HOURS_UNKNOWN] = {"Closed", ", not certain from ", "", NULL, false}},
        [HOURS_OPEN] = {[HOURS_OPEN] = {.fixed = "Open 24 hours"},
                        [HOURS_CLOSED] = {"Open", " until ", "", NULL, false},
                        [HOURS_UNKNOWN] = {"Open", " until ", ", not certain after", NULL, false}},
        [HOURS_UNKNOWN] = {[HOURS_UNKNOWN] = {.fixed = "Hours not certain"},
                           [HOURS_CLOSED] = {"Hours not certain", ", closes ", "", NULL, true},
                           [HOURS_OPEN] = {"Hours not certain", ", opens ", "", NULL, true}},
        [PAUSED] = {[HOURS_CLOSED] = {.fixed = "Closed for now"},
                    [HOURS_OPEN] = {"Closed for now", ", opens ", "", NULL, true},
                    [HOURS_UNKNOWN] = {"Closed for now", ", not certain from ", "", NULL, false}}}};

static int64_t day_of(int64_t minute)
{
    return minute / HOURS_MINUTES - (minute % HOURS_MINUTES < 0);
}

/* The day, as far as it is not today's: tomorrow, a weekday within the week, or a date, with its
 * year where that is another. False: today. */
static bool say_day(int64_t day, int64_t today, enum hours_tongue tongue, struct buf *out)
{
    static const char *const tomorrow[HOURS_TONGUES] = {"明天", "tomorrow"};
    if (day == today) return false;
    const struct hours_day facts = hours_moment_of(NULL, (int32_t)day, 0).today;
    const struct hours_day now = hours_moment_of(NULL, (int32_t)today, 0).today;
    const int32_t date = facts.date - hours_date(facts.year, 0, 0);
    if (day == today + 1)
        buf_puts(out, tomorrow[tongue]);
    else if (day > today && day < today + HOURS_WEEKDAYS)
        hours_words_weekday(out, tongue, facts.weekday);
    else
        hours_words_date(out, tongue, facts.year == now.year ? 0 : facts.year, (unsigned)date / 32,
                         (unsigned)date % 32);
    return true;
}

/* "18:00", "明天 08:00"; English puts tomorrow behind the time or says at what time. */
static void say_when(const struct outlook *o, int64_t minute, const struct form *form,
                     enum hours_tongue tongue, struct buf *out)
{
    int64_t day = day_of(o->at);
    unsigned clock = (unsigned)(o->at - day * HOURS_MINUTES);
    if (o->to == HOURS_CLOSED && clock == 0) { /* the end of a day, not the beginning of one */
        day--;
        clock = HOURS_MINUTES;
    }
    const int64_t today = day_of(minute);
    const bool behind = tongue == HOURS_EN && !form->at && day == today + 1;
    if (!behind && say_day(day, today, tongue, out)) buf_putc(out, ' ');
    if (form->at) buf_puts(out, "at ");
    hours_words_clock(out, clock);
    if (!behind) return;
    buf_putc(out, ' ');
    (void)say_day(day, today, tongue, out);
}

void outlook_say(const struct outlook *outlook, int64_t minute, enum hours_tongue tongue,
                 struct buf *out)
{
    static const char *const remarks[HOURS_TONGUES] = {"（%s）", " (%s)"};
    const unsigned state = outlook->paused ? (unsigned)PAUSED : (unsigned)outlook->state;
    const struct form *form =
        &forms[tongue][state][outlook->changes ? outlook->to : outlook->state];
    buf_puts(out, outlook->changes ? form->head : form->fixed);
    if (outlook->comment) buf_printf(out, remarks[tongue], outlook->comment);
    if (!outlook->changes) return;
    buf_puts(out, form->joint);
    say_when(outlook, minute, form, tongue, out);
    buf_puts(out, form->behind);
}

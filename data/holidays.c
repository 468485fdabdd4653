#include "data/holidays.h"

#include "data/conf.h"
#include "geo/base/file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_YEARS = 128, MAX_OFF = 128, MAX_WORKED = 64, FIRST_YEAR = 1970, LAST_YEAR = 2199 };

struct holidays {
    struct hours_calendar calendar;
    int32_t off[MAX_YEARS * MAX_OFF], worked[MAX_YEARS * MAX_WORKED];
    int16_t years[MAX_YEARS];
};

static unsigned two_digits(const char *text)
{
    bool digits = text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
    return digits ? (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0') : 0;
}

/* "MM-DD" of a year as a day; false: there is none. */
static bool read_day(const char *text, int32_t year, int32_t *day)
{
    if (strlen(text) < 5 || text[2] != '-') return false;
    unsigned month = two_digits(text), mday = two_digits(text + 3);
    if (month < 1 || month > 12 || mday < 1) return false;
    int32_t first = hours_day_of(year, month, 1);
    int32_t next = month < 12 ? hours_day_of(year, month + 1, 1) : hours_day_of(year + 1, 1, 1);
    if ((int32_t)mday > next - first) return false;
    *day = first + (int32_t)mday - 1;
    return true;
}

/* "MM-DD" or "MM-DD..MM-DD". */
static enum err read_range(const struct conf_node *node, int32_t year, int32_t *first,
                           int32_t *last, struct why *why)
{
    const char *text = conf_text(node);
    size_t len = text ? strlen(text) : 0;
    bool is_range = len == 12 && strncmp(text + 5, "..", 2) == 0;
    if ((len != 5 && !is_range) || !read_day(text, year, first) ||
        !read_day(is_range ? text + 7 : text, year, last))
        return conf_fail(node, why, "expected a day of %d, MM-DD, or days, MM-DD..MM-DD", year);
    if (*last < *first) return conf_fail(node, why, "the last day is before the first");
    return ERR_OK;
}

/* Adds the days of a list, which must ascend, to `days` of which `*count` are there. */
static enum err read_days(const struct conf_node *list, int32_t year, int32_t *days, size_t room,
                          size_t *count, struct why *why)
{
    size_t before = *count;
    if (list && !conf_is_list(list)) return conf_fail(list, why, "expected a list of days");
    for (size_t i = 0; i < conf_count(list); i++) {
        int32_t first = 0, last = -1;
        enum err e = read_range(conf_at(list, i), year, &first, &last, why);
        if (e) return e;
        if (*count > before && first <= days[*count - 1])
            return conf_fail(conf_at(list, i), why, "days must come in order, each once");
        for (int32_t day = first; day <= last; day++) {
            if (*count - before == room)
                return conf_fail(list, why, "more than %zu days in a year", room);
            days[(*count)++] = day;
        }
    }
    return ERR_OK;
}

static bool has_day(const int32_t *days, size_t count, int32_t day)
{
    for (size_t i = 0; i < count; i++)
        if (days[i] == day) return true;
    return false;
}

static enum err check_worked(const struct holidays *h, const struct conf_node *list, size_t off,
                             size_t worked, struct why *why)
{
    const struct hours_calendar *c = &h->calendar;
    for (size_t i = worked; i < c->workday_count; i++) {
        if (hours_moment_of(NULL, h->worked[i], 0).today.weekday < 5)
            return conf_fail(list, why, "only Saturdays and Sundays are worked to make up");
        if (has_day(h->off + off, c->holiday_count - off, h->worked[i]))
            return conf_fail(list, why, "a day is both off and worked");
    }
    return ERR_OK;
}

static enum err read_year(struct holidays *h, const struct conf_node *node, struct why *why)
{
    static const char *const keys[] = {"year", "off", "worked", NULL};
    struct hours_calendar *c = &h->calendar;
    const struct conf_node *worked_list = conf_get(node, "worked");
    size_t off = c->holiday_count, worked = c->workday_count;
    int64_t year = 0;
    enum err e = conf_keys(node, keys, why);
    if (!e) e = conf_int(conf_get(node, "year"), FIRST_YEAR, LAST_YEAR, &year, why);
    if (!e && !year) return conf_fail(node, why, "the year is missing");
    if (e) return e;
    if (c->year_count && year <= h->years[c->year_count - 1])
        return conf_fail(node, why, "years must come in order, each once");
    if (c->year_count == MAX_YEARS) return conf_fail(node, why, "more than %d years", MAX_YEARS);
    e = read_days(conf_get(node, "off"), (int32_t)year, h->off, MAX_OFF, &c->holiday_count, why);
    if (!e)
        e = read_days(worked_list, (int32_t)year, h->worked, MAX_WORKED, &c->workday_count, why);
    if (!e) e = check_worked(h, worked_list, off, worked, why);
    if (!e) h->years[c->year_count++] = (int16_t)year;
    return e;
}

static enum err read_conf(const char *name, const struct conf *conf, struct holidays **holidays,
                          struct why *why)
{
    static const char *const keys[] = {"country", "years", NULL};
    const struct conf_node *root = conf_root(conf), *years = conf_get(root, "years");
    if (!root) return err_say(why, ERR_FORMAT, "%s is empty", name);
    enum err e = conf_keys(root, keys, why);
    if (!e && !conf_is_list(years)) e = conf_fail(root, why, "expected a list of years");
    if (e) return e;
    struct holidays *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->calendar.holidays = made->off;
    made->calendar.workdays = made->worked;
    made->calendar.years = made->years;
    for (size_t i = 0; i < conf_count(years) && !e; i++)
        e = read_year(made, conf_at(years, i), why);
    if (e)
        free(made);
    else
        *holidays = made;
    return e;
}

enum err holidays_parse(const char *name, const char *text, size_t len, struct holidays **holidays,
                        struct why *why)
{
    struct conf *conf;
    enum err e = conf_parse(name, text, len, &conf, why);
    if (e) return e;
    e = read_conf(name, conf, holidays, why);
    conf_free(conf);
    return e;
}

enum err holidays_load(const char *folder, const char *code, struct holidays **holidays,
                       struct why *why)
{
    char name[64], path[PATH_MAX];
    struct conf *conf;
    int n = snprintf(name, sizeof name, "%s.yaml", code);
    if (n < 0 || (size_t)n >= sizeof name || strchr(code, '/'))
        return err_say(why, ERR_INVALID, "\"%s\" is no country of the holidays' folder", code);
    enum err e = file_join(path, sizeof path, folder, name);
    if (!e) e = conf_load(path, &conf, why);
    if (e) return e;
    e = read_conf(path, conf, holidays, why);
    conf_free(conf);
    return e;
}

void holidays_free(struct holidays *holidays)
{
    free(holidays);
}

const struct hours_calendar *holidays_calendar(const struct holidays *holidays)
{
    return &holidays->calendar;
}

/* Answers for tests/hours: reads lines "value TAB day TAB minute" and writes one of closed, open,
 * unknown, or "refused" for a value that is not understood; with a fourth column, "TAB next", also
 * when that changes next and to what, "open 20514 1080 closed", or "open never"; with "TAB zh" or
 * "TAB en" the sentence of the value instead. Lines that begin with "!"
 * set the holidays: "! YEAR... | DAY..." in the same counting, ascending. */
#include "geo/base/text.h"
#include "geo/place/hours_say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 1 << 16, MAX_DAYS = 4096, MAX_YEARS = 64 };

struct known {
    int32_t holidays[MAX_DAYS];
    int16_t years[MAX_YEARS];
    struct hours_calendar calendar;
};

static int64_t number(const char *text, size_t len)
{
    int64_t value = 0;
    if (text_int(text, len, INT32_MIN, INT32_MAX, &value)) return value;
    (void)fprintf(stderr, "not a number: %.*s\n", (int)len, text);
    exit(1);
}

static void set_calendar(struct known *known, char *line)
{
    size_t years = 0, days = 0;
    bool of_days = false;
    char *rest = NULL;
    for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (strcmp(word, "|") == 0)
            of_days = true;
        else if (of_days && days < MAX_DAYS)
            known->holidays[days++] = (int32_t)number(word, strlen(word));
        else if (!of_days && years < MAX_YEARS)
            known->years[years++] = (int16_t)number(word, strlen(word));
    }
    known->calendar = (struct hours_calendar){.holidays = known->holidays,
                                              .holiday_count = days,
                                              .years = known->years,
                                              .year_count = years};
}

static void say(const struct hours *hours, enum hours_tongue tongue)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    hours_say(hours, tongue, &out);
    printf("%.*s\n", (int)out.len, out.bytes);
    buf_fini(&out);
}

static void judge(const struct known *known, const struct hours *hours, int32_t day,
                  uint32_t minute, bool next)
{
    static const char *const words[] = {"closed", "open", "unknown"};
    struct hours_moment at = hours_moment_of(&known->calendar, day, minute);
    struct hours_change change;
    printf("%s", words[hours_at(hours, &at, NULL)]);
    if (next && hours_next_change(hours, &known->calendar, day, minute, &change))
        printf(" %d %u %s", change.day, change.minute, words[change.to]);
    else if (next)
        printf(" never");
    puts("");
}

static void answer(const struct known *known, char *line)
{
    char *rest = NULL, *value = strtok_r(line, "\t", &rest), *day = strtok_r(NULL, "\t", &rest);
    char *minute = strtok_r(NULL, "\t", &rest), *more = strtok_r(NULL, "\t", &rest);
    struct hours *hours = NULL;
    if (!minute) exit(1);
    if (hours_parse(value, strlen(value), &hours, NULL)) {
        puts("refused");
        return;
    }
    if (more && strcmp(more, "next") != 0)
        say(hours, strcmp(more, "zh") == 0 ? HOURS_ZH : HOURS_EN);
    else
        judge(known, hours, (int32_t)number(day, strlen(day)),
              (uint32_t)number(minute, strlen(minute)), more != NULL);
    hours_free(hours);
}

int main(void)
{
    static char line[MAX_LINE];
    static struct known known;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '!')
            set_calendar(&known, line + 1);
        else
            answer(&known, line);
    }
    return 0;
}

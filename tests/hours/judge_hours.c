/* Answers for tests/hours: reads lines "value TAB day TAB minute" and writes one of closed, open,
 * unknown, or "refused" for a value that is not understood. Lines that begin with "!" set the
 * holidays: "! YEAR... | DAY..." in the same counting, ascending. */
#include "geo/base/text.h"
#include "geo/place/hours.h"

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

static void answer(const struct known *known, const char *line)
{
    static const char *const words[] = {"closed", "open", "unknown"};
    const char *tab = strchr(line, '\t'), *second = tab ? strchr(tab + 1, '\t') : NULL;
    struct hours *hours = NULL;
    if (!second) exit(1);
    if (hours_parse(line, (size_t)(tab - line), &hours, NULL)) {
        puts("refused");
        return;
    }
    struct hours_moment at =
        hours_moment_of(&known->calendar, (int32_t)number(tab + 1, (size_t)(second - tab - 1)),
                        (uint32_t)number(second + 1, strlen(second + 1)));
    puts(words[hours_at(hours, &at, NULL)]);
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

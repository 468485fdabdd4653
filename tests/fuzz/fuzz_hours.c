#include "geo/place/hours.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const int16_t years[] = {2026};
    static const int32_t holidays[] = {20454, 20727}, workdays[] = {20498};
    static const struct hours_calendar calendar = {holidays, 2, workdays, 1, years, 1};
    struct hours *hours;
    struct why why = {""};
    if (hours_parse((const char *)bytes, len, &hours, &why)) return 0;
    int32_t day = 20450 + (int32_t)(len % 100);
    for (uint32_t minute = 0; minute < 3 * HOURS_MINUTES; minute += 97) {
        struct hours_moment at = hours_moment_of(&calendar, day, minute);
        const char *comment;
        if (hours_at(hours, &at, &comment) > HOURS_UNKNOWN) abort();
    }
    int32_t next = 0;
    uint32_t minute = 0;
    struct hours_moment before = hours_moment_of(&calendar, day, 600), after;
    if (hours_next_change(hours, &calendar, day, 600, &next, &minute)) {
        after = hours_moment_of(&calendar, next, minute);
        if (hours_at(hours, &before, NULL) == hours_at(hours, &after, NULL)) abort();
    }
    hours_free(hours);
    return 0;
}

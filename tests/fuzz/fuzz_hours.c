#include "geo/place/outlook.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const int16_t years[] = {2026};
static const int32_t holidays[] = {20454, 20727}, workdays[] = {20498};
static const struct hours_calendar calendar = {holidays, 2, workdays, 1, years, 1};

static void check_states(const struct hours *hours, int32_t day)
{
    for (uint32_t minute = 0; minute < 3 * HOURS_MINUTES; minute += 97) {
        struct hours_moment at = hours_moment_of(&calendar, day, minute);
        const char *comment;
        if (hours_at(hours, &at, &comment) > HOURS_UNKNOWN) abort();
    }
}

static void check_change(const struct hours *hours, int32_t day)
{
    struct hours_moment before = hours_moment_of(&calendar, day, 600), after;
    struct hours_change next;
    if (!hours_next_change(hours, &calendar, day, 600, &next)) return;
    after = hours_moment_of(&calendar, next.day, next.minute);
    if (hours_at(hours, &after, NULL) != next.to) abort();
    if (hours_at(hours, &before, NULL) == next.to) abort();
}

/* Never nothing, and within what a value of such length can be made to say. */
static void check_sentences(const struct hours *hours, int32_t day)
{
    const struct hours *both[] = {hours, NULL};
    const struct outlook_pause pause = {(int64_t)(day + 1) * HOURS_MINUTES, OUTLOOK_FOR_GOOD, "x"};
    const int64_t minute = (int64_t)day * HOURS_MINUTES + 600;
    struct outlook plain = outlook_of(both, 1, NULL, &calendar, minute);
    struct outlook paused = outlook_of(both, 2, &pause, &calendar, minute);
    for (int tongue = 0; tongue < HOURS_TONGUES; tongue++) {
        struct buf out;
        buf_init(&out, 1 << 16);
        hours_say(hours, (enum hours_tongue)tongue, &out);
        size_t len = out.len;
        outlook_say(&plain, minute, (enum hours_tongue)tongue, &out);
        outlook_say(&paused, minute, (enum hours_tongue)tongue, &out);
        if (out.err || !len || out.len == len) abort();
        buf_fini(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct hours *hours;
    struct why why = {""};
    if (hours_parse((const char *)bytes, len, &hours, &why)) return 0;
    int32_t day = 20450 + (int32_t)(len % 100);
    check_states(hours, day);
    check_change(hours, day);
    check_sentences(hours, day);
    hours_free(hours);
    return 0;
}

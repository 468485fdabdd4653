#include "geo/base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_utc_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t clock_ms(void)
{
    return (int64_t)(clock_ns() / 1000000);
}

bool clock_text(int64_t utc_ms, char text[CLOCK_TEXT_SIZE])
{
    int64_t part = utc_ms % 1000;
    if (part < 0) part += 1000;
    time_t seconds = (time_t)((utc_ms - part) / 1000);
    struct tm utc;
    text[0] = '\0';
    if (!gmtime_r(&seconds, &utc) || utc.tm_year < -1900 || utc.tm_year > 8099) return false;
    size_t n = strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(text + n, CLOCK_TEXT_SIZE - n, ".%03dZ", (int)part);
    return true;
}

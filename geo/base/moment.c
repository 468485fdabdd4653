#include "geo/base/moment.h"

#include "geo/base/text.h"

#include <string.h>
#include <time.h>

/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z: years of four digits. */
static const int64_t first_s = -62167219200, last_s = 253402300799;

/* Digits at `text`, exactly `len` of them, as a number within the bounds. */
static bool read_part(const char *text, size_t len, int min, int max, int *value)
{
    int64_t number;
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9') return false;
    if (!text_int(text, len, min, max, &number)) return false;
    *value = (int)number;
    return true;
}

/* ".250" if it is there; moves past it. */
static bool read_fraction(const char **text, int *ms)
{
    int scale = 100;
    *ms = 0;
    if (**text != '.') return true;
    const char *digits = ++*text;
    for (; **text >= '0' && **text <= '9'; ++*text, scale /= 10)
        *ms += (**text - '0') * scale;
    return *text > digits;
}

/* "Z" or "+08:00" to the end of the text, in minutes. */
static bool read_offset(const char *text, int *minutes)
{
    int hour, minute;
    *minutes = 0;
    if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0) return true;
    if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 || text[3] != ':') return false;
    if (!read_part(text + 1, 2, 0, 23, &hour) || !read_part(text + 4, 2, 0, 59, &minute))
        return false;
    *minutes = (text[0] == '-' ? -1 : 1) * (hour * 60 + minute);
    return true;
}

static bool read_moment(const char *text, int first_year, int64_t *ms)
{
    enum { UNTIL_FRACTION = 19 };
    struct tm t = {0};
    int fraction, offset;
    if (strnlen(text, UNTIL_FRACTION) < UNTIL_FRACTION) return false;
    if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') ||
        text[13] != ':' || text[16] != ':')
        return false;
    if (!read_part(text, 4, first_year, 9999, &t.tm_year) ||
        !read_part(text + 5, 2, 1, 12, &t.tm_mon) || !read_part(text + 8, 2, 1, 31, &t.tm_mday) ||
        !read_part(text + 11, 2, 0, 23, &t.tm_hour) || !read_part(text + 14, 2, 0, 59, &t.tm_min) ||
        !read_part(text + 17, 2, 0, 59, &t.tm_sec))
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    const char *rest = text + UNTIL_FRACTION;
    int day = t.tm_mday;
    if (!read_fraction(&rest, &fraction) || !read_offset(rest, &offset)) return false;
    int64_t seconds = (int64_t)timegm(&t);
    if (t.tm_mday != day) return false; /* 30 February became March */
    int64_t utc_s = seconds - (int64_t)offset * 60;
    if (utc_s < (first_year ? 0 : first_s) || utc_s > last_s)
        return false; /* its offset leads out of what can be written */
    *ms = utc_s * 1000 + fraction;
    return true;
}

bool moment_read(const char *text, int64_t *ms)
{
    return read_moment(text, 1970, ms);
}

bool moment_read_any(const char *text, int64_t *ms)
{
    return read_moment(text, 0, ms);
}

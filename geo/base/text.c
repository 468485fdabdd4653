#include "geo/base/text.h"

#include <math.h>
#include <string.h>

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

size_t text_utf8_len(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    if (len < 1) return 0;
    if (p[0] < 0x80) return 1;
    if (p[0] > 0xE0 && p[0] < 0xED && len >= 3) return is_tail(p[1]) && is_tail(p[2]) ? 3 : 0;
    if (len < 2 || p[0] < 0xC2 || p[0] > 0xF4 || !is_tail(p[1])) return 0;
    if (p[0] < 0xE0) return 2;
    if (len < 3 || !is_tail(p[2])) return 0;
    if (p[0] < 0xF0) {
        if (p[0] == 0xE0 && p[1] < 0xA0) return 0; /* overlong */
        if (p[0] == 0xED && p[1] > 0x9F) return 0; /* surrogate */
        return 3;
    }
    if (len < 4 || !is_tail(p[3])) return 0;
    if (p[0] == 0xF0 && p[1] < 0x90) return 0; /* overlong */
    if (p[0] == 0xF4 && p[1] > 0x8F) return 0; /* above U+10FFFF */
    return 4;
}

bool text_utf8_valid(const char *text, size_t len)
{
    for (size_t i = 0, step; i < len; i += step) {
        step = text_utf8_len(text + i, len - i);
        if (!step || text[i] == '\0') return false;
    }
    return true;
}

/* Of a character of `n` bytes: whether it is one that text_inert refuses. */
static bool acts(const unsigned char *at, size_t n)
{
    bool blank = at[0] == '\t' || at[0] == '\n' || at[0] == '\r';
    if (n == 1) return (at[0] < 0x20 && !blank) || at[0] == 0x7F;
    if (n == 2) return at[0] == 0xC2 && at[1] < 0xA0;
    if (n != 3 || at[0] != 0xE2) return false;
    return (at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE) ||
           (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9);
}

bool text_inert(const char *text, size_t len)
{
    for (size_t at = 0, n; at < len; at += n) {
        n = text_utf8_len(text + at, len - at);
        if (!n || acts((const unsigned char *)text + at, n)) return false;
    }
    return true;
}

/* What text_visible passes over, in order. */
static const struct {
    uint32_t first, last;
} unseen[] = {
    {0x0000, 0x0020},   {0x007F, 0x00A0},   {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},
    {0x115F, 0x1160},   {0x1680, 0x1680},   {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
    {0x2028, 0x202F},   {0x205F, 0x206F},   {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

/* The number of a well-formed character of `n` bytes. */
static uint32_t number_of(const unsigned char *at, size_t n)
{
    static const unsigned char heads[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t number = at[0] & heads[n];
    for (size_t i = 1; i < n; i++)
        number = number << 6 | (at[i] & 0x3F);
    return number;
}

static bool shows(uint32_t number)
{
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        if (number <= unseen[i].last) return number < unseen[i].first;
    return true;
}

bool text_visible(const char *text, size_t len)
{
    for (size_t at = 0, n; at < len; at += n) {
        n = text_utf8_len(text + at, len - at);
        if (!n) return false;
        if (shows(number_of((const unsigned char *)text + at, n))) return true;
    }
    return false;
}

size_t text_utf8_count(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; count++) {
        size_t step = text_utf8_len(text + i, len - i);
        i += step ? step : 1;
    }
    return count;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct decimal {
    uint64_t digits; /* the first 18 significant ones: more than a double holds */
    int exponent;
    bool any;
};

static void take_digit(struct decimal *d, char c, bool behind_point)
{
    d->any = true;
    if (d->digits < 100000000000000000u) {
        d->digits = d->digits * 10 + (uint64_t)(c - '0');
        d->exponent -= behind_point;
    } else {
        d->exponent += !behind_point;
    }
}

/* 10 to the power `n`: from the table where it is exact, which is where nearly all numbers are. */
static long double power_of_ten(int n)
{
    static const long double exact[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                        1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                        1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                        1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    return n < 28 ? exact[n] : powl(10.0L, n);
}

bool text_double(const char *text, size_t len, double *value)
{
    const char *p = text, *end = text + len;
    struct decimal d = {0};
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    for (; p < end && is_digit(*p); p++)
        take_digit(&d, *p, false);
    if (p < end && *p == '.')
        for (p++; p < end && is_digit(*p); p++)
            take_digit(&d, *p, true);
    if (!d.any) return false;
    if (p < end && (*p == 'e' || *p == 'E')) {
        int64_t exponent;
        p++;
        if (!text_int(p, (size_t)(end - p), -400, 400, &exponent)) return false;
        d.exponent += (int)exponent;
        p = end;
    }
    if (p != end || len > 400) return false;
    long double scaled = d.exponent < 0 ? (long double)d.digits / power_of_ten(-d.exponent)
                                        : (long double)d.digits * power_of_ten(d.exponent);
    double result = (double)(negative ? -scaled : scaled);
    if (!isfinite(result)) return false;
    *value = result;
    return true;
}

bool text_int(const char *text, size_t len, int64_t min, int64_t max, int64_t *value)
{
    const char *p = text, *end = text + len;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    if (p == end) return false;
    int64_t sum = 0; /* kept negative, whose range is the larger */
    for (; p < end; p++) {
        if (!is_digit(*p)) return false;
        if (__builtin_mul_overflow(sum, 10, &sum)) return false;
        if (__builtin_sub_overflow(sum, *p - '0', &sum)) return false;
    }
    if (!negative && sum == INT64_MIN) return false;
    if (!negative) sum = -sum;
    if (sum < min || sum > max) return false;
    *value = sum;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool text_same(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void text_trim(const char **text, size_t *len)
{
    while (*len && is_space(**text))
        (*text)++, (*len)--;
    while (*len && is_space((*text)[*len - 1]))
        (*len)--;
}

bool text_copy(char *to, size_t size, const char *text)
{
    size_t len = strnlen(text, size);
    size_t n = len < size ? len : size - 1;
    memcpy(to, text, n);
    to[n] = '\0';
    return len < size;
}

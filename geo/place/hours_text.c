#include "geo/place/hours_text.h"

void hours_text_fail(struct hours_text *t, const char *expected)
{
    if (!t->failed)
        err_tell(t->why, "opening hours: %s is expected at \"%.20s\"", expected, t->text + t->at);
    t->failed = true;
}

bool hours_text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char hours_text_peek(struct hours_text *t)
{
    while (t->text[t->at] == ' ')
        t->at++;
    return t->text[t->at];
}

bool hours_text_take(struct hours_text *t, char c)
{
    if (hours_text_peek(t) != c) return false;
    t->at++;
    return true;
}

/* Characters of the word here; 0: none. */
static size_t word_len(struct hours_text *t)
{
    size_t len = 0;
    hours_text_peek(t);
    while (is_letter(t->text[t->at + len]))
        len++;
    return len;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int hours_text_find(struct hours_text *t, const char *const *names, size_t least)
{
    size_t len = word_len(t);
    for (int i = 0; len && names[i]; i++) {
        size_t same = 0;
        while (same < len && names[i][same] == lower(t->text[t->at + same]))
            same++;
        if (same < len) continue;
        if (!names[i][len] || (least && len >= least && len <= 3)) return i;
    }
    return -1;
}

int hours_text_take_word(struct hours_text *t, const char *const *names, size_t least)
{
    int found = hours_text_find(t, names, least);
    if (found >= 0) t->at += word_len(t);
    return found;
}

bool hours_text_take_name(struct hours_text *t, const char *name)
{
    const char *const names[] = {name, NULL};
    return hours_text_take_word(t, names, 0) == 0;
}

size_t hours_text_digits(struct hours_text *t)
{
    size_t n = 0;
    hours_text_peek(t);
    while (hours_text_is_digit(t->text[t->at + n]))
        n++;
    return n;
}

unsigned hours_text_number(struct hours_text *t, size_t digits, unsigned min, unsigned max,
                           const char *expected)
{
    size_t n = hours_text_digits(t);
    unsigned value = 0;
    for (size_t i = 0; i < n && n <= digits; i++)
        value = value * 10 + (unsigned)(t->text[t->at + i] - '0');
    if (!n || n > digits || value < min || value > max) {
        hours_text_fail(t, expected);
        return min;
    }
    t->at += n;
    return value;
}

char hours_text_behind_comma(struct hours_text *t)
{
    if (hours_text_peek(t) != ',') return '\0';
    size_t at = t->at++;
    char c = hours_text_peek(t);
    t->at = at;
    return c;
}

bool hours_text_at_clock(struct hours_text *t)
{
    size_t n = hours_text_digits(t);
    const char *behind = t->text + t->at + n;
    if (n < 1 || n > 2 || behind[0] != ':' || !hours_text_is_digit(behind[1])) return false;
    return !hours_text_is_digit(behind[2]) || behind[3] != ':'; /* "Nov 15:10:30-17:00" */
}

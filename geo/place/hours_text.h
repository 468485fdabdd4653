/* Reading an opening_hours value from left to right: the words and numbers that hours_parse.c and
 * its parts ask for. Space before anything asked for is passed over. */
#ifndef YZ_GEO_PLACE_HOURS_TEXT_H
#define YZ_GEO_PLACE_HOURS_TEXT_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* `failed` sticks, so that readers need not ask after each step; nothing moves past the NUL. */
struct hours_text {
    const char *text; /* with a NUL behind it */
    size_t at;
    bool failed;
    struct why *why;
};

/* Notes that `expected` (a noun) is not what stands here; the first time counts. */
void hours_text_fail(struct hours_text *t, const char *expected);

/* The next character; '\0' at the end. */
char hours_text_peek(struct hours_text *t);
/* Takes it if it is `c`. */
bool hours_text_take(struct hours_text *t, char c);
/* What stands behind a separating comma; '\0': no comma is next. Takes nothing. */
char hours_text_behind_comma(struct hours_text *t);

/* The number of the next word among the NULL-terminated `names` (lower case), in whole or, where
 * `least` is 2 or 3, by its first letters, so many to three; -1: none of them. */
int hours_text_find(struct hours_text *t, const char *const *names, size_t least);
/* The same, and takes it. */
int hours_text_take_word(struct hours_text *t, const char *const *names, size_t least);
bool hours_text_take_name(struct hours_text *t, const char *name);

bool hours_text_is_digit(char c);
/* How many digits are next. */
size_t hours_text_digits(struct hours_text *t);
/* Whether hours and minutes are: "8:30", but not the day of "Oct 31: 08:30" or "Oct 31:08:30". */
bool hours_text_at_clock(struct hours_text *t);
/* Takes a number of at most `digits` digits within bounds; fails with `expected`, and `min`. */
unsigned hours_text_number(struct hours_text *t, size_t digits, unsigned min, unsigned max,
                           const char *expected);

#endif

/* Reading text that strangers send: UTF-8 and numbers, strictly and without the locale. */
#ifndef YZ_GEO_BASE_TEXT_H
#define YZ_GEO_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed UTF-8 character (Unicode table 3-7) that starts `text`: 1 to 4, or 0
 * when there is none within `len`. */
size_t text_utf8_len(const char *text, size_t len);

/* Whether all `len` bytes are well-formed UTF-8 without NUL. */
bool text_utf8_valid(const char *text, size_t len);

/* Whether valid UTF-8 has no character that only acts on what shows it: controls (C0 but tab and
 * line ends, DEL, C1), and those that turn the direction of what follows (U+202A to U+202E, U+2066
 * to U+2069). */
bool text_inert(const char *text, size_t len);

/* Whether valid UTF-8 has a character that shows something: one that is no control and has neither
 * the property White_Space (PropList.txt) nor Default_Ignorable_Code_Point
 * (DerivedCoreProperties.txt, Unicode 15.0, UAX #44), and is not the blank pattern of Braille. */
bool text_visible(const char *text, size_t len);

/* Number of characters in valid UTF-8; malformed bytes count one each. */
size_t text_utf8_count(const char *text, size_t len);

/* Reads all `len` bytes as a decimal number (sign, digits, point, exponent; no spaces, no hex, no
 * nan or inf). False, `*value` untouched, when they are anything else or overflow. */
bool text_double(const char *text, size_t len, double *value);

/* Reads all `len` bytes as a decimal integer within [min, max]. */
bool text_int(const char *text, size_t len, int64_t min, int64_t max, int64_t *value);

/* ASCII-only equality without regard to case. */
bool text_same(const char *a, const char *b);

/* Moves `*text` and `*len` past white space at both ends. */
void text_trim(const char **text, size_t *len);

/* Copies at most `size` - 1 bytes of `text` and a NUL into `to`; true if all of it fitted. */
bool text_copy(char *to, size_t size, const char *text);

#endif

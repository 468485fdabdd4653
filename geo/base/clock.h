/* What time it is. */
#ifndef YZ_GEO_BASE_CLOCK_H
#define YZ_GEO_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds since 1970, UTC: what is stored and shown. May jump when the machine's clock is set.
 */
int64_t clock_utc_ms(void);

/* Nanoseconds and milliseconds since some moment before the program began; never go back: for
 * deadlines and durations. */
uint64_t clock_ns(void);
int64_t clock_ms(void);

/* A moment, milliseconds since 1970, as RFC 3339 in UTC: "2026-11-23T08:15:00.250Z". False, and "",
 * outside the years 0000 to 9999, which is all that has such a text. */
enum { CLOCK_TEXT_SIZE = 48 };
bool clock_text(int64_t utc_ms, char text[CLOCK_TEXT_SIZE]);

#endif

/* What time it is. */
#ifndef YZ_GEO_BASE_CLOCK_H
#define YZ_GEO_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970, UTC: what is stored and shown. May jump when the machine's clock is set.
 */
int64_t clock_utc_ms(void);

/* Nanoseconds and milliseconds since some moment before the program began; never go back: for
 * deadlines and durations. */
uint64_t clock_ns(void);
int64_t clock_ms(void);

#endif

/* What a camera claims in EXIF fields (CIPA DC-008), as libvips writes them: "VALUE (SHOWN, TYPE,
 * ...)". */
#ifndef YZ_DATA_PHOTO_HINT_H
#define YZ_DATA_PHOTO_HINT_H

#include <stdbool.h>

/* Degrees, minutes and seconds, "39/1 54/1 30/1 (...)", as degrees. */
bool photo_hint_angle(const char *text, bool is_negative, double *angle_deg);

/* "2026:11:23 08:15:00 (...)" as "2026-11-23T08:15:00". */
bool photo_hint_time(const char *text, char time[20]);

#endif

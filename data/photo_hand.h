/* The child that decodes for a server: photos_clean and photos_blur behind a wire (photo_wire.h),
 * in a jail (photo_jail.h). */
#ifndef YZ_DATA_PHOTO_HAND_H
#define YZ_DATA_PHOTO_HAND_H

#include "geo/base/err.h"

enum { PHOTO_HAND_CPU_S = 40 }; /* of processor time for one picture, on all threads */

/* Loads what decoding needs, locks itself in, says hello, then answers task after task until the
 * other side closes, or says something that is none. Reads from and writes to `fd`, a connected
 * socket. ERR_SYSTEM with a sentence when it could not begin. `program` is this program's name. */
enum err photo_hand_work(int fd, const char *program, struct why *why);

#endif

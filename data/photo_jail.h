/* libseccomp's door: a process locks itself in before it reads a stranger's picture. */
#ifndef YZ_DATA_PHOTO_JAIL_H
#define YZ_DATA_PHOTO_JAIL_H

#include "geo/base/err.h"

#include <stdint.h>

/* Whether a sanitizer watches over memory. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PHOTO_JAIL_IS_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PHOTO_JAIL_IS_WATCHED 1
#endif
#endif
#ifndef PHOTO_JAIL_IS_WATCHED
#define PHOTO_JAIL_IS_WATCHED 0
#endif

enum { PHOTO_JAIL_CPU_S = 600 }; /* of processor time in all its life, which then ends by SIGKILL */

/* From here on this process can read and write what is open, take memory up to a bound, start
 * threads, and end; it opens no file, reaches no network, starts no program, and every further call
 * of the kernel fails with EPERM. No way leads back. It is killed when the process that started it
 * ends, and cannot be looked into or leave a core behind. It holds for all threads of the process;
 * what is needed must be loaded before. What it writes to standard error is read by nobody from
 * then on. ERR_SYSTEM with a sentence where the kernel cannot do that; standard error is then as
 * before.
 *
 * Memory is bounded, and standard error silent, where no sanitizer watches over memory: that needs
 * all of the address space, and says there what it finds. */
enum err photo_jail_enter(struct why *why);

/* From now on at most so much more processor time, on all of its threads; what takes more ends with
 * SIGXCPU. */
void photo_jail_allow(unsigned seconds);

#endif

/* One child process that decodes (photo_hand.h), as the server holds it. */
#ifndef YZ_DATA_PHOTO_CHILD_H
#define YZ_DATA_PHOTO_CHILD_H

#include "data/photo_wire.h"

#include <sys/types.h>

/* Zeroed is one that is not there. It belongs to one thread, with which it dies. */
struct photo_child {
    pid_t pid;
    int fd;        /* the server's end of the socket between them */
    bool is_ready; /* it said hello */
};

static inline bool photo_child_is_there(const struct photo_child *child)
{
    return child->pid > 0;
}

/* Starts `/proc/self/exe WORD` with nothing open but the socket as its input and output, and this
 * process's standard error, so that what keeps it from starting is told there, until it locks
 * itself in (photo_jail.h); no signal blocked, in a group of its own, and with none of this
 * process's environment but what loaders and sanitizers read. ERR_SYSTEM with a sentence. Safe
 * beside other threads. */
enum err photo_child_start(struct photo_child *child, const char *word, struct why *why);

/* Waits until it is ready. ERR_SYSTEM, and it is gone, when it does not become so. */
enum err photo_child_ready(struct photo_child *child, struct why *why);

/* Whether it is there and waits for a picture. One that ended, or said something unasked, is gone
 * afterwards. */
bool photo_child_is_sound(struct photo_child *child);

/* Gives it a picture and reads what became of it, at the latest at `end_ms` of clock_ms. Whatever
 * goes wrong, but what it says itself, is the end of it. */
enum err photo_child_ask(struct photo_child *child, const struct photo_wire_task *task,
                         const void *bytes, int64_t end_ms, struct photos_clean *clean,
                         struct why *why);

/* The processor time that it has used in all its life, in milliseconds; 0 where that is not known.
 */
int64_t photo_child_cpu_ms(const struct photo_child *child);

/* Ends it, however busy it is. */
void photo_child_end(struct photo_child *child);

#endif

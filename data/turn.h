/* Writers of one database take turns, those of this process and of others; nobody gets two while
 * another waits. */
#ifndef YZ_DATA_TURN_H
#define YZ_DATA_TURN_H

#include "geo/base/err.h"

#include <stdint.h>

/* One writer's hold of the lock file beside the database. Belongs to one thread. */
struct turn {
    int fd; /* -1 until it is needed */
};

void turn_init(struct turn *turn);
void turn_fini(struct turn *turn);

/* Waits for the turn at the database `path`, whose lock file is `path`-turn, made if it is missing.
 * ERR_BUSY: others took longer than `wait_ms`; ERR_LIMIT: the path is too long; what opening the
 * file fails with. */
enum err turn_take(struct turn *turn, const char *path, int64_t wait_ms);
void turn_give(struct turn *turn);

#endif

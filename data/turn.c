#include "data/turn.h"

#include "geo/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

void turn_init(struct turn *turn)
{
    turn->fd = -1;
}

void turn_fini(struct turn *turn)
{
    if (turn->fd >= 0) close(turn->fd);
    turn->fd = -1;
}

/* The lock's bytes: the turn itself, and the gate before it, which only the next one holds. Without
 * it, who gives the turn back and wants it again at once would always be faster than one that
 * sleeps. */
enum { TURN, GATE };

static enum err set(struct turn *turn, off_t byte, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    if (fcntl(turn->fd, F_OFD_SETLK, &lock) == 0) return ERR_OK;
    return errno == EAGAIN || errno == EACCES ? ERR_BUSY : err_from_errno(errno);
}

static enum err wait_for(struct turn *turn, off_t byte, int64_t end_ms)
{
    struct timespec nap = {.tv_nsec = 50000};
    enum err e;
    while ((e = set(turn, byte, F_WRLCK)) == ERR_BUSY && clock_ms() < end_ms) {
        nanosleep(&nap, NULL);
        if (nap.tv_nsec < 1000000) nap.tv_nsec *= 2;
    }
    return e;
}

static enum err open_lock(struct turn *turn, const char *path)
{
    char lock[PATH_MAX];
    int n = snprintf(lock, sizeof lock, "%s-turn", path);
    if (n < 0 || (size_t)n >= sizeof lock) return ERR_LIMIT;
    turn->fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return turn->fd >= 0 ? ERR_OK : err_from_errno(errno);
}

/* By a lock on a file, owned by the open file description: it holds between threads and between
 * processes, and ends with its owner, whatever becomes of that. SQLite's own lock would let them in
 * only by chance after a sleep. */
enum err turn_take(struct turn *turn, const char *path, int64_t wait_ms)
{
    int64_t end_ms = clock_ms() + wait_ms;
    enum err e = turn->fd < 0 ? open_lock(turn, path) : ERR_OK;
    if (e || (e = wait_for(turn, GATE, end_ms))) return e;
    e = wait_for(turn, TURN, end_ms);
    (void)set(turn, GATE, F_UNLCK);
    return e;
}

void turn_give(struct turn *turn)
{
    if (turn->fd >= 0) (void)set(turn, TURN, F_UNLCK);
}

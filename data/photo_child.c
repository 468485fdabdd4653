#include "data/photo_child.h"

#include "geo/base/clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START_MS = 60000, ENVIRONMENT_MAX = 32 };

extern char **environ;

/* --- starting and ending --- */

/* Where shared libraries are and what a sanitizer is told; no password that stands in an
 * environment. */
static void pick_environment(char *picked[ENVIRONMENT_MAX + 1])
{
    static const char *const prefixes[] = {"LD_", "ASAN_", "LSAN_", "UBSAN_", "TSAN_", "PATH="};
    size_t n = 0;
    for (char **at = environ; at && *at; at++)
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
            if (n < ENVIRONMENT_MAX && strncmp(*at, prefixes[i], strlen(prefixes[i])) == 0)
                picked[n++] = *at;
    picked[n] = NULL;
}

/* A group of its own: who interrupts the server at a terminal lets it finish what it has begun. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int rc = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                      POSIX_SPAWN_SETPGROUP);
    if (!rc) rc = posix_spawnattr_setsigmask(attributes, &none);
    return rc ? rc : posix_spawnattr_setsigdefault(attributes, &all);
}

static int spawn(pid_t *pid, const char *word, int fd)
{
    char *argv[] = {(char *)"yizhan", (char *)word, NULL};
    char *environment[ENVIRONMENT_MAX + 1];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pick_environment(environment);
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc) return rc;
    if ((rc = posix_spawnattr_init(&attributes))) {
        posix_spawn_file_actions_destroy(&actions);
        return rc;
    }
    rc = set_attributes(&attributes);
    if (!rc) rc = posix_spawn_file_actions_adddup2(&actions, fd, 0);
    if (!rc) rc = posix_spawn_file_actions_adddup2(&actions, fd, 1);
    if (!rc) rc = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (!rc) rc = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

enum err photo_child_start(struct photo_child *child, const char *word, struct why *why)
{
    int ends[2];
    pid_t pid = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        return err_say(why, ERR_SYSTEM, "no socket is to be had");
    int rc = spawn(&pid, word, ends[1]);
    close(ends[1]);
    if (rc) {
        close(ends[0]);
        return err_say(why, ERR_SYSTEM, "no process is to be had for photos");
    }
    *child = (struct photo_child){.pid = pid, .fd = ends[0]};
    return ERR_OK;
}

/* Waits until it has ended, at the latest at `end_ms`; then it is ended. What waitpid says of it.
 */
static int end_by(struct photo_child *child, int64_t end_ms)
{
    const struct timespec nap = {.tv_nsec = 5000000};
    int status = 0;
    close(child->fd);
    while (waitpid(child->pid, &status, WNOHANG) == 0) {
        if (clock_ms() >= end_ms) (void)kill(child->pid, SIGKILL);
        (void)nanosleep(&nap, NULL);
    }
    *child = (struct photo_child){0};
    return status;
}

void photo_child_end(struct photo_child *child)
{
    if (photo_child_is_there(child)) (void)end_by(child, 0);
}

bool photo_child_is_sound(struct photo_child *child)
{
    char unasked;
    if (!photo_child_is_there(child)) return false;
    if (!child->is_ready) return true;
    if (recv(child->fd, &unasked, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN) return true;
    photo_child_end(child);
    return false;
}

int64_t photo_child_cpu_ms(const struct photo_child *child)
{
    struct timespec used;
    clockid_t clock;
    if (!photo_child_is_there(child) || clock_getcpuclockid(child->pid, &clock) ||
        clock_gettime(clock, &used))
        return 0;
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

/* --- talking --- */

enum talk { TALK_DONE, TALK_LATE, TALK_ENDED };

static enum talk wait_for(int fd, short what, int64_t end_ms)
{
    for (;;) {
        struct pollfd polled = {.fd = fd, .events = what};
        int64_t left_ms = end_ms - clock_ms();
        if (left_ms <= 0) return TALK_LATE;
        int n = poll(&polled, 1, left_ms > 1000 ? 1000 : (int)left_ms);
        if (n > 0) return TALK_DONE;
        if (n < 0 && errno != EINTR) return TALK_ENDED;
    }
}

static enum talk send_all(int fd, const void *bytes, size_t len, int64_t end_ms)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t n = send(fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        } else if (errno == EAGAIN || errno == EINTR) {
            enum talk talk = wait_for(fd, POLLOUT, end_ms);
            if (talk) return talk;
        } else {
            return TALK_ENDED;
        }
    }
    return TALK_DONE;
}

static enum talk read_all(int fd, void *bytes, size_t len, int64_t end_ms)
{
    char *at = bytes;
    while (len > 0) {
        ssize_t n = recv(fd, at, len, MSG_DONTWAIT);
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        } else if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            enum talk talk = wait_for(fd, POLLIN, end_ms);
            if (talk) return talk;
        } else {
            return TALK_ENDED;
        }
    }
    return TALK_DONE;
}

enum err photo_child_ready(struct photo_child *child, struct why *why)
{
    char hello = 0;
    if (child->is_ready) return ERR_OK;
    enum talk talk = read_all(child->fd, &hello, 1, clock_ms() + START_MS);
    if (talk == TALK_DONE && hello == PHOTO_WIRE_HELLO) {
        child->is_ready = true;
        return ERR_OK;
    }
    photo_child_end(child);
    return err_say(why, ERR_SYSTEM, "the process for photos does not start");
}

/* --- a picture --- */

/* What ended it tells what was wrong with the picture. A process that is out of memory aborts; one
 * that is killed was killed by another program, or for want of memory on the whole machine; one
 * that closed its end and goes on is no longer this program. */
static enum err autopsy(struct photo_child *child, enum talk talk, struct why *why)
{
    enum { DYING_MS = 5000 };
    if (talk == TALK_LATE) {
        photo_child_end(child);
        return err_say(why, ERR_TIMEOUT, "decoding the photo took too long: send a smaller one");
    }
    int64_t end_ms = clock_ms() + DYING_MS;
    int status = end_by(child, end_ms), number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (number == SIGXCPU)
        return err_say(why, ERR_TIMEOUT, "decoding the photo took too long: send a smaller one");
    if (number == SIGABRT || number == SIGTRAP)
        return err_say(why, ERR_LIMIT,
                       "decoding the photo takes too much memory: send a smaller one");
    if (number == SIGKILL && clock_ms() < end_ms)
        return err_say(why, ERR_NOMEM, "the process for photos was killed");
    return err_say(why, ERR_FORMAT, "the photo cannot be decoded: take it again");
}

static enum talk converse(const struct photo_child *child, const struct photo_wire_task *task,
                          const void *bytes, int64_t end_ms, struct photo_wire_result *result)
{
    enum talk talk = send_all(child->fd, task, sizeof *task, end_ms);
    if (!talk) talk = send_all(child->fd, bytes, task->len, end_ms);
    return talk ? talk : read_all(child->fd, result, sizeof *result, end_ms);
}

enum err photo_child_ask(struct photo_child *child, const struct photo_wire_task *task,
                         const void *bytes, int64_t end_ms, struct photos_clean *clean,
                         struct why *why)
{
    struct photo_wire_result result;
    size_t len = 0;
    enum talk talk = converse(child, task, bytes, end_ms, &result);
    if (talk) return autopsy(child, talk, why);
    if (photo_wire_length(&result, &len)) {
        photo_child_end(child);
        return err_say(why, ERR_FORMAT, "the photo cannot be decoded");
    }
    char *pictures = malloc(len ? len : 1);
    if (!pictures) {
        photo_child_end(child);
        return ERR_NOMEM;
    }
    talk = read_all(child->fd, pictures, len, end_ms);
    enum err e =
        talk ? autopsy(child, talk, why) : photo_wire_read(&result, pictures, len, clean, why);
    /* One that says what this program never says is no longer this program. */
    if (!talk && e && e != (enum err)result.err) photo_child_end(child);
    free(pictures);
    return e;
}

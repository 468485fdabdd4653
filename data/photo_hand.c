#include "data/photo_hand.h"

#include "data/photo_jail.h"
#include "data/photo_wire.h"
#include "geo/base/pace.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static bool take(int fd, void *bytes, size_t len)
{
    char *at = bytes;
    while (len > 0) {
        ssize_t n = read(fd, at, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static bool give(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

/* Everything that a decoder loads when first used is loaded while files can still be opened. */
static void warm_up(void)
{
    static const char *const heads[] = {
        "\xFF\xD8\xFF\xE0....................", "\x89PNG\r\n\x1A\n................",
        "RIFF....WEBPVP8 ........", "\0\0\0\30ftypheic\0\0\0\0mif1heic"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct photos_clean clean = {0};
        if (!photos_clean(heads[i], 24, &photos_defaults, &clean, NULL)) photos_clean_fini(&clean);
    }
}

static bool answer(int fd, const struct photo_wire_task *task, const char *bytes)
{
    struct photos_limits limits = photos_defaults;
    struct photo_wire_result result;
    struct photos_clean clean = {0};
    struct why why = {""};
    limits.timeout_ms = task->timeout_ms;
    enum err e = task->region_count ? photos_blur(bytes, task->len, task->regions,
                                                  task->region_count, &limits, &clean, &why)
                                    : photos_clean(bytes, task->len, &limits, &clean, &why);
    photo_wire_tell(e, &why, &clean, &result);
    bool ok = give(fd, &result, sizeof result);
    for (int i = 0; i < PHOTOS_SIZES && ok && !e; i++)
        ok = give(fd, clean.sizes[i].bytes, clean.sizes[i].len);
    if (!e) photos_clean_fini(&clean);
    return ok;
}

static bool do_one(int fd)
{
    struct photo_wire_task task;
    if (!take(fd, &task, sizeof task) || !photo_wire_task_ok(&task)) return false;
    char *bytes = malloc(task.len ? task.len : 1);
    if (!bytes) return false;
    photo_jail_allow(PHOTO_HAND_CPU_S);
    bool ok = take(fd, bytes, task.len) && answer(fd, &task, bytes);
    free(bytes);
    return ok;
}

enum err photo_hand_work(int fd, const char *program, struct why *why)
{
    const char hello = PHOTO_WIRE_HELLO;
    pace_patient(); /* whoever asks for something else is answered first */
    enum err e = secrets_init();
    if (!e) e = photos_init(program, why);
    if (!e) {
        warm_up();
        e = photo_jail_enter(why);
    }
    if (e) return e;
    if (give(fd, &hello, 1))
        while (do_one(fd))
            ;
    return ERR_OK;
}

/* What a server and the child that decodes for it say to each other. Both are one program, but the
 * child reads strangers' pictures: what it says is taken for the words of a stranger.
 *
 * Each says a head of fixed size, then bytes. Numbers are as this machine has them. */
#ifndef YZ_DATA_PHOTO_WIRE_H
#define YZ_DATA_PHOTO_WIRE_H

#include "data/photos.h"

enum {
    PHOTO_WIRE_BYTES = 12 << 20,  /* of a picture that is sent, photos_defaults.max_bytes */
    PHOTO_WIRE_PICTURE = 8 << 20, /* of one that comes back */
    PHOTO_WIRE_HELLO = 'y'        /* what the child says when it is ready, one byte */
};

/* What is to be done with the picture that follows. */
struct photo_wire_task {
    uint32_t magic, len; /* of the picture */
    int64_t timeout_ms;  /* photos_limits */
    uint32_t region_count, reserved;
    struct photos_region regions[PHOTOS_REGIONS]; /* none: to be cleaned; else to be blurred */
};

/* What came of it; the pictures follow in their order. */
struct photo_wire_result {
    uint32_t magic;
    uint32_t err; /* enum err; `why` tells more, and nothing else is there */
    char why[sizeof(struct why)];
    uint64_t look;
    uint8_t has_look, has_position, has_time, reserved[5];
    double lon, lat;
    char time[24];
    struct {
        uint32_t len, width, height, reserved;
    } sizes[PHOTOS_SIZES];
};

/* A task for `len` bytes; `regions` NULL with count 0: to be cleaned. ERR_LIMIT, ERR_INVALID. */
enum err photo_wire_ask(size_t len, const struct photos_region *regions, size_t count,
                        int64_t timeout_ms, struct photo_wire_task *task);
/* Whether a task is one. */
bool photo_wire_task_ok(const struct photo_wire_task *task);

/* The head of what came of it; `clean` only where `e` is ERR_OK. */
void photo_wire_tell(enum err e, const struct why *why, const struct photos_clean *clean,
                     struct photo_wire_result *result);

/* Reads a head: how many bytes follow. ERR_FORMAT where it is not one that photo_wire_tell writes.
 */
enum err photo_wire_length(const struct photo_wire_result *result, size_t *len);

/* What a head and the `len` bytes behind it say: the child's own error with its sentence, or
 * pictures in new memory that begin as pictures do, with `format` and `original_hash` left to the
 * caller. ERR_FORMAT where they are nothing that this program says. */
enum err photo_wire_read(const struct photo_wire_result *result, const void *bytes, size_t len,
                         struct photos_clean *clean, struct why *why);

#endif

#include "data/photo_wire.h"

#include "geo/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { TASK = 0x315A5950, RESULT = 0x325A5950, SIDE_MAX = 4096, TIMEOUT_MAX_MS = 600000 };

_Static_assert(sizeof(struct photo_wire_task) == 24 + 32 * PHOTOS_REGIONS, "no padding");
_Static_assert(sizeof(struct photo_wire_result) == 8 + 320 + 16 + 16 + 24 + 16 * PHOTOS_SIZES,
               "no padding");

/* --- asking --- */

enum err photo_wire_ask(size_t len, const struct photos_region *regions, size_t count,
                        int64_t timeout_ms, struct photo_wire_task *task)
{
    struct photo_wire_task made = {.magic = TASK, .len = (uint32_t)len, .timeout_ms = timeout_ms};
    if (len > PHOTO_WIRE_BYTES || count > PHOTOS_REGIONS) return ERR_LIMIT;
    made.region_count = (uint32_t)count;
    if (count) memcpy(made.regions, regions, count * sizeof *regions);
    if (!photo_wire_task_ok(&made)) return ERR_INVALID;
    *task = made;
    return ERR_OK;
}

bool photo_wire_task_ok(const struct photo_wire_task *task)
{
    if (task->magic != TASK || task->len > PHOTO_WIRE_BYTES ||
        task->region_count > PHOTOS_REGIONS || task->timeout_ms > TIMEOUT_MAX_MS)
        return false;
    for (uint32_t i = 0; i < task->region_count; i++)
        if (!photos_region_ok(&task->regions[i])) return false;
    return true;
}

/* --- answering --- */

void photo_wire_tell(enum err e, const struct why *why, const struct photos_clean *clean,
                     struct photo_wire_result *result)
{
    *result = (struct photo_wire_result){.magic = RESULT, .err = e};
    memcpy(result->why, why->text, sizeof result->why);
    if (e) return;
    const struct photos_hint *hint = &clean->hint;
    result->has_look = clean->has_look;
    if (clean->has_look) result->look = clean->look;
    result->has_position = hint->has_position;
    if (hint->has_position) {
        result->lon = hint->at.lon;
        result->lat = hint->at.lat;
    }
    result->has_time = hint->has_time;
    memcpy(result->time, hint->time, sizeof hint->time);
    for (int i = 0; i < PHOTOS_SIZES; i++) {
        const struct photos_picture *p = &clean->sizes[i];
        result->sizes[i].len = (uint32_t)p->len;
        result->sizes[i].width = (uint32_t)p->width;
        result->sizes[i].height = (uint32_t)p->height;
    }
}

/* --- believing it --- */

/* What photos_clean and photos_blur may say of a picture. */
static bool is_known(uint32_t e)
{
    static const enum err known[] = {ERR_OK,        ERR_NOMEM,       ERR_INVALID, ERR_LIMIT,
                                     ERR_FORMAT,    ERR_UNSUPPORTED, ERR_TIMEOUT, ERR_SYSTEM,
                                     ERR_TRUNCATED, ERR_BUSY};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (e == (uint32_t)known[i]) return true;
    return false;
}

enum err photo_wire_length(const struct photo_wire_result *result, size_t *len)
{
    size_t sum = 0;
    if (result->magic != RESULT || !is_known(result->err)) return ERR_FORMAT;
    for (int i = 0; i < PHOTOS_SIZES; i++) {
        uint32_t n = result->sizes[i].len;
        bool right = result->err
                         ? n == 0
                         : n > 0 && n <= PHOTO_WIRE_PICTURE && result->sizes[i].width > 0 &&
                               result->sizes[i].width <= SIDE_MAX && result->sizes[i].height > 0 &&
                               result->sizes[i].height <= SIDE_MAX;
        if (!right) return ERR_FORMAT;
        sum += n;
    }
    *len = sum;
    return ERR_OK;
}

/* Its words go to whoever sent the picture. */
static enum err read_why(const struct photo_wire_result *result, struct why *why)
{
    size_t n = strnlen(result->why, sizeof result->why);
    bool right = n < sizeof result->why && text_utf8_valid(result->why, n);
    for (size_t i = 0; i < n && right; i++)
        right = (unsigned char)result->why[i] >= ' ' && result->why[i] != 0x7F;
    if (!right) return err_say(why, ERR_FORMAT, "the photo cannot be decoded");
    return err_say(why, (enum err)result->err, "%s", result->why);
}

static bool read_hint(const struct photo_wire_result *result, struct photos_hint *hint)
{
    static const char shape[] = "0000-00-00T00:00:00";
    if (result->has_position) {
        hint->at = (struct coord){result->lon, result->lat};
        if (!coord_valid(hint->at)) return false;
        hint->has_position = true;
    }
    if (!result->has_time) return true;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        char c = result->time[i];
        if (shape[i] == '0' ? c < '0' || c > '9' : c != shape[i]) return false;
    }
    hint->has_time = true;
    memcpy(hint->time, result->time, sizeof shape - 1);
    return true;
}

/* The large one is a JPEG and the others are WebP, at least by their first bytes: no page, no
 * program. */
static bool is_picture(const unsigned char *bytes, size_t len, int size)
{
    bool taken;
    const char *format = photos_format(bytes, len, &taken);
    return format && strcmp(format, size == PHOTOS_LARGE ? "JPEG" : "WebP") == 0;
}

static enum err read_pictures(const struct photo_wire_result *result, const unsigned char *bytes,
                              struct photos_clean *clean)
{
    for (int i = 0; i < PHOTOS_SIZES; i++) {
        size_t n = result->sizes[i].len;
        if (!is_picture(bytes, n, i)) return ERR_FORMAT;
        struct photos_picture *picture = &clean->sizes[i];
        picture->bytes = malloc(n);
        if (!picture->bytes) return ERR_NOMEM;
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the caller frees what is there of all */
        memcpy(picture->bytes, bytes, n);
        picture->len = n;
        picture->width = (int)result->sizes[i].width;
        picture->height = (int)result->sizes[i].height;
        bytes += n;
    }
    return ERR_OK;
}

enum err photo_wire_read(const struct photo_wire_result *result, const void *bytes, size_t len,
                         struct photos_clean *clean, struct why *why)
{
    struct photos_clean read = {.has_look = result->has_look != 0, .look = result->look};
    size_t wanted = 0;
    enum err e = photo_wire_length(result, &wanted);
    if (!e && wanted != len) e = ERR_FORMAT;
    if (!e && result->err) return read_why(result, why);
    if (!e && !read_hint(result, &read.hint)) e = ERR_FORMAT;
    if (!e) e = read_pictures(result, bytes, &read);
    if (e) {
        photos_clean_fini(&read);
        return err_say(why, e, e == ERR_NOMEM ? "out of memory" : "the photo cannot be decoded");
    }
    *clean = read;
    return ERR_OK;
}

/* libvips' door: a stranger's picture becomes a clean JPEG and a thumbnail.
 *
 * JPEG, PNG, WebP and HEIC come in, told by their first bytes and never by their name. The header
 * is judged before a pixel is decoded; the answer is upright, sRGB, 8 bit, without any metadata.
 * Where and when the camera says it was is handed back as a hint and stored nowhere in the picture.
 */
#ifndef YZ_DATA_PHOTOS_H
#define YZ_DATA_PHOTOS_H

#include "data/secrets.h"
#include "geo/base/err.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once, from one thread, before other threads use the rest; photos_fini at the end. */
enum err photos_init(const char *program, struct why *why);
void photos_fini(void);

struct photos_limits {
    size_t max_bytes;   /* of the file */
    int64_t max_pixels; /* width x height */
    int max_side_px;
    int large_px, small_px; /* longest side of what comes out */
    int quality;            /* of the JPEG */
    int64_t timeout_ms;     /* looked at between rows; see photos_clean */
};
/* 12 MB, 50 megapixels, 12000 px, 2560 and 400 px, quality 85, 10 s. */
extern const struct photos_limits photos_defaults;

struct photos_picture {
    unsigned char *bytes; /* JPEG */
    size_t len;
    int width, height;
};

/* What the camera claims; never a proof. */
struct photos_hint {
    bool has_position, has_time;
    struct coord at;
    char time[20]; /* "2026-11-23T08:15:00", the camera's own clock, zone unknown */
};

struct photos_clean {
    struct photos_picture large, small;
    struct photos_hint hint;
    const char *format; /* of what came in: "JPEG", "PNG", ... */
    unsigned char original_hash[SECRETS_HASH_BYTES];
};

/* What the first bytes are: "JPEG", "PNG", "WebP", "HEIC", or one that is not taken ("GIF", "PDF",
 * "SVG",
 * ...), or NULL if nothing that is known. `*taken` tells which. */
const char *photos_format(const void *bytes, size_t len, bool *taken);

/* Cleans one picture. ERR_UNSUPPORTED (another format, animated), ERR_LIMIT (too large: bytes,
 * pixels, a side), ERR_FORMAT or ERR_TRUNCATED (damaged), ERR_TIMEOUT, ERR_NOMEM, each with a
 * sentence for the sender. Slow: on workers only. The time is looked at between the rows that come
 * out of the decoder; what a decoder does before its first row (all of a progressive JPEG, of WebP
 * and of HEIC) is bounded by the pixels and bytes that are taken, not by the clock. Give `clean`
 * back with photos_clean_fini. */
enum err photos_clean(const void *bytes, size_t len, const struct photos_limits *limits,
                      struct photos_clean *clean, struct why *why);
void photos_clean_fini(struct photos_clean *clean);

#endif

/* libvips' door: a stranger's picture becomes clean ones in three sizes. Only what runs in a jail
 * calls it with bytes of strangers: see data/photo_shop.h.
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
    int side_px[3];           /* longest side of what comes out, by enum photos_size */
    int quality;              /* of the JPEG */
    int webp_quality, effort; /* of the WebP: 0 to 100, 0 (fast) to 6 */
    int64_t timeout_ms;       /* looked at between rows; see photos_clean */
};
/* 12 MB, 50 megapixels, 12000 px; 2048, 1024 and 320 px; 10 s. */
extern const struct photos_limits photos_defaults;

/* The large one is JPEG, which every program reads; the others are WebP, which costs a rider's
 * phone less. */
enum photos_size { PHOTOS_LARGE, PHOTOS_MIDDLE, PHOTOS_SMALL, PHOTOS_SIZES };

/* Memory is malloc's. */
struct photos_picture {
    unsigned char *bytes;
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
    union {
        struct {
            struct photos_picture large, middle, small;
        };
        struct photos_picture sizes[PHOTOS_SIZES]; /* the same, by enum photos_size */
    };
    struct photos_hint hint;
    const char *format; /* of what came in: "JPEG", "PNG", ... */
    unsigned char original_hash[SECRETS_HASH_BYTES];
    bool has_look; /* not one colour all over */
    uint64_t look; /* what it looks like: photo_look.h */
};

/* A part of a picture as fractions of its width and height, from its upper left corner. */
struct photos_region {
    double x, y, width, height;
};
enum { PHOTOS_REGIONS = 32 };

/* Some of a picture: within it, and no smaller than a thousandth of a side. */
bool photos_region_ok(const struct photos_region *region);

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

/* The same of a large picture that was cleaned before, in which the regions (1 to PHOTOS_REGIONS)
 * are made unrecognisable for good: of each there remain the colours of at most 4 x 4 parts.
 * ERR_INVALID for a region that is none. */
enum err photos_blur(const void *bytes, size_t len, const struct photos_region *regions,
                     size_t count, const struct photos_limits *limits, struct photos_clean *clean,
                     struct why *why);

#endif

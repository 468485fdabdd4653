#include "data/photos.h"

#include "data/photo_hint.h"
#include "data/photo_look.h"
#include "geo/base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

const struct photos_limits photos_defaults = {
    .max_bytes = 12u << 20,
    .max_pixels = 50000000,
    .max_side_px = 12000,
    .side_px = {2048, 1024, 320},
    .quality = 85,
    .webp_quality = 78,
    .effort = 0,
    .timeout_ms = 10000,
};

/* libvips warns through GLib about every odd file that a stranger sends; nothing here prints. */
static void swallow(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer user)
{
    (void)domain;
    (void)level;
    (void)message;
    (void)user;
}

enum err photos_init(const char *program, struct why *why)
{
    if (VIPS_INIT(program)) return err_say(why, ERR_SYSTEM, "libvips cannot start");
    /* Loaders that their authors do not vouch for against hostile files are not to be had. */
    vips_block_untrusted_set(TRUE);
    /* The server's workers are the parallelism; a cache would keep strangers' pictures. */
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG, swallow,
                      NULL);
    return ERR_OK;
}

void photos_fini(void)
{
    vips_shutdown();
}

/* --- what is it? --- */

struct magic {
    const char *format;
    size_t at, len;
    const char *bytes;
    bool taken;
};

/* From the formats' own specifications; what is not taken is here so that it can be named. */
static const struct magic magics[] = {
    {"JPEG", 0, 3, "\xFF\xD8\xFF", true},
    {"PNG", 0, 8, "\x89PNG\r\n\x1A\n", true},
    {"WebP", 8, 4, "WEBP", true}, /* and RIFF before it: see photos_format */
    {"HEIC", 4, 8, "ftypheic", true},
    {"HEIC", 4, 8, "ftypheix", true},
    {"HEIC", 4, 8, "ftypmif1", true},
    {"HEIC sequence", 4, 8, "ftyphevc", false},
    {"HEIC sequence", 4, 8, "ftypmsf1", false},
    {"AVIF", 4, 8, "ftypavif", false},
    {"video", 4, 4, "ftyp", false},
    {"GIF", 0, 4, "GIF8", false},
    {"TIFF", 0, 4, "II*\0", false},
    {"TIFF", 0, 4, "MM\0*", false},
    {"BMP", 0, 2, "BM", false},
    {"PDF", 0, 5, "%PDF-", false},
    {"SVG", 0, 4, "<svg", false},
    {"XML", 0, 5, "<?xml", false},
    {"HTML", 0, 5, "<html", false},
    {"HTML", 0, 9, "<!DOCTYPE", false},
    {"ZIP", 0, 4, "PK\3\4", false},
};

const char *photos_format(const void *bytes, size_t len, bool *taken)
{
    const char *text = bytes;
    *taken = false;
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        const struct magic *m = &magics[i];
        if (len < m->at + m->len || memcmp(text + m->at, m->bytes, m->len) != 0) continue;
        if (m->at == 8 && memcmp(text, "RIFF", 4) != 0) continue;
        *taken = m->taken;
        return m->format;
    }
    return NULL;
}

/* The part of libvips that may read each format, by the name of its class. */
static const struct {
    const char *format, *loader;
} loaders[] = {{"JPEG", "VipsForeignLoadJpeg"},
               {"PNG", "VipsForeignLoadPng"},
               {"WebP", "VipsForeignLoadWebp"},
               {"HEIC", "VipsForeignLoadHeif"}};

/* A file that looks like one format here and like another to libvips is made to mislead. */
static enum err check_loader(const void *bytes, size_t len, const char *format, struct why *why)
{
    const char *found = vips_foreign_find_load_buffer(bytes, len);
    if (!found) vips_error_clear();
    for (size_t i = 0; found && i < sizeof loaders / sizeof loaders[0]; i++)
        if (strcmp(loaders[i].format, format) == 0 &&
            strncmp(loaders[i].loader, found, strlen(loaders[i].loader)) == 0)
            return ERR_OK;
    return err_say(why, ERR_FORMAT, "the %s file is damaged or cut short: take the photo again",
                   format);
}

static enum err check_bytes(const void *bytes, size_t len, const struct photos_limits *limits,
                            const char **format, struct why *why)
{
    static const char send[] = "send JPEG, PNG, WebP or HEIC";
    bool taken;
    if (len == 0) return err_say(why, ERR_FORMAT, "the photo is empty: %s", send);
    if (len > limits->max_bytes)
        return err_say(why, ERR_LIMIT, "the photo has %zu bytes, at most %zu are taken", len,
                       limits->max_bytes);
    *format = photos_format(bytes, len, &taken);
    if (!*format) return err_say(why, ERR_UNSUPPORTED, "this is not a photo: %s", send);
    if (!taken) return err_say(why, ERR_UNSUPPORTED, "this is a %s file: %s", *format, send);
    return ERR_OK;
}

/* --- decoding, watched --- */

struct watch {
    int64_t end_ms;
    bool late;
};

static void on_eval(VipsImage *image, VipsProgress *progress, void *user)
{
    struct watch *watch = user;
    (void)progress;
    if (clock_ms() <= watch->end_ms) return;
    watch->late = true;
    vips_image_set_kill(image, TRUE);
}

static void watch_image(VipsImage *image, struct watch *watch)
{
    vips_image_set_progress(image, TRUE);
    g_signal_connect(image, "eval", G_CALLBACK(on_eval), watch);
}

/* The library's own words are for the log of nobody: they are dropped, thread by thread. */
static enum err damaged(const char *format, const struct watch *watch, struct why *why)
{
    vips_error_clear();
    if (watch->late)
        return err_say(why, ERR_TIMEOUT, "decoding the photo took too long: send a smaller one");
    return err_say(why, ERR_FORMAT, "the %s file is damaged or cut short: take the photo again",
                   format);
}

static enum err judge_header(VipsImage *image, const struct photos_limits *limits, struct why *why)
{
    int width = vips_image_get_width(image), height = vips_image_get_height(image);
    int pages = vips_image_get_n_pages(image);
    if (width > limits->max_side_px || height > limits->max_side_px)
        return err_say(why, ERR_LIMIT, "the photo is %d x %d pixels, at most %d a side are taken",
                       width, height, limits->max_side_px);
    if ((int64_t)width * height > limits->max_pixels)
        return err_say(why, ERR_LIMIT,
                       "the photo is %d x %d pixels, at most %lld megapixels are taken", width,
                       height, (long long)(limits->max_pixels / 1000000));
    if (pages > 1)
        return err_say(why, ERR_UNSUPPORTED, "the file holds %d pictures: send one still photo",
                       pages);
    return ERR_OK;
}

/* --- what the camera claims --- */

static const char *field(VipsImage *image, const char *name)
{
    const char *text = NULL;
    if (!vips_image_get_typeof(image, name)) return NULL;
    if (vips_image_get_string(image, name, &text)) vips_error_clear();
    return text;
}

static bool read_angle(VipsImage *image, const char *name, const char *ref_name, char negative,
                       double *angle_deg)
{
    const char *text = field(image, name), *ref = field(image, ref_name);
    return text && ref && photo_hint_angle(text, ref[0] == negative, angle_deg);
}

static void read_hint(VipsImage *image, struct photos_hint *hint)
{
    struct coord at;
    const char *time = field(image, "exif-ifd2-DateTimeOriginal");
    hint->has_time = time && photo_hint_time(time, hint->time);
    hint->has_position =
        read_angle(image, "exif-ifd3-GPSLongitude", "exif-ifd3-GPSLongitudeRef", 'W', &at.lon) &&
        read_angle(image, "exif-ifd3-GPSLatitude", "exif-ifd3-GPSLatitudeRef", 'S', &at.lat) &&
        coord_valid(at) && (at.lon != 0 || at.lat != 0);
    if (hint->has_position) hint->at = at;
    if (!hint->has_time) hint->time[0] = '\0';
}

/* --- writing --- */

/* At most `side` long and sRGB, as the file has it turned. Shrinks while decoding. A file that ends
 * early is an error, not a grey area; the loader must be told by its option string, because
 * thumbnail keeps its own fail_on to itself. Nothing but the header is read yet: turning would
 * decode inside the call, where no watch reaches. A picture without a profile is sRGB as it is: to
 * lead it through one all the same takes more time than everything else. */
static VipsImage *shrunk(const void *bytes, size_t len, int side, bool has_profile)
{
    VipsImage *image = NULL;
    const char *profile = has_profile ? "srgb" : NULL;
    if (vips_thumbnail_buffer((void *)bytes, len, &image, side, "height", side, "size",
                              VIPS_SIZE_DOWN, "no_rotate", TRUE, "option_string",
                              "[fail_on=truncated]", profile ? "export_profile" : NULL, profile,
                              NULL))
        return NULL;
    return image;
}

/* Everything that the file said beside its pixels. Here, and not only when it is written: libvips
 * 8.14 keeps a pointer into EXIF of HEIC whose memory goes with the file. */
static void forget(VipsImage *image)
{
    gchar **names = vips_image_get_fields(image);
    for (gchar **at = names; at && *at; at++)
        (void)vips_image_remove(image, *at);
    g_strfreev(names);
}

/* Decoded under watch, upright, without alpha or metadata; NULL on failure. Takes the image. */
static VipsImage *decode(VipsImage *image, struct watch *watch)
{
    double white[] = {255, 255, 255};
    VipsImage *turned = NULL, *opaque = NULL, *flat = NULL;
    watch_image(image, watch);
    VipsImage *pixels = vips_image_copy_memory(image);
    VipsArrayDouble *background = vips_array_double_new(white, 3);
    if (pixels && !watch->late && !vips_autorot(pixels, &turned, NULL)) {
        if (vips_image_hasalpha(turned))
            (void)vips_flatten(turned, &opaque, "background", background, NULL);
        else
            (void)vips_copy(turned, &opaque, NULL);
    }
    if (opaque) (void)vips_colourspace(opaque, &flat, VIPS_INTERPRETATION_sRGB, NULL);
    if (flat) forget(flat);
    vips_area_unref(VIPS_AREA(background));
    VIPS_UNREF(opaque);
    VIPS_UNREF(turned);
    VIPS_UNREF(pixels);
    g_object_unref(image);
    return flat;
}

static uint32_t little_endian(const unsigned char *b)
{
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* libvips 8.14 writes EXIF of its own into WebP, whatever it is told. What stays of the file is the
 * one chunk that is the picture (RFC 9649, section 2.5). */
static bool bare_webp(unsigned char *bytes, size_t *len)
{
    enum { HEAD = 12, CHUNK = 8 };
    for (size_t at = HEAD; at + CHUNK <= *len;) {
        size_t n = little_endian(bytes + at + 4), whole = CHUNK + n + (n & 1);
        if (whole > *len - at) return false;
        if (memcmp(bytes + at, "VP8 ", 4) == 0) {
            memmove(bytes + HEAD, bytes + at, whole);
            *len = HEAD + whole;
            for (int i = 0; i < 4; i++)
                bytes[4 + i] = (unsigned char)((*len - CHUNK) >> 8 * i);
            return true;
        }
        at += whole;
    }
    return false;
}

/* As a file without a word of metadata. The bytes are GLib's, whose memory is malloc's. */
static bool save(VipsImage *image, enum photos_size size, const struct photos_limits *limits,
                 struct photos_picture *picture)
{
    void *out = NULL;
    size_t len = 0;
    int failed = size == PHOTOS_LARGE
                     ? vips_jpegsave_buffer(image, &out, &len, "Q", limits->quality, "strip", TRUE,
                                            "optimize_coding", TRUE, NULL)
                     : vips_webpsave_buffer(image, &out, &len, "Q", limits->webp_quality, "strip",
                                            TRUE, "effort", limits->effort, NULL);
    if (failed) return false;
    if (size != PHOTOS_LARGE && !bare_webp(out, &len)) {
        g_free(out);
        return false;
    }
    *picture = (struct photos_picture){out, len, vips_image_get_width(image),
                                       vips_image_get_height(image)};
    return true;
}

/* Exactly or at most so large, in memory; NULL on failure. */
static VipsImage *scaled(VipsImage *image, int width, int height, VipsSize how)
{
    VipsImage *lazy = NULL;
    if (vips_thumbnail_image(image, &lazy, width, "height", height, "size", how, NULL)) return NULL;
    VipsImage *pixels = vips_image_copy_memory(lazy);
    g_object_unref(lazy);
    return pixels;
}

static bool look_at(VipsImage *image, struct photos_clean *made)
{
    VipsImage *grey = NULL;
    size_t len = 0;
    VipsImage *tiny = scaled(image, PHOTO_LOOK_SIDE, PHOTO_LOOK_SIDE, VIPS_SIZE_FORCE);
    void *pixels = NULL;
    if (tiny && !vips_colourspace(tiny, &grey, VIPS_INTERPRETATION_B_W, NULL))
        pixels = vips_image_write_to_memory(grey, &len);
    bool ok = pixels && len == (size_t)PHOTO_LOOK_SIDE * PHOTO_LOOK_SIDE;
    if (ok) made->has_look = photo_look_of(pixels, &made->look);
    g_free(pixels);
    VIPS_UNREF(grey);
    VIPS_UNREF(tiny);
    return ok;
}

/* All sizes of an upright picture, each made of the one before: a stranger's file is decoded once.
 * Takes the image. */
static bool write_sizes(VipsImage *image, const struct photos_limits *limits,
                        struct photos_clean *made)
{
    bool ok = true;
    for (int i = 0; i < PHOTOS_SIZES && ok; i++) {
        int side = limits->side_px[i];
        VipsImage *next = scaled(image, side, side, VIPS_SIZE_DOWN);
        ok = next && save(next, (enum photos_size)i, limits, &made->sizes[i]);
        g_object_unref(image);
        image = next;
    }
    ok = ok && look_at(image, made);
    VIPS_UNREF(image);
    return ok;
}

/* --- making unrecognisable --- */

bool photos_region_ok(const struct photos_region *r)
{
    const double least = 1e-3, slack = 1e-9;
    return r->x >= 0 && r->y >= 0 && r->width >= least && r->height >= least &&
           r->x + r->width <= 1 + slack && r->y + r->height <= 1 + slack;
}

/* Whole pixels that cover a span of fractions. */
static void cover(double from, double length, int side, int *first, int *count)
{
    *first = (int)floor(from * side);
    if (*first > side - 1) *first = side - 1;
    int end = (int)ceil((from + length) * side);
    *count = (end > side ? side : end) - *first;
    if (*count < 1) *count = 1;
}

/* What is left of a region is so few colours that no program can tell what was there. Takes the
 * image; NULL on failure. */
static VipsImage *blurred(VipsImage *image, const struct photos_region *region)
{
    enum { PARTS = 4 };
    int left, top, width, height;
    VipsImage *part = NULL, *done = NULL, *few = NULL, *back = NULL, *pixels = NULL;
    cover(region->x, region->width, vips_image_get_width(image), &left, &width);
    cover(region->y, region->height, vips_image_get_height(image), &top, &height);
    if (!vips_extract_area(image, &part, left, top, width, height, NULL))
        few = scaled(part, PARTS, PARTS, VIPS_SIZE_FORCE);
    if (few) back = scaled(few, width, height, VIPS_SIZE_FORCE);
    if (back && !vips_insert(image, back, &done, left, top, NULL))
        pixels = vips_image_copy_memory(done);
    VIPS_UNREF(part);
    VIPS_UNREF(few);
    VIPS_UNREF(back);
    VIPS_UNREF(done);
    g_object_unref(image);
    return pixels;
}

/* --- all of it --- */

struct regions {
    const struct photos_region *items;
    size_t count;
};

static enum err render(const void *bytes, size_t len, bool has_profile,
                       const struct regions *regions, const struct photos_limits *limits,
                       struct photos_clean *made, struct why *why)
{
    struct watch watch = {.end_ms = clock_ms() + limits->timeout_ms};
    VipsImage *image = shrunk(bytes, len, limits->side_px[PHOTOS_LARGE], has_profile);
    if (image) image = decode(image, &watch);
    for (size_t i = 0; i < regions->count && image; i++)
        image = blurred(image, &regions->items[i]);
    bool ok = image && write_sizes(image, limits, made);
    return ok && !watch.late ? ERR_OK : damaged(made->format, &watch, why);
}

static enum err read_header(const void *bytes, size_t len, const struct photos_limits *limits,
                            struct photos_clean *made, bool *has_profile, struct why *why)
{
    struct watch none = {0};
    VipsImage *image = vips_image_new_from_buffer(bytes, len, "", NULL);
    if (!image) return damaged(made->format, &none, why);
    enum err e = judge_header(image, limits, why);
    if (!e) read_hint(image, &made->hint);
    *has_profile = vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0;
    g_object_unref(image);
    return e;
}

static enum err work(const void *bytes, size_t len, const struct regions *regions,
                     const struct photos_limits *limits, struct photos_clean *clean,
                     struct why *why)
{
    struct photos_clean made = {0};
    bool has_profile = false;
    enum err e = check_bytes(bytes, len, limits, &made.format, why);
    if (!e) e = check_loader(bytes, len, made.format, why);
    if (!e) e = read_header(bytes, len, limits, &made, &has_profile, why);
    if (!e) e = render(bytes, len, has_profile, regions, limits, &made, why);
    if (e) {
        photos_clean_fini(&made);
        return e;
    }
    secrets_sha256(bytes, len, made.original_hash);
    *clean = made;
    return ERR_OK;
}

enum err photos_clean(const void *bytes, size_t len, const struct photos_limits *limits,
                      struct photos_clean *clean, struct why *why)
{
    const struct regions none = {NULL, 0};
    return work(bytes, len, &none, limits, clean, why);
}

enum err photos_blur(const void *bytes, size_t len, const struct photos_region *regions,
                     size_t count, const struct photos_limits *limits, struct photos_clean *clean,
                     struct why *why)
{
    const struct regions all = {regions, count};
    bool ok = count >= 1 && count <= PHOTOS_REGIONS;
    for (size_t i = 0; i < count && ok; i++)
        ok = photos_region_ok(&regions[i]);
    if (!ok)
        return err_say(why, ERR_INVALID, "1 to %d regions of the photo are taken", PHOTOS_REGIONS);
    return work(bytes, len, &all, limits, clean, why);
}

void photos_clean_fini(struct photos_clean *clean)
{
    for (int i = 0; i < PHOTOS_SIZES; i++)
        free(clean->sizes[i].bytes);
    *clean = (struct photos_clean){0};
}

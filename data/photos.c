#include "data/photos.h"
#include "geo/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

const struct photos_limits photos_defaults = {
    .max_bytes = 12u << 20,
    .max_pixels = 50000000,
    .max_side_px = 12000,
    .large_px = 2560,
    .small_px = 400,
    .quality = 85,
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

/* libvips writes an EXIF field as "VALUE (SHOWN, TYPE, ...)"; this reads "n/d n/d n/d". */
static bool read_rationals(const char *text, double parts[3])
{
    for (int i = 0; i < 3; i++) {
        char *end;
        long above = strtol(text, &end, 10);
        if (end == text || *end != '/') return false;
        text = end + 1;
        long below = strtol(text, &end, 10);
        if (end == text || below == 0) return false;
        text = end + (*end == ' ');
        parts[i] = (double)above / (double)below;
    }
    return true;
}

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
    double parts[3];
    const char *text = field(image, name), *ref = field(image, ref_name);
    if (!text || !ref || !read_rationals(text, parts)) return false;
    double value = parts[0] + parts[1] / 60 + parts[2] / 3600;
    *angle_deg = ref[0] == negative ? -value : value;
    return true;
}

/* "2026:11:23 08:15:00 (...)" to "2026-11-23T08:15:00". */
static bool read_time(const char *text, char time[20])
{
    static const char shape[] = "dddd:dd:dd dd:dd:dd", to[] = "dddd-dd-ddTdd:dd:dd";
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return false;
        time[i] = to[i];
        if (digit) time[i] = text[i];
    }
    time[19] = '\0';
    return true;
}

static void read_hint(VipsImage *image, struct photos_hint *hint)
{
    struct coord at;
    const char *time = field(image, "exif-ifd2-DateTimeOriginal");
    hint->has_time = time && read_time(time, hint->time);
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
 * decode inside the call, where no watch reaches. */
static VipsImage *shrunk(const void *bytes, size_t len, int side)
{
    VipsImage *image = NULL;
    if (vips_thumbnail_buffer((void *)bytes, len, &image, side, "height", side, "size",
                              VIPS_SIZE_DOWN, "export_profile", "srgb", "no_rotate", TRUE,
                              "option_string", "[fail_on=truncated]", NULL))
        return NULL;
    return image;
}

/* Decoded under watch, upright, without alpha; NULL on failure. Takes the image. */
static VipsImage *decode(VipsImage *image, struct watch *watch)
{
    double white[] = {255, 255, 255};
    VipsImage *turned = NULL, *flat = NULL;
    watch_image(image, watch);
    VipsImage *pixels = vips_image_copy_memory(image);
    VipsArrayDouble *background = vips_array_double_new(white, 3);
    if (pixels && !watch->late && !vips_autorot(pixels, &turned, NULL)) {
        if (vips_image_hasalpha(turned))
            (void)vips_flatten(turned, &flat, "background", background, NULL);
        else
            (void)vips_copy(turned, &flat, NULL);
    }
    vips_area_unref(VIPS_AREA(background));
    VIPS_UNREF(turned);
    VIPS_UNREF(pixels);
    g_object_unref(image);
    return flat;
}

/* Upright, at most `side` long, sRGB without alpha, written without a word of metadata. */
static enum err render(const void *bytes, size_t len, int side, const struct photos_limits *limits,
                       const char *format, struct watch *watch, struct photos_picture *picture,
                       struct why *why)
{
    void *out = NULL;
    size_t out_len = 0;
    VipsImage *image = shrunk(bytes, len, side);
    if (image) image = decode(image, watch);
    bool failed = !image || vips_jpegsave_buffer(image, &out, &out_len, "Q", limits->quality,
                                                 "strip", TRUE, "optimize_coding", TRUE, NULL);
    if (!failed && !watch->late)
        *picture = (struct photos_picture){out, out_len, vips_image_get_width(image),
                                           vips_image_get_height(image)};
    else
        g_free(out);
    VIPS_UNREF(image);
    return failed || watch->late ? damaged(format, watch, why) : ERR_OK;
}

static enum err read_header(const void *bytes, size_t len, const struct photos_limits *limits,
                            const char *format, struct photos_hint *hint, struct why *why)
{
    struct watch none = {0};
    VipsImage *image = vips_image_new_from_buffer(bytes, len, "", NULL);
    if (!image) return damaged(format, &none, why);
    enum err e = judge_header(image, limits, why);
    if (!e) read_hint(image, hint);
    g_object_unref(image);
    return e;
}

enum err photos_clean(const void *bytes, size_t len, const struct photos_limits *limits,
                      struct photos_clean *clean, struct why *why)
{
    struct photos_clean made = {0};
    struct watch watch = {.end_ms = clock_ms() + limits->timeout_ms};
    enum err e = check_bytes(bytes, len, limits, &made.format, why);
    if (!e) e = check_loader(bytes, len, made.format, why);
    if (!e) e = read_header(bytes, len, limits, made.format, &made.hint, why);
    if (!e) e = render(bytes, len, limits->large_px, limits, made.format, &watch, &made.large, why);
    /* The small one is made of the large one: the stranger's file is decoded once. */
    if (!e)
        e = render(made.large.bytes, made.large.len, limits->small_px, limits, made.format, &watch,
                   &made.small, why);
    if (e) {
        photos_clean_fini(&made);
        return e;
    }
    secrets_sha256(bytes, len, made.original_hash);
    *clean = made;
    return ERR_OK;
}

void photos_clean_fini(struct photos_clean *clean)
{
    g_free(clean->large.bytes);
    g_free(clean->small.bytes);
    *clean = (struct photos_clean){0};
}

#include "tests/check.h"
#include "tests/data/pictures.h"

#include "data/photos.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <vips/vips.h>

static struct photos_clean cleaned(struct file file)
{
    struct photos_clean clean = {0};
    struct why why = {""};
    enum err e = photos_clean(file.bytes, file.len, &photos_defaults, &clean, &why);
    assert_string_equal(why.text, "");
    assert_ok(e);
    return clean;
}

static void refused(const void *bytes, size_t len, enum err code, const char *sentence)
{
    struct photos_clean clean = {0};
    struct why why = {""};
    assert_err(photos_clean(bytes, len, &photos_defaults, &clean, &why), code);
    assert_non_null(strstr(why.text, sentence));
    assert_null(clean.large.bytes);
}

static VipsImage *decoded(const struct photos_picture *picture)
{
    VipsImage *image = vips_image_new_from_buffer(picture->bytes, picture->len, "", NULL);
    assert_non_null(image);
    assert_int_equal(vips_image_get_width(image), picture->width);
    assert_int_equal(vips_image_get_height(image), picture->height);
    return image;
}

/* Whether the pixel is rather red than blue. */
static bool is_red(VipsImage *image, int x, int y)
{
    double *point;
    int n;
    assert_int_equal(vips_getpoint(image, &point, &n, x, y, NULL), 0);
    bool red = point[0] > point[2];
    g_free(point);
    return red;
}

/* --- tests --- */

TEST(a_plain_photo_comes_back_in_three_sizes)
{
    struct file file = saved(two_halves(3000, 1500), ".png");
    struct photos_clean clean = cleaned(file);
    assert_string_equal(clean.format, "PNG");
    assert_int_equal(clean.large.width, 2048);
    assert_int_equal(clean.large.height, 1024);
    assert_int_equal(clean.middle.width, 1024);
    assert_int_equal(clean.middle.height, 512);
    assert_int_equal(clean.small.width, 320);
    assert_int_equal(clean.small.height, 160);
    bare_jpeg(&clean.large);
    bare_webp(&clean.middle);
    bare_webp(&clean.small);
    unsigned char hash[SECRETS_HASH_BYTES];
    secrets_sha256(file.bytes, file.len, hash);
    assert_memory_equal(hash, clean.original_hash, sizeof hash);
    photos_clean_fini(&clean);
    g_free(file.bytes);
}

TEST(a_small_photo_is_not_blown_up)
{
    struct file file = saved(two_halves(60, 40), ".webp");
    struct photos_clean clean = cleaned(file);
    assert_string_equal(clean.format, "WebP");
    assert_int_equal(clean.large.width, 60);
    assert_int_equal(clean.small.width, 60);
    photos_clean_fini(&clean);
    g_free(file.bytes);
}

TEST(every_orientation_becomes_upright)
{
    /* Where red lies after turning, by the Exif orientation: x and y of a point within it. */
    static const struct {
        int orientation, width, height, red_x, red_y, blue_x, blue_y;
    } cases[] = {
        {1, 80, 40, 5, 20, 75, 20}, {2, 80, 40, 75, 20, 5, 20}, {3, 80, 40, 75, 20, 5, 20},
        {4, 80, 40, 5, 20, 75, 20}, {5, 40, 80, 20, 5, 20, 75}, {6, 40, 80, 20, 5, 20, 75},
        {7, 40, 80, 20, 75, 20, 5}, {8, 40, 80, 20, 75, 20, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        VipsImage *image = two_halves(80, 40);
        vips_image_set_int(image, VIPS_META_ORIENTATION, cases[i].orientation);
        struct file file = saved(image, ".jpg");
        struct photos_clean clean = cleaned(file);
        assert_int_equal(clean.large.width, cases[i].width);
        assert_int_equal(clean.large.height, cases[i].height);
        VipsImage *upright = decoded(&clean.large);
        assert_true(is_red(upright, cases[i].red_x, cases[i].red_y));
        assert_false(is_red(upright, cases[i].blue_x, cases[i].blue_y));
        g_object_unref(upright);
        photos_clean_fini(&clean);
        g_free(file.bytes);
    }
}

TEST(metadata_is_gone_and_position_and_time_are_handed_back)
{
    VipsImage *image = two_halves(80, 40);
    vips_image_set_string(image, "exif-ifd3-GPSLatitude", "39/1 54/1 3000/100");
    vips_image_set_string(image, "exif-ifd3-GPSLatitudeRef", "N");
    vips_image_set_string(image, "exif-ifd3-GPSLongitude", "116/1 23/1 1500/100");
    vips_image_set_string(image, "exif-ifd3-GPSLongitudeRef", "E");
    vips_image_set_string(image, "exif-ifd2-DateTimeOriginal", "2026:11:23 08:15:00");
    vips_image_set_string(image, "exif-ifd0-Artist", "WANGFANG");
    vips_image_set_blob_copy(image, "xmp-data", "<x:xmpmeta>WANGFANG</x:xmpmeta>", 31);
    struct file file = saved(image, ".jpg");
    assert_non_null(memmem(file.bytes, file.len, "WANGFANG", 8));
    struct photos_clean clean = cleaned(file);
    assert_true(clean.hint.has_position);
    assert_true(clean.hint.at.lon > 116.3874 && clean.hint.at.lon < 116.3876);
    assert_true(clean.hint.at.lat > 39.9082 && clean.hint.at.lat < 39.9084);
    assert_true(clean.hint.has_time);
    assert_string_equal(clean.hint.time, "2026-11-23T08:15:00");
    for (int i = 0; i < PHOTOS_SIZES; i++)
        assert_null(memmem(clean.sizes[i].bytes, clean.sizes[i].len, "WANGFANG", 8));
    bare_jpeg(&clean.large);
    bare_webp(&clean.middle);
    bare_webp(&clean.small);
    photos_clean_fini(&clean);
    g_free(file.bytes);
}

TEST(nonsense_for_a_position_or_time_gives_no_hint)
{
    VipsImage *image = two_halves(80, 40);
    vips_image_set_string(image, "exif-ifd3-GPSLatitude", "139/1 0/0 0/1");
    vips_image_set_string(image, "exif-ifd3-GPSLatitudeRef", "N");
    vips_image_set_string(image, "exif-ifd2-DateTimeOriginal", "yesterday, at noon.");
    struct file file = saved(image, ".jpg");
    struct photos_clean clean = cleaned(file);
    assert_false(clean.hint.has_position);
    assert_false(clean.hint.has_time);
    assert_string_equal(clean.hint.time, "");
    photos_clean_fini(&clean);
    g_free(file.bytes);
}

TEST(see_through_parts_become_white)
{
    unsigned char pixels[8 * 8 * 4] = {0};
    VipsImage *image =
        vips_image_new_from_memory_copy(pixels, sizeof pixels, 8, 8, 4, VIPS_FORMAT_UCHAR);
    VipsImage *srgb = NULL;
    double *point;
    int n;
    assert_int_equal(vips_copy(image, &srgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL), 0);
    g_object_unref(image);
    struct file file = saved(srgb, ".png");
    struct photos_clean clean = cleaned(file);
    VipsImage *flat = decoded(&clean.large);
    assert_int_equal(vips_image_get_bands(flat), 3);
    assert_int_equal(vips_getpoint(flat, &point, &n, 4, 4, NULL), 0);
    assert_true(point[0] > 250 && point[1] > 250 && point[2] > 250);
    g_free(point);
    g_object_unref(flat);
    photos_clean_fini(&clean);
    g_free(file.bytes);
}

TEST(grey_and_16_bit_pictures_become_8_bit_srgb)
{
    VipsImage *image = two_halves(40, 20), *deep = NULL;
    assert_int_equal(vips_colourspace(image, &deep, VIPS_INTERPRETATION_GREY16, NULL), 0);
    g_object_unref(image);
    struct file file = saved(deep, ".png");
    struct photos_clean clean = cleaned(file);
    VipsImage *flat = decoded(&clean.large);
    assert_int_equal(vips_image_get_bands(flat), 3);
    assert_int_equal(vips_image_get_format(flat), VIPS_FORMAT_UCHAR);
    g_object_unref(flat);
    photos_clean_fini(&clean);
    g_free(file.bytes);
}

TEST(what_is_no_photo_is_named)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *sentence;
    } cases[] = {
        {"", 0, "the photo is empty"},
        {"GIF89a\1\0\1\0", 10, "this is a GIF file: send JPEG, PNG, WebP or HEIC"},
        {"%PDF-1.7 and more", 17, "this is a PDF file"},
        {"<svg xmlns=''/>", 15, "this is a SVG file"},
        {"<!DOCTYPE html>", 15, "this is a HTML file"},
        {"II*\0abcdefgh", 12, "this is a TIFF file"},
        {"\0\0\0\x18"
         "ftypavif",
         12, "this is a AVIF file"},
        {"hello, I am a photo", 19, "this is not a photo"},
        {"\xFF", 1, "this is not a photo"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(cases[i].bytes, cases[i].len, i ? ERR_UNSUPPORTED : ERR_FORMAT, cases[i].sentence);
}

static long resident_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void put_be32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* A header that promises a picture of this size, and next to nothing behind it. */
static size_t png_promise(unsigned char *png, uint32_t width, uint32_t height, uint32_t crc)
{
    static const unsigned char head[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR";
    static const unsigned char tail[] = "\0\0\0\0IDAT\x35\xAF\x06\x1E\0\0\0\0IEND\xAE\x42\x60\x82";
    for (size_t i = 0; i < 16; i++)
        png[i] = head[i];
    put_be32(png + 16, width);
    put_be32(png + 20, height);
    png[24] = 8; /* bits */
    png[25] = 2; /* red, green, blue */
    png[26] = png[27] = png[28] = 0;
    put_be32(png + 29, crc);
    memcpy(png + 33, tail, sizeof tail - 1);
    return 33 + sizeof tail - 1;
}

/* CRC-32 (ISO 3309) bit by bit, for the chunk header alone. */
static uint32_t crc32_of(const unsigned char *bytes, size_t n)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

TEST(a_picture_that_dresses_as_another_format_is_refused)
{
    struct file tiff = saved(two_halves(60, 40), ".tif");
    assert_true(tiff.bytes && tiff.len > 12);
    memcpy((char *)tiff.bytes + 8, "WEBP", 4); /* among its pixels */
    refused(tiff.bytes, tiff.len, ERR_UNSUPPORTED, "this is a TIFF file");
    g_free(tiff.bytes);
    struct file heic = saved(two_halves(60, 40), ".tif");
    memcpy((char *)heic.bytes + 4, "ftypheic", 8);
    refused(heic.bytes, heic.len, ERR_FORMAT, "the HEIC file is damaged");
    g_free(heic.bytes);
}

TEST(a_bomb_is_refused_by_its_header_before_memory_is_spent)
{
    static const struct {
        uint32_t width, height;
        const char *sentence;
    } cases[] = {
        {30000, 30000, "30000 x 30000 pixels, at most 12000 a side"},
        {10000, 10000, "at most 50 megapixels"},
        {12001, 1, "at most 12000 a side"},
    };
    long before = resident_kib();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char png[128];
        png_promise(png, cases[i].width, cases[i].height, 0);
        uint32_t crc = crc32_of(png + 12, 17);
        size_t len = png_promise(png, cases[i].width, cases[i].height, crc);
        refused(png, len, ERR_LIMIT, cases[i].sentence);
    }
    assert_true(resident_kib() - before < 64 * 1024);
}

TEST(a_file_that_ends_early_is_refused_wherever_it_is_cut)
{
    static const char *const suffixes[] = {".jpg", ".png", ".webp"};
    for (size_t s = 0; s < 3; s++) {
        struct file file = saved(two_halves(640, 480), suffixes[s]);
        assert_non_null(file.bytes);
        for (size_t part = 1; part < 8; part++) {
            struct photos_clean clean = {0};
            struct why why = {""};
            size_t len = file.len * part / 8;
            void *cut = malloc(len); /* exact, so that reading on is seen */
            assert_non_null(cut);
            memcpy(cut, file.bytes, len);
            assert_int_not_equal(photos_clean(cut, len, &photos_defaults, &clean, &why), ERR_OK);
            assert_true(why.text[0] != '\0');
            free(cut);
        }
        g_free(file.bytes);
    }
}

TEST(what_hides_behind_a_photo_does_not_come_through)
{
    static const char html[] = "<script>alert(1)</script>";
    struct file file = saved(two_halves(80, 40), ".jpg");
    char *both = malloc(file.len + sizeof html);
    assert_non_null(both);
    memcpy(both, file.bytes, file.len);
    memcpy(both + file.len, html, sizeof html);
    struct photos_clean clean = cleaned((struct file){both, file.len + sizeof html});
    for (int i = 0; i < PHOTOS_SIZES; i++)
        assert_null(memmem(clean.sizes[i].bytes, clean.sizes[i].len, "<script>", 8));
    photos_clean_fini(&clean);
    free(both);
    g_free(file.bytes);
}

TEST(a_moving_picture_is_refused)
{
    VipsImage *frames[2] = {two_halves(20, 20), NULL}, *tall = NULL;
    int delays[] = {100, 100};
    assert_int_equal(vips_flip(frames[0], &frames[1], VIPS_DIRECTION_HORIZONTAL, NULL), 0);
    assert_int_equal(vips_arrayjoin(frames, &tall, 2, "across", 1, NULL), 0);
    vips_image_set_int(tall, VIPS_META_PAGE_HEIGHT, 20);
    vips_image_set_array_int(tall, "delay", delays, 2);
    struct file file = saved(tall, ".webp");
    g_object_unref(frames[0]);
    g_object_unref(frames[1]);
    assert_non_null(file.bytes);
    refused(file.bytes, file.len, ERR_UNSUPPORTED, "holds 2 pictures: send one still photo");
    g_free(file.bytes);
}

TEST(a_file_that_is_too_long_is_refused_unread)
{
    struct photos_limits limits = photos_defaults;
    struct photos_clean clean = {0};
    struct why why = {""};
    limits.max_bytes = 10;
    assert_err(photos_clean("\xFF\xD8\xFF........", 11, &limits, &clean, &why), ERR_LIMIT);
    assert_string_equal(why.text, "the photo has 11 bytes, at most 10 are taken");
}

TEST(decoding_stops_at_its_deadline)
{
    struct photos_limits limits = photos_defaults;
    struct photos_clean clean = {0};
    struct why why = {""};
    struct file file = saved(two_halves(2000, 2000), ".png");
    limits.timeout_ms = -1;
    assert_err(photos_clean(file.bytes, file.len, &limits, &clean, &why), ERR_TIMEOUT);
    assert_non_null(strstr(why.text, "took too long"));
    assert_null(clean.large.bytes);
    g_free(file.bytes);
}

static double clean_seconds(struct file file, int64_t timeout_ms, enum err expected)
{
    struct photos_limits limits = photos_defaults;
    struct photos_clean clean = {0};
    struct timespec from, to;
    limits.timeout_ms = timeout_ms;
    clock_gettime(CLOCK_MONOTONIC, &from);
    assert_err(photos_clean(file.bytes, file.len, &limits, &clean, NULL), expected);
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (!expected) photos_clean_fini(&clean);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

TEST(the_deadline_also_ends_the_decoding_of_a_picture_that_must_be_turned)
{
    VipsImage *image = two_halves(5000, 5000);
    vips_image_set_int(image, VIPS_META_ORIENTATION, 6);
    struct file file = saved(image, ".jpg");
    double whole_s = clean_seconds(file, 600000, ERR_OK);
    double ended_s = clean_seconds(file, -1, ERR_TIMEOUT);
    printf("%.3f s in full, %.3f s until the deadline\n", whole_s, ended_s);
    assert_true(ended_s < whole_s / 3);
    g_free(file.bytes);
}

TEST(heic_is_read)
{
    struct file file = saved(two_halves(64, 64), ".heic");
    if (!file.bytes) {
        printf("SKIPPED: this libvips cannot write HEIC\n");
        return;
    }
    struct photos_clean clean = cleaned(file);
    assert_string_equal(clean.format, "HEIC");
    assert_int_equal(clean.large.width, 64);
    photos_clean_fini(&clean);
    refused(file.bytes, file.len / 2, ERR_FORMAT, "damaged or cut short");
    g_free(file.bytes);
}

/* --- real photos --- */

static struct file shared_photo(const char *name)
{
    char path[512];
    struct file file = {0};
    gchar *bytes = NULL;
    gsize len = 0;
    const char *data = getenv("YIZHAN_DATA");
    (void)snprintf(path, sizeof path, "%s/photos/%s", data ? data : HOUSE_ROOT "/../shared/data",
                   name);
    if (g_file_get_contents(path, &bytes, &len, NULL))
        file = (struct file){bytes, len};
    else
        printf("SKIPPED: %s is not there\n", path);
    return file;
}

TEST(real_photos_come_out_upright_and_bare)
{
    static const char *const names[] = {"orientation1.jpg", "orientation3.jpg", "orientation6.jpg",
                                        "orientation8.jpg"};
    int width = 0, height = 0;
    for (size_t i = 0; i < 4; i++) {
        struct file file = shared_photo(names[i]);
        if (!file.bytes) return;
        struct photos_clean clean = cleaned(file);
        bare_jpeg(&clean.large);
        /* They are four takes of one upright scene. */
        if (i == 0) {
            width = clean.large.width;
            height = clean.large.height;
        }
        printf("%s: %d x %d\n", names[i], clean.large.width, clean.large.height);
        assert_true((clean.large.width > clean.large.height) == (width > height));
        photos_clean_fini(&clean);
        g_free(file.bytes);
    }
}

TEST(a_real_photo_from_beijing_hints_at_beijing)
{
    struct file file = shared_photo("beijing_gps_orientation6.jpg");
    if (!file.bytes) return;
    struct photos_clean clean = cleaned(file);
    assert_true(clean.hint.has_position && clean.hint.has_time);
    assert_true(clean.hint.at.lon > 115.4 && clean.hint.at.lon < 117.6);
    assert_true(clean.hint.at.lat > 39.4 && clean.hint.at.lat < 41.1);
    assert_string_equal(clean.hint.time, "2016-03-24T14:49:51");
    bare_jpeg(&clean.large);
    photos_clean_fini(&clean);
    g_free(file.bytes);
}

int main(int argc, char **argv)
{
    (void)argc;
    struct why why = {""};
    if (photos_init(argv[0], &why) || secrets_init()) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_photo_comes_back_in_three_sizes),
        cmocka_unit_test(a_small_photo_is_not_blown_up),
        cmocka_unit_test(every_orientation_becomes_upright),
        cmocka_unit_test(metadata_is_gone_and_position_and_time_are_handed_back),
        cmocka_unit_test(nonsense_for_a_position_or_time_gives_no_hint),
        cmocka_unit_test(see_through_parts_become_white),
        cmocka_unit_test(grey_and_16_bit_pictures_become_8_bit_srgb),
        cmocka_unit_test(what_is_no_photo_is_named),
        cmocka_unit_test(a_picture_that_dresses_as_another_format_is_refused),
        cmocka_unit_test(the_deadline_also_ends_the_decoding_of_a_picture_that_must_be_turned),
        cmocka_unit_test(a_bomb_is_refused_by_its_header_before_memory_is_spent),
        cmocka_unit_test(a_file_that_ends_early_is_refused_wherever_it_is_cut),
        cmocka_unit_test(what_hides_behind_a_photo_does_not_come_through),
        cmocka_unit_test(a_moving_picture_is_refused),
        cmocka_unit_test(a_file_that_is_too_long_is_refused_unread),
        cmocka_unit_test(decoding_stops_at_its_deadline),
        cmocka_unit_test(heic_is_read),
        cmocka_unit_test(real_photos_come_out_upright_and_bare),
        cmocka_unit_test(a_real_photo_from_beijing_hints_at_beijing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    photos_fini();
    return failed;
}

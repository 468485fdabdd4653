/* Pictures made by the tests themselves. */
#ifndef YZ_TESTS_DATA_PICTURES_H
#define YZ_TESTS_DATA_PICTURES_H

#include "tests/check.h"

#include "data/photos.h"

#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

struct file {
    void *bytes;
    size_t len;
};

/* Red left half, blue right half. */
static inline VipsImage *two_halves(int width, int height)
{
    unsigned char *pixels = calloc((size_t)width * (size_t)height, 3);
    assert_non_null(pixels);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            pixels[3 * (y * width + x) + (x < width / 2 ? 0 : 2)] = 255;
    VipsImage *image = vips_image_new_from_memory_copy(pixels, (size_t)width * (size_t)height * 3,
                                                       width, height, 3, VIPS_FORMAT_UCHAR);
    free(pixels);
    assert_non_null(image);
    VipsImage *srgb = NULL;
    assert_int_equal(vips_copy(image, &srgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL), 0);
    g_object_unref(image);
    return srgb;
}

/* NULL bytes when this libvips cannot write the format. Takes the image. */
static inline struct file saved(VipsImage *image, const char *suffix)
{
    struct file file = {0};
    if (vips_image_write_to_buffer(image, suffix, &file.bytes, &file.len, NULL)) vips_error_clear();
    g_object_unref(image);
    return file;
}

/* That a written picture has no metadata. */
static inline void bare_jpeg(const struct photos_picture *picture)
{
    /* Only the segments that decoding needs (ITU T.81): no APP1 and above, no comment. */
    const unsigned char *b = picture->bytes;
    size_t i = 2;
    assert_true(picture->len > 4 && b[0] == 0xFF && b[1] == 0xD8);
    while (i + 4 < picture->len && b[i] == 0xFF && b[i + 1] != 0xDA) {
        assert_true(b[i + 1] < 0xE1 || b[i + 1] > 0xEF);
        assert_int_not_equal(b[i + 1], 0xFE);
        i += 2 + (size_t)(b[i + 2] << 8 | b[i + 3]);
    }
}

/* RIFF with the pixels' chunk alone: no VP8X, which announces EXIF, XMP or a profile. */
static inline void bare_webp(const struct photos_picture *picture)
{
    assert_true(picture->len > 16);
    assert_memory_equal(picture->bytes, "RIFF", 4);
    assert_memory_equal(picture->bytes + 8, "WEBPVP8 ", 8);
}

#endif

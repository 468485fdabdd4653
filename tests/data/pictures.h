/* Pictures made by the tests themselves. */
#ifndef YZ_TESTS_DATA_PICTURES_H
#define YZ_TESTS_DATA_PICTURES_H

#include "tests/check.h"

#include <stdlib.h>

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

#endif

#include "tests/bench/snaps.h"

#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

enum { MARK = 160, LEAST_QUALITY = 30, MOST_QUALITY = 98 };

static const size_t row_bytes = (size_t)SNAPS_WIDTH * 3;

/* The pixels that all have. */
static unsigned char *ground(void)
{
    VipsImage *noise = NULL, *soft = NULL, *pixels = NULL, *all = NULL;
    size_t size;
    unsigned char *bytes = NULL;
    if (!vips_gaussnoise(&noise, SNAPS_WIDTH, SNAPS_HEIGHT, "mean", 128.0, "sigma", 300.0, "seed",
                         7, NULL) &&
        !vips_gaussblur(noise, &soft, 4.0, NULL) && !vips_cast_uchar(soft, &pixels, NULL)) {
        VipsImage *bands[] = {pixels, pixels, pixels};
        if (!vips_bandjoin(bands, &all, 3, NULL)) bytes = vips_image_write_to_memory(all, &size);
    }
    VIPS_UNREF(all);
    VIPS_UNREF(pixels);
    VIPS_UNREF(soft);
    VIPS_UNREF(noise);
    return bytes;
}

/* A square of colours that tell a photo from others also when it is small. */
static void mark(unsigned char *pixels, size_t number)
{
    const unsigned char colour[] = {(unsigned char)(number * 37), (unsigned char)(number >> 3),
                                    (unsigned char)(number * 101 >> 2)};
    for (size_t y = 0; y < MARK; y++)
        for (size_t x = 0; x < MARK; x++)
            memcpy(pixels + y * row_bytes + 3 * x, colour, sizeof colour);
}

static bool save(unsigned char *pixels, int quality, struct snaps_photo *photo)
{
    VipsImage *plain = vips_image_new_from_memory(pixels, row_bytes * SNAPS_HEIGHT, SNAPS_WIDTH,
                                                  SNAPS_HEIGHT, 3, VIPS_FORMAT_UCHAR);
    VipsImage *srgb = NULL;
    bool ok = plain && !vips_copy(plain, &srgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) &&
              !vips_jpegsave_buffer(srgb, &photo->bytes, &photo->len, "Q", quality, NULL);
    VIPS_UNREF(srgb);
    VIPS_UNREF(plain);
    return ok;
}

bool snaps_make(const char *program, size_t count, struct snaps *snaps)
{
    if (VIPS_INIT(program)) return false;
    unsigned char *pixels = ground();
    int quality = LEAST_QUALITY;
    *snaps = (struct snaps){.photos = calloc(count, sizeof *snaps->photos)};
    bool ok = pixels && snaps->photos;
    while (ok && snaps->count < count) {
        struct snaps_photo *photo = &snaps->photos[snaps->count];
        mark(pixels, snaps->count);
        ok = save(pixels, quality, photo);
        if (ok && photo->len < SNAPS_BYTES && quality < MOST_QUALITY) {
            g_free(photo->bytes);
            photo->bytes = NULL;
            quality += 2;
        } else if (ok) {
            snaps->count++;
        }
    }
    g_free(pixels);
    return ok;
}

void snaps_free(struct snaps *snaps)
{
    for (size_t i = 0; i < snaps->count; i++)
        g_free(snaps->photos[i].bytes);
    free(snaps->photos);
    vips_shutdown();
}

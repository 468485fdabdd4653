/* What a picture looks like, in 64 bits that hardly change when it is made smaller, written anew or
 * a little brighter: the perceptual hash by the discrete cosine transform of C. Zauner,
 * "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), section 3.1.1. Its
 * mean filter is left out: the picture was shrunk with a filter of its own. */
#ifndef YZ_DATA_PHOTO_LOOK_H
#define YZ_DATA_PHOTO_LOOK_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PHOTO_LOOK_SIDE = 32,
    PHOTO_LOOK_NEAR = 3 /* so many bits at most differ between two that look the same */
};

/* Of 32 x 32 grey pixels, row by row. False, and `*look` untouched, for a picture so even that
 * noise would decide. */
bool photo_look_of(const unsigned char grey[PHOTO_LOOK_SIDE * PHOTO_LOOK_SIDE], uint64_t *look);

/* In how many bits two differ. */
unsigned photo_look_apart(uint64_t a, uint64_t b);

#endif

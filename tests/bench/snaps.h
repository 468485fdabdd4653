/* Photos for benchmarks, as telephones send them: 1600 x 1200 pixels, about 200 kB, no two alike.
 */
#ifndef YZ_TESTS_BENCH_SNAPS_H
#define YZ_TESTS_BENCH_SNAPS_H

#include <stdbool.h>
#include <stddef.h>

struct snaps {
    struct snaps_photo {
        void *bytes; /* JPEG */
        size_t len;
    } * photos;
    size_t count;
};

enum { SNAPS_WIDTH = 1600, SNAPS_HEIGHT = 1200, SNAPS_BYTES = 200000 };

/* Clouds with as much grain as makes the file as large as wanted, and a mark of its own on each. */
bool snaps_make(const char *program, size_t count, struct snaps *snaps);
void snaps_free(struct snaps *snaps);

#endif

/* A closure's shape as a database gives it; what is read is written again as it was. */
#include "data/closures_wkb.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena arena = {0};
    struct cover_shape shape = {0};
    struct buf out;
    buf_init(&out, 1 << 20);
    if (closures_wkb_read(bytes, len, &arena, &shape) == ERR_OK) {
        closures_wkb_write(&shape, &out);
        if (out.err || out.len != len || memcmp(out.bytes, bytes, len) != 0) __builtin_trap();
    }
    buf_fini(&out);
    arena_fini(&arena);
    return 0;
}

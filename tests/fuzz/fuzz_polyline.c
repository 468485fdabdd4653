#include "geo/space/polyline.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What decodes must be inside the world and decode to the same again once encoded. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    enum { MAX = 256 };
    struct coord points[MAX], back[MAX];
    uint32_t stack[2 * MAX];
    size_t count, again = 0;
    for (int precision = 5; precision <= 6; precision++) {
        struct buf buf;
        if (polyline_decode((const char *)bytes, len, precision, points, MAX, &count)) continue;
        buf_init(&buf, 1 << 20);
        polyline_encode(points, count, precision, &buf);
        if (buf.err || polyline_decode(buf.bytes, buf.len, precision, back, MAX, &again)) abort();
        if (again != count) abort();
        for (size_t i = 0; i < count; i++)
            if (!coord_valid(points[i]) || points[i].lon != back[i].lon) abort();
        if (polyline_simplify(points, count, 10, stack) > count) abort();
        buf_fini(&buf);
    }
    return 0;
}

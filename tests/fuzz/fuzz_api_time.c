/* A moment as clients send it; what is understood is written and understood as the same. */
#include "geo/base/moment.h"
#include "server/api/api_time.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char *text = malloc(len + 1);
    int64_t ms, again;
    if (!text) return 0;
    memcpy(text, bytes, len);
    text[len] = '\0';
    if (moment_read(text, &ms)) {
        struct buf out;
        struct jsonw json;
        buf_init(&out, 100);
        jsonw_init(&json, &out);
        api_time_write(&json, "t", ms); /* "t":"..." */
        buf_putc(&out, '\0');
        if (out.err || out.len < 7) __builtin_trap();
        out.bytes[out.len - 2] = '\0';
        if (!moment_read(out.bytes + 5, &again) || again != ms) __builtin_trap();
        buf_fini(&out);
    }
    free(text);
    return 0;
}

#include "data/posts_kinds.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct posts_kinds *kinds;
    struct why why = {""};
    if (posts_kinds_parse("fuzz", (const char *)bytes, len, NULL, &kinds, &why)) return 0;
    for (size_t i = 0; i < posts_kinds_count(kinds); i++) {
        const struct posts_kind *kind = posts_kinds_at(kinds, i);
        if (posts_kinds_find(kinds, kind->code) != kind || kind->tries < 1 || kind->amount)
            __builtin_trap();
    }
    if (posts_kinds_video(kinds, "https://v.qq.com@example.org/")) __builtin_trap();
    posts_kinds_free(kinds);
    return 0;
}

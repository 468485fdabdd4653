/* The first line is the Content-Type, the rest the body. */
#include "server/multipart.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena arena = {0};
    struct multipart parts;
    struct why why = {""};
    const uint8_t *eol = len ? memchr(bytes, '\n', len) : NULL;
    if (!eol) return 0;
    char *type = arena_strndup(&arena, (const char *)bytes, (size_t)(eol - bytes));
    if (type && !multipart_parse(type, (const char *)eol + 1, len - (size_t)(eol + 1 - bytes),
                                 &arena, &parts, &why))
        for (size_t i = 0; i < parts.count; i++) {
            const char *end = parts.parts[i].bytes + parts.parts[i].len;
            if (parts.parts[i].bytes < (const char *)eol || end > (const char *)bytes + len)
                abort();
        }
    arena_fini(&arena);
    return 0;
}

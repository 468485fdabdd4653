/* The body. Every part lies in memory of its own, ends with a NUL and has a name. */
#include "server/form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena arena = {0};
    struct multipart parts;
    struct why why = {""};
    enum err e = form_parse((const char *)bytes, len, &arena, &parts, &why);
    if (e && e != ERR_NOMEM && !why.text[0]) abort();
    for (size_t i = 0; i < parts.count; i++)
        if (!parts.parts[i].name[0] || parts.parts[i].len > len ||
            parts.parts[i].bytes[parts.parts[i].len])
            abort();
    arena_fini(&arena);
    return 0;
}

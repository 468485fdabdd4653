/* A Cookie header as a stranger sends it. */
#include "server/cookie.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char value[49];
    char *text = malloc(len + 1);
    if (!text) return 0;
    memcpy(text, bytes, len);
    text[len] = '\0';
    if (cookie_read(text, "yizhan", value, sizeof value)) {
        size_t n = strlen(value);
        if (!n || n >= sizeof value || strchr(value, ';') || !strstr(text, value)) __builtin_trap();
    }
    free(text);
    return 0;
}

/* Accept and Accept-Language as a stranger sends them. */
#include "server/negotiate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const forms[] = {"application/geo+json", "text/html; charset=utf-8", NULL};
    static const char *const languages[] = {"zh", "en", NULL};
    char *text = malloc(len + 1);
    if (!text) return 0;
    memcpy(text, bytes, len);
    text[len] = '\0';
    int form = negotiate_media(text, forms), language = negotiate_language(text, languages);
    if (form < -1 || form > 1 || language < 0 || language > 1) __builtin_trap();
    free(text);
    return 0;
}

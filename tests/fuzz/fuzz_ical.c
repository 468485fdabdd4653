#include "geo/base/text.h"
#include "server/ical.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Whatever text an event has, the calendar has one event, and lines of 75 octets and of whole
 * characters. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct buf out;
    size_t events = 0;
    if (len > 20000 || !text_utf8_valid((const char *)bytes, len)) return 0;
    char *text = malloc(len + 1);
    if (!text) return 0;
    memcpy(text, bytes, len);
    text[len] = '\0';
    const struct ical_event event = {.uid = "1@example.org",
                                     .title = text,
                                     .text = text,
                                     .where = text,
                                     .url = "",
                                     .category = text,
                                     .to_ms = 1000};
    buf_init(&out, 1 << 20);
    if (ical_write(&event, 1, &out)) __builtin_trap();
    buf_putc(&out, '\0');
    for (const char *line = out.bytes; *line;) {
        const char *end = strstr(line, "\r\n");
        if (!end || end - line > 75 || !text_utf8_valid(line, (size_t)(end - line)))
            __builtin_trap();
        events += strncmp(line, "BEGIN:", 6) == 0;
        line = end + 2;
    }
    if (events != 2) __builtin_trap();
    buf_fini(&out);
    free(text);
    return 0;
}

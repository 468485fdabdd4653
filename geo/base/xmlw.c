#include "geo/base/xmlw.h"

#include "geo/base/text.h"

#include <stdbool.h>
#include <string.h>

void xmlw_begin(struct buf *buf)
{
    buf_puts(buf, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
}

void xmlw_open(struct buf *buf, const char *name)
{
    buf_putc(buf, '<');
    buf_puts(buf, name);
    buf_putc(buf, '>');
}

void xmlw_close(struct buf *buf, const char *name)
{
    buf_puts(buf, "</");
    buf_puts(buf, name);
    buf_putc(buf, '>');
}

/* A carriage return as it is would be read as a line feed (section 2.11). */
static const char *escape(unsigned char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

static bool is_allowed(const char *text, size_t step)
{
    unsigned char c = (unsigned char)text[0];
    if (step == 1) return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    bool last = step == 3 && memcmp(text, "\xEF\xBF", 2) == 0;
    return !last || (unsigned char)text[2] < 0xBE;
}

void xmlw_text(struct buf *buf, const char *text, size_t len)
{
    for (size_t i = 0, step; i < len; i += step ? step : 1) {
        step = text_utf8_len(text + i, len - i);
        const char *escaped = escape((unsigned char)text[i]);
        if (!step || !is_allowed(text + i, step))
            buf_puts(buf, "\xEF\xBF\xBD");
        else if (escaped)
            buf_puts(buf, escaped);
        else
            buf_put(buf, text + i, step);
    }
}

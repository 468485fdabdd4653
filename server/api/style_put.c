#include "server/api/style_put.h"

#include <stdarg.h>
#include <stdio.h>

void style_put(struct jsonw *json, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        json->buf->err = ERR_LIMIT;
    else
        jsonw_raw(json, text, (size_t)n);
}

const char *style_name(const struct style *style)
{
    return style->english ? "[\"coalesce\",[\"get\",\"name_en\"],[\"get\",\"name\"]]"
                          : "[\"coalesce\",[\"get\",\"name\"],[\"get\",\"name_en\"]]";
}

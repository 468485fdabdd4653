#include "geo/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[ERR_COUNT] = {
#define ERR_TEXT(name, text) [ERR_##name] = (text),
    ERR_LIST(ERR_TEXT)
#undef ERR_TEXT
};

static const char *const names[ERR_COUNT] = {
#define ERR_NAME(name, text) [ERR_##name] = #name,
    ERR_LIST(ERR_NAME)
#undef ERR_NAME
};

const char *err_text(enum err e)
{
    return (unsigned)e < ERR_COUNT ? texts[e] : "unknown error";
}

const char *err_name(enum err e)
{
    return (unsigned)e < ERR_COUNT ? names[e] : "UNKNOWN";
}

enum err err_from_errno(int code)
{
    switch (code) {
    case 0:
        return ERR_OK;
    case ENOMEM:
        return ERR_NOMEM;
    case ENOENT:
    case ENOTDIR:
        return ERR_NOTFOUND;
    case ENOSPC:
    case EDQUOT:
        return ERR_FULL;
    case EROFS:
        return ERR_READONLY;
    case EACCES:
    case EPERM:
        return ERR_DENIED;
    case EAGAIN:
    case EBUSY:
        return ERR_BUSY;
    case EIO:
        return ERR_IO;
    default:
        return ERR_SYSTEM;
    }
}

/* Cuts a half-written UTF-8 sequence off the end of a text that snprintf truncated. */
static void cut_at_character(char *text, size_t len)
{
    size_t i = len;
    while (i > 0 && ((unsigned char)text[i - 1] & 0xC0) == 0x80)
        i--;
    if (i > 0 && (unsigned char)text[i - 1] >= 0xC0) text[i - 1] = '\0';
}

int err_tell(struct why *why, const char *format, ...)
{
    if (!why) return 0;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    if (n >= (int)sizeof why->text) cut_at_character(why->text, sizeof why->text - 1);
    return n;
}

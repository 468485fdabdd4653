#include "data/record.h"

#include "geo/base/text.h"

#include <string.h>

enum err record_text(const char *name, const char *text, size_t min, size_t max, struct why *why)
{
    size_t n = text_utf8_count(text, strlen(text));
    if (n < min || n > max)
        return err_say(why, ERR_INVALID, "%s must have %zu to %zu characters", name, min, max);
    if (n && !text_visible(text, strlen(text)))
        return err_say(why, ERR_INVALID, "%s must have something to see, not blanks alone", name);
    return ERR_OK;
}

enum err record_number(const char *name, int64_t number, int64_t min, int64_t max, struct why *why)
{
    if (number >= min && number <= max) return ERR_OK;
    return err_say(why, ERR_INVALID, "%s must be from %lld to %lld", name, (long long)min,
                   (long long)max);
}

enum err record_seen(const char *what, int64_t now, int64_t seen, struct why *why)
{
    if (now == seen) return ERR_OK;
    return err_say(why, ERR_CONFLICT,
                   "somebody else was faster: %s is at version %lld by now, not at version %lld",
                   what, (long long)now, (long long)seen);
}

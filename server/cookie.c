#include "server/cookie.h"

#include "geo/base/text.h"
#include "server/request.h"

#include <string.h>

bool cookie_read(const char *header, const char *name, char *value, size_t size)
{
    size_t name_len = strlen(name), len, found_len = 0;
    const char *item, *found = NULL;
    while (request_next(&header, ';', &item, &len)) {
        text_trim(&item, &len);
        if (len <= name_len || memcmp(item, name, name_len) != 0 || item[name_len] != '=') continue;
        if (found) return false;
        found = item + name_len + 1;
        found_len = len - name_len - 1;
    }
    if (!found || !found_len || found_len >= size) return false;
    memcpy(value, found, found_len);
    value[found_len] = '\0';
    return true;
}

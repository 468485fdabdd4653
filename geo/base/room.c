#include "geo/base/room.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 64 };

enum err room_grow(void *items, size_t item_bytes, size_t count, size_t *size)
{
    void *now;
    if (count < *size) return ERR_OK;
    size_t wanted = *size ? *size * 2 : FIRST;
    memcpy(&now, items, sizeof now); /* a pointer of whatever type */
    void *more = reallocarray(now, wanted, item_bytes);
    if (!more) return ERR_NOMEM;
    memcpy(items, &more, sizeof more);
    *size = wanted;
    return ERR_OK;
}

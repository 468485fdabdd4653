/* Room for what is collected one by one: an array that doubles. */
#ifndef YZ_GEO_BASE_ROOM_H
#define YZ_GEO_BASE_ROOM_H

#include "geo/base/err.h"

#include <stddef.h>

/* Makes room for one more item behind `count` of them in the heap's memory to which `items`, the
 * address of a pointer, points (NULL: none yet); `*size` is how many it holds. ERR_NOMEM, and all
 * is as it was. */
enum err room_grow(void *items, size_t item_bytes, size_t count, size_t *size);

#endif

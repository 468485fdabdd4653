/* The vertices that walks up an elimination tree have come to, lowest first: where two walks meet
 * they go on as one. */
#ifndef YZ_GEO_ROAD_FRONT_H
#define YZ_GEO_ROAD_FRONT_H

#include "geo/road/network.h"

#include <stdbool.h>
#include <stdlib.h>

/* Zero-initialised is empty. */
struct front {
    uint32_t *vertices; /* descending, so that the lowest is the last; each once */
    size_t count, room;
};

static inline void front_fini(struct front *front)
{
    free(front->vertices);
    *front = (struct front){0};
}

static inline bool front_reserve(struct front *front, size_t count)
{
    if (count <= front->room) return true;
    size_t room = count + count / 2 + 64;
    uint32_t *grown = realloc(front->vertices, room * sizeof *grown);
    if (!grown) return false;
    front->vertices = grown;
    front->room = room;
    return true;
}

/* There must be room. One that is there already is not added again. */
static inline void front_put(struct front *front, uint32_t vertex)
{
    size_t i = front->count;
    while (i > 0 && front->vertices[i - 1] < vertex)
        i--;
    if (i > 0 && front->vertices[i - 1] == vertex) return;
    for (size_t k = front->count++; k > i; k--)
        front->vertices[k] = front->vertices[k - 1];
    front->vertices[i] = vertex;
}

/* False when memory is out. */
static inline bool front_add(struct front *front, uint32_t vertex)
{
    if (!front_reserve(front, front->count + 1)) return false;
    front_put(front, vertex);
    return true;
}

/* Takes the lowest vertex, which gives way to its parent; the front must not be empty. */
static inline uint32_t front_next(struct front *front, const uint32_t *parents)
{
    uint32_t vertex = front->vertices[--front->count];
    if (parents[vertex] != NETWORK_NONE) front_put(front, parents[vertex]);
    return vertex;
}

#endif

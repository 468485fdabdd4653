/* A 4-ary min-heap of (key, value) pairs for best-first searches. Decrease-key is done by pushing
 * again and skipping stale pops, which the searches know from their own labels. */
#ifndef YZ_GEO_BASE_HEAP_H
#define YZ_GEO_BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct heap_item {
    double key; /* never NaN */
    uint32_t value;
    uint32_t tag; /* the caller's; not compared */
};

/* Belongs to one thread; zero-initialised is empty. Memory is kept until heap_fini, so that a
 * workspace reused by many queries stops allocating. */
struct heap {
    struct heap_item *items;
    uint32_t count, size;
};

void heap_fini(struct heap *heap);

/* Empties it in O(1). */
static inline void heap_clear(struct heap *heap)
{
    heap->count = 0;
}

/* False when memory is exhausted; the heap is then unchanged. */
bool heap_push(struct heap *heap, double key, uint32_t value, uint32_t tag);

/* The item of smallest key; the heap must not be empty. Equal keys come in no particular order. */
struct heap_item heap_pop(struct heap *heap);

static inline const struct heap_item *heap_top(const struct heap *heap)
{
    return heap->count ? &heap->items[0] : 0;
}

#endif

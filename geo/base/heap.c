#include "geo/base/heap.h"

#include <assert.h>
#include <stdlib.h>

enum { ARITY = 4 };

void heap_fini(struct heap *heap)
{
    free(heap->items);
    *heap = (struct heap){0};
}

static bool grow(struct heap *heap)
{
    uint32_t size = heap->size ? heap->size * 2 : 64;
    if (size <= heap->size) return false;
    struct heap_item *items = realloc(heap->items, size * sizeof *items);
    if (!items) return false;
    heap->items = items;
    heap->size = size;
    return true;
}

bool heap_push(struct heap *heap, double key, uint32_t value, uint32_t tag)
{
    if (heap->count == heap->size && !grow(heap)) return false;
    struct heap_item *items = heap->items;
    uint32_t i = heap->count++;
    while (i > 0) {
        uint32_t parent = (i - 1) / ARITY;
        if (items[parent].key <= key) break;
        items[i] = items[parent];
        i = parent;
    }
    items[i] = (struct heap_item){key, value, tag};
    return true;
}

static uint32_t smallest_child(const struct heap *heap, uint32_t first)
{
    uint32_t best = first, end = first + ARITY < heap->count ? first + ARITY : heap->count;
    for (uint32_t c = first + 1; c < end; c++)
        if (heap->items[c].key < heap->items[best].key) best = c;
    return best;
}

struct heap_item heap_pop(struct heap *heap)
{
    assert(heap->count > 0);
    struct heap_item *items = heap->items, top = items[0], last = items[--heap->count];
    uint32_t i = 0;
    for (;;) {
        uint32_t first = i * ARITY + 1;
        if (first >= heap->count) break;
        uint32_t child = smallest_child(heap, first);
        if (items[child].key >= last.key) break;
        items[i] = items[child];
        i = child;
    }
    if (heap->count) items[i] = last;
    return top;
}

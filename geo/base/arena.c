#include "geo/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024, KEEP_BYTES = 256 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena, size_t limit_bytes)
{
    *arena = (struct arena){.limit_bytes = limit_bytes};
}

static void free_from(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_fini(struct arena *arena)
{
    free_from(arena->first);
    *arena = (struct arena){.limit_bytes = arena->limit_bytes};
}

void arena_reset(struct arena *arena)
{
    arena->used_bytes = 0;
    arena->current = arena->first;
    if (!arena->first) return;
    free_from(arena->first->next);
    arena->first->next = NULL;
    arena->first->used = 0;
    if (arena->first->size > KEEP_BYTES) arena_fini(arena);
}

static struct arena_block *block_new(size_t need)
{
    size_t size = need > BLOCK_BYTES ? need : BLOCK_BYTES;
    struct arena_block *block = malloc(sizeof *block + size);
    if (block) *block = (struct arena_block){.size = size};
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 2) return NULL;
    size = (size + align - 1) / align * align;
    if (arena->limit_bytes && size > arena->limit_bytes - arena->used_bytes) return NULL;
    struct arena_block *block = arena->current;
    if (!block || block->size - block->used < size) {
        block = block_new(size);
        if (!block) return NULL;
        if (arena->current)
            arena->current->next = block;
        else
            arena->first = block;
        arena->current = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    arena->used_bytes += size;
    return memory;
}

void *arena_calloc(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) return NULL;
    void *memory = arena_alloc(arena, count * size);
    return memory ? memset(memory, 0, count * size) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? arena_alloc(arena, len + 1) : NULL;
    if (!copy) return NULL;
    if (len) memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    char guess[128]; /* most texts are short: formatted once, then copied */
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(guess, sizeof guess, format, args);
    va_end(args);
    char *text = n < 0 ? NULL : arena_alloc(arena, (size_t)n + 1);
    if (text && (size_t)n < sizeof guess)
        memcpy(text, guess, (size_t)n + 1);
    else if (text)
        (void)vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

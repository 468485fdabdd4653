#include "server/exchange.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    ARENA_BYTES = 32 * 1024 * 1024, /* a route of some thousand kilometres, with its steps */
    STACKS = 64,                    /* more threads share */
    SPARE_MAX = 32                  /* a stack; after a burst the others are freed */
};

/* A line of its own, so that threads do not wait for each other's. */
struct stack {
    alignas(64) pthread_mutex_t lock;
    struct exchange *first;
    unsigned count;
};

struct exchange_pool {
    struct stack stacks[STACKS];
};

static struct stack *stack_of(struct exchange_pool *pool)
{
    static atomic_uint threads;
    static _Thread_local unsigned mine; /* from 1 on */
    if (!mine) mine = atomic_fetch_add(&threads, 1) % STACKS + 1;
    return &pool->stacks[mine - 1];
}

enum err exchange_pool_new(struct exchange_pool **pool)
{
    struct exchange_pool *fresh = aligned_alloc(alignof(struct stack), sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    for (size_t i = 0; i < STACKS; i++) {
        pthread_mutex_init(&fresh->stacks[i].lock, NULL);
        fresh->stacks[i].first = NULL;
        fresh->stacks[i].count = 0;
    }
    *pool = fresh;
    return ERR_OK;
}

static void exchange_free(struct exchange *x)
{
    response_fini(&x->response);
    buf_fini(&x->received);
    arena_fini(&x->arena);
    free(x);
}

void exchange_pool_free(struct exchange_pool *pool)
{
    if (!pool) return;
    for (size_t i = 0; i < STACKS; i++) {
        struct stack *stack = &pool->stacks[i];
        for (struct exchange *x = stack->first, *next; x; x = next) {
            next = x->next;
            exchange_free(x);
        }
        pthread_mutex_destroy(&stack->lock);
    }
    free(pool);
}

static struct exchange *exchange_new(void)
{
    struct exchange *x = calloc(1, sizeof *x);
    if (!x) return NULL;
    arena_init(&x->arena, ARENA_BYTES);
    response_init(&x->response);
    return x;
}

struct exchange *exchange_take(struct exchange_pool *pool)
{
    struct stack *stack = stack_of(pool);
    pthread_mutex_lock(&stack->lock);
    struct exchange *x = stack->first;
    if (x) {
        stack->first = x->next;
        stack->count--;
    }
    pthread_mutex_unlock(&stack->lock);
    return x ? x : exchange_new();
}

void exchange_name(struct exchange *x, uint64_t number)
{
    static const char hex[] = "0123456789abcdef";
    uint64_t n = number * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < 16; i++, n >>= 4)
        x->id[i] = hex[n & 15];
    x->id[16] = '\0';
}

static void reset(struct exchange *x)
{
    response_reset(&x->response);
    buf_fini(&x->received);
    arena_reset(&x->arena);
    *x = (struct exchange){.response = x->response, .arena = x->arena};
}

void exchange_give(struct exchange_pool *pool, struct exchange *x)
{
    if (!x) return;
    reset(x);
    struct stack *stack = stack_of(pool);
    pthread_mutex_lock(&stack->lock);
    bool keep = stack->count < SPARE_MAX;
    if (keep) {
        x->next = stack->first;
        stack->first = x;
        stack->count++;
    }
    pthread_mutex_unlock(&stack->lock);
    if (!keep) exchange_free(x);
}

#include "geo/place/least.h"

#include <stdlib.h>

enum { FIRST = 1, STEP = 4, RUN = 16 };

void least_fini(struct least *least)
{
    if (least->slots) free(least->slots - FIRST);
    free(least->aside);
    *least = (struct least){0};
}

enum err least_begin(struct least *least, uint32_t limit)
{
    uint32_t count = (limit + STEP - 1) / STEP * STEP;
    if (count < limit) return ERR_NOMEM;
    if (count > least->size || !least->slots) {
        double *slots = malloc(((size_t)count + FIRST) * sizeof *slots);
        if (!slots) return ERR_NOMEM;
        if (least->slots) free(least->slots - FIRST);
        least->slots = slots + FIRST;
        least->slots[-1] = -1;
        least->size = count;
    }
    for (uint32_t i = 0; i < count; i++)
        least->slots[i] = LEAST_FREE;
    least->count = count;
    least->aside_count = 0;
    return ERR_OK;
}

/* Moves up by one, in `STEP` slots, what is more than the key, and puts it between. */
static inline void shift(double *restrict slots, double key)
{
    double moved[STEP];
    for (int i = 0; i < STEP; i++)
        moved[i] = slots[i - 1] > key ? slots[i - 1] : key;
    for (int i = 0; i < STEP; i++)
        slots[i] = slots[i] < moved[i] ? slots[i] : moved[i];
}

/* Within a run it is not looked where the key belongs: a branch that nobody can foretell costs more
 * than moving a few numbers that stay. */
double least_put(struct least *least, double key)
{
    double *end = least->slots + least->count;
    double out = end[-1] > key ? end[-1] : key;
    for (uint32_t left = least->count; left > 0;) {
        uint32_t run = left > RUN ? RUN : left;
        for (left -= run; run > 0; run -= STEP) {
            end -= STEP;
            shift(end, key);
        }
        if (end[-1] <= key) break;
    }
    return out;
}

enum err least_put_aside(struct least *least, double key)
{
    if (least->aside_count == least->aside_size) {
        uint32_t size = least->aside_size ? least->aside_size * 2 : 64;
        double *aside =
            size > least->aside_size ? realloc(least->aside, size * sizeof *aside) : NULL;
        if (!aside) return ERR_NOMEM;
        least->aside = aside;
        least->aside_size = size;
    }
    least->aside[least->aside_count++] = key;
    return ERR_OK;
}

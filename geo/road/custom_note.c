/* The links a repair has to look at, and in what order. */
#include "geo/road/custom_work.h"

#include <stdlib.h>

/* Above this share of all links, doing everything anew is quicker. */
enum { SHARE = 32 };

static void enqueue(struct custom *custom, uint32_t vertex)
{
    double key = custom->rising ? (double)vertex : -(double)vertex;
    if (!heap_push(&custom->queue, key, vertex, 0)) custom->failed = ERR_NOMEM;
}

static bool grow(struct custom *custom)
{
    uint32_t size = custom->note_size ? 2 * custom->note_size : 1024;
    struct custom_note *notes = realloc(custom->notes, size * sizeof *notes);
    if (!notes) return false;
    custom->notes = notes;
    custom->note_size = size;
    return true;
}

bool custom_note(struct custom *custom, uint32_t low, uint32_t link)
{
    if (custom->failed) return false;
    if (custom->marks[link] & CUSTOM_NOTED) return true;
    if (custom->note_count > custom->cch->link_count / SHARE)
        custom->failed = ERR_LIMIT;
    else if (custom->note_count == custom->note_size && !grow(custom))
        custom->failed = ERR_NOMEM;
    if (custom->failed) return false;
    if (custom->noted[low] == NETWORK_NONE) enqueue(custom, low);
    custom->marks[link] |= CUSTOM_NOTED;
    custom->notes[custom->note_count] = (struct custom_note){.link = link,
                                                             .low = low,
                                                             .next = custom->noted[low],
                                                             .basic = custom->basic[link],
                                                             .exact = custom->exact[link]};
    custom->noted[low] = custom->note_count++;
    return true;
}

void custom_note_queue(struct custom *custom, bool rising)
{
    heap_clear(&custom->queue);
    custom->rising = rising;
    /* The first note of a vertex is the last of its list. */
    for (uint32_t i = 0; i < custom->note_count; i++)
        if (custom->notes[i].next == NETWORK_NONE) enqueue(custom, custom->notes[i].low);
}

bool custom_note_next(struct custom *custom, uint32_t *vertex)
{
    if (custom->failed || !custom->queue.count) return false;
    *vertex = heap_pop(&custom->queue).value;
    return true;
}

void custom_note_forget(struct custom *custom)
{
    for (uint32_t i = 0; i < custom->note_count; i++) {
        custom->marks[custom->notes[i].link] = 0;
        custom->noted[custom->notes[i].low] = NETWORK_NONE;
    }
    custom->note_count = 0;
    heap_clear(&custom->queue);
    custom->failed = ERR_OK;
}

void custom_note_before(struct custom *custom, uint32_t x)
{
    uint32_t first = custom->cch->up_first[x], end = custom->cch->up_first[x + 1];
    for (uint32_t j = first; j < end; j++)
        custom->before[j - first] = custom->basic[j];
    for (uint32_t n = custom->noted[x]; n != NETWORK_NONE; n = custom->notes[n].next)
        custom->before[custom->notes[n].link - first] = custom->notes[n].basic;
}

const struct custom_note *custom_note_find(const struct custom *custom, uint32_t low, uint32_t link)
{
    uint32_t n = custom->noted[low];
    while (custom->notes[n].link != link)
        n = custom->notes[n].next;
    return &custom->notes[n];
}

uint32_t custom_find_link(const struct cch *cch, uint32_t from, uint32_t low, uint32_t high)
{
    uint32_t end = cch->up_first[low + 1], to = end;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (cch->up_head[middle] < high)
            from = middle + 1;
        else
            to = middle;
    }
    return from < end && cch->up_head[from] == high ? from : NETWORK_NONE;
}

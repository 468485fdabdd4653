#include "geo/road/metric.h"

#include <assert.h>
#include <stdlib.h>

void metric_free(struct metric *metric)
{
    if (!metric || atomic_fetch_sub(&metric->owners, 1) > 1) return;
    for (int s = 0; s < METRIC_SIDES; s++) {
        free(metric->first[s]);
        free(metric->links[s]);
    }
    free((void *)metric->view.time_ms);
    free(metric);
}

struct metric *metric_share(struct metric *metric)
{
    atomic_fetch_add(&metric->owners, 1);
    return metric;
}

const struct metric_link *metric_find(const struct metric *metric, enum metric_side side,
                                      uint32_t low, uint32_t high)
{
    const struct metric_link *links = metric->links[side];
    uint32_t from = metric->first[side][low], end = metric->first[side][low + 1], to = end;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (links[middle].head < high)
            from = middle + 1;
        else
            to = middle;
    }
    return from < end && links[from].head == high ? &links[from] : NULL;
}

/* The link that leads from one vertex to another, whichever is the higher. */
static const struct metric_link *link_between(const struct metric *metric, uint32_t from,
                                              uint32_t to)
{
    return from < to ? metric_find(metric, METRIC_UP, from, to)
                     : metric_find(metric, METRIC_DOWN, to, from);
}

/* `ahead` holds the vertices still to come, the last of them first; it is kept on the stack, for
 * what is on it at once are vertices each above the next and linked to it, no more than the
 * hierarchy is high. */
size_t metric_unpack(const struct metric *metric, enum metric_side side, uint32_t low,
                     const struct metric_link *link, uint32_t *arcs, size_t room)
{
    uint32_t ahead[METRIC_MAX_HEIGHT];
    uint32_t at = side == METRIC_UP ? low : link->head;
    size_t depth = 0, count = 0;
    ahead[depth++] = side == METRIC_UP ? link->head : low;
    while (depth) {
        uint32_t to = ahead[depth - 1];
        if (link->via != NETWORK_NONE) {
            assert(depth < METRIC_MAX_HEIGHT);
            ahead[depth++] = link->via;
        } else {
            if (count < room) arcs[count] = metric->cch->arc[to];
            count++;
            at = to;
            depth--;
        }
        if (depth) link = link_between(metric, at, ahead[depth - 1]);
        assert(!depth || link);
    }
    return count;
}

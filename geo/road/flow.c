#include "geo/road/flow.h"

#include <stdlib.h>
#include <string.h>

enum { UNSEEN, SEEN, SOURCE, SINK };

bool flow_init(struct flow *work, size_t nodes, size_t links)
{
    *work = (struct flow){.flow = malloc(links + 1),
                          .next = malloc((nodes + 1) * sizeof *work->next),
                          .path = malloc((nodes + 1) * sizeof *work->path),
                          .mark = malloc(nodes + 1)};
    return work->flow && work->next && work->path && work->mark;
}

void flow_fini(struct flow *work)
{
    free(work->flow);
    free(work->next);
    free(work->path);
    free(work->mark);
}

static inline int room(const struct flow *work, const struct flow_graph *graph, uint32_t link)
{
    return graph->capacity[link] - work->flow[link];
}

static void mark_ends(struct flow *work, uint32_t nodes, const struct flow_ends *ends)
{
    memset(work->mark, UNSEEN, nodes);
    for (uint32_t i = 0; i < ends->count; i++) {
        work->mark[ends->placed[i]] = SOURCE;
        work->mark[ends->placed[nodes - 1 - i]] = SINK;
    }
}

/* Sends what the path has room for; returns the length up to its first link that is full now. */
static uint32_t send(struct flow *work, const struct flow_graph *graph, uint32_t length,
                     uint32_t *sent)
{
    int least = 2 * FLOW_MAX_CAPACITY;
    uint32_t kept = length;
    for (uint32_t i = 0; i < length; i++) {
        int here = room(work, graph, work->path[i]);
        if (here < least) least = here;
    }
    for (uint32_t i = length; i-- > 0;) {
        uint32_t link = work->path[i], to = graph->to[link];
        work->flow[link] = (int8_t)(work->flow[link] + least);
        work->flow[graph->mate[link]] = (int8_t)(work->flow[graph->mate[link]] - least);
        if (room(work, graph, link) == 0) kept = i;
        /* It leads to a sink, so it may be passed again. */
        if (work->mark[to] == SEEN) work->mark[to] = UNSEEN;
    }
    for (uint32_t i = 0; i < kept; i++)
        work->mark[graph->to[work->path[i]]] = SEEN;
    *sent += (uint32_t)least;
    return kept;
}

/* The next link to follow from `node`: those that lead forward in a first round over its links, the
 * others in a second one. False: none is left. */
static inline bool advance(struct flow *work, const struct flow_graph *graph, const float *across,
                           uint32_t node, uint32_t *link)
{
    uint32_t first = graph->first[node], degree = graph->first[node + 1] - first;
    for (; work->next[node] < 2 * degree; work->next[node]++) {
        bool backward = work->next[node] >= degree;
        uint32_t k = first + work->next[node] - (backward ? degree : 0), to = graph->to[k];
        if ((across[to] < across[node]) != backward) continue;
        if (work->mark[to] == SEEN || work->mark[to] == SOURCE || room(work, graph, k) <= 0)
            continue;
        *link = k;
        return true;
    }
    return false;
}

/* Paths from one source over nodes that this pass has not found to lead nowhere; what they add. */
static uint32_t augment(struct flow *work, const struct flow_graph *graph, const float *across,
                        uint32_t source)
{
    uint32_t length = 0, node = source, sent = 0, link = 0;
    for (;;) {
        if (advance(work, graph, across, node, &link)) {
            work->path[length++] = link;
            node = graph->to[link];
            if (work->mark[node] != SINK) {
                work->mark[node] = SEEN;
                continue;
            }
            length = send(work, graph, length, &sent);
        } else {
            if (node == source) return sent;
            length--;
            work->next[graph->to[graph->mate[work->path[length]]]]++;
        }
        node = length ? graph->to[work->path[length - 1]] : source;
    }
}

/* Marks as sinks the nodes from which a sink can still be reached; their number. */
static uint32_t find_sink_side(struct flow *work, const struct flow_graph *graph,
                               const struct flow_ends *ends)
{
    uint32_t head = 0, tail = 0, *queue = work->path;
    mark_ends(work, graph->count, ends);
    for (; tail < ends->count; tail++)
        queue[tail] = ends->placed[graph->count - 1 - tail];
    while (head < tail) {
        uint32_t node = queue[head++];
        for (uint32_t k = graph->first[node]; k < graph->first[node + 1]; k++) {
            uint32_t from = graph->to[k];
            if (work->mark[from] == SINK || room(work, graph, graph->mate[k]) <= 0) continue;
            work->mark[from] = SINK;
            queue[tail++] = from;
        }
    }
    return tail;
}

/* What the last pass has seen is the side of the sources. */
static uint32_t choose_side(struct flow *work, const struct flow_graph *graph,
                            const struct flow_ends *ends, uint8_t *side)
{
    uint32_t count = graph->count, seen = 0;
    for (uint32_t n = 0; n < count; n++) {
        side[n] = work->mark[n] == SEEN || work->mark[n] == SOURCE;
        seen += side[n];
    }
    uint32_t sinks = find_sink_side(work, graph, ends);
    uint32_t of_sources = seen < count - seen ? seen : count - seen;
    uint32_t of_sinks = sinks < count - sinks ? sinks : count - sinks;
    if (of_sources > of_sinks) return of_sources;
    for (uint32_t n = 0; n < count; n++)
        side[n] = work->mark[n] != SINK;
    return of_sinks;
}

/* One pass over the graph; what it sends. It stops at the limit. */
static uint32_t pass(struct flow *work, const struct flow_graph *graph,
                     const struct flow_ends *ends, uint32_t limit)
{
    uint32_t sent = 0;
    mark_ends(work, graph->count, ends);
    memset(work->next, 0, graph->count * sizeof *work->next);
    for (uint32_t i = 0; i < ends->count && sent < limit; i++)
        sent += augment(work, graph, ends->across, ends->placed[i]);
    return sent;
}

uint32_t flow_cut(struct flow *work, const struct flow_graph *graph, const struct flow_ends *ends,
                  uint32_t limit, uint8_t *side, uint32_t *smaller)
{
    uint32_t cut = 0, sent;
    memset(work->flow, 0, graph->first[graph->count]);
    do {
        sent = pass(work, graph, ends, limit - cut);
        cut += sent;
        if (cut >= limit) return limit;
    } while (sent > 0);
    *smaller = choose_side(work, graph, ends, side);
    return cut;
}

uint32_t flow_estimate(struct flow *work, const struct flow_graph *graph,
                       const struct flow_ends *ends)
{
    memset(work->flow, 0, graph->first[graph->count]);
    uint32_t sent = pass(work, graph, ends, UINT32_MAX);
    return sent + pass(work, graph, ends, UINT32_MAX);
}

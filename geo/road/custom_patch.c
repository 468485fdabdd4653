/* The metric of the present costs from the one before: what has been noted is worked out anew, and
 * whatever leads over a link whose weight changed; the rest is copied. */
#include "geo/road/custom_work.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Copying fewer vertices' links takes less time than starting a thread is worth. */
enum { TWO_THREADS_FROM = 20000 };

static const struct custom_way no_way = {WEIGHT_NONE, NETWORK_NONE};

/* The weight of y's link, which has been worked out, in this metric. */
static uint64_t weight_of_link(const struct custom *custom, uint32_t y, uint32_t link,
                               enum metric_side side)
{
    if (custom->marks[link] & CUSTOM_NOTED)
        return custom_note_find(custom, y, link)->way[side].weight;
    const struct metric_link *kept =
        metric_find(custom->metric, side, y, custom->cch->up_head[link]);
    return kept ? kept->weight : WEIGHT_NONE;
}

static void try_turns(const struct custom *custom, uint32_t from, uint32_t to,
                      struct custom_way *best)
{
    const struct network *net = custom->cch->net;
    uint32_t arc = custom->cch->arc[from];
    for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
        if (custom->cch->vertex[net->turn_to[t]] != to) continue;
        uint64_t weight = custom_turn(custom, arc, t);
        if (weight < best->weight) best->weight = weight;
    }
}

/* What x's link weighs and leads over; it agrees with custom_metric.c to the last bit. */
static struct custom_way work_out(const struct custom *custom, uint32_t x, uint32_t link,
                                  enum metric_side side)
{
    const struct cch *cch = custom->cch;
    uint32_t u = cch->up_head[link], cost = custom->basic[link].side[side];
    if (!custom_kept(custom, link, side)) return no_way;
    uint64_t unproven = weight_of(cost, UINT32_MAX);
    struct custom_way best = {unproven, NETWORK_NONE};
    try_turns(custom, side == METRIC_UP ? x : u, side == METRIC_UP ? u : x, &best);
    for (uint32_t k = cch->down_first[x]; k < cch->down_first[x + 1]; k++) {
        uint32_t y = cch->down_tail[k], yx = cch->down_link[k];
        uint32_t part = custom->basic[yx].side[!side];
        if (part > cost || !custom_kept(custom, yx, !side)) continue;
        uint32_t yu = custom_find_link(cch, yx + 1, y, u);
        if (yu == NETWORK_NONE || part + custom->basic[yu].side[side] != cost) continue;
        uint64_t first = weight_of_link(custom, y, yx, !side);
        uint64_t second = weight_of_link(custom, y, yu, side);
        if (first == WEIGHT_NONE || second == WEIGHT_NONE || first + second >= best.weight)
            continue;
        best = (struct custom_way){first + second, y};
    }
    return best.weight == unproven ? no_way : best;
}

/* Notes what is as cheap as a way over x that has this link as a part. */
static void carry(struct custom *custom, uint32_t x, uint32_t link, enum metric_side side)
{
    const struct cch *cch = custom->cch;
    uint32_t u = cch->up_head[link], part = custom->basic[link].side[side];
    for (uint32_t j = cch->up_first[x]; j < cch->up_first[x + 1]; j++) {
        uint32_t v = cch->up_head[j], low = u < v ? u : v;
        if (j == link || !custom_kept(custom, j, !side)) continue;
        uint32_t uv = cch_link(cch, low, u < v ? v : u);
        /* Down to x by this link and up to v; or down from v and up by this one. */
        enum metric_side over = u < v ? !side : side;
        if (uv != NETWORK_NONE && custom_kept(custom, uv, over) &&
            part + custom->basic[j].side[!side] == custom->basic[uv].side[over])
            (void)custom_note(custom, low, uv);
    }
}

static void work_out_all(struct custom *custom)
{
    uint32_t x;
    while (custom_note_next(custom, &x)) {
        for (uint32_t n = custom->noted[x]; n != NETWORK_NONE; n = custom->notes[n].next) {
            uint32_t link = custom->notes[n].link, head = custom->cch->up_head[link];
            for (int s = 0; s < METRIC_SIDES; s++) {
                enum metric_side side = (enum metric_side)s;
                const struct metric_link *was = metric_find(custom->metric, side, x, head);
                struct custom_way way = work_out(custom, x, link, side);
                custom->notes[n].way[s] = way;
                if (way.weight != (was ? was->weight : WEIGHT_NONE)) carry(custom, x, link, side);
            }
        }
    }
}

/* Notes in the order of their links. */
static int by_link(const void *a, const void *b)
{
    uint32_t x = ((const struct custom_note *)a)->link, y = ((const struct custom_note *)b)->link;
    return (x > y) - (x < y);
}

/* One side being copied: as far as `from` in the old links, `to` in the new. */
struct copying {
    const struct metric *old;
    struct metric *made;
    enum metric_side side;
    uint32_t from, to, vertex;
};

static void copy_links(struct copying *c, uint32_t until)
{
    size_t count = until - c->from;
    memcpy(c->made->links[c->side] + c->to, c->old->links[c->side] + c->from,
           count * sizeof(struct metric_link));
    c->from += (uint32_t)count;
    c->to += (uint32_t)count;
}

/* Up to the links of `vertex`. */
static void copy_firsts(struct copying *c, uint32_t vertex)
{
    uint32_t shift = c->to - c->from; /* modulo 2^32 */
    for (; c->vertex <= vertex; c->vertex++)
        c->made->first[c->side][c->vertex] = c->old->first[c->side][c->vertex] + shift;
}

/* Where the link stands among the old ones, or would. */
static uint32_t place_of(const struct metric *old, enum metric_side side, uint32_t low,
                         uint32_t head)
{
    uint32_t at = old->first[side][low];
    while (at < old->first[side][low + 1] && old->links[side][at].head < head)
        at++;
    return at;
}

static bool is_at(const struct metric *old, enum metric_side side, uint32_t low, uint32_t head,
                  uint32_t at)
{
    return at < old->first[side][low + 1] && old->links[side][at].head == head;
}

static enum err copy_side(const struct custom *custom, enum metric_side side, struct metric *made)
{
    const struct metric *old = custom->metric;
    uint32_t vertices = custom->cch->vertex_count, count = old->first[side][vertices];
    struct copying c = {.old = old, .made = made, .side = side};
    size_t room = (size_t)count + custom->note_count;
    made->first[side] = malloc(((size_t)vertices + 1) * sizeof *made->first[side]);
    made->links[side] = malloc(room ? room * sizeof *made->links[side] : 1);
    if (!made->first[side] || !made->links[side]) return ERR_NOMEM;
    for (uint32_t i = 0; i < custom->note_count; i++) {
        const struct custom_note *note = &custom->notes[i];
        uint32_t head = custom->cch->up_head[note->link];
        uint32_t at = place_of(old, side, note->low, head);
        copy_firsts(&c, note->low);
        copy_links(&c, at);
        if (is_at(old, side, note->low, head, at)) c.from++;
        if (note->way[side].weight != WEIGHT_NONE)
            made->links[side][c.to++] =
                (struct metric_link){head, note->way[side].via, note->way[side].weight};
    }
    copy_firsts(&c, vertices);
    copy_links(&c, count);
    return ERR_OK;
}

struct copier {
    const struct custom *custom;
    struct metric *made;
    enum metric_side side;
    enum err e;
};

static void *copy(void *user)
{
    struct copier *c = user;
    c->e = copy_side(c->custom, c->side, c->made);
    return NULL;
}

/* On a large network copying is most of the work: a thread a side, when there may be several. */
static enum err copy_sides(const struct custom *custom, struct metric *made)
{
    struct copier up = {custom, made, METRIC_UP, ERR_OK};
    struct copier down = {custom, made, METRIC_DOWN, ERR_OK};
    pthread_t thread;
    bool two = custom->threads > 1 && custom->cch->vertex_count > TWO_THREADS_FROM &&
               pthread_create(&thread, NULL, copy, &up) == 0;
    if (!two) copy(&up);
    copy(&down);
    if (two) pthread_join(thread, NULL);
    return up.e ? up.e : down.e;
}

enum err custom_patch(struct custom *custom, struct metric **metric)
{
    struct metric *made = NULL;
    work_out_all(custom);
    if (custom->failed) return custom->failed;
    if (custom->note_count)
        qsort(custom->notes, custom->note_count, sizeof *custom->notes, by_link);
    enum err e = custom_metric_begin(custom, &made);
    if (!e) e = copy_sides(custom, made);
    if (e)
        metric_free(made);
    else
        *metric = made;
    return e;
}

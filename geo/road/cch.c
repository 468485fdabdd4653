#include "geo/road/cch.h"

#include <stdlib.h>
#include <string.h>

/* Ways in which a link can be used. */
enum { LINK_UP = 1, LINK_DOWN = 2 };

struct cch_arrays {
    struct cch cch; /* what is handed out; its pointers lead into the arrays below */
    uint32_t *vertex, *parent, *up_first, *up_head, *down_first, *down_tail, *down_link;
    uint32_t *turn_link, *next_copy;
};

void cch_free(struct cch *cch)
{
    struct cch_arrays *own = (struct cch_arrays *)cch;
    if (!own) return;
    free(own->vertex);
    free(own->parent);
    free(own->up_first);
    free(own->up_head);
    free(own->down_first);
    free(own->down_tail);
    free(own->down_link);
    free(own->turn_link);
    free(own->next_copy);
    free(own);
}

uint32_t cch_link(const struct cch *cch, uint32_t low, uint32_t high)
{
    uint32_t begin = cch->up_first[low], end = cch->up_first[low + 1];
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (cch->up_head[middle] == high) return middle;
        if (cch->up_head[middle] < high)
            begin = middle + 1;
        else
            end = middle;
    }
    return NETWORK_NONE;
}

/* Contraction at work. A child's heads, but for the parent itself, are its parent's too, and a
 * vertex's heads are its own neighbours and its children's heads: each list is merged once. */
struct contraction {
    struct cch_arrays *own;
    const struct network *net;
    uint32_t *in_first, *in_from; /* [vertex + 1], vertices that turn down into one */
    uint32_t *child, *sibling;    /* [vertex]: lists of children */
    uint32_t *stamp;              /* [vertex]: the last vertex it became a head of */
    uint8_t *ways;                /* [link] */
    size_t link_count, link_size, link_max;
};

static void contraction_free(struct contraction *c)
{
    free(c->in_first);
    free(c->in_from);
    free(c->child);
    free(c->sibling);
    free(c->stamp);
    free(c->ways);
}

static enum err list_in(struct contraction *c)
{
    const struct network *net = c->net;
    const uint32_t *vertex = c->own->vertex;
    c->in_first = calloc((size_t)net->arc_count + 2, sizeof *c->in_first);
    if (!c->in_first) return ERR_NOMEM;
    for (uint32_t a = 0; a < net->arc_count; a++)
        for (uint32_t t = net->turn_first[a]; t < net->turn_first[a + 1]; t++)
            if (vertex[net->turn_to[t]] < vertex[a]) c->in_first[vertex[net->turn_to[t]] + 2]++;
    for (uint32_t v = 0; v < net->arc_count; v++)
        c->in_first[v + 2] += c->in_first[v + 1];
    c->in_from = malloc(((size_t)c->in_first[net->arc_count + 1] + 1) * sizeof *c->in_from);
    if (!c->in_from) return ERR_NOMEM;
    for (uint32_t a = 0; a < net->arc_count; a++)
        for (uint32_t t = net->turn_first[a]; t < net->turn_first[a + 1]; t++)
            if (vertex[net->turn_to[t]] < vertex[a])
                c->in_from[c->in_first[vertex[net->turn_to[t]] + 1]++] = vertex[a];
    return ERR_OK;
}

static bool link_room(struct contraction *c, size_t more)
{
    if (c->link_count + more <= c->link_size) return true;
    size_t size = c->link_size + c->link_size / 2 + more;
    uint32_t *heads = realloc(c->own->up_head, size * sizeof *heads);
    if (!heads) return false;
    c->own->up_head = heads;
    c->link_size = size;
    return true;
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void sort_heads(uint32_t *heads, size_t count)
{
    if (count > 32) {
        qsort(heads, count, sizeof *heads, compare_u32);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint32_t head = heads[i];
        size_t at = i;
        for (; at > 0 && heads[at - 1] > head; at--)
            heads[at] = heads[at - 1];
        heads[at] = head;
    }
}

static inline void add_head(struct contraction *c, uint32_t v, uint32_t head)
{
    if (head <= v || c->stamp[head] == v) return;
    c->stamp[head] = v;
    c->own->up_head[c->link_count++] = head;
}

static enum err contract_vertex(struct contraction *c, uint32_t v)
{
    const struct network *net = c->net;
    uint32_t arc = net->order[v];
    size_t first = c->link_count, need = 0;
    for (uint32_t k = c->child[v]; k != NETWORK_NONE; k = c->sibling[k])
        need += c->own->up_first[k + 1] - c->own->up_first[k];
    need += net->turn_first[arc + 1] - net->turn_first[arc];
    need += c->in_first[v + 1] - c->in_first[v];
    if (!link_room(c, need)) return ERR_NOMEM;
    for (uint32_t k = c->child[v]; k != NETWORK_NONE; k = c->sibling[k])
        for (uint32_t l = c->own->up_first[k]; l < c->own->up_first[k + 1]; l++)
            add_head(c, v, c->own->up_head[l]);
    for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++)
        add_head(c, v, c->own->vertex[net->turn_to[t]]);
    for (uint32_t i = c->in_first[v]; i < c->in_first[v + 1]; i++)
        add_head(c, v, c->in_from[i]);
    if (c->link_count > c->link_max) return ERR_LIMIT;
    if (c->link_count > first) sort_heads(c->own->up_head + first, c->link_count - first);
    uint32_t parent = c->link_count > first ? c->own->up_head[first] : NETWORK_NONE;
    c->own->parent[v] = parent;
    c->own->up_first[v + 1] = (uint32_t)c->link_count;
    if (parent != NETWORK_NONE) {
        c->sibling[v] = c->child[parent];
        c->child[parent] = v;
    }
    return ERR_OK;
}

static enum err contract(struct contraction *c)
{
    size_t count = c->net->arc_count;
    c->child = malloc(count * sizeof *c->child);
    c->sibling = malloc(count * sizeof *c->sibling);
    c->stamp = malloc(count * sizeof *c->stamp);
    if (!c->child || !c->sibling || !c->stamp) return ERR_NOMEM;
    c->link_max = count * CCH_LINKS_AN_ARC + CCH_LINKS_MORE;
    if (c->link_max >= NETWORK_NONE) c->link_max = NETWORK_NONE - 1;
    memset(c->child, 0xff, count * sizeof *c->child);
    memset(c->stamp, 0xff, count * sizeof *c->stamp);
    enum err e = list_in(c);
    c->own->up_first[0] = 0;
    for (uint32_t v = 0; !e && v < count; v++)
        e = contract_vertex(c, v);
    return e;
}

/* From the pairs of links at `v`, marks how the link between their heads can be used: in by one,
 * out by the other. Both lists ascend, and the heads of `v` above `x` are heads of `x`. */
static void mark_above(struct contraction *c, uint32_t v, uint32_t link)
{
    const uint32_t *first = c->own->up_first, *head = c->own->up_head;
    uint32_t x = head[link], at = first[x];
    /* In by `link` and out by the other leads up; out by `link` and in by the other, down. */
    unsigned up = c->ways[link] & LINK_DOWN ? LINK_UP : 0;
    unsigned down = c->ways[link] & LINK_UP ? LINK_DOWN : 0;
    for (uint32_t l = link + 1; l < first[v + 1]; l++) {
        unsigned made = c->ways[l] & (up | down);
        if (!made) continue;
        while (head[at] < head[l])
            at++;
        c->ways[at] |= (uint8_t)made;
    }
}

/* Turns first; then, from the lowest vertex up, what ways through lower vertices add. */
static enum err mark_ways(struct contraction *c)
{
    const struct network *net = c->net;
    struct cch_arrays *own = c->own;
    c->ways = calloc(c->link_count + 1, sizeof *c->ways);
    if (!c->ways) return ERR_NOMEM;
    for (uint32_t a = 0; a < net->arc_count; a++) {
        for (uint32_t t = net->turn_first[a]; t < net->turn_first[a + 1]; t++) {
            uint32_t from = own->vertex[a], to = own->vertex[net->turn_to[t]];
            if (from < to) c->ways[cch_link(&own->cch, from, to)] |= LINK_UP;
            if (from > to) c->ways[cch_link(&own->cch, to, from)] |= LINK_DOWN;
        }
    }
    for (uint32_t v = 0; v < net->arc_count; v++)
        for (uint32_t l = own->up_first[v]; l < own->up_first[v + 1]; l++)
            if (c->ways[l]) mark_above(c, v, l);
    return ERR_OK;
}

static void drop_unusable(struct contraction *c)
{
    struct cch_arrays *own = c->own;
    uint32_t kept = 0;
    for (uint32_t v = 0, begin = 0; v < c->net->arc_count; v++) {
        uint32_t end = own->up_first[v + 1];
        for (uint32_t l = begin; l < end; l++)
            if (c->ways[l]) own->up_head[kept++] = own->up_head[l];
        own->up_first[v + 1] = kept;
        begin = end;
    }
    uint32_t *heads = realloc(own->up_head, ((size_t)kept + 1) * sizeof *heads);
    if (heads) own->up_head = heads;
    own->cch.up_head = own->up_head;
    own->cch.link_count = kept;
}

static enum err list_down(struct cch_arrays *own)
{
    struct cch *cch = &own->cch;
    size_t links = (size_t)cch->link_count + 1;
    own->down_first = calloc((size_t)cch->vertex_count + 2, sizeof *own->down_first);
    own->down_tail = malloc(links * sizeof *own->down_tail);
    own->down_link = malloc(links * sizeof *own->down_link);
    if (!own->down_first || !own->down_tail || !own->down_link) return ERR_NOMEM;
    for (uint32_t l = 0; l < cch->link_count; l++)
        own->down_first[own->up_head[l] + 2]++;
    for (uint32_t v = 0; v < cch->vertex_count; v++)
        own->down_first[v + 2] += own->down_first[v + 1];
    for (uint32_t v = 0; v < cch->vertex_count; v++) {
        for (uint32_t l = own->up_first[v]; l < own->up_first[v + 1]; l++) {
            uint32_t at = own->down_first[own->up_head[l] + 1]++;
            own->down_tail[at] = v;
            own->down_link[at] = l;
        }
    }
    return ERR_OK;
}

static enum err list_turns_and_copies(struct cch_arrays *own, const struct network *net)
{
    own->turn_link = malloc(((size_t)net->turn_count + 1) * sizeof *own->turn_link);
    own->next_copy = malloc((size_t)net->arc_count * sizeof *own->next_copy);
    if (!own->turn_link || !own->next_copy) return ERR_NOMEM;
    for (uint32_t a = 0; a < net->arc_count; a++) {
        own->next_copy[a] = NETWORK_NONE;
        for (uint32_t t = net->turn_first[a]; t < net->turn_first[a + 1]; t++) {
            uint32_t v = own->vertex[a], w = own->vertex[net->turn_to[t]];
            own->turn_link[t] =
                v == w ? NETWORK_NONE : cch_link(&own->cch, v < w ? v : w, v < w ? w : v);
        }
    }
    for (uint32_t copy = net->arc_count; copy-- > net->base_arc_count;) {
        uint32_t base = net->half_arc[net->arc_half[copy]];
        own->next_copy[copy] = own->next_copy[base];
        own->next_copy[base] = copy;
    }
    return ERR_OK;
}

static enum err measure_height(struct cch_arrays *own)
{
    uint32_t count = own->cch.vertex_count, height = 0;
    uint32_t *depth = malloc((size_t)count * sizeof *depth);
    if (!depth) return ERR_NOMEM;
    for (uint32_t v = count; v-- > 0;) {
        depth[v] = own->parent[v] == NETWORK_NONE ? 1 : depth[own->parent[v]] + 1;
        if (depth[v] > height) height = depth[v];
    }
    own->cch.height = height;
    free(depth);
    return ERR_OK;
}

static void point_arrays(struct cch_arrays *own)
{
    struct cch *cch = &own->cch;
    cch->vertex = own->vertex;
    cch->parent = own->parent;
    cch->up_first = own->up_first;
    cch->up_head = own->up_head;
    cch->down_first = own->down_first;
    cch->down_tail = own->down_tail;
    cch->down_link = own->down_link;
    cch->turn_link = own->turn_link;
    cch->next_copy = own->next_copy;
}

static enum err link_up(struct cch_arrays *own, const struct network *net)
{
    struct contraction c = {.own = own, .net = net};
    enum err e = contract(&c);
    point_arrays(own);
    if (!e) e = mark_ways(&c);
    if (!e) drop_unusable(&c);
    contraction_free(&c);
    return e;
}

enum err cch_new(const struct network *net, struct cch **cch)
{
    size_t count = net->arc_count;
    struct cch_arrays *own = calloc(1, sizeof *own);
    if (!own) return ERR_NOMEM;
    own->cch = (struct cch){.net = net, .vertex_count = net->arc_count, .arc = net->order};
    own->vertex = malloc(count * sizeof *own->vertex);
    own->parent = malloc(count * sizeof *own->parent);
    own->up_first = malloc((count + 1) * sizeof *own->up_first);
    enum err e = own->vertex && own->parent && own->up_first ? ERR_OK : ERR_NOMEM;
    for (uint32_t v = 0; !e && v < count; v++)
        own->vertex[net->order[v]] = v;
    if (!e) e = link_up(own, net);
    if (!e) e = list_down(own);
    if (!e) e = list_turns_and_copies(own, net);
    if (!e) e = measure_height(own);
    if (e) {
        cch_free(&own->cch);
        return e;
    }
    point_arrays(own);
    *cch = &own->cch;
    return ERR_OK;
}

#include "geo/road/barred.h"

#include <stdlib.h>

void barred_fini(struct barred *barred)
{
    free(barred->weights);
    free(barred->touched);
    heap_fini(&barred->heap);
    *barred = (struct barred){0};
}

static enum err prepare(struct barred *barred, uint32_t arcs)
{
    for (uint32_t i = 0; i < barred->touched_count; i++)
        barred->weights[barred->touched[i]] = WEIGHT_NONE;
    barred->touched_count = 0;
    heap_clear(&barred->heap);
    if (barred->size >= arcs) return ERR_OK;
    barred_fini(barred);
    barred->weights = malloc(arcs * sizeof *barred->weights);
    barred->touched = malloc(arcs * sizeof *barred->touched);
    if (!barred->weights || !barred->touched) return ERR_NOMEM;
    for (uint32_t i = 0; i < arcs; i++)
        barred->weights[i] = WEIGHT_NONE;
    barred->size = arcs;
    return ERR_OK;
}

enum err barred_begin(struct barred *barred, const struct metric *metric,
                      const struct network_bar *bar, enum barred_side side, uint64_t states_max)
{
    enum err e = prepare(barred, metric->view.net->arc_count);
    if (e) return e;
    barred->metric = metric;
    barred->bar = bar;
    barred->side = side;
    barred->states = 0;
    barred->states_max = states_max;
    barred->latest_ms = 0;
    barred->timely = 0;
    barred->until_ms = 0;
    barred->state = ERR_OK;
    return ERR_OK;
}

/* The tag is the time: an item whose label has become better since tells by key or tag. */
bool barred_seed(struct barred *barred, uint32_t arc, uint64_t weight)
{
    uint64_t *at = &barred->weights[arc];
    if (weight >= *at) return true;
    if (*at == WEIGHT_NONE) barred->touched[barred->touched_count++] = arc;
    *at = weight;
    barred->timely += weight_time_ms(weight) <= barred->latest_ms;
    if (heap_push(&barred->heap, weight_cost_ms(weight), arc, weight_time_ms(weight))) return true;
    barred->state = ERR_NOMEM;
    return false;
}

double barred_last_ms(const struct network_view *view, uint32_t arc, uint64_t weight,
                      uint32_t latest_ms)
{
    uint32_t left_ms = latest_ms - weight_time_ms(weight), time_ms = view->time_ms[arc];
    return (double)weight_cost_ms(weight) + (time_ms < left_ms ? time_ms : left_ms);
}

/* Costs that what lies on an arc in time may have bear on the search. */
static void put_off(struct barred *barred, uint32_t arc, uint64_t weight)
{
    if (weight_time_ms(weight) > barred->latest_ms) return;
    double last_ms = barred_last_ms(&barred->metric->view, arc, weight, barred->latest_ms);
    if (last_ms > barred->until_ms) barred->until_ms = last_ms;
}

static bool go_on(struct barred *barred, uint32_t arc, uint64_t weight)
{
    const struct network_view *view = &barred->metric->view;
    const struct network *net = view->net;
    put_off(barred, arc, weight);
    for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
        uint32_t to = net->turn_to[t];
        if (!network_turn_open(view, t) || !network_arc_open(view, barred->bar, to)) continue;
        uint64_t sum = weight_add(weight, network_turn_weight(view, arc, t));
        if (!barred_seed(barred, to, sum)) return false;
    }
    return true;
}

/* By every turn that leads from `from` into `arc`. */
static bool go_back_to(struct barred *barred, uint32_t arc, uint64_t weight, uint32_t from)
{
    const struct network_view *view = &barred->metric->view;
    const struct network *net = view->net;
    if (!network_arc_open(view, barred->bar, from)) return true;
    for (uint32_t t = net->turn_first[from]; t < net->turn_first[from + 1]; t++) {
        if (net->turn_to[t] != arc || !network_turn_open(view, t)) continue;
        uint64_t turn = network_turn_weight(view, from, t);
        uint32_t whole = view->time_ms[from];
        uint64_t sum = weight_add(weight, turn);
        if (sum < WEIGHT_NONE) put_off(barred, from, sum - weight_of(whole, whole));
        if (!barred_seed(barred, from, sum)) return false;
    }
    return true;
}

/* The arcs before one are those that end where it begins: whatever leaves there the other way. */
static bool go_back(struct barred *barred, uint32_t arc, uint64_t weight)
{
    const struct network *net = barred->metric->view.net;
    const uint32_t *next_copy = barred->metric->cch->next_copy;
    uint32_t node = network_tail(net, net->arc_half[arc]);
    for (uint32_t i = net->node_first[node]; i < net->node_first[node + 1]; i++) {
        uint32_t from = net->half_arc[net->node_half[i] ^ 1];
        for (; from != NETWORK_NONE; from = next_copy[from])
            if (!go_back_to(barred, arc, weight, from)) return false;
    }
    return true;
}

/* Takes the first item; false when the search broke off. */
static bool settle(struct barred *barred)
{
    struct heap_item item = heap_pop(&barred->heap);
    uint64_t weight = barred->weights[item.value];
    barred->timely -= item.tag <= barred->latest_ms;
    if (item.key > weight_cost_ms(weight) || item.tag != weight_time_ms(weight)) return true;
    if (barred->states_max && barred->states == barred->states_max) {
        barred->state = ERR_LIMIT;
        return false;
    }
    barred->states++;
    return barred->side == BARRED_FROM ? go_on(barred, item.value, weight)
                                       : go_back(barred, item.value, weight);
}

/* Keys are costs alone, so equal ones have to be looked at too: a quicker way may be among them. */
uint64_t barred_at(struct barred *barred, uint32_t arc)
{
    struct heap *heap = &barred->heap;
    while (!barred->state && heap->count &&
           heap_top(heap)->key <= weight_cost_ms(barred->weights[arc]))
        if (!settle(barred)) break;
    return barred->state ? WEIGHT_NONE : barred->weights[arc];
}

enum err barred_within(struct barred *barred, uint32_t latest_ms, double until_ms)
{
    barred->latest_ms = latest_ms;
    barred->until_ms = until_ms;
    barred->timely = 0;
    for (uint32_t i = 0; i < barred->heap.count; i++)
        barred->timely += barred->heap.items[i].tag <= latest_ms;
    while (!barred->state && barred->heap.count &&
           (barred->timely || heap_top(&barred->heap)->key <= barred->until_ms))
        if (!settle(barred)) break;
    return barred->state;
}

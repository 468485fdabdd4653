#include "geo/road/custom_work.h"

#include <stdlib.h>
#include <string.h>

enum err custom_anew(struct custom *custom)
{
    metric_free(custom->metric);
    custom->metric = NULL;
    custom_basic(custom);
    custom_perfect(custom);
    return custom_metric_make(custom, &custom->metric);
}

enum err custom_new(const struct cch *cch, unsigned profile, unsigned threads,
                    struct custom **custom)
{
    size_t links = (size_t)cch->link_count + 1, arcs = cch->net->arc_count;
    if (cch->height > METRIC_MAX_HEIGHT) return ERR_LIMIT;
    struct custom *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->cch = cch;
    made->file = network_view_of(cch->net, profile);
    made->threads = custom_crew_size(threads);
    size_t places = made->threads * METRIC_SIDES * arcs;
    made->time_ms = malloc(arcs * sizeof *made->time_ms);
    made->basic = malloc(links * sizeof *made->basic);
    made->exact = malloc(links * sizeof *made->exact);
    made->place = malloc(places * sizeof *made->place);
    made->noted = malloc(arcs * sizeof *made->noted);
    made->marks = calloc(links, sizeof *made->marks);
    made->before = malloc(((size_t)cch->height + 1) * sizeof *made->before);
    if (!made->time_ms || !made->basic || !made->exact || !made->place || !made->noted ||
        !made->marks || !made->before) {
        custom_free(made);
        return ERR_NOMEM;
    }
    memcpy(made->time_ms, made->file.time_ms, arcs * sizeof *made->time_ms);
    for (size_t i = 0; i < places; i++)
        made->place[i] = cch->link_count;
    memset(made->noted, 0xff, arcs * sizeof *made->noted);
    enum err e = custom_anew(made);
    if (e)
        custom_free(made);
    else
        *custom = made;
    return e;
}

void custom_free(struct custom *custom)
{
    if (!custom) return;
    metric_free(custom->metric);
    free(custom->time_ms);
    free(custom->basic);
    free(custom->exact);
    free(custom->place);
    free(custom->changes);
    free(custom->notes);
    free(custom->noted);
    free(custom->marks);
    free(custom->before);
    heap_fini(&custom->queue);
    free(custom);
}

/* What a changed turn weighs, by cost. */
static uint32_t cost_of(const struct custom *custom, uint32_t arc, uint32_t turn)
{
    return weight_cost_ms(custom_turn(custom, arc, turn));
}

static void set_copy(struct custom *custom, uint32_t arc, uint32_t time_ms)
{
    const struct cch *cch = custom->cch;
    const struct network *net = cch->net;
    uint32_t old_ms = custom->time_ms[arc];
    custom->time_ms[arc] = time_ms;
    for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
        if (cch->turn_link[t] == NETWORK_NONE) continue;
        uint32_t a = cch->vertex[arc], b = cch->vertex[net->turn_to[t]], now;
        now = cost_of(custom, arc, t);
        custom->time_ms[arc] = old_ms;
        uint32_t old = cost_of(custom, arc, t);
        custom->time_ms[arc] = time_ms;
        custom_below_touch(custom, a < b ? a : b, cch->turn_link[t], custom_turn_side(cch, arc, t),
                           old, now);
    }
}

static bool set_time(struct custom *custom, uint32_t base, uint32_t time_ms)
{
    if (custom->time_ms[base] == time_ms) return false;
    for (uint32_t arc = base; arc != NETWORK_NONE; arc = custom->cch->next_copy[arc])
        set_copy(custom, arc, time_ms);
    return true;
}

static int by_arc(const void *a, const void *b)
{
    uint32_t x = ((const struct custom_change *)a)->arc, y = ((const struct custom_change *)b)->arc;
    return (x > y) - (x < y);
}

/* From the changes in force to the new ones, both ascending; whether there is any difference. */
static bool set_times(struct custom *custom, const struct custom_change *changes, size_t count)
{
    size_t i = 0, k = 0;
    bool differ = false;
    while (i < custom->change_count || k < count) {
        bool gone =
            k == count || (i < custom->change_count && custom->changes[i].arc < changes[k].arc);
        if (gone) {
            uint32_t arc = custom->changes[i++].arc;
            differ |= set_time(custom, arc, custom->file.time_ms[arc]);
            continue;
        }
        if (i < custom->change_count && custom->changes[i].arc == changes[k].arc) i++;
        differ |= set_time(custom, changes[k].arc, changes[k].time_ms);
        k++;
    }
    return differ;
}

enum err custom_set(struct custom *custom, const struct custom_change *changes, size_t count)
{
    struct custom_change *list = malloc(count ? count * sizeof *list : 1);
    if (!list) return ERR_NOMEM;
    if (count) memcpy(list, changes, count * sizeof *list);
    qsort(list, count, sizeof *list, by_arc);
    custom_note_queue(custom, true);
    bool differ = set_times(custom, list, count);
    free(custom->changes);
    custom->changes = list;
    custom->change_count = count;
    custom_below(custom);
    custom_note_queue(custom, false);
    custom_above(custom);
    custom_note_queue(custom, true);
    struct metric *made = NULL;
    enum err e = differ ? custom_patch(custom, &made) : custom->failed;
    custom->repaired = e ? custom->cch->link_count : custom->note_count;
    custom_note_forget(custom);
    if (e == ERR_LIMIT) return custom_anew(custom);
    if (e || !differ) return e;
    metric_free(custom->metric);
    custom->metric = made;
    return ERR_OK;
}

enum err custom_metric(const struct custom *custom, struct metric **metric)
{
    *metric = metric_share(custom->metric);
    return ERR_OK;
}

size_t custom_repaired(const struct custom *custom)
{
    return custom->repaired;
}

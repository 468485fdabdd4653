#include "geo/road/custom_work.h"

#include <stdlib.h>
#include <string.h>

static void run(struct custom *custom)
{
    custom_basic(custom);
    custom_perfect(custom);
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
    made->threads = threads ? threads : 1;
    made->time_ms = malloc(arcs * sizeof *made->time_ms);
    made->basic = malloc(links * sizeof *made->basic);
    made->exact = malloc(links * sizeof *made->exact);
    made->place = malloc(arcs * sizeof *made->place);
    if (!made->time_ms || !made->basic || !made->exact || !made->place) {
        custom_free(made);
        return ERR_NOMEM;
    }
    memcpy(made->time_ms, made->file.time_ms, arcs * sizeof *made->time_ms);
    for (uint32_t i = 0; i < cch->vertex_count; i++)
        made->place[i] = cch->link_count;
    run(made);
    *custom = made;
    return ERR_OK;
}

void custom_free(struct custom *custom)
{
    if (!custom) return;
    free(custom->time_ms);
    free(custom->basic);
    free(custom->exact);
    free(custom->place);
    free(custom->changes);
    free(custom);
}

static void set_time(struct custom *custom, uint32_t base, uint32_t time_ms)
{
    for (uint32_t arc = base; arc != NETWORK_NONE; arc = custom->cch->next_copy[arc])
        custom->time_ms[arc] = time_ms;
}

enum err custom_set(struct custom *custom, const struct custom_change *changes, size_t count)
{
    struct custom_change *list = malloc(count ? count * sizeof *list : 1);
    if (!list) return ERR_NOMEM;
    for (size_t i = 0; i < custom->change_count; i++)
        set_time(custom, custom->changes[i].arc, custom->file.time_ms[custom->changes[i].arc]);
    for (size_t i = 0; i < count; i++)
        set_time(custom, changes[i].arc, changes[i].time_ms);
    if (count) memcpy(list, changes, count * sizeof *list);
    free(custom->changes);
    custom->changes = list;
    custom->change_count = count;
    run(custom);
    custom->repaired = custom->cch->link_count;
    return ERR_OK;
}

size_t custom_repaired(const struct custom *custom)
{
    return custom->repaired;
}

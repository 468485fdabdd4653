/* Perfect customization: the cheapest way over any vertices, from the top down. */
#include "geo/road/custom_work.h"

#include <string.h>

/* What is known of the links above `u` bears on the links of all x below it: x to u over v, x to v
 * over u, and back. Of these triangles u is the middle; when a vertex's turn comes, all those
 * whose middle is above it have been seen, so the links up from it are final. */
static void upper_triangles(struct custom *custom, uint32_t *place, uint32_t u)
{
    const struct cch *cch = custom->cch;
    const struct custom_cost *basic = custom->basic;
    struct custom_cost *exact = custom->exact;
    uint32_t first = cch->up_first[u], end = cch->up_first[u + 1];
    if (first == end) return;
    for (uint32_t i = first; i < end; i++)
        place[cch->up_head[i]] = i;
    for (uint32_t k = cch->down_first[u]; k < cch->down_first[u + 1]; k++) {
        uint32_t link = cch->down_link[k], last = cch->up_first[cch->down_tail[k] + 1];
        struct custom_cost xu = basic[link], best = exact[link];
        for (uint32_t j = link + 1; j < last; j++) {
            struct custom_cost xv = basic[j], uv = exact[place[cch->up_head[j]]];
            custom_lower(&best.side[METRIC_UP], xv.side[METRIC_UP] + uv.side[METRIC_DOWN]);
            custom_lower(&best.side[METRIC_DOWN], uv.side[METRIC_UP] + xv.side[METRIC_DOWN]);
            custom_lower(&exact[j].side[METRIC_UP], xu.side[METRIC_UP] + uv.side[METRIC_UP]);
            custom_lower(&exact[j].side[METRIC_DOWN], uv.side[METRIC_DOWN] + xu.side[METRIC_DOWN]);
        }
        exact[link] = best;
    }
    for (uint32_t i = first; i < end; i++)
        place[cch->up_head[i]] = cch->link_count;
}

static void run(void *user, unsigned worker, uint32_t from, uint32_t until)
{
    struct custom *custom = user;
    for (uint32_t u = until; u-- > from;)
        upper_triangles(custom, custom_place(custom, worker, METRIC_UP), u);
}

void custom_perfect(struct custom *custom)
{
    const struct custom_work work = {run, custom, false};
    memcpy(custom->exact, custom->basic,
           ((size_t)custom->cch->link_count + 1) * sizeof *custom->exact);
    custom_crew(custom->cch, custom->threads, &work);
}

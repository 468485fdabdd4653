/* What the files of the customization share, and no one else.
 *
 * Between customizations lie costs alone, 32 bits each, so that a link takes 16 bytes for its four;
 * the time that passes along a way is worked out for the links that a metric keeps.
 *
 *     basic  the cheapest way from one end of a link to the other over vertices below both
 *     exact  the least over basic, and over basic to a higher vertex and exact from there (or,
 * coming down, exact to it and basic from there)
 *
 * `exact` is the cost of a real way; where links that cannot be used were left out of the topology,
 * not always of the cheapest. A metric holds, in either side, a link whose basic is no more than
 * its exact, and that is a turn of that cost or leads over a lower vertex by two links that the
 * metric holds and that sum to it.
 *
 * Nothing that a cheapest way needs is pruned. Take a cheapest way from u to v, linked, over lower
 * vertices: basic is its cost, and exact, being the cost of a real way, is no less. Any triangle
 * that sums to it divides a cheapest way into two cheapest ones; by induction on the lowest vertex
 * the metric holds both, and so the link. A link on no cheapest way may be held where exact missed
 * a shorter one; then it does no harm, for it stands for a real way and can be unpacked. Equal
 * costs stay, so that of equally cheap ways the quickest is among them. */
#ifndef YZ_GEO_ROAD_CUSTOM_WORK_H
#define YZ_GEO_ROAD_CUSTOM_WORK_H

#include "geo/road/custom.h"

#define CUSTOM_NONE ((uint32_t)INT32_MAX) /* no way; two of them add up within 32 bits */

struct custom_cost {
    uint32_t side[METRIC_SIDES];
};

struct custom {
    const struct cch *cch;
    struct network_view file; /* the file's times */
    uint32_t *time_ms;        /* [arc_count]: the present times, copies included */
    /* [link_count + 1]: the last is no link and never anything but none, so that a triangle one
     * side of which was left out needs no question. */
    struct custom_cost *basic, *exact;
    uint32_t *place; /* [vertex_count]: link_count except while a vertex is worked on */
    struct custom_change *changes;
    size_t change_count, repaired;
    unsigned threads;
};

static inline void custom_lower(uint32_t *cost, uint32_t to)
{
    if (to < *cost) *cost = to;
}

static inline bool custom_kept(const struct custom *custom, uint32_t link, enum metric_side side)
{
    uint32_t basic = custom->basic[link].side[side];
    return basic < CUSTOM_NONE && basic == custom->exact[link].side[side];
}

/* The weight of a turn from `arc` under the present times; WEIGHT_NONE when it cannot be made. A
 * closed arc can be turned into, but not travelled: so a closure bears on the turns out of it. */
uint64_t custom_turn(const struct custom *custom, uint32_t arc, uint32_t turn);

/* Which way a turn leads along its link. */
static inline enum metric_side custom_turn_side(const struct cch *cch, uint32_t arc, uint32_t turn)
{
    return cch->vertex[arc] < cch->vertex[cch->net->turn_to[turn]] ? METRIC_UP : METRIC_DOWN;
}

/* Fills `basic`, then `exact`, from nothing. */
void custom_basic(struct custom *custom);
void custom_perfect(struct custom *custom);

#endif

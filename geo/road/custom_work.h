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

#include "geo/base/heap.h"
#include "geo/road/custom.h"

#define CUSTOM_NONE ((uint32_t)INT32_MAX) /* no way; two of them add up within 32 bits */

struct custom_cost {
    uint32_t side[METRIC_SIDES];
};

/* What a link of a metric weighs, and the vertex that it leads over. */
struct custom_way {
    uint64_t weight;
    uint32_t via;
};

/* A link that a repair has to look at: its costs before, and at last its place in the metric. */
struct custom_note {
    uint32_t link, low; /* its lower end */
    uint32_t next;      /* another note of the same lower end, NETWORK_NONE at the end */
    struct custom_cost basic, exact;
    struct custom_way way[METRIC_SIDES];
};

/* Of a link, in `marks`. */
enum {
    CUSTOM_NOTED = 1,
    CUSTOM_BASIC_LOST = 2, /* and 4 for the other side: what it leaned on has gone up */
    CUSTOM_EXACT_LOST = 8  /* and 16 */
};

struct custom {
    const struct cch *cch;
    struct network_view file; /* the file's times */
    uint32_t *time_ms;        /* [arc_count]: the present times, copies included */
    /* [link_count + 1]: the last is no link and never anything but none, so that a triangle one
     * side of which was left out needs no question. */
    struct custom_cost *basic, *exact;
    /* [threads][METRIC_SIDES][vertex_count]: link_count except while a vertex is worked on */
    uint32_t *place;
    struct custom_change *changes; /* ascending by arc */
    size_t change_count, repaired;
    unsigned threads;
    struct metric *metric; /* of the present state; one owner among others */
    /* A repair at work; between repairs there are no notes and no marks. */
    struct custom_note *notes;
    uint32_t note_count, note_size;
    uint32_t *noted;            /* [vertex_count]: its last note, NETWORK_NONE */
    uint8_t *marks;             /* [link_count] */
    struct custom_cost *before; /* [height]: of the links of a vertex worked on */
    struct heap queue;          /* vertices with notes, in the order of the stage */
    bool rising;                /* lowest first; else highest first */
    enum err failed;            /* ERR_NOMEM; ERR_LIMIT: so much hangs on it that all goes faster */
};

static inline uint32_t *custom_place(const struct custom *custom, unsigned worker,
                                     enum metric_side side)
{
    size_t count = custom->cch->vertex_count;
    return custom->place + (METRIC_SIDES * (size_t)worker + side) * count;
}

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

/* custom_crew.c: work on all vertices, by several threads. */
struct custom_work {
    /* Vertices from `from` to `until` - 1, by one of the workers. */
    void (*run)(void *user, unsigned worker, uint32_t from, uint32_t until);
    void *user;
    bool rising; /* a vertex comes after all below it; else before */
};
void custom_crew(const struct cch *cch, unsigned threads, const struct custom_work *work);
/* As many threads as are of use; workers are numbered below it. */
unsigned custom_crew_size(unsigned threads);

/* Everything from the present times. ERR_NOMEM. */
enum err custom_anew(struct custom *custom);

/* Fills `basic`, then `exact`, from nothing. */
void custom_basic(struct custom *custom);
void custom_perfect(struct custom *custom);

/* custom_metric.c: the metric of the present costs, from nothing. ERR_NOMEM. */
enum err custom_metric_make(const struct custom *custom, struct metric **metric);

/* A metric with its view, and no links yet. */
enum err custom_metric_begin(const struct custom *custom, struct metric **metric);

/* custom_patch.c: the same from the metric before and the notes of a repair, which are put in
 * another order. ERR_NOMEM, ERR_LIMIT: see `failed`. */
enum err custom_patch(struct custom *custom, struct metric **metric);

/* custom_note.c: who has been noted, and whose turn it is. */

/* Notes a link, once, with its present costs. False: the repair has failed. */
bool custom_note(struct custom *custom, uint32_t low, uint32_t link);
/* Queues all vertices that have notes; those noted later on are queued by the way. */
void custom_note_queue(struct custom *custom, bool rising);
bool custom_note_next(struct custom *custom, uint32_t *vertex);
void custom_note_forget(struct custom *custom);
/* Fills `before` with the basic costs of x's links as they were. */
void custom_note_before(struct custom *custom, uint32_t x);
/* The note of a link that has one. */
const struct custom_note *custom_note_find(const struct custom *custom, uint32_t low,
                                           uint32_t link);

/* As they were, of any link. */
static inline struct custom_cost custom_note_exact(const struct custom *custom, uint32_t low,
                                                   uint32_t link)
{
    return custom->marks[link] & CUSTOM_NOTED ? custom_note_find(custom, low, link)->exact
                                              : custom->exact[link];
}

static inline struct custom_cost custom_note_basic(const struct custom *custom, uint32_t low,
                                                   uint32_t link)
{
    return custom->marks[link] & CUSTOM_NOTED ? custom_note_find(custom, low, link)->basic
                                              : custom->basic[link];
}

/* The link from `low` to `high` among low's from `from` on; NETWORK_NONE. */
uint32_t custom_find_link(const struct cch *cch, uint32_t from, uint32_t low, uint32_t high);

/* A part of a sum that makes up the basic cost of a link in a side changed, and so the sum. */
void custom_below_touch(struct custom *custom, uint32_t low, uint32_t link, enum metric_side side,
                        uint32_t old, uint32_t now);
/* Repairs `basic`, once the turns that changed have been touched; then `exact`. */
void custom_below(struct custom *custom);
void custom_above(struct custom *custom);

static inline bool custom_equal(struct custom_cost a, struct custom_cost b)
{
    return a.side[METRIC_UP] == b.side[METRIC_UP] && a.side[METRIC_DOWN] == b.side[METRIC_DOWN];
}

static inline uint32_t custom_sum(uint32_t a, uint32_t b)
{
    return a + b < CUSTOM_NONE ? a + b : CUSTOM_NONE;
}

#endif

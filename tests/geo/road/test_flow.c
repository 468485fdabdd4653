/* Least cuts, held against trying all of them. */
#include "geo/road/flow.h"

#include "tests/check.h"

#include <string.h>

enum { NODES = 10, EDGES = 22 };

struct random_graph {
    struct flow_graph graph;
    uint32_t first[NODES + 1], to[2 * EDGES], mate[2 * EDGES];
    uint8_t capacity[2 * EDGES];
    uint32_t ends[EDGES][2];
    uint8_t room[EDGES];
    uint32_t placed[NODES];
    float across[NODES];
};

/* Edges between random nodes, some of them side by side. */
static void draw(struct random_graph *g, uint32_t nodes, uint32_t edges, uint64_t *seed)
{
    uint32_t at[NODES] = {0};
    memset(g, 0, sizeof *g);
    for (uint32_t e = 0; e < edges; e++) {
        g->ends[e][0] = random_below(seed, nodes);
        g->ends[e][1] = (g->ends[e][0] + 1 + random_below(seed, nodes - 1)) % nodes;
        uint32_t most = random_below(seed, 8) == 0 ? FLOW_MAX_CAPACITY : 3;
        g->room[e] = (uint8_t)(1 + random_below(seed, most));
        g->first[g->ends[e][0] + 1]++;
        g->first[g->ends[e][1] + 1]++;
    }
    for (uint32_t n = 0; n < nodes; n++) {
        g->first[n + 1] += g->first[n];
        at[n] = g->first[n];
        g->placed[n] = n;
        g->across[n] = (float)random_below(seed, 5);
    }
    for (uint32_t e = 0; e < edges; e++) {
        uint32_t a = at[g->ends[e][0]]++, b = at[g->ends[e][1]]++;
        g->to[a] = g->ends[e][1];
        g->to[b] = g->ends[e][0];
        g->mate[a] = b;
        g->mate[b] = a;
        g->capacity[a] = g->capacity[b] = g->room[e];
    }
    for (uint32_t n = nodes; n-- > 1;) {
        uint32_t other = random_below(seed, n + 1), kept = g->placed[n];
        g->placed[n] = g->placed[other];
        g->placed[other] = kept;
    }
    g->graph = (struct flow_graph){nodes, g->first, g->to, g->mate, g->capacity};
}

/* What is cut when the nodes of `members` are on one side. */
static uint32_t capacity_of(const struct random_graph *g, uint32_t edges, uint32_t members)
{
    uint32_t sum = 0;
    for (uint32_t e = 0; e < edges; e++)
        if ((members >> g->ends[e][0] & 1) != (members >> g->ends[e][1] & 1)) sum += g->room[e];
    return sum;
}

static uint32_t least_of_all(const struct random_graph *g, uint32_t edges, uint32_t ends)
{
    uint32_t nodes = g->graph.count, least = UINT32_MAX;
    for (uint32_t members = 0; members < 1u << nodes; members++) {
        bool apart = true;
        for (uint32_t i = 0; i < ends; i++)
            apart =
                apart && members >> g->placed[i] & 1 && !(members >> g->placed[nodes - 1 - i] & 1);
        uint32_t cut = apart ? capacity_of(g, edges, members) : least;
        if (cut < least) least = cut;
    }
    return least;
}

TEST(a_cut_is_the_least_of_all_cuts)
{
    uint64_t seed = random_seed();
    struct flow work;
    assert_true(flow_init(&work, NODES, 2 * EDGES));
    for (int i = 0; i < 1500; i++) {
        struct random_graph g;
        uint32_t nodes = 2 + random_below(&seed, NODES - 1), smaller = 0, members = 0, here = 0;
        uint32_t edges = random_below(&seed, EDGES + 1), ends = 1 + random_below(&seed, nodes / 2);
        uint8_t side[NODES] = {0};
        draw(&g, nodes, edges, &seed);
        struct flow_ends at = {g.placed, ends, g.across};
        uint32_t least = least_of_all(&g, edges, ends);
        assert_int_equal(flow_cut(&work, &g.graph, &at, UINT32_MAX, side, &smaller), least);
        uint32_t near = flow_estimate(&work, &g.graph, &at);
        assert_true(near <= least && (near > 0 || least == 0));
        for (uint32_t n = 0; n < nodes; n++) {
            members |= (uint32_t)side[n] << n;
            here += side[n];
        }
        for (uint32_t k = 0; k < ends; k++)
            assert_true(side[g.placed[k]] && !side[g.placed[nodes - 1 - k]]);
        assert_int_equal(capacity_of(&g, edges, members), least);
        assert_int_equal(smaller, here < nodes - here ? here : nodes - here);
    }
    flow_fini(&work);
}

TEST(a_search_for_a_cut_ends_at_the_limit)
{
    uint64_t seed = random_seed();
    struct flow work;
    struct random_graph g;
    assert_true(flow_init(&work, NODES, 2 * EDGES));
    for (int i = 0; i < 200; i++) {
        uint8_t side[NODES];
        uint32_t smaller = 77;
        memset(side, 9, sizeof side);
        draw(&g, NODES, EDGES, &seed);
        struct flow_ends at = {g.placed, 2, g.across};
        uint32_t least = least_of_all(&g, EDGES, 2);
        assert_int_equal(flow_cut(&work, &g.graph, &at, least, side, &smaller), least);
        assert_true(smaller == 77 && side[0] == 9);
        assert_int_equal(flow_cut(&work, &g.graph, &at, least + 1, side, &smaller), least);
        assert_true(smaller != 77 && side[0] != 9);
    }
    flow_fini(&work);
}

/* Two least cuts: next to the source, and in the middle. */
TEST(of_two_least_cuts_the_more_balanced_one_is_taken)
{
    uint32_t first[] = {0, 1, 3, 5, 7, 9, 10}, to[] = {1, 0, 2, 1, 3, 2, 4, 3, 5, 4};
    uint32_t mate[] = {1, 0, 3, 2, 5, 4, 7, 6, 9, 8}, placed[] = {0, 1, 2, 3, 4, 5}, smaller;
    uint8_t capacity[] = {1, 1, 2, 2, 1, 1, 2, 2, 2, 2}, side[6];
    float across[] = {0, 1, 2, 3, 4, 5};
    struct flow_ends at = {placed, 1, across};
    struct flow_graph graph = {6, first, to, mate, capacity};
    struct flow work;
    assert_true(flow_init(&work, 6, 10));
    assert_int_equal(flow_cut(&work, &graph, &at, 100, side, &smaller), 1);
    assert_int_equal(smaller, 3);
    assert_memory_equal(side, "\1\1\1\0\0\0", 6);
    flow_fini(&work);
}

RUN(cmocka_unit_test(a_cut_is_the_least_of_all_cuts),
    cmocka_unit_test(a_search_for_a_cut_ends_at_the_limit),
    cmocka_unit_test(of_two_least_cuts_the_more_balanced_one_is_taken))

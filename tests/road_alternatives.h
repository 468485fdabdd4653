/* Other ways made to show that they are good ones. */
#ifndef YZ_TESTS_ROAD_ALTERNATIVES_H
#define YZ_TESTS_ROAD_ALTERNATIVES_H

#include "geo/road/alternative.h"
#include "tests/road_proof.h"

/* Milliseconds of one way on streets that another one travels too, in the same direction. */
static inline double alternatives_shared(const struct network_view *view,
                                         const struct network_path *way,
                                         const struct network_path *other)
{
    double shared_ms = 0;
    for (size_t i = 1; i + 1 < way->arc_count; i++) {
        bool is_shared = false;
        for (size_t o = 0; o < other->arc_count; o++)
            is_shared = is_shared ||
                        view->net->arc_half[other->arcs[o]] == view->net->arc_half[way->arcs[i]];
        if (is_shared) shared_ms += view->time_ms[way->arcs[i]];
    }
    return shared_ms;
}

static inline void alternatives_prove(const struct network_view *view,
                                      const struct network_bar *bar,
                                      const struct network_ends *ends,
                                      const struct network_path *ways, size_t count)
{
    double best_ms = weight_cost_ms(ways[0].weight);
    for (size_t k = 1; k < count; k++) {
        const struct network_path *way = &ways[k];
        proof_path(view, bar, ends, way);
        assert_true(way->weight >= ways[k - 1].weight);
        assert_true(weight_cost_ms(way->weight) <= alternative_cost * best_ms);
        for (size_t o = 0; o < k; o++)
            assert_true(alternatives_shared(view, way, &ways[o]) <= alternative_shared * best_ms);
        for (size_t i = 0; i < way->arc_count; i++)
            for (size_t o = 0; o < i; o++)
                assert_int_not_equal(view->net->arc_half[way->arcs[i]] >> 1,
                                     view->net->arc_half[way->arcs[o]] >> 1);
    }
}

/* Between random ends, without and with a bar; the number of alternatives. */
static inline size_t alternatives_prove_some(const struct metric *metric, size_t times,
                                             uint64_t *seed)
{
    const struct network_view *view = &metric->view;
    uint32_t *stamps = calloc(view->net->edge_count, sizeof *stamps);
    struct alternative work = {0};
    struct query query = {0};
    struct astar astar = {0};
    struct arena arena = {0};
    size_t found = 0;
    assert_non_null(stamps);
    for (size_t i = 0; i < times; i++) {
        struct network_bar drawn = proof_bar(view->net, seed, stamps);
        const struct network_bar *bar = i % 2 ? &drawn : NULL;
        struct network_end source = proof_end(view, seed), target = proof_end(view, seed);
        struct network_ends ends = {&source, &target, 1, 1};
        struct network_path ways[4];
        size_t count;
        arena_reset(&arena);
        if (bar)
            assert_ok(astar_find(&astar, metric, bar, &ends, 0, &arena, &ways[0]));
        else
            assert_ok(query_find(&query, metric, &ends, &arena, &ways[0]));
        if (ways[0].weight == WEIGHT_NONE) continue;
        assert_ok(alternative_find(&work, &query, metric, bar, &ends, &ways[0], &arena, ways + 1, 3,
                                   &count));
        alternatives_prove(view, bar, &ends, ways, count + 1);
        found += count;
    }
    alternative_fini(&work);
    query_fini(&query);
    astar_fini(&astar);
    arena_fini(&arena);
    free(stamps);
    return found;
}

#endif

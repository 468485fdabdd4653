/* Whole routes equal Dijkstra, on drawn and on random networks. */
#include "tests/road_city.h"
#include "tests/road_proof.h"
#include "tests/road_trips.h"

TEST(routes_through_random_cities_are_the_judges_and_every_path_proves_itself)
{
    uint64_t seed = random_seed();
    size_t routes = 0, copies = 0;
    for (int i = 0; i < 25; i++) {
        struct drawing d = city_make(&seed);
        const struct network *net = graph_network(d.graph);
        copies += net->arc_count - net->base_arc_count;
        struct box box = {d.at['A'].lon - 0.001, d.at['f'].lat - 0.001, d.at['F'].lon + 0.001,
                          d.at['A'].lat + 0.001};
        routes += proof_routes(d.roads, box, 40, &seed);
        drawing_free(&d);
    }
    assert_true(routes > 500 && copies > 0);
}

TEST(barred_searches_in_random_cities_are_the_judges_with_and_without_closures)
{
    uint64_t seed = random_seed();
    size_t found = 0;
    for (int i = 0; i < 8; i++) {
        struct drawing d = city_make(&seed);
        found += proof_metrics(d.graph, &seed, proof_barred, 40);
        drawing_free(&d);
    }
    assert_true(found > 700);
}

/* Closes and slows some streets for some profiles. */
static struct roads *close_some(struct drawing *d, uint64_t *seed)
{
    uint32_t edges[8], count = (uint32_t)graph_edge_count(d->graph);
    for (size_t i = 0; i < 8; i++)
        edges[i] = random_below(seed, count);
    const struct roads_closure closures[] = {{edges, 3, 15, INFINITY, INT64_MAX},
                                             {edges + 3, 3, 5, 3, INT64_MAX},
                                             {edges + 5, 3, 10, 1.5, INT64_MAX}};
    struct roads *roads;
    assert_ok(roads_make(d->keeper, closures, 3, &roads));
    return roads;
}

TEST(whole_trips_are_the_best_of_all_ways_of_passing_their_points)
{
    uint64_t seed = random_seed();
    size_t found = 0, closed = 0, barred = 0;
    for (int i = 0; i < 10; i++) {
        struct drawing d = city_make(&seed);
        struct box box = {d.at['A'].lon - 0.001, d.at['f'].lat - 0.001, d.at['F'].lon + 0.001,
                          d.at['A'].lat + 0.001};
        struct roads *roads = close_some(&d, &seed);
        found += trips_prove_some(d.roads, box, false, 24, &seed);
        closed += trips_prove_some(roads, box, false, 24, &seed);
        barred += trips_prove_some(roads, box, true, 24, &seed);
        roads_free(roads);
        drawing_free(&d);
    }
    assert_true(found > 100 && closed > 80 && barred > 50);
}

TEST(a_workspace_serves_networks_of_any_size_in_any_order)
{
    static const char *const small[] = {"way ab highway=residential", NULL};
    static const char *const large[] = {"way abcdef highway=residential",
                                        "way gcd highway=residential", NULL};
    struct drawing a = drawing_make("a----b\n", small);
    struct drawing b = drawing_make("a--b--c--d--e--f\n      g         \n", large);
    struct route_work *own = b.work;
    b.work = a.work;
    for (int i = 0; i < 3; i++) {
        assert_route(&a, "foot", "ab", "ab");
        assert_route(&b, "foot", "af", "abcdef");
    }
    b.work = own;
    drawing_free(&a);
    drawing_free(&b);
}

RUN(cmocka_unit_test(barred_searches_in_random_cities_are_the_judges_with_and_without_closures),
    cmocka_unit_test(whole_trips_are_the_best_of_all_ways_of_passing_their_points),
    cmocka_unit_test(routes_through_random_cities_are_the_judges_and_every_path_proves_itself),
    cmocka_unit_test(a_workspace_serves_networks_of_any_size_in_any_order))

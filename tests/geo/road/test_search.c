/* Whole routes equal Dijkstra, on drawn and on random networks. */
#include "tests/road_city.h"
#include "tests/road_proof.h"

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

RUN(cmocka_unit_test(routes_through_random_cities_are_the_judges_and_every_path_proves_itself),
    cmocka_unit_test(a_workspace_serves_networks_of_any_size_in_any_order))

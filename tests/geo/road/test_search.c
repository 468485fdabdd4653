/* A* equals Dijkstra, on drawn and on random networks. */
#include "tests/road_drawing.h"
#include "tests/road_proof.h"

/* A crooked grid with oneways, closures, signals and restrictions strewn over it. */
static struct drawing random_city(uint64_t *seed)
{
    static const char *const roads[] = {
        "highway=residential",
        "highway=residential oneway=yes",
        "highway=primary",
        "highway=footway",
        "highway=service access=private",
        "highway=tertiary oneway=-1 cycleway=opposite_lane",
        "highway=trunk",
        "route=ferry",
        "highway=steps",
        "highway=residential access=destination",
    };
    static char text[80][96];
    static const char *facts[81];
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij"; /* 6 x 6 */
    char picture[512];
    size_t len = 0, count = 0;
    for (size_t row = 0; row < 6; row++) {
        for (size_t column = 0; column < 6; column++) {
            uint32_t gap = 1 + random_below(seed, 4);
            for (uint32_t g = 0; g < gap; g++)
                picture[len++] = ' ';
            picture[len++] = letters[row * 6 + column];
        }
        picture[len++] = '\n';
    }
    picture[len] = '\0';
    for (size_t i = 0; i < 36; i++) {
        const char *road = roads[random_below(seed, 10)];
        if (i % 6 < 5 && count < 50)
            (void)snprintf(text[count++], sizeof text[0], "way %c%c %s", letters[i], letters[i + 1],
                           road);
        road = roads[random_below(seed, 10)];
        if (i < 30 && count < 62)
            (void)snprintf(text[count++], sizeof text[0], "way %c%c %s", letters[i], letters[i + 6],
                           road);
    }
    for (size_t i = 0; i < 8; i++) {
        size_t x = 7 + random_below(seed, 4) + 6 * random_below(seed, 4);
        static const char *const words[] = {"no_left_turn", "only_right_turn", "no_u_turn"};
        if (i < 4)
            (void)snprintf(text[count++], sizeof text[0], "limit %s %c%c %c %c%c",
                           words[random_below(seed, 2)], letters[x - 1], letters[x], letters[x],
                           letters[x], letters[x + 6]);
        else
            (void)snprintf(text[count++], sizeof text[0], "limit no_u_turn %c%c %c%c %c%c",
                           letters[x - 1], letters[x], letters[x], letters[x + 6], letters[x + 5],
                           letters[x + 6]);
    }
    (void)snprintf(text[count++], sizeof text[0], "node %c highway=traffic_signals",
                   letters[random_below(seed, 36)]);
    (void)snprintf(text[count++], sizeof text[0], "node %c barrier=bollard",
                   letters[random_below(seed, 36)]);
    for (size_t i = 0; i < count; i++)
        facts[i] = text[i];
    facts[count] = NULL;
    return drawing_make(picture, facts);
}

TEST(a_star_equals_dijkstra_on_random_cities_and_every_path_proves_itself)
{
    uint64_t seed = random_seed();
    size_t found = 0, routes = 0, copies = 0;
    for (int i = 0; i < 25; i++) {
        struct drawing d = random_city(&seed);
        const struct network *net = graph_network(d.graph);
        copies += net->arc_count - net->base_arc_count;
        struct box box = {d.at['A'].lon - 0.001, d.at['f'].lat - 0.001, d.at['F'].lon + 0.001,
                          d.at['A'].lat + 0.001};
        found += proof_searches(d.graph, 40, &seed);
        routes += proof_routes(d.graph, box, 40, &seed);
        drawing_free(&d);
    }
    assert_true(found > 1000 && routes > 500 && copies > 0);
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

RUN(cmocka_unit_test(a_star_equals_dijkstra_on_random_cities_and_every_path_proves_itself),
    cmocka_unit_test(a_workspace_serves_networks_of_any_size_in_any_order))

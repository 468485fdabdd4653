/* The order of contraction: whole, repeatable, cut where a network is thin. */
#include "geo/road/order.h"

#include "geo/road/cch.h"
#include "tests/road_city.h"

static void assert_permutation(const uint32_t *order, uint32_t count)
{
    bool *seen = calloc(count, sizeof *seen);
    assert_non_null(seen);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(order[i] < count && !seen[order[i]]);
        seen[order[i]] = true;
    }
    free(seen);
}

TEST(an_order_holds_every_arc_once_and_comes_out_the_same_again)
{
    uint64_t seed = random_seed();
    for (int i = 0; i < 25; i++) {
        struct drawing d = city_make(&seed);
        const struct network *net = graph_network(d.graph);
        size_t bytes = net->arc_count * sizeof(uint32_t);
        uint32_t *order = malloc(bytes);
        assert_non_null(order);
        assert_ok(order_make(net, NULL, order));
        assert_permutation(order, net->arc_count);
        assert_memory_equal(order, net->order, bytes);
        free(order);
        drawing_free(&d);
    }
}

TEST(every_subtree_is_contiguous_with_its_root_last)
{
    uint64_t seed = random_seed();
    for (int i = 0; i < 25; i++) {
        struct drawing d = city_make(&seed);
        struct cch *cch;
        assert_ok(cch_new(graph_network(d.graph), &cch));
        uint32_t *size = calloc(cch->vertex_count, sizeof *size);
        assert_non_null(size);
        for (uint32_t v = 0; v < cch->vertex_count; v++) {
            size[v]++;
            if (cch->parent[v] != NETWORK_NONE) size[cch->parent[v]] += size[v];
        }
        for (uint32_t v = 0; v < cch->vertex_count; v++)
            for (uint32_t below = v + 1 - size[v]; below < v; below++)
                assert_true(cch->parent[below] <= v);
        free(size);
        cch_free(cch);
        drawing_free(&d);
    }
}

/* Two blocks that one bridge joins. */
TEST(a_bridge_is_contracted_last)
{
    static const char *const facts[] = {
        "way abcfedgh highway=residential",  "way adf highway=residential",
        "way be highway=residential",        "way hi highway=primary",
        "way ijklonmpi highway=residential", "way kn highway=residential",
        "way jm highway=residential",        NULL};
    struct drawing d = drawing_make("a--b--c       j--k--l\n"
                                    "|  |  |       |  |  |\n"
                                    "d--e--f       m--n--o\n"
                                    "|             |      \n"
                                    "g--------h-i--p      \n",
                                    facts);
    const struct network *net = graph_network(d.graph);
    for (uint32_t i = net->arc_count - 2; i < net->arc_count; i++) {
        struct graph_edge edge = graph_edge_at(d.graph, net->arc_half[net->order[i]] >> 1);
        bool bridge = edge.way_id == drawing_way_id(&d, "hi") ||
                      edge.way_id == drawing_way_id(&d, "abcfedgh");
        assert_true(bridge);
    }
    drawing_free(&d);
}

/* Halving a line again and again makes a tree as high as its logarithm, not as its length. */
TEST(a_long_road_makes_a_low_tree)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static char text[64][32];
    static const char *facts[65];
    char picture[64];
    struct cch *cch;
    for (size_t i = 0; i < 61; i++) {
        (void)snprintf(text[i], sizeof text[i], "way %c%c highway=residential", letters[i],
                       letters[i + 1]);
        facts[i] = text[i];
    }
    facts[61] = NULL;
    (void)snprintf(picture, sizeof picture, "%s", letters);
    struct drawing d = drawing_make(picture, facts);
    assert_ok(cch_new(graph_network(d.graph), &cch));
    assert_int_equal(cch->vertex_count, 122);
    assert_in_range(cch->height, 6, 20);
    cch_free(cch);
    drawing_free(&d);
}

static bool never(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user;
    (void)done;
    (void)total;
    return strcmp(stage, "order") != 0;
}

TEST(ordering_stops_when_asked_to)
{
    static const char *const facts[] = {"way ab highway=residential", NULL};
    struct drawing d = drawing_make("a----b\n", facts);
    uint32_t order[2];
    struct progress progress = {never, NULL};
    assert_err(order_make(graph_network(d.graph), &progress, order), ERR_CANCELLED);
    drawing_free(&d);
}

RUN(cmocka_unit_test(an_order_holds_every_arc_once_and_comes_out_the_same_again),
    cmocka_unit_test(every_subtree_is_contiguous_with_its_root_last),
    cmocka_unit_test(a_bridge_is_contracted_last), cmocka_unit_test(a_long_road_makes_a_low_tree),
    cmocka_unit_test(ordering_stops_when_asked_to))

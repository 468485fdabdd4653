/* The hierarchy's topology, held against searches through lower arcs only: a link between two
 * vertices stands exactly where turns lead from one to the other over vertices lower than both
 * (D. J. Rose, R. E. Tarjan, G. S. Lueker, Algorithmic aspects of vertex elimination on graphs,
 * SIAM J. Comput. 5, 1976). */
#include "geo/road/cch.h"

#include "tests/road_city.h"

struct judge {
    const struct cch *cch;
    uint32_t *first, *to; /* [vertex]: where turns lead; both ways when asked so */
    uint32_t *queue, *seen;
    uint32_t stamp;
};

static void judge_init(struct judge *j, const struct cch *cch, bool both_ways)
{
    const struct network *net = cch->net;
    uint32_t count = net->arc_count;
    *j = (struct judge){.cch = cch,
                        .first = calloc(count + 2, sizeof *j->first),
                        .to = calloc(2 * net->turn_count + 1, sizeof *j->to),
                        .queue = calloc(count, sizeof *j->queue),
                        .seen = calloc(count, sizeof *j->seen)};
    assert_true(j->first && j->to && j->queue && j->seen);
    uint32_t filled = 0;
    for (uint32_t v = 0; v < count; v++) {
        j->first[v] = filled;
        for (uint32_t a = 0; a < count; a++) {
            for (uint32_t t = net->turn_first[a]; t < net->turn_first[a + 1]; t++) {
                if (cch->vertex[a] == v) j->to[filled++] = cch->vertex[net->turn_to[t]];
                if (both_ways && cch->vertex[net->turn_to[t]] == v)
                    j->to[filled++] = cch->vertex[a];
            }
        }
    }
    j->first[count] = filled;
}

static void judge_fini(struct judge *j)
{
    free(j->first);
    free(j->to);
    free(j->queue);
    free(j->seen);
}

static bool leads(struct judge *j, uint32_t from, uint32_t target)
{
    uint32_t low = from < target ? from : target, head = 0, tail = 0;
    j->seen[from] = ++j->stamp;
    j->queue[tail++] = from;
    while (head < tail) {
        uint32_t at = j->queue[head++];
        for (uint32_t i = j->first[at]; i < j->first[at + 1]; i++) {
            uint32_t to = j->to[i];
            if (to == target) return true;
            if (to >= low || j->seen[to] == j->stamp) continue;
            j->seen[to] = j->stamp;
            j->queue[tail++] = to;
        }
    }
    return false;
}

/* Returns how many links of the undirected kind no turns can use. */
static size_t assert_links(const struct cch *cch)
{
    struct judge directed, either;
    size_t unusable = 0;
    judge_init(&directed, cch, false);
    judge_init(&either, cch, true);
    for (uint32_t low = 0; low < cch->vertex_count; low++) {
        uint32_t parent = NETWORK_NONE;
        for (uint32_t high = low + 1; high < cch->vertex_count; high++) {
            bool linked = cch_link(cch, low, high) != NETWORK_NONE;
            bool bound = leads(&either, low, high);
            assert_true(linked == (leads(&directed, low, high) || leads(&directed, high, low)));
            unusable += bound && !linked;
            if (bound && parent == NETWORK_NONE) parent = high;
        }
        assert_int_equal(cch->parent[low], parent);
    }
    judge_fini(&directed);
    judge_fini(&either);
    return unusable;
}

static void assert_lists(const struct cch *cch)
{
    uint32_t height = 0;
    assert_true(cch->up_first[0] == 0 && cch->down_first[0] == 0);
    assert_int_equal(cch->up_first[cch->vertex_count], cch->link_count);
    assert_int_equal(cch->down_first[cch->vertex_count], cch->link_count);
    for (uint32_t v = 0; v < cch->vertex_count; v++) {
        uint32_t up = 0;
        for (uint32_t at = v; at != NETWORK_NONE; at = cch->parent[at])
            up++;
        if (up > height) height = up;
        for (uint32_t l = cch->up_first[v]; l < cch->up_first[v + 1]; l++) {
            uint32_t head = cch->up_head[l], ancestor = v;
            assert_true(head > v && (l == cch->up_first[v] || head > cch->up_head[l - 1]));
            while (ancestor < head)
                ancestor = cch->parent[ancestor];
            assert_int_equal(ancestor, head);
        }
        for (uint32_t i = cch->down_first[v]; i < cch->down_first[v + 1]; i++) {
            uint32_t tail = cch->down_tail[i];
            assert_true(i == cch->down_first[v] || tail > cch->down_tail[i - 1]);
            assert_int_equal(cch_link(cch, tail, v), cch->down_link[i]);
        }
    }
    assert_int_equal(cch->height, height);
}

static void assert_turns_and_copies(const struct cch *cch)
{
    const struct network *net = cch->net;
    uint32_t chained = 0;
    for (uint32_t a = 0; a < net->arc_count; a++) {
        assert_int_equal(cch->arc[cch->vertex[a]], a);
        for (uint32_t t = net->turn_first[a]; t < net->turn_first[a + 1]; t++) {
            uint32_t v = cch->vertex[a], w = cch->vertex[net->turn_to[t]];
            uint32_t low = v < w ? v : w, high = v < w ? w : v, link = cch->turn_link[t];
            assert_true((link == NETWORK_NONE) == (v == w));
            if (v == w) continue;
            assert_true(link >= cch->up_first[low] && link < cch->up_first[low + 1]);
            assert_int_equal(cch->up_head[link], high);
        }
    }
    for (uint32_t a = 0; a < net->base_arc_count; a++) {
        for (uint32_t copy = a; copy != NETWORK_NONE; copy = cch->next_copy[copy]) {
            assert_int_equal(net->arc_half[copy], net->arc_half[a]);
            assert_true(copy == a || copy >= net->base_arc_count);
            chained++;
        }
    }
    assert_int_equal(chained, net->arc_count);
}

static size_t assert_sound(const struct network *net)
{
    struct cch *cch;
    assert_ok(cch_new(net, &cch));
    assert_int_equal(cch->vertex_count, net->arc_count);
    assert_lists(cch);
    assert_turns_and_copies(cch);
    size_t unusable = assert_links(cch);
    cch_free(cch);
    return unusable;
}

TEST(links_stand_exactly_where_turns_lead_over_lower_vertices)
{
    uint64_t seed = random_seed();
    size_t unusable = 0, copies = 0;
    for (int i = 0; i < 8; i++) {
        struct drawing d = city_make(&seed);
        unusable += assert_sound(graph_network(d.graph));
        copies += graph_network(d.graph)->arc_count - graph_network(d.graph)->base_arc_count;
        drawing_free(&d);
    }
    assert_true(unusable > 0 && copies > 0);
}

TEST(any_order_makes_a_sound_hierarchy)
{
    uint64_t seed = random_seed();
    for (int i = 0; i < 4; i++) {
        struct drawing d = city_make(&seed);
        struct network net = *graph_network(d.graph);
        uint32_t *order = malloc(net.arc_count * sizeof *order);
        assert_non_null(order);
        memcpy(order, net.order, net.arc_count * sizeof *order);
        for (uint32_t k = net.arc_count; k-- > 1;) {
            uint32_t other = random_below(&seed, k + 1), kept = order[k];
            order[k] = order[other];
            order[other] = kept;
        }
        net.order = order;
        (void)assert_sound(&net);
        free(order);
        drawing_free(&d);
    }
}

TEST(a_network_of_one_street_and_of_several_pieces_is_contracted_too)
{
    static const char *const one[] = {"way ab highway=residential oneway=yes", NULL};
    static const char *const pieces[] = {"way abc highway=residential", "way de highway=footway",
                                         "way fgf highway=residential", NULL};
    struct drawing d = drawing_make("a----b\n", one);
    assert_int_equal(assert_sound(graph_network(d.graph)), 0);
    drawing_free(&d);
    d = drawing_make("a--b--c  d--e  f--g\n", pieces);
    (void)assert_sound(graph_network(d.graph));
    drawing_free(&d);
}

/* From one arc one turns into all others: contracted first, it links each with each. */
static enum err contract_star(uint32_t arcs, bool middle_first)
{
    size_t bytes = (arcs + 1) * sizeof(uint32_t);
    uint32_t *first = malloc(bytes), *to = malloc(bytes), *order = malloc(bytes);
    uint32_t *half = malloc(bytes);
    assert_true(first && to && order && half);
    for (uint32_t a = 0; a < arcs; a++) {
        first[a + 1] = arcs - 1;
        to[a] = a + 1;
        half[a] = a;
        order[a] = middle_first ? a : arcs - 1 - a;
    }
    first[0] = 0;
    struct network net = {.arc_count = arcs,
                          .base_arc_count = arcs,
                          .turn_count = arcs - 1,
                          .turn_first = first,
                          .turn_to = to,
                          .order = order,
                          .arc_half = half,
                          .half_arc = half};
    struct cch *cch = NULL;
    enum err e = cch_new(&net, &cch);
    if (!e) assert_int_equal(cch->link_count, arcs - 1);
    cch_free(cch);
    free(first);
    free(to);
    free(order);
    free(half);
    return e;
}

TEST(an_order_that_links_all_with_all_is_refused_before_it_eats_the_machine)
{
    assert_ok(contract_star(3000, false));
    assert_ok(contract_star(1000, true));
    assert_err(contract_star(3000, true), ERR_LIMIT);
}

RUN(cmocka_unit_test(links_stand_exactly_where_turns_lead_over_lower_vertices),
    cmocka_unit_test(any_order_makes_a_sound_hierarchy),
    cmocka_unit_test(a_network_of_one_street_and_of_several_pieces_is_contracted_too),
    cmocka_unit_test(an_order_that_links_all_with_all_is_refused_before_it_eats_the_machine))

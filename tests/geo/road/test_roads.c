/* Closures as profiles feel them, and roads that are let go of while others come. */
#include "geo/road/roads.h"

#include "geo/road/network.h"
#include "tests/road_city.h"
#include "tests/road_ways.h"

#include <pthread.h>

static const char *const facts[] = {
    "way abc highway=residential", "way cd highway=residential oneway=yes",
    "way be highway=footway",      "way de highway=primary",
    "limit no_u_turn abc cd de",   NULL};

struct scene {
    struct drawing drawing;
    struct roads_keeper *keeper;
    const struct network *net;
};

static struct scene draw(void)
{
    struct why why = {""};
    struct scene s = {.drawing = drawing_make("a----b----c\n"
                                              "     |    |\n"
                                              "     e----d\n",
                                              facts)};
    assert_ok(roads_open(s.drawing.path, 1, NULL, &s.keeper, &why));
    s.net = graph_network(roads_keeper_graph(s.keeper));
    return s;
}

static void scene_free(struct scene *s)
{
    roads_keeper_free(s->keeper);
    drawing_free(&s->drawing);
}

/* The `nth` edge of a way. */
static uint32_t edge_of(const struct scene *s, const char *way, int nth)
{
    for (uint32_t e = 0; e < s->net->edge_count; e++)
        if (s->net->edges[e].way_id == drawing_way_id(&s->drawing, way) && nth-- == 0) return e;
    fail();
    return 0;
}

static uint32_t time_of(const struct roads *roads, unsigned profile, uint32_t half)
{
    const struct network *net = graph_network(roads_graph(roads));
    return roads_metric(roads, profile)->view.time_ms[net->half_arc[half]];
}

static struct roads_closure closure_of(const uint32_t *edge, uint32_t profiles, double factor)
{
    return (struct roads_closure){edge, 1, profiles, factor, INT64_MAX};
}

TEST(closures_on_one_edge_multiply_and_closed_wins)
{
    struct scene s = draw();
    struct roads *roads;
    uint32_t ab = edge_of(&s, "abc", 0), bc = edge_of(&s, "abc", 1);
    uint32_t file = network_view_of(s.net, 1).time_ms[s.net->half_arc[2 * ab]];
    const struct roads_closure closures[] = {closure_of(&ab, 2, 1.5), closure_of(&bc, 2, 3),
                                             closure_of(&ab, 2, 1.1), closure_of(&bc, 2, INFINITY)};
    assert_ok(roads_make(s.keeper, closures, 4, &roads));
    assert_int_equal(time_of(roads, 1, 2 * ab), (uint32_t)ceil(file * (1.5 * 1.1)));
    assert_int_equal(time_of(roads, 1, 2 * ab + 1), (uint32_t)ceil(file * (1.5 * 1.1)));
    assert_int_equal(time_of(roads, 1, 2 * bc), NETWORK_NONE);
    roads_free(roads);
    scene_free(&s);
}

TEST(a_closure_binds_only_its_profiles_and_leaves_the_metrics_of_others)
{
    struct scene s = draw();
    struct roads *open, *closed, *again;
    uint32_t ab = edge_of(&s, "abc", 0);
    struct roads_closure closure = closure_of(&ab, 1u << 2, INFINITY);
    assert_ok(roads_make(s.keeper, NULL, 0, &open));
    assert_ok(roads_make(s.keeper, &closure, 1, &closed));
    assert_ok(roads_make(s.keeper, &closure, 1, &again));
    for (unsigned p = 0; p < s.net->profile_count; p++) {
        assert_true((time_of(closed, p, 2 * ab) == NETWORK_NONE) == (p == 2));
        assert_true((roads_metric(open, p) == roads_metric(closed, p)) == (p != 2));
        assert_ptr_equal(roads_metric(closed, p), roads_metric(again, p));
    }
    roads_free(open);
    roads_free(closed);
    roads_free(again);
    scene_free(&s);
}

TEST(a_profile_that_does_not_travel_an_edge_is_not_let_in_by_slowing_it)
{
    struct scene s = draw();
    struct roads *roads;
    uint32_t cd = edge_of(&s, "cd", 0);
    struct roads_closure closure = closure_of(&cd, UINT32_MAX, 2);
    assert_ok(roads_make(s.keeper, &closure, 1, &roads));
    for (unsigned p = 0; p < s.net->profile_count; p++) {
        struct network_view file = network_view_of(s.net, p);
        for (uint32_t half = 2 * cd; half < 2 * cd + 2; half++) {
            uint32_t arc = s.net->half_arc[half];
            if (arc == NETWORK_NONE) continue;
            uint32_t was = file.time_ms[arc], is = roads_metric(roads, p)->view.time_ms[arc];
            assert_int_equal(is, was == NETWORK_NONE ? NETWORK_NONE : 2 * was);
        }
    }
    roads_free(roads);
    scene_free(&s);
}

TEST(so_slow_that_it_counts_as_no_way_is_closed)
{
    struct scene s = draw();
    struct roads *roads;
    uint32_t ab = edge_of(&s, "abc", 0);
    struct roads_closure closure = closure_of(&ab, UINT32_MAX, 1e9);
    assert_ok(roads_make(s.keeper, &closure, 1, &roads));
    assert_int_equal(time_of(roads, 0, 2 * ab), NETWORK_NONE);
    roads_free(roads);
    scene_free(&s);
}

TEST(copies_of_a_closed_arc_are_closed_too)
{
    struct scene s = draw();
    struct roads *roads;
    uint32_t cd = edge_of(&s, "cd", 0), copies = 0;
    struct roads_closure closure = closure_of(&cd, UINT32_MAX, INFINITY);
    assert_ok(roads_make(s.keeper, &closure, 1, &roads));
    for (uint32_t a = 0; a < s.net->arc_count; a++) {
        if (s.net->arc_half[a] >> 1 != cd) continue;
        copies += a >= s.net->base_arc_count;
        for (unsigned p = 0; p < s.net->profile_count; p++)
            assert_int_equal(roads_metric(roads, p)->view.time_ms[a], NETWORK_NONE);
    }
    assert_true(copies > 0);
    roads_free(roads);
    scene_free(&s);
}

TEST(the_closed_list_tells_each_edge_once_with_the_worst_of_it)
{
    struct scene s = draw();
    struct roads *roads;
    size_t count;
    uint32_t ab = edge_of(&s, "abc", 0), de = edge_of(&s, "de", 0);
    struct roads_closure closures[] = {closure_of(&de, 1, 4), closure_of(&ab, 1, 2),
                                       closure_of(&ab, 2, 3), closure_of(&ab, 2, 5)};
    closures[3].until_ms = 77;
    assert_ok(roads_make(s.keeper, closures, 4, &roads));
    const struct roads_closed *list = roads_closed_list(roads, &count);
    assert_int_equal(count, 2);
    assert_true(list[0].edge < list[1].edge);
    for (size_t i = 0; i < count; i++) {
        bool first = list[i].edge == ab;
        assert_true(list[i].factor == (first ? 15 : 4));
        assert_int_equal(list[i].closure, first ? 3 : 0);
        assert_true(list[i].until_ms == (first ? 77 : INT64_MAX));
    }
    roads_free(roads);
    scene_free(&s);
}

TEST(a_file_that_is_none_is_refused_with_a_sentence)
{
    struct roads_keeper *keeper = NULL;
    struct why why = {""};
    assert_true(roads_open(HOUSE_ROOT "/README.md", 1, NULL, &keeper, &why) != ERR_OK);
    assert_null(keeper);
    assert_non_null(strstr(why.text, "is not a road file"));
}

static bool stop_at_once(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)stage;
    (void)done;
    (void)total;
    return --*(int *)user > 0;
}

TEST(opening_stops_when_asked)
{
    struct drawing d =
        drawing_make("a----b\n", (const char *const[]){"way ab highway=service", NULL});
    for (int says = 1; says < 4; says++) {
        int left = says;
        struct progress progress = {stop_at_once, &left};
        struct roads_keeper *keeper = NULL;
        struct why why = {""};
        assert_err(roads_open(d.path, 1, &progress, &keeper, &why), ERR_CANCELLED);
        assert_null(keeper);
    }
    drawing_free(&d);
}

/* One reader: takes roads from the shelf, looks at them, lets go of them. */
struct shelf {
    pthread_mutex_t lock;
    struct roads *roads[64];
    size_t count;
    bool done;
};

static void *reader(void *user)
{
    struct shelf *shelf = user;
    size_t found = 0;
    for (bool more = true; more;) {
        struct roads *roads = NULL;
        pthread_mutex_lock(&shelf->lock);
        if (shelf->count) roads = shelf->roads[--shelf->count];
        more = roads || !shelf->done;
        pthread_mutex_unlock(&shelf->lock);
        if (!roads) continue;
        for (unsigned p = 0; p < graph_profile_count(roads_graph(roads)); p++) {
            const struct metric *metric = roads_metric(roads, p);
            found += metric->first[METRIC_UP][metric->cch->vertex_count];
            found += metric->view.time_ms[0] != NETWORK_NONE;
        }
        roads_free(roads);
    }
    return found ? user : NULL;
}

TEST(roads_are_let_go_of_by_other_threads_while_the_keeper_makes_new_ones)
{
    struct scene s = draw();
    struct shelf shelf = {.lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[3];
    uint64_t seed = 1;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, reader, &shelf), 0);
    for (int i = 0; i < 200; i++) {
        struct roads *roads;
        uint32_t edge = random_below(&seed, s.net->edge_count);
        struct roads_closure closure = closure_of(&edge, random_below(&seed, 16), INFINITY);
        assert_ok(roads_make(s.keeper, &closure, (size_t)i % 2, &roads));
        pthread_mutex_lock(&shelf.lock);
        if (shelf.count < 64) {
            shelf.roads[shelf.count++] = roads;
            roads = NULL;
        }
        pthread_mutex_unlock(&shelf.lock);
        roads_free(roads);
    }
    roads_keeper_free(s.keeper); /* what it made goes on living */
    pthread_mutex_lock(&shelf.lock);
    shelf.done = true;
    pthread_mutex_unlock(&shelf.lock);
    for (size_t i = 0; i < 3; i++) {
        void *found;
        assert_int_equal(pthread_join(threads[i], &found), 0);
    }
    drawing_free(&s.drawing);
}

RUN(cmocka_unit_test(closures_on_one_edge_multiply_and_closed_wins),
    cmocka_unit_test(a_closure_binds_only_its_profiles_and_leaves_the_metrics_of_others),
    cmocka_unit_test(a_profile_that_does_not_travel_an_edge_is_not_let_in_by_slowing_it),
    cmocka_unit_test(so_slow_that_it_counts_as_no_way_is_closed),
    cmocka_unit_test(copies_of_a_closed_arc_are_closed_too),
    cmocka_unit_test(the_closed_list_tells_each_edge_once_with_the_worst_of_it),
    cmocka_unit_test(a_file_that_is_none_is_refused_with_a_sentence),
    cmocka_unit_test(opening_stops_when_asked),
    cmocka_unit_test(roads_are_let_go_of_by_other_threads_while_the_keeper_makes_new_ones))

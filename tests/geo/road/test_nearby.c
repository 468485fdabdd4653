/* Nearest places and detours held against weighing every place with Dijkstra's algorithm. */
#include "tests/road_city.h"

#include "geo/road/custom.h"
#include "geo/road/dijkstra.h"
#include "geo/road/nearby.h"

enum { PROFILES = 4, POINTS = 220, GROUPS = 4, FROM_MAX = 3 };
static const struct anchors_group groups[GROUPS] = {{0, 90}, {90, 30}, {120, 1}, {121, 99}};
static const uint32_t all_groups[GROUPS] = {2, 0, 3, 1};

/* A city with places in it, under closures. */
struct town {
    struct drawing d;
    struct cch *cch;
    struct custom *custom[PROFILES];
    struct metric *metric[PROFILES];
    struct coord_e7 points[POINTS];
    struct anchors *anchors;
    uint32_t *stamps;
    struct nearby *nearby;
    struct dijkstra judge;
};

static void town_close(struct town *t, uint64_t *seed, uint32_t one_in)
{
    const struct network *net = graph_network(t->d.graph);
    struct network_view views[PROFILES];
    struct custom_change *changes = calloc(net->base_arc_count, sizeof *changes);
    assert_non_null(changes);
    for (unsigned p = 0; p < PROFILES; p++) {
        size_t count = 0;
        struct network_view file = network_view_of(net, p);
        for (uint32_t arc = 0; one_in && arc < net->base_arc_count; arc++)
            if (file.time_ms[arc] != NETWORK_NONE && random_below(seed, one_in) == 0)
                changes[count++] = (struct custom_change){
                    arc, random_below(seed, 2) ? NETWORK_NONE : file.time_ms[arc] * 3};
        assert_ok(custom_set(t->custom[p], changes, count));
        metric_free(t->metric[p]);
        assert_ok(custom_metric(t->custom[p], &t->metric[p]));
        views[p] = t->metric[p]->view;
    }
    free(changes);
    const struct anchors_input input = {.graph = t->d.graph,
                                        .views = views,
                                        .radius_m = 80,
                                        .points = t->points,
                                        .count = POINTS,
                                        .groups = groups,
                                        .group_count = GROUPS};
    struct anchors *anchors;
    assert_ok(anchors_build(&input, t->anchors, NULL, &anchors));
    anchors_free(t->anchors);
    t->anchors = anchors;
}

static struct town *town_make(uint64_t *seed)
{
    struct town *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->d = city_make(seed);
    const struct network *net = graph_network(t->d.graph);
    assert_ok(cch_new(net, &t->cch));
    for (unsigned p = 0; p < PROFILES; p++)
        assert_ok(custom_new(t->cch, p, 1, &t->custom[p]));
    for (int i = 0; i < POINTS; i++) {
        struct coord at = {t->d.at['A'].lon + random_unit(seed) * 0.006,
                           t->d.at['A'].lat - random_unit(seed) * 0.0025};
        t->points[i] = coord_to_e7(at);
        if (i % 5 == 4) t->points[i] = t->points[i - (int)random_below(seed, 4)];
    }
    t->stamps = calloc(net->edge_count, sizeof *t->stamps);
    assert_non_null(t->stamps);
    assert_ok(nearby_new(&t->nearby));
    town_close(t, seed, 0);
    return t;
}

static void town_free(struct town *t)
{
    nearby_free(t->nearby);
    anchors_free(t->anchors);
    for (unsigned p = 0; p < PROFILES; p++) {
        metric_free(t->metric[p]);
        custom_free(t->custom[p]);
    }
    cch_free(t->cch);
    free(t->stamps);
    dijkstra_fini(&t->judge);
    drawing_free(&t->d);
    free(t);
}

/* One question, and what its callbacks count. */
struct asking {
    struct town *town;
    struct nearby_query query;
    struct network_bar bar;
    struct network_end from[FROM_MAX], to[FROM_MAX];
    size_t from_count, to_count;
    uint32_t groups[GROUPS];
    uint32_t wanted_of, accept_of; /* every so-manieth point is left out; 0: none */
};

static bool is_wanted(void *user, uint32_t point)
{
    const struct asking *a = user;
    return !a->wanted_of || point % a->wanted_of;
}

static bool is_accepted(void *user, uint32_t point, uint32_t time_ms)
{
    const struct asking *a = user;
    return !a->accept_of || (point + time_ms / 1000) % a->accept_of;
}

static size_t random_ends(const struct network_view *view, uint64_t *seed, struct network_end *ends)
{
    size_t count = 1 + random_below(seed, FROM_MAX);
    for (size_t i = 0; i < count; i++) {
        do
            ends[i].arc = random_below(seed, view->net->base_arc_count);
        while (view->time_ms[ends[i].arc] == NETWORK_NONE);
        static const double fractions[] = {0, 1, 0.5, 0.125};
        uint32_t which = random_below(seed, 6);
        ends[i].fraction = which < 4 ? fractions[which] : random_unit(seed);
        ends[i].paid = 0;
    }
    return count;
}

static struct asking ask(struct town *t, uint64_t *seed)
{
    const struct network *net = graph_network(t->d.graph);
    struct asking a = {.town = t};
    unsigned profile = random_below(seed, PROFILES);
    const struct network_view *view = &t->metric[profile]->view;
    a.from_count = random_ends(view, seed, a.from);
    a.to_count = random_ends(view, seed, a.to);
    if (random_below(seed, 4) == 0) a.from[0].paid = weight_of(5000, 3000);
    uint32_t group_count = 1 + random_below(seed, GROUPS), turn = random_below(seed, GROUPS);
    for (uint32_t g = 0; g < group_count; g++)
        a.groups[g] = all_groups[(g + turn) % GROUPS];
    static const uint32_t limits[] = {1, 2, 10, POINTS, 0};
    a.query = (struct nearby_query){
        .metric = t->metric[profile],
        .grounds = {{t->anchors, 0}},
        .ground_count = 1,
        .group_count = group_count,
        .limit = limits[random_below(seed, 5)],
        .time_max_ms = random_below(seed, 3) ? UINT32_MAX : random_below(seed, 90000)};
    a.wanted_of = random_below(seed, 3);
    a.accept_of = random_below(seed, 3);
    if (random_below(seed, 3) == 0) {
        for (uint32_t e = 0; e < net->edge_count; e++)
            t->stamps[e] = random_below(seed, 8) == 0;
        a.bar = (struct network_bar){random_below(seed, 4) ? t->stamps : NULL, 1,
                                     random_below(seed, 2), random_below(seed, 2)};
    }
    return a;
}

/* The pointers into itself, once it is where it stays. */
static void settle(struct asking *a)
{
    a->query.user = a;
    a->query.groups = a->groups;
    a->query.wanted = a->wanted_of ? is_wanted : NULL;
    a->query.accept = a->accept_of ? is_accepted : NULL;
    bool barred = a->bar.edge_stamp || a->bar.no_steps || a->bar.no_pushing;
    a->query.bar = barred ? &a->bar : NULL;
}

static uint64_t weigh(struct asking *a, const struct network_end *sources, size_t source_count,
                      const struct network_end *targets, size_t target_count)
{
    const struct network_ends ends = {sources, targets, source_count, target_count};
    uint64_t weight = WEIGHT_NONE;
    assert_ok(dijkstra_find(&a->town->judge, &a->query.metric->view, a->query.bar, &ends, &weight));
    return weight;
}

/* Every point of the groups asked, as found by the plain way. */
static void judge_point(struct asking *a, uint32_t point, bool along, uint64_t direct,
                        struct nearby_hit *hit, bool *reached)
{
    struct network_end ends[NETWORK_MAX_ENDS];
    const struct network_view *view = &a->query.metric->view;
    size_t count = anchors_ends(a->town->anchors, view, point, along ? SNAP_VIA : SNAP_END, ends);
    uint64_t best = WEIGHT_NONE;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count; end++)
            if (along &&
                view->net->arc_half[ends[end].arc] >> 1 != view->net->arc_half[ends[i].arc] >> 1)
                break;
        uint64_t there = weigh(a, a->from, a->from_count, ends + i, end - i);
        uint64_t on = along ? weigh(a, ends + i, end - i, a->to, a->to_count) : 0;
        if (there >= WEIGHT_NONE || weight_add(there, on) >= best) continue;
        best = weight_add(there, on);
        hit->time_ms = weight_time_ms(there);
        hit->detour_ms = 0;
        if (along && weight_time_ms(best) > weight_time_ms(direct))
            hit->detour_ms = weight_time_ms(best) - weight_time_ms(direct);
    }
    hit->point = point;
    *reached = best < WEIGHT_NONE;
}

static int by_time(const void *x, const void *y)
{
    const struct nearby_hit *a = x, *b = y;
    if (a->detour_ms != b->detour_ms) return a->detour_ms < b->detour_ms ? -1 : 1;
    if (a->time_ms != b->time_ms) return a->time_ms < b->time_ms ? -1 : 1;
    return (a->point > b->point) - (a->point < b->point);
}

static int by_detour(const void *x, const void *y)
{
    const struct nearby_hit *a = x, *b = y;
    if (a->detour_ms != b->detour_ms) return a->detour_ms < b->detour_ms ? -1 : 1;
    return (a->point > b->point) - (a->point < b->point);
}

static uint32_t judge(struct asking *a, bool along, uint64_t direct, struct nearby_hit *hits)
{
    uint32_t count = 0;
    for (size_t g = 0; g < a->query.group_count; g++) {
        struct anchors_group group = groups[a->groups[g]];
        for (uint32_t i = group.first; i < group.first + group.count; i++) {
            bool reached;
            judge_point(a, i, along, direct, &hits[count], &reached);
            uint32_t key = along ? hits[count].detour_ms : hits[count].time_ms;
            if (!reached || key > a->query.time_max_ms || !is_wanted(a, i) ||
                !is_accepted(a, i, hits[count].time_ms))
                continue;
            count++;
        }
    }
    qsort(hits, count, sizeof *hits, along ? by_detour : by_time);
    return count < a->query.limit ? count : a->query.limit;
}

static void hold(const struct nearby_hit *found, uint32_t count, const struct nearby_hit *right,
                 uint32_t right_count)
{
    assert_int_equal(count, right_count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(found[i].point, right[i].point);
        assert_int_equal(found[i].time_ms, right[i].time_ms);
        assert_int_equal(found[i].detour_ms, right[i].detour_ms);
    }
}

static uint32_t hold_near(struct asking *a)
{
    struct nearby_hit hits[POINTS], right[POINTS];
    uint32_t count = UINT32_MAX;
    settle(a);
    assert_ok(nearby_find(a->town->nearby, &a->query, a->from, a->from_count, hits, &count));
    hold(hits, count, right, judge(a, false, 0, right));
    return count;
}

static uint32_t hold_along(struct asking *a)
{
    struct nearby_hit hits[POINTS], right[POINTS];
    uint32_t count = 0;
    uint64_t direct = 0, straight;
    settle(a);
    enum err e = nearby_along(a->town->nearby, &a->query, a->from, a->from_count, a->to,
                              a->to_count, hits, &count, &direct);
    straight = weigh(a, a->from, a->from_count, a->to, a->to_count);
    if (straight >= WEIGHT_NONE) {
        assert_err(e, ERR_UNREACHABLE);
        return 0;
    }
    assert_ok(e);
    assert_true(direct == straight);
    hold(hits, count, right, judge(a, true, direct, right));
    return count;
}

enum { CITIES = 12, QUESTIONS = 60 };

static void try_cities(uint32_t (*hold_one)(struct asking *), uint64_t seed)
{
    size_t hits = 0;
    for (int city = 0; city < CITIES; city++) {
        struct town *t = town_make(&seed);
        for (int i = 0; i < QUESTIONS; i++) {
            if (i % 20 == 10) town_close(t, &seed, 3 + random_below(&seed, 12));
            struct asking a = ask(t, &seed);
            hits += hold_one(&a);
        }
        town_free(t);
    }
    assert_true(hits > CITIES * QUESTIONS);
}

TEST(the_nearest_are_those_that_weighing_every_place_finds)
{
    try_cities(hold_near, random_seed());
}

TEST(the_least_detours_are_those_that_weighing_every_place_finds)
{
    try_cities(hold_along, random_seed());
}

TEST(no_ends_no_groups_and_no_room_find_nothing)
{
    uint64_t seed = 5;
    struct town *t = town_make(&seed);
    struct asking a = ask(t, &seed);
    struct nearby_hit hit;
    uint32_t count = 7;
    uint64_t direct = 0;
    a.query.limit = 1;
    a.query.time_max_ms = UINT32_MAX;
    settle(&a);
    assert_ok(nearby_find(t->nearby, &a.query, a.from, 0, &hit, &count));
    assert_int_equal(count, 0);
    assert_err(
        nearby_along(t->nearby, &a.query, a.from, 0, a.to, a.to_count, &hit, &count, &direct),
        ERR_UNREACHABLE);
    count = 7;
    a.query.group_count = 0;
    assert_ok(nearby_find(t->nearby, &a.query, a.from, a.from_count, &hit, &count));
    assert_int_equal(count, 0);
    nearby_free(NULL);
    town_free(t);
}

TEST(a_search_past_barred_roads_gives_up_when_it_is_told_to)
{
    uint64_t seed = 3;
    struct town *t = town_make(&seed);
    struct asking a = ask(t, &seed);
    struct nearby_hit hits[POINTS];
    uint32_t count = 0;
    a.bar = (struct network_bar){.no_steps = true};
    a.wanted_of = a.accept_of = 0;
    a.query.limit = POINTS;
    a.query.time_max_ms = UINT32_MAX;
    a.query.states_max = 1;
    settle(&a);
    assert_err(nearby_find(t->nearby, &a.query, a.from, a.from_count, hits, &count), ERR_LIMIT);
    a.query.states_max = 0;
    assert_ok(nearby_find(t->nearby, &a.query, a.from, a.from_count, hits, &count));
    town_free(t);
}

RUN(cmocka_unit_test(the_nearest_are_those_that_weighing_every_place_finds),
    cmocka_unit_test(the_least_detours_are_those_that_weighing_every_place_finds),
    cmocka_unit_test(no_ends_no_groups_and_no_room_find_nothing),
    cmocka_unit_test(a_search_past_barred_roads_gives_up_when_it_is_told_to))

#include "tests/check.h"

#include "geo/space/rtree.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { MOST = 5000 };

static struct box_e7 boxes[MOST];
static unsigned char seen[MOST];

/* Spread 0: all in one point; 1: few values, so many equal ones; 2: the whole range of int32. */
static int32_t random_side(uint64_t *random, int spread)
{
    if (spread == 0) return 7;
    if (spread == 1) return (int32_t)random_below(random, 20) - 10;
    return (int32_t)(uint32_t)random_next(random);
}

static struct box_e7 random_box(uint64_t *random, int spread)
{
    int32_t a = random_side(random, spread), b = random_side(random, spread);
    int32_t c = random_side(random, spread), d = random_side(random, spread);
    return (struct box_e7){a < b ? a : b, c < d ? c : d, a < b ? b : a, c < d ? d : c};
}

static void fill(uint64_t *random, uint32_t count, int spread)
{
    for (uint32_t i = 0; i < count; i++)
        boxes[i] = random_box(random, spread);
    if (spread == 2 && count > 1) {
        boxes[0] = (struct box_e7){INT_MIN, INT_MIN, INT_MAX, INT_MAX};
        boxes[1] = (struct box_e7){1800000000, -900000000, 1800000000, 900000000};
    }
}

static const uint32_t counts[] = {0, 1, 2, 15, 16, 17, 255, 256, 257, MOST};
enum { COUNTS = sizeof counts / sizeof *counts };

static bool see(void *user, uint32_t item)
{
    seen[item]++;
    return user == NULL;
}

static bool meet(const struct box_e7 *a, const struct box_e7 *b)
{
    return a->min_lon <= b->max_lon && b->min_lon <= a->max_lon && a->min_lat <= b->max_lat &&
           b->min_lat <= a->max_lat;
}

TEST(a_search_finds_what_a_full_scan_finds_once_each)
{
    uint64_t random = random_seed();
    for (size_t c = 0; c < COUNTS; c++)
        for (int spread = 0; spread < 3; spread++) {
            struct rtree tree;
            fill(&random, counts[c], spread);
            assert_ok(rtree_build(boxes, counts[c], &tree));
            assert_int_equal(tree.box_count, rtree_box_count(counts[c]));
            for (int query = 0; query < 20; query++) {
                struct box_e7 box = random_box(&random, spread);
                memset(seen, 0, sizeof seen);
                rtree_search(&tree, box, see, NULL);
                for (uint32_t i = 0; i < counts[c]; i++)
                    assert_int_equal(seen[i], meet(&boxes[i], &box));
            }
            rtree_fini(&tree);
        }
}

TEST(a_search_stops_when_it_is_told_to)
{
    struct rtree tree;
    uint64_t random = random_seed();
    uint32_t found = 0;
    fill(&random, 100, 1);
    assert_ok(rtree_build(boxes, 100, &tree));
    memset(seen, 0, sizeof seen);
    rtree_search(&tree, (struct box_e7){-10, -10, 10, 10}, see, seen);
    for (int i = 0; i < 100; i++)
        found += seen[i];
    assert_int_equal(found, 1);
    rtree_fini(&tree);
}

static bool within(const struct box_e7 *outer, const struct box_e7 *inner)
{
    return outer->min_lon <= inner->min_lon && outer->min_lat <= inner->min_lat &&
           outer->max_lon >= inner->max_lon && outer->max_lat >= inner->max_lat;
}

static enum rtree_side side_of_box(const void *user, const struct box_e7 *box)
{
    const struct box_e7 *wanted = user;
    return within(wanted, box) ? RTREE_IN : meet(wanted, box) ? RTREE_PARTLY : RTREE_OUT;
}

static void see_side(void *user, uint32_t item, bool whole)
{
    assert_int_equal(whole, within(user, &boxes[item]));
    seen[item]++;
}

TEST(a_sieve_lets_through_what_is_not_out_and_tells_what_is_in)
{
    uint64_t random = random_seed();
    for (size_t c = 0; c < COUNTS; c++)
        for (int spread = 0; spread < 3; spread++) {
            struct rtree tree;
            fill(&random, counts[c], spread);
            assert_ok(rtree_build(boxes, counts[c], &tree));
            for (int query = 0; query < 20; query++) {
                struct box_e7 box = random_box(&random, spread);
                const struct rtree_sieve sieve = {side_of_box, see_side, &box};
                memset(seen, 0, sizeof seen);
                rtree_sift(&tree, &sieve);
                for (uint32_t i = 0; i < counts[c]; i++)
                    assert_int_equal(seen[i], meet(&boxes[i], &box));
            }
            rtree_fini(&tree);
        }
}

struct flat {
    double x, y;
};

static double side(double min, double max, double at)
{
    return fmax(0, fmax(min - at, at - max));
}

static double flat_bound(const void *user, const struct box_e7 *box)
{
    const struct flat *at = user;
    return hypot(side(box->min_lon, box->max_lon, at->x), side(box->min_lat, box->max_lat, at->y));
}

/* Every third item is left out, as a filter would. */
static double flat_distance(const void *user, uint32_t item)
{
    return item % 3 == 1 ? -1 : flat_bound(user, &boxes[item]);
}

struct gathered {
    uint32_t count;
    double distances[MOST];
};

static bool gather(void *user, uint32_t item, double distance)
{
    struct gathered *gathered = user;
    seen[item]++;
    gathered->distances[gathered->count++] = distance;
    return true;
}

static void check_nearest(const struct rtree *tree, uint32_t count, struct flat at,
                          double max_distance, struct heap *heap)
{
    static struct gathered got;
    uint32_t expected = 0;
    got.count = 0;
    memset(seen, 0, sizeof seen);
    struct rtree_metric metric = {flat_bound, flat_distance, &at};
    assert_ok(rtree_nearest(tree, &metric, max_distance, heap, gather, &got));
    for (uint32_t i = 0; i < count; i++) {
        double distance = flat_distance(&at, i);
        bool wanted = distance >= 0 && distance <= max_distance;
        assert_int_equal(seen[i], wanted);
        expected += wanted;
    }
    assert_int_equal(got.count, expected);
    for (uint32_t i = 1; i < got.count; i++)
        assert_true(got.distances[i - 1] <= got.distances[i]);
}

TEST(the_nearest_come_in_order_and_are_those_of_a_full_scan)
{
    uint64_t random = random_seed();
    struct heap heap = {0};
    for (size_t c = 0; c < COUNTS; c++)
        for (int spread = 0; spread < 3; spread++) {
            struct rtree tree;
            fill(&random, counts[c], spread);
            assert_ok(rtree_build(boxes, counts[c], &tree));
            for (int query = 0; query < 10; query++) {
                struct flat at = {random_side(&random, spread), random_side(&random, spread)};
                double max = query % 2 ? (double)INFINITY : random_unit(&random) * 1e9;
                check_nearest(&tree, counts[c], at, max, &heap);
            }
            rtree_fini(&tree);
        }
    heap_fini(&heap);
}

TEST(a_view_of_what_was_built_works_and_a_spoilt_one_is_refused)
{
    uint64_t random = random_seed();
    struct rtree tree, view;
    fill(&random, 300, 2);
    assert_ok(rtree_build(boxes, 300, &tree));
    size_t box_bytes = tree.box_count * sizeof *boxes;
    struct box_e7 *copy = malloc(box_bytes);
    uint32_t items[300];
    assert_non_null(copy);
    memcpy(copy, tree.boxes, box_bytes);
    memcpy(items, tree.items, sizeof items);
    assert_ok(rtree_view(copy, tree.box_count, items, 300, &view));
    memset(seen, 0, sizeof seen);
    rtree_search(&view, (struct box_e7){INT_MIN, INT_MIN, INT_MAX, INT_MAX}, see, NULL);
    for (int i = 0; i < 300; i++)
        assert_int_equal(seen[i], 1);

    assert_err(rtree_view(copy, tree.box_count - 1, items, 300, &view), ERR_FORMAT);
    assert_err(rtree_view(copy, tree.box_count, items, 299, &view), ERR_FORMAT);
    assert_err(rtree_view(copy, 0, items, UINT32_MAX, &view), ERR_FORMAT);
    items[5] = 300;
    assert_err(rtree_view(copy, tree.box_count, items, 300, &view), ERR_FORMAT);
    items[5] = tree.items[5];
    for (uint32_t parent = 300; parent < tree.box_count; parent++) {
        struct box_e7 good = copy[parent];
        copy[parent].max_lon = copy[parent].min_lon;
        assert_err(rtree_view(copy, tree.box_count, items, 300, &view), ERR_FORMAT);
        copy[parent] = good;
    }
    free(copy);
    rtree_fini(&tree);
}

TEST(an_empty_tree_answers_nothing)
{
    struct rtree tree;
    struct heap heap = {0};
    assert_ok(rtree_view(NULL, 0, NULL, 0, &tree));
    rtree_search(&tree, (struct box_e7){INT_MIN, INT_MIN, INT_MAX, INT_MAX}, see, NULL);
    check_nearest(&tree, 0, (struct flat){0, 0}, (double)INFINITY, &heap);
    rtree_fini(&tree);
    heap_fini(&heap);
}

RUN(cmocka_unit_test(a_search_finds_what_a_full_scan_finds_once_each),
    cmocka_unit_test(a_search_stops_when_it_is_told_to),
    cmocka_unit_test(a_sieve_lets_through_what_is_not_out_and_tells_what_is_in),
    cmocka_unit_test(the_nearest_come_in_order_and_are_those_of_a_full_scan),
    cmocka_unit_test(a_view_of_what_was_built_works_and_a_spoilt_one_is_refused),
    cmocka_unit_test(an_empty_tree_answers_nothing))

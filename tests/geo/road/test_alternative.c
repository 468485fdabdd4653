/* Other good ways, and no others. */
#include "tests/road_alternatives.h"
#include "tests/road_city.h"

/* The nodes that the ways between two nodes pass, the cheapest first: "axb ayb". */
static const char *show(struct drawing *d, const char *points, unsigned alternatives)
{
    const struct coord at[] = {d->at[(int)points[0]], d->at[(int)points[1]]};
    const struct route_query query = {.profile =
                                          (unsigned)graph_profile_find(d->graph, "motorcycle"),
                                      .points = at,
                                      .point_count = 2,
                                      .alternatives = alternatives};
    struct route route;
    size_t culprit, len = 0;
    assert_ok(route_find(d->roads, d->work, &query, &d->arena, &route, &culprit));
    for (size_t r = 0; r <= route.alternative_count; r++) {
        const struct route *one = r ? &route.alternatives[r - 1] : &route;
        assert_int_equal(one->leg_count, 1);
        if (r) assert_int_equal(one->alternative_count, 0);
        if (r) d->shown[len++] = ' ';
        for (size_t i = 0; i < one->legs[0].point_count; i++) {
            struct coord p = one->legs[0].points[i];
            for (int c = 0; c < 128; c++)
                if (d->there[c] && fabs(d->at[c].lon - p.lon) < 1e-8 &&
                    fabs(d->at[c].lat - p.lat) < 1e-8)
                    d->shown[len++] = (char)c;
        }
    }
    d->shown[len] = '\0';
    return d->shown;
}

/* Over x is a little farther than over y, over z much farther. */
TEST(a_way_that_is_a_little_longer_is_offered_one_that_is_much_longer_is_not)
{
    struct drawing d = drawing_make(
        "                        x                        \n"
        "p---a-------------------y-------------------b---q\n"
        "    |                                       |    \n"
        "    |                                       |    \n"
        "    |                                       |    \n"
        "    |                                       |    \n"
        "    e-------------------z-------------------f    \n",
        (const char *const[]){"way pa highway=residential", "way bq highway=residential",
                              "way axb highway=residential", "way ayb highway=residential",
                              "way aezfb highway=residential", NULL});
    assert_string_equal(show(&d, "pq", 3), "paybq paxbq");
    assert_string_equal(show(&d, "qp", 3), "qbyap qbxap");
    assert_string_equal(show(&d, "pq", 0), "paybq");
    drawing_free(&d);
}

TEST(what_leaves_the_way_only_for_a_moment_is_no_other_way)
{
    struct drawing d = drawing_make(
        "     x                                           \n"
        "a---b-c-----------------------------------------d\n",
        (const char *const[]){"way ab highway=residential", "way bc highway=residential",
                              "way bxc highway=residential", "way cd highway=residential", NULL});
    assert_string_equal(show(&d, "ad", 3), "abcd");
    drawing_free(&d);
}

TEST(a_detour_by_a_dead_end_or_round_a_block_is_no_other_way)
{
    struct drawing d = drawing_make(
        "        e-f                                  \n"
        "        | |                                  \n"
        "a-------b-c---------------------------------d\n"
        "             |                               \n"
        "             g                               \n",
        (const char *const[]){"way abcd highway=residential", "way be highway=residential",
                              "way ef highway=residential", "way fc highway=residential",
                              "way cg highway=residential", NULL});
    assert_string_equal(show(&d, "ad", 3), "abcd");
    drawing_free(&d);
}

TEST(alternatives_in_random_cities_prove_themselves)
{
    uint64_t seed = random_seed();
    size_t found = 0;
    for (int i = 0; i < 12; i++) {
        struct drawing d = city_make(&seed);
        found += proof_metrics(d.graph, &seed, alternatives_prove_some, 40);
        drawing_free(&d);
    }
    assert_true(found > 30);
}

RUN(cmocka_unit_test(a_way_that_is_a_little_longer_is_offered_one_that_is_much_longer_is_not),
    cmocka_unit_test(what_leaves_the_way_only_for_a_moment_is_no_other_way),
    cmocka_unit_test(a_detour_by_a_dead_end_or_round_a_block_is_no_other_way),
    cmocka_unit_test(alternatives_in_random_cities_prove_themselves))

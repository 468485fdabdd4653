#include "tests/check.h"

#include "geo/place/placeset.h"

#include <math.h>
#include <string.h>

enum { MANY = 3000 };

static struct placeset *set_new(struct placeset_builder *builder)
{
    struct placeset *set;
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

static struct placeset_builder *builder_new(void)
{
    struct placeset_builder *builder;
    assert_ok(placeset_builder_new(0, &builder));
    return builder;
}

TEST(every_place_comes_out_as_it_went_in)
{
    struct placeset_builder *builder = builder_new();
    uint64_t random = random_seed();
    static struct place given[MANY];
    for (int i = 0; i < MANY; i++) {
        given[i] = (struct place){
            .id = (int64_t)(random_next(&random) >> 1) - INT64_MAX / 2,
            .at = {random_unit(&random) * 360 - 180, random_unit(&random) * 180 - 90},
            .category = random_below(&random, PLACESET_CATEGORIES),
            .amenities = random_next(&random),
            .name = i % 2 ? "工会驿站" : "公厕",
            .hours = i % 3 ? NULL : "Mo-Fr 08:00-18:00",
            .source = "osm:node/1",
        };
        assert_ok(placeset_add(builder, &given[i]));
    }
    struct placeset *set = set_new(builder);
    assert_int_equal(placeset_count(set), MANY);
    for (int i = 0; i < MANY; i++) {
        int64_t at = placeset_by_id(set, given[i].id);
        assert_true(at >= 0);
        struct place place = placeset_at(set, (uint32_t)at);
        assert_int_equal(place.id, given[i].id);
        assert_true(fabs(place.at.lon - given[i].at.lon) <= 0.51e-7);
        assert_true(fabs(place.at.lat - given[i].at.lat) <= 0.51e-7);
        assert_int_equal(place.category, given[i].category);
        assert_int_equal(place.amenities, given[i].amenities);
        assert_string_equal(place.name, given[i].name);
        assert_string_equal(place.name_en, "");
        assert_string_equal(place.hours, given[i].hours ? given[i].hours : "");
        assert_string_equal(place.source, "osm:node/1");
    }
    assert_int_equal(placeset_by_id(set, 1), -1);
    placeset_free(set);
}

TEST(a_place_out_of_range_is_refused_and_nothing_is_added)
{
    struct placeset_builder *builder = builder_new();
    struct place wrong_lon = {.at = {200, 0}}, not_a_number = {.at = {0, (double)NAN}};
    struct place wrong_category = {.category = PLACESET_CATEGORIES};
    assert_err(placeset_add(builder, &wrong_lon), ERR_RANGE);
    assert_err(placeset_add(builder, &not_a_number), ERR_RANGE);
    assert_err(placeset_add(builder, &wrong_category), ERR_RANGE);
    struct placeset *set = set_new(builder);
    assert_int_equal(placeset_count(set), 0);
    assert_int_equal(placeset_by_id(set, 0), -1);
    placeset_free(set);
}

static bool check_item(void *user, uint32_t item)
{
    const struct placeset *set = user;
    struct coord_e7 c = placeset_coords(set)[item];
    assert_true(c.lon_e7 >= 0);
    return true;
}

TEST(groups_hold_their_category_in_tree_order_with_the_union_of_amenities)
{
    struct placeset_builder *builder = builder_new();
    uint64_t random = random_seed();
    for (int i = 0; i < MANY; i++) {
        struct place place = {.id = i,
                              .at = {random_unit(&random) * 10 - 5, random_unit(&random)},
                              .category = i % 7 == 0 ? 63 : 2,
                              .amenities = (uint64_t)1 << random_below(&random, 64)};
        assert_ok(placeset_add(builder, &place));
    }
    struct placeset *set = set_new(builder);
    uint32_t seen = 0;
    for (unsigned c = 0; c < PLACESET_CATEGORIES; c++) {
        const struct placeset_group *group = placeset_group(set, c);
        const struct rtree *tree = &group->tree;
        for (uint32_t i = 0; i < tree->item_count; i++) {
            uint32_t place = group->first + i;
            assert_int_equal(placeset_categories(set)[place], c);
            assert_int_equal(tree->boxes[i].min_lon, placeset_coords(set)[place].lon_e7);
            uint32_t slot = i;
            for (uint32_t level = 1; level < tree->levels; level++) {
                slot /= RTREE_NODE;
                uint64_t had = group->amenities[tree->level_start[level] + slot - tree->item_count];
                assert_true((had & placeset_amenities(set)[place]) != 0);
            }
            seen++;
        }
    }
    assert_int_equal(seen, MANY);
    rtree_search(placeset_tree(set), (struct box_e7){0, 0, 1000000000, 1000000000}, check_item,
                 set);
    placeset_free(set);
}

RUN(cmocka_unit_test(every_place_comes_out_as_it_went_in),
    cmocka_unit_test(a_place_out_of_range_is_refused_and_nothing_is_added),
    cmocka_unit_test(groups_hold_their_category_in_tree_order_with_the_union_of_amenities))

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

static bool count_place(void *user, uint32_t place)
{
    (void)place;
    ++*(uint32_t *)user;
    return true;
}

TEST(what_several_builders_collected_is_one_set)
{
    enum { BUILDERS = 3, EACH = 20000 }; /* enough for threads to help */
    struct placeset_builder *builders[BUILDERS];
    struct placeset *set;
    uint32_t found = 0;
    uint64_t random = random_seed();
    for (int b = 0; b < BUILDERS; b++) {
        builders[b] = builder_new();
        for (int i = 0; i < EACH; i++) {
            char name[40];
            int64_t id = b * EACH + i;
            (void)snprintf(name, sizeof name, "place %d", (int)id);
            const struct place place = {.id = id,
                                        .at = {random_unit(&random) * 10, (double)id * 1e-4},
                                        .category = (unsigned)(id % 7),
                                        .name = name,
                                        .hours = id % 2 ? "24/7" : "Mo-Fr 08:00-18:00",
                                        .closed_to_ms = id % 1000 ? 0 : id + 1,
                                        .closed_reason = id % 1000 ? NULL : name};
            assert_ok(placeset_add(builders[b], &place));
        }
    }
    assert_ok(placeset_build_all(builders, BUILDERS, &set));
    for (int b = 0; b < BUILDERS; b++)
        placeset_builder_free(builders[b]);
    assert_int_equal(placeset_count(set), BUILDERS * EACH);
    for (int64_t id = 0; id < BUILDERS * EACH; id++) {
        char name[40];
        (void)snprintf(name, sizeof name, "place %d", (int)id);
        struct place place = placeset_at(set, (uint32_t)placeset_by_id(set, id));
        assert_int_equal(place.id, id);
        assert_int_equal(place.category, id % 7);
        assert_true(fabs(place.at.lat - (double)id * 1e-4) <= 0.51e-7);
        assert_string_equal(place.name, name);
        assert_string_equal(place.hours, id % 2 ? "24/7" : "Mo-Fr 08:00-18:00");
        assert_string_equal(place.closed_reason, id % 1000 ? "" : name);
    }
    placeset_search(set, box_to_e7((struct box){0, 0.99995, 10, 1.99995}), count_place, &found);
    assert_int_equal(found, 10000);
    placeset_free(set);
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
            .names = i % 5 ? NULL : "驿站;Station",
            .photos = i % 7 ? NULL : "abc def",
            .source = "osm:node/1",
            .version = (uint32_t)i,
            .capacity = (uint32_t)i % 100,
            .confirmed_ms = (int64_t)i * 1000,
            .by_staff = i % 3 == 0,
            .closed_from_ms = i % 4 ? 0 : i,
            .closed_to_ms = i % 4   ? 0
                            : i % 8 ? INT64_MAX
                                    : i + 1,
            .closed_reason = i % 4 ? NULL : "装修",
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
        assert_string_equal(place.names, given[i].names ? given[i].names : "");
        assert_string_equal(place.photos, given[i].photos ? given[i].photos : "");
        assert_int_equal(place.version, given[i].version);
        assert_int_equal(place.capacity, given[i].capacity);
        assert_int_equal(place.confirmed_ms, given[i].confirmed_ms);
        assert_int_equal(place.by_staff, given[i].by_staff);
        assert_int_equal(place.closed_from_ms, given[i].closed_from_ms);
        assert_int_equal(place.closed_to_ms, given[i].closed_to_ms);
        assert_string_equal(place.closed_reason,
                            given[i].closed_reason ? given[i].closed_reason : "");
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
    struct coord_e7 c = placeset_coord(set, item);
    assert_true(c.lon_e7 >= 0);
    return true;
}

static void check_group(const struct placepart *part, unsigned category, uint32_t *seen)
{
    const struct placepart_group *group = &part->groups[category];
    const struct rtree *tree = &group->tree;
    for (uint32_t i = 0; i < tree->item_count; i++) {
        uint32_t place = group->first + i;
        assert_int_equal(part->categories[place], category);
        assert_int_equal(tree->boxes[i].min_lon, part->coords[place].lon_e7);
        uint32_t slot = i;
        for (uint32_t level = 1; level < tree->levels; level++) {
            slot /= RTREE_NODE;
            uint64_t had = group->amenities[tree->level_start[level] + slot - tree->item_count];
            assert_true((had & part->amenities[place]) != 0);
        }
        ++*seen;
    }
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
        check_group(placeset_part(set, PLACESET_BASE), c, &seen);
        assert_int_equal(placeset_has_category(set, c), c == 63 || c == 2);
    }
    assert_int_equal(seen, MANY);
    placeset_search(set, (struct box_e7){0, 0, 1000000000, 1000000000}, check_item, set);
    placeset_free(set);
}

/* A set as a plain table by id. */
enum { IDS = 400 };
struct model {
    bool there[IDS], touched[IDS];
    double lon[IDS];
};

struct walked {
    const struct placeset *set;
    const struct model *model;
    int64_t last;
    uint32_t count;
};

static bool step(void *user, uint32_t place)
{
    struct walked *w = user;
    int64_t id = placeset_id(w->set, place);
    assert_true(id > w->last && w->model->there[id]);
    w->last = id;
    w->count++;
    return true;
}

static void check_model(const struct placeset *set, const struct model *model)
{
    uint32_t count = 0, found = 0;
    struct walked walked = {.set = set, .model = model, .last = IDS / 2};
    for (int64_t id = 0; id < IDS; id++) {
        int64_t i = placeset_by_id(set, id);
        assert_int_equal(i >= 0, model->there[id]);
        if (i < 0) continue;
        count++;
        walked.count -= id > IDS / 2;
        assert_int_equal(placeset_id(set, (uint32_t)i), id);
        assert_true(fabs(placeset_at(set, (uint32_t)i).at.lon - model->lon[id]) < 1e-6);
        assert_true((uint32_t)i < placeset_end(set));
        assert_false(placeset_is_hidden(set, (uint32_t)i));
    }
    assert_int_equal(placeset_count(set), count);
    placeset_search(set, (struct box_e7){-1800000000, -900000000, 1800000000, 900000000},
                    count_place, &found);
    assert_int_equal(found, count);
    placeset_walk(set, IDS / 2, step, &walked);
    assert_int_equal(walked.count, 0);
    struct box box = placeset_box(set);
    assert_true(!count || box.min_lon <= box.max_lon);
}

/* Adds those that are there and touched, or all of them. */
static struct placeset_builder *collect(const struct model *model, bool touched_only)
{
    struct placeset_builder *builder = builder_new();
    for (int64_t id = 0; id < IDS; id++)
        if (model->there[id] && (!touched_only || model->touched[id]))
            assert_ok(placeset_add(builder, &(struct place){.id = id, .at = {model->lon[id], 1}}));
    return builder;
}

TEST(a_set_over_anothers_base_is_the_set_that_would_be_built_anew)
{
    uint64_t random = random_seed();
    struct model model = {{false}, {false}, {0}};
    for (int id = 0; id < IDS; id += 2)
        model.there[id] = true;
    struct placeset *set = set_new(collect(&model, false)), *first = set;
    check_model(set, &model);
    for (int round = 0; round < 60; round++) {
        int64_t ids[IDS], id = (int64_t)random_below(&random, IDS);
        size_t count = 0;
        model.there[id] = random_below(&random, 3) != 0;
        model.touched[id] = true;
        model.lon[id] = random_unit(&random) * 100;
        for (int64_t k = IDS; k-- > 0;)
            if (model.touched[k]) ids[count++] = k;
        struct placeset_builder *builder = collect(&model, true);
        struct placeset *next;
        assert_ok(placeset_patch(set, builder, ids, count, &next));
        placeset_builder_free(builder);
        assert_true(placeset_same_base(set, next));
        if (set != first) placeset_free(set);
        set = next;
        check_model(set, &model);
    }
    assert_int_equal(placeset_count(first), IDS / 2); /* it is as it was */
    placeset_free(first);
    check_model(set, &model); /* though who made the base is gone */
    placeset_free(set);
}

TEST(a_place_that_is_closed_for_a_while_is_closed_whatever_its_hours_say)
{
    struct placeset_builder *builder = builder_new();
    struct placeset_moment moment = {hours_moment_of(NULL, 20454, 600), 0};
    assert_ok(placeset_add(builder, &(struct place){.id = 1,
                                                    .hours = "24/7",
                                                    .closed_from_ms = 1000,
                                                    .closed_to_ms = 2000,
                                                    .closed_reason = "停水"}));
    assert_ok(placeset_add(builder, &(struct place){.id = 2, .hours = "24/7"}));
    struct placeset *set = set_new(builder);
    uint32_t one = (uint32_t)placeset_by_id(set, 1), two = (uint32_t)placeset_by_id(set, 2);
    static const struct {
        int64_t utc_ms;
        enum hours_state state;
    } times[] = {{999, HOURS_OPEN}, {1000, HOURS_CLOSED}, {1999, HOURS_CLOSED}, {2000, HOURS_OPEN}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        moment.utc_ms = times[i].utc_ms;
        assert_int_equal(placeset_state_at(set, one, &moment), times[i].state);
        assert_int_equal(placeset_state_at(set, two, &moment), HOURS_OPEN);
    }
    placeset_free(set);
}

RUN(cmocka_unit_test(every_place_comes_out_as_it_went_in),
    cmocka_unit_test(what_several_builders_collected_is_one_set),
    cmocka_unit_test(a_place_out_of_range_is_refused_and_nothing_is_added),
    cmocka_unit_test(groups_hold_their_category_in_tree_order_with_the_union_of_amenities),
    cmocka_unit_test(a_set_over_anothers_base_is_the_set_that_would_be_built_anew),
    cmocka_unit_test(a_place_that_is_closed_for_a_while_is_closed_whatever_its_hours_say))

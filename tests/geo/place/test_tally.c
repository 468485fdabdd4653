#include "tests/check.h"

#include "geo/place/tally.h"

#include <string.h>

enum { PLACES = 600, CHANGED = 90 };

static void add(struct placeset_builder *builder, uint64_t *random, int64_t id)
{
    struct place place = {.id = id,
                          .at = {170 + random_below(random, 20) * 1.0, random_below(random, 20)},
                          .category = random_below(random, 4),
                          .amenities = random_next(random) & random_next(random)};
    if (place.at.lon > 180) place.at.lon -= 360;
    assert_ok(placeset_add(builder, &place));
}

/* A set of places with ids 1 to PLACES, some of which are gone and some edited since. */
static struct placeset *set_new(uint64_t *random)
{
    struct placeset_builder *builder;
    struct placeset *base, *set;
    int64_t ids[CHANGED];
    assert_ok(placeset_builder_new(0, &builder));
    for (int64_t id = 1; id <= PLACES; id++)
        add(builder, random, id);
    assert_ok(placeset_build(builder, &base));
    placeset_builder_free(builder);
    assert_ok(placeset_builder_new(0, &builder));
    for (int i = 0; i < CHANGED; i++) {
        ids[i] = 7 * i + 1; /* some are new */
        if (i % 2) add(builder, random, ids[i]);
    }
    assert_ok(placeset_patch(base, builder, ids, CHANGED, &set));
    placeset_builder_free(builder);
    placeset_free(base);
    return set;
}

static bool is_odd(void *user, uint32_t place)
{
    return placeset_id(user, place) % 2;
}

TEST(what_a_filter_keeps_is_counted_as_one_by_one)
{
    uint64_t random = random_seed();
    struct placeset *set = set_new(&random);
    size_t some = 0;
    for (int q = 0; q < 400; q++) {
        double west = 172 + random_below(&random, 8), south = random_below(&random, 15);
        struct box boxes[2] = {{west, south, 180, south + 6}, {-180, south, -171.5, south + 6}};
        if (q % 7 == 0) boxes[1] = boxes[0]; /* what lies in both counts once */
        struct place_filter filter = {.categories = q % 2 ? random_below(&random, 16) : 0,
                                      .any_of =
                                          q % 3 ? random_next(&random) & random_next(&random) : 0,
                                      .boxes = boxes,
                                      .box_count = (unsigned)q % 3,
                                      .accept = q % 5 ? NULL : is_odd,
                                      .user = set};
        int64_t after = q % 4 ? (int64_t)random_below(&random, PLACES) : INT64_MIN;
        struct tally plain = {0, 0}, told = tally_count(set, &filter, after);
        assert_int_equal(tally_skip(set, &filter, 0), INT64_MIN);
        for (int64_t id = 1; id <= 7 * CHANGED; id++) {
            int64_t i = placeset_by_id(set, id);
            if (i < 0 || !filter_keeps(set, &filter, (uint32_t)i)) continue;
            plain.matched++;
            plain.before += id <= after;
            assert_int_equal(tally_skip(set, &filter, plain.matched), id);
        }
        assert_int_equal(told.matched, plain.matched);
        assert_int_equal(told.before, plain.before);
        assert_int_equal(tally_skip(set, &filter, plain.matched + 1), INT64_MAX);
        assert_int_equal(tally_skip(set, &filter, UINT64_MAX), INT64_MAX);
        some += plain.matched;
    }
    assert_true(some > 1000);
    placeset_free(set);
}

RUN(cmocka_unit_test(what_a_filter_keeps_is_counted_as_one_by_one))

#include "tests/check.h"

#include "geo/tile/clusterset.h"
#include "geo/tile/morton.h"
#include "geo/tile/tile.h"

#include <string.h>

enum { PLACES = 1 << TILE_PLACES, CATEGORIES = 3 };
static const char *const codes[CATEGORIES] = {"rest_station", "toilet", "fuel"};

/* What a place of this id is in its `round`: it moves and changes its category from one to the
 * next. */
static struct place place_of(int64_t id, unsigned round)
{
    uint64_t random = (uint64_t)id * 1000 + round;
    struct coord at = {116.3 + random_unit(&random) * 0.2, 39.8 + random_unit(&random) * 0.2};
    if (id % 6 == 0) at = (struct coord){116.4, 39.9};
    return (struct place){
        .id = id, .at = at, .category = random_below(&random, CATEGORIES), .name = "站"};
}

enum { IDS = 3000 };

/* Which round each id is in; -1: there is no such place. */
struct state {
    int rounds[IDS + 1];
};

static void add(struct placeset_builder *builder, const struct state *state, int64_t id)
{
    if (state->rounds[id] < 0) return;
    struct place place = place_of(id, (unsigned)state->rounds[id]);
    assert_ok(placeset_add(builder, &place));
}

static struct placeset *build(const struct state *state)
{
    struct placeset_builder *builder;
    struct placeset *set;
    assert_ok(placeset_builder_new(IDS, &builder));
    for (int64_t id = 1; id <= IDS; id++)
        add(builder, state, id);
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

/* The same over the base of another set. */
static struct placeset *patch(const struct placeset *before, const struct state *base,
                              const struct state *state)
{
    static int64_t ids[IDS];
    struct placeset_builder *builder;
    struct placeset *set;
    size_t count = 0;
    assert_ok(placeset_builder_new(16, &builder));
    for (int64_t id = 1; id <= IDS; id++) {
        if (state->rounds[id] == base->rounds[id]) continue;
        ids[count++] = id;
        add(builder, state, id);
    }
    assert_ok(placeset_patch(before, builder, ids, count, &set));
    placeset_builder_free(builder);
    return set;
}

static void encode(const struct placeset *places, const struct clusterset *clusters,
                   uint64_t categories, struct tile_id id, struct buf *out)
{
    const struct tile_source source = {.places = places,
                                       .clusters = clusters,
                                       .categories = categories,
                                       .category_codes = codes,
                                       .category_count = CATEGORIES};
    buf_reset(out);
    assert_ok(tile_encode(&source, id, PLACES, out));
}

/* Tiles of the patched set are, byte by byte, those of one that was built whole. */
static void compare(const struct placeset *patched, const struct clusterset *clusters,
                    const struct state *state, uint64_t *random)
{
    struct placeset *whole = build(state);
    struct clusterset *plain;
    struct buf a, b;
    buf_init(&a, 1 << 24);
    buf_init(&b, 1 << 24);
    assert_ok(clusterset_new(whole, NULL, &plain));
    for (uint32_t z = 0; z <= TILE_CLUSTER_ZOOM; z++)
        for (int i = 0; i < 6; i++) {
            struct coord at = {116.3 + random_unit(random) * 0.2, 39.8 + random_unit(random) * 0.2};
            struct mercator_grid g = mercator_grid(i ? at : (struct coord){116.4, 39.9});
            struct tile_id id = {z, (uint32_t)((uint64_t)g.x >> (32 - z)),
                                 (uint32_t)((uint64_t)g.y >> (32 - z))};
            uint64_t categories = i % 2 ? 0 : random_below(random, 8);
            encode(patched, clusters, categories, id, &a);
            encode(whole, plain, categories, id, &b);
            assert_int_equal(a.len, b.len);
            if (a.len) assert_memory_equal(a.bytes, b.bytes, a.len);
        }
    buf_fini(&a);
    buf_fini(&b);
    clusterset_free(plain);
    placeset_free(whole);
}

static void change(struct state *state, uint64_t *random, unsigned changes)
{
    for (unsigned i = 0; i < changes; i++)
        state->rounds[1 + random_below(random, IDS)] = (int)random_below(random, 4) - 1;
}

TEST(an_edited_set_is_drawn_as_one_that_was_built_whole)
{
    uint64_t random = random_seed();
    struct state base = {{0}}, now;
    change(&base, &random, IDS / 4); /* not all of the ids are there */
    struct placeset *set = build(&base);
    struct clusterset *clusters;
    assert_ok(clusterset_new(set, NULL, &clusters));
    compare(set, clusters, &base, &random);
    now = base;
    for (unsigned i = 0; i < 5; i++) {
        change(&now, &random, i * i * 40 + 1);
        struct placeset *next = patch(set, &base, &now);
        struct clusterset *made;
        assert_ok(clusterset_new(next, clusters, &made));
        clusterset_free(clusters); /* what they share stays */
        placeset_free(set);
        set = next;
        clusters = made;
        compare(set, clusters, &now, &random);
    }
    clusterset_free(clusters);
    placeset_free(set);
}

TEST(a_cell_without_places_is_none_also_when_all_of_it_is_hidden)
{
    struct state base = {{0}}, now;
    struct clusterset_cell cell;
    struct clusterset *clusters, *made;
    for (int id = 2; id <= IDS; id++)
        base.rounds[id] = -1;
    now = base;
    now.rounds[1] = -1;
    struct placeset *set = build(&base), *empty = patch(set, &base, &now);
    assert_ok(clusterset_new(set, NULL, &clusters));
    assert_true(clusterset_find(clusters, 0, 0, ~0ull, &cell));
    assert_int_equal(cell.sum.count, 1);
    assert_int_equal(placeset_id(set, cell.place), 1);
    assert_true(cell.first == cell.last);
    assert_false(clusterset_find(clusters, 0, 0, 1ull << 40, &cell));
    assert_int_equal(cell.sum.count, 0);
    assert_ok(clusterset_new(empty, clusters, &made));
    assert_false(clusterset_find(made, 0, 0, ~0ull, &cell));
    assert_int_equal(cell.sum.count, 0);
    clusterset_free(made);
    clusterset_free(clusters);
    placeset_free(empty);
    placeset_free(set);
}

RUN(cmocka_unit_test(an_edited_set_is_drawn_as_one_that_was_built_whole),
    cmocka_unit_test(a_cell_without_places_is_none_also_when_all_of_it_is_hidden))

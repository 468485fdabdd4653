#include "tests/geo/tile/decode.h"

#include "geo/tile/mercator.h"
#include "geo/tile/mvt.h"
#include "geo/tile/tile.h"

#include <math.h>

enum { CATEGORIES = 3, PLACES = 1 << 3 }; /* a bit of tile_layers */
static const char *const codes[CATEGORIES] = {"rest_station", "toilet", "fuel"};

struct world {
    struct placeset *set;
    struct clusterset *clusters;
    struct tile_source source;
};

/* Towns of places, a few far away, and several on the same spot. */
static struct place place_at(uint32_t i, uint64_t *random)
{
    struct coord at = {116.3 + random_unit(random) * 0.2, 39.8 + random_unit(random) * 0.2};
    if (i % 50 == 0) at = (struct coord){-179.99 + random_unit(random) * 359.9, 89.0 - i % 178};
    if (i % 9 == 0) at = (struct coord){116.4 + (i % 4) * 1e-3, 39.9};
    return (struct place){.id = i + 1, .at = at, .category = i % CATEGORIES, .name = "站"};
}

static struct world world_new(uint32_t count, uint64_t *random)
{
    struct placeset_builder *builder;
    struct world w = {0};
    assert_ok(placeset_builder_new(count, &builder));
    for (uint32_t i = 0; i < count; i++) {
        struct place place = place_at(i, random);
        assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_build(builder, &w.set));
    placeset_builder_free(builder);
    assert_ok(clusterset_new(w.set, NULL, &w.clusters));
    w.source = (struct tile_source){.places = w.set,
                                    .clusters = w.clusters,
                                    .category_codes = codes,
                                    .category_count = CATEGORIES};
    return w;
}

static void world_free(struct world *w)
{
    clusterset_free(w->clusters);
    placeset_free(w->set);
}

static size_t encode(const struct tile_source *source, struct tile_id id,
                     struct decoded_layer *layer)
{
    struct buf out;
    buf_init(&out, 16 << 20);
    assert_ok(tile_encode(source, id, PLACES, &out));
    *layer = (struct decoded_layer){0};
    size_t count = decode_tile(out.bytes, out.len, layer, 1);
    buf_fini(&out);
    return count;
}

static long long number(const struct decoded_feature *f, const char *key)
{
    const char *text = decode_tag(f, key);
    return text ? strtoll(text, NULL, 10) : 0;
}

static bool is_own(struct clip_point p)
{
    return p.x >= 0 && p.y >= 0 && p.x < MVT_EXTENT && p.y < MVT_EXTENT;
}

/* The plain way: all places of one cell, looked at one by one. */
struct plain {
    uint64_t x, y, counts[CATEGORIES], count;
    int64_t id;
};

static struct plain count_plainly(const struct world *w, unsigned depth, uint32_t x, uint32_t y)
{
    struct plain plain = {0};
    uint64_t wanted = w->source.categories ? w->source.categories : UINT64_MAX;
    for (uint32_t i = 0; i < placeset_count(w->set); i++) {
        struct place place = placeset_at(w->set, i);
        struct mercator_grid g = mercator_grid(place.at);
        if (g.x >> (32 - depth) != x || g.y >> (32 - depth) != y) continue;
        if (!(wanted >> place.category & 1)) continue;
        plain.x += g.x;
        plain.y += g.y;
        plain.counts[place.category]++;
        plain.count++;
        plain.id = place.id;
    }
    return plain;
}

static void check_counts(const struct decoded_feature *f, const struct plain *plain)
{
    size_t most = 0;
    for (size_t k = 0; k < CATEGORIES; k++) {
        char key[64];
        (void)snprintf(key, sizeof key, "count_%s", codes[k]);
        assert_int_equal(number(f, key), plain->counts[k]);
        if (plain->counts[k] > plain->counts[most]) most = k;
    }
    assert_string_equal(decode_tag(f, "cluster"), "1!");
    assert_string_equal(decode_tag(f, "category"), codes[most]);
}

/* Against the plain count; returns how many places the feature stands for. */
static uint64_t check_feature(const struct world *w, struct tile_id id,
                              const struct decoded_feature *f)
{
    unsigned depth = id.z + (id.z < 14 ? 3 : 4), deeper = 32 - depth;
    unsigned shift = 20 - id.z; /* from the world's grid to the tile's */
    uint32_t x = (uint32_t)(((int64_t)id.x << 12) + f->points[0].x);
    uint32_t y = (uint32_t)(((int64_t)id.y << 12) + f->points[0].y);
    struct plain plain = count_plainly(w, depth, x << shift >> deeper, y << shift >> deeper);
    assert_true(plain.count > 0);
    assert_int_equal(plain.x / plain.count >> shift, x);
    assert_int_equal(plain.y / plain.count >> shift, y);
    if (plain.count > 1) {
        assert_int_equal(number(f, "point_count"), plain.count);
        check_counts(f, &plain);
    } else {
        assert_null(decode_tag(f, "cluster"));
        assert_int_equal(number(f, "id"), plain.id);
    }
    return plain.count;
}

static uint64_t walk_zoom(const struct world *w, uint32_t z, bool check)
{
    uint64_t total = 0;
    for (uint32_t x = 0; x < 1u << z; x++)
        for (uint32_t y = 0; y < 1u << z; y++) {
            struct tile_id id = {z, x, y};
            struct decoded_layer layer;
            size_t count = encode(&w->source, id, &layer);
            for (size_t i = 0; i < layer.feature_count; i++) {
                const struct decoded_feature *f = &layer.features[i];
                if (!is_own(f->points[0])) continue;
                if (check)
                    total += check_feature(w, id, f);
                else
                    total += decode_tag(f, "cluster") ? (uint64_t)number(f, "point_count") : 1;
            }
            decode_free(&layer, count);
        }
    return total;
}

TEST(clusters_are_what_a_plain_count_finds_and_count_every_place_once)
{
    uint64_t random = random_seed();
    struct world w = world_new(3000, &random);
    for (uint32_t z = 0; z <= 6; z++)
        assert_int_equal(walk_zoom(&w, z, z < 4), placeset_count(w.set));
    world_free(&w);
}

TEST(clusters_of_some_categories_count_only_those)
{
    uint64_t random = random_seed();
    struct world w = world_new(3000, &random);
    w.source.categories = 1 << 1 | 1 << 2;
    for (uint32_t z = 0; z <= 3; z++)
        assert_int_equal(walk_zoom(&w, z, true), 2000);
    w.source.categories = (uint64_t)1 << 40;
    assert_int_equal(walk_zoom(&w, 2, true), 0);
    world_free(&w);
}

static struct tile_id tile_at(uint32_t z, struct coord c)
{
    struct mercator_grid g = mercator_grid(c);
    return (struct tile_id){z, (uint32_t)((uint64_t)g.x >> (32 - z)),
                            (uint32_t)((uint64_t)g.y >> (32 - z))};
}

TEST(deeper_zooms_count_every_place_of_a_town_once)
{
    uint64_t random = random_seed();
    struct world w = world_new(5000, &random);
    uint64_t inside = 0;
    for (uint32_t i = 0; i < placeset_count(w.set); i++) {
        struct coord at = placeset_at(w.set, i).at;
        struct tile_id t = tile_at(9, at), town = tile_at(9, (struct coord){116.4, 39.9});
        inside += t.x == town.x && t.y == town.y;
    }
    assert_true(inside > 1000);
    for (uint32_t z = 9; z <= 18; z += z < 13 ? 2 : 1) {
        struct tile_id town = tile_at(9, (struct coord){116.4, 39.9});
        uint32_t n = 1u << (z - 9);
        uint64_t total = 0;
        for (uint32_t x = 0; x < n; x++)
            for (uint32_t y = 0; y < n; y++) {
                struct decoded_layer layer;
                struct tile_id id = {z, town.x * n + x, town.y * n + y};
                size_t count = encode(&w.source, id, &layer);
                for (size_t i = 0; i < layer.feature_count; i++)
                    if (is_own(layer.features[i].points[0]))
                        total += decode_tag(&layer.features[i], "cluster")
                                     ? (uint64_t)number(&layer.features[i], "point_count")
                                     : 1;
                decode_free(&layer, count);
            }
        assert_int_equal(total, inside);
    }
    world_free(&w);
}

static const struct decoded_feature *find(const struct decoded_layer *layer, uint64_t id)
{
    for (size_t i = 0; i < layer->feature_count; i++)
        if (layer->features[i].id == id) return &layer->features[i];
    return NULL;
}

/* What lies in a tile's margin is its neighbour's: the same feature at the same place. */
TEST(a_margin_repeats_what_the_neighbour_draws)
{
    uint64_t random = random_seed();
    struct world w = world_new(60000, &random);
    size_t compared = 0;
    for (uint32_t z = 9; z <= 18; z += 3)
        for (uint32_t step = 0; step < 30; step++) {
            struct coord at = {116.31 + random_unit(&random) * 0.18,
                               39.81 + random_unit(&random) * 0.18};
            struct tile_id left = tile_at(z, at), right = {z, left.x + 1, left.y};
            struct decoded_layer a, b;
            size_t in_a = encode(&w.source, left, &a), in_b = encode(&w.source, right, &b);
            for (size_t i = 0; i < a.feature_count; i++) {
                struct clip_point p = a.features[i].points[0];
                if (p.x < MVT_EXTENT || p.y < 0 || p.y >= MVT_EXTENT) continue;
                const struct decoded_feature *twin = find(&b, a.features[i].id);
                assert_non_null(twin);
                assert_int_equal(twin->points[0].x, p.x - MVT_EXTENT);
                assert_int_equal(twin->points[0].y, p.y);
                assert_int_equal(number(twin, "point_count"),
                                 number(&a.features[i], "point_count"));
                compared++;
            }
            decode_free(&a, in_a);
            decode_free(&b, in_b);
        }
    assert_true(compared > 5);
    world_free(&w);
}

TEST(a_cluster_breaks_up_at_the_zoom_it_names_and_not_before)
{
    uint64_t random = random_seed();
    struct world w = world_new(4000, &random);
    struct tile_id id = tile_at(11, (struct coord){116.4, 39.9});
    struct decoded_layer layer;
    size_t count = encode(&w.source, id, &layer), seen = 0;
    for (size_t i = 0; i < layer.feature_count; i++) {
        const struct decoded_feature *f = &layer.features[i];
        if (!decode_tag(f, "cluster") || !is_own(f->points[0])) continue;
        unsigned depth = 14, shift = 9;
        uint32_t x = (id.x << 12 | (uint32_t)f->points[0].x) << shift >> (32 - depth);
        uint32_t y = (id.y << 12 | (uint32_t)f->points[0].y) << shift >> (32 - depth);
        uint32_t apart = 12;
        for (; apart <= TILE_CLUSTER_ZOOM; apart++) { /* as long as all share one cell */
            unsigned deep = apart + (apart < 14 ? 3 : 4);
            bool together = true;
            struct mercator_grid first = {0, 0};
            size_t members = 0;
            for (uint32_t p = 0; p < placeset_count(w.set); p++) {
                struct mercator_grid g = mercator_grid(placeset_at(w.set, p).at);
                if (g.x >> (32 - depth) != x || g.y >> (32 - depth) != y) continue;
                if (members++ == 0) first = g;
                together = together && g.x >> (32 - deep) == first.x >> (32 - deep) &&
                           g.y >> (32 - deep) == first.y >> (32 - deep);
            }
            if (!together) break;
        }
        assert_int_equal(number(f, "expansion_zoom"), apart);
        seen++;
    }
    assert_true(seen > 5);
    decode_free(&layer, count);
    world_free(&w);
}

TEST(every_tile_with_clusters_is_small)
{
    uint64_t random = random_seed();
    struct world w = world_new(100000, &random);
    for (uint32_t z = 0; z <= TILE_CLUSTER_ZOOM; z++) {
        struct decoded_layer layer;
        size_t count = encode(&w.source, tile_at(z, (struct coord){116.4, 39.9}), &layer);
        size_t n = z < 14 ? 8 : 16;
        assert_in_range(layer.feature_count, 1, (n + 2) * (n + 2));
        decode_free(&layer, count);
    }
    world_free(&w);
}

RUN(cmocka_unit_test(clusters_are_what_a_plain_count_finds_and_count_every_place_once),
    cmocka_unit_test(clusters_of_some_categories_count_only_those),
    cmocka_unit_test(deeper_zooms_count_every_place_of_a_town_once),
    cmocka_unit_test(a_margin_repeats_what_the_neighbour_draws),
    cmocka_unit_test(a_cluster_breaks_up_at_the_zoom_it_names_and_not_before),
    cmocka_unit_test(every_tile_with_clusters_is_small))

#include "tests/geo/tile/decode.h"
#include "tests/scratch.h"

#include "geo/road/build.h"
#include "geo/tile/mercator.h"
#include "geo/tile/tile.h"

#include <math.h>

enum { CLOSURES = 1 << 2, PLACES = 1 << 3 }; /* bits of tile_layers */

static const char *const codes[] = {"rest_station", "toilet"};

static struct tile_id tile_at(uint32_t z, struct coord c)
{
    struct mercator_point p = mercator_from_coord(c);
    double side = ldexp(1, (int)z);
    return (struct tile_id){z, (uint32_t)(p.x * side), (uint32_t)(p.y * side)};
}

static size_t encode(const struct tile_source *source, struct tile_id id, unsigned wanted,
                     struct decoded_layer *layers)
{
    struct buf out;
    buf_init(&out, 16 << 20);
    assert_ok(tile_encode(source, id, wanted, &out));
    size_t count = decode_tile(out.bytes, out.len, layers, 3);
    buf_fini(&out);
    return count;
}

static struct placeset *places_new(uint32_t count, uint64_t *random)
{
    struct placeset_builder *builder;
    struct placeset *set;
    assert_ok(placeset_builder_new(count, &builder));
    for (uint32_t i = 0; i < count; i++) {
        struct place place = {
            .id = i + 1,
            .at = {116.3 + random_unit(random) * 0.2, 39.8 + random_unit(random) * 0.2},
            .category = i % 2,
            .name = "站"};
        assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

TEST(only_numbers_that_name_a_tile_are_tiles)
{
    static const struct {
        struct tile_id id;
        bool valid;
    } cases[] = {
        {{0, 0, 0}, true},   {{0, 1, 0}, false},          {{1, 1, 1}, true},
        {{1, 0, 2}, false},  {{18, 262143, 5}, true},     {{18, 262144, 5}, false},
        {{19, 0, 0}, false}, {{UINT32_MAX, 0, 0}, false},
    };
    struct buf out;
    const struct tile_source nothing = {0};
    buf_init(&out, 100);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(tile_valid(cases[i].id), cases[i].valid);
        assert_err(tile_encode(&nothing, cases[i].id, ~0u, &out),
                   cases[i].valid ? ERR_OK : ERR_RANGE);
    }
    assert_int_equal(out.len, 0);
    buf_fini(&out);
}

TEST(every_place_of_a_fine_tile_is_in_it_where_it_belongs)
{
    uint64_t random = random_seed();
    struct placeset *set = places_new(20000, &random);
    const struct tile_source source = {.places = set, .category_codes = codes, .category_count = 2};
    struct tile_id id = tile_at(16, (struct coord){116.4, 39.9});
    struct decoded_layer layers[3];
    struct box box = tile_box(id);
    size_t expected = 0, inside = 0;
    for (uint32_t i = 0; i < placeset_count(set); i++)
        expected += box_contains(box, placeset_at(set, i).at);
    assert_true(expected > 0);
    assert_int_equal(encode(&source, id, ~0u, layers), 1);
    assert_string_equal(layers[0].name, "places");
    for (size_t i = 0; i < layers[0].feature_count; i++) {
        const struct decoded_feature *f = &layers[0].features[i];
        struct place place = placeset_at(set, (uint32_t)placeset_by_id(set, (int64_t)f->id));
        struct clip_point p = f->points[0];
        inside += box_contains(box, place.at);
        double side = ldexp(1, 16);
        struct coord c = mercator_to_coord(
            (struct mercator_point){(id.x + p.x / 4096.0) / side, (id.y + p.y / 4096.0) / side});
        assert_true(fabs(c.lon - place.at.lon) < 1.4e-6 && fabs(c.lat - place.at.lat) < 1.4e-6);
        assert_string_equal(decode_tag(f, "category"), codes[place.category]);
        assert_string_equal(decode_tag(f, "name"), "站");
        assert_null(decode_tag(f, "name_en"));
    }
    assert_int_equal(inside, expected);
    decode_free(layers, 1);
    placeset_free(set);
}

static struct areaset *areas_new(void)
{
    /* A district of four thirds of a degree with a lake, and a sub-district in a corner of it. */
    static const struct coord points[] = {{116, 39},   {117.4, 39},   {117.4, 40.4}, {116, 40.4},
                                          {116, 39},   {116.5, 39.5}, {117, 39.5},   {117, 40},
                                          {116.5, 40}, {116.5, 39.5}};
    static const struct coord corner[] = {
        {116, 39}, {116.1, 39}, {116.1, 39.1}, {116, 39.1}, {116, 39}};
    static const size_t starts[] = {0, 5, 10};
    const struct area areas[] = {{.id = 1, .level = 6, .name = "西城区"},
                                 {.id = 2, .level = 8, .name = "椿树街道"}};
    struct polygon *polygons[2];
    struct areaset *set;
    assert_ok(polygon_from_rings(points, starts, 2, &polygons[0], NULL));
    assert_ok(polygon_from_rings(corner, starts, 1, &polygons[1], NULL));
    assert_ok(areaset_new(areas, polygons, 2, &set));
    return set;
}

static int64_t ring_area2(const struct decoded_feature *f, size_t part)
{
    return clip_ring_area2(f->points + f->parts[part].start, f->parts[part].count);
}

TEST(areas_are_wound_as_the_specification_demands_and_cut_to_the_tile)
{
    struct areaset *set = areas_new();
    const struct tile_source source = {.areas = set};
    struct decoded_layer layers[3];
    assert_int_equal(encode(&source, tile_at(8, (struct coord){116.2, 39.8}), ~0u, layers), 1);
    assert_string_equal(layers[0].name, "areas");
    assert_int_equal(layers[0].feature_count, 1); /* the sub-district comes later */
    const struct decoded_feature *f = &layers[0].features[0];
    assert_int_equal(f->part_count, 2);
    assert_true(ring_area2(f, 0) > 0 && ring_area2(f, 1) < 0);
    assert_string_equal(decode_tag(f, "name"), "西城区");
    assert_string_equal(decode_tag(f, "level"), "6");
    decode_free(layers, 1);

    /* Deep inside the land the whole tile and its margin is covered; in the lake nothing is. */
    assert_int_equal(encode(&source, tile_at(14, (struct coord){116.2, 39.8}), ~0u, layers), 1);
    assert_int_equal(ring_area2(&layers[0].features[0], 0), 2 * (int64_t)4224 * 4224);
    decode_free(layers, 1);
    assert_int_equal(encode(&source, tile_at(12, (struct coord){116.05, 39.05}), ~0u, layers), 1);
    assert_int_equal(layers[0].feature_count, 2);
    decode_free(layers, 1);
    /* In the lake shell and hole are the same square: nothing is filled. */
    assert_int_equal(encode(&source, tile_at(14, (struct coord){116.75, 39.75}), ~0u, layers), 1);
    assert_int_equal(ring_area2(&layers[0].features[0], 0) + ring_area2(&layers[0].features[0], 1),
                     0);
    decode_free(layers, 1);
    assert_int_equal(encode(&source, tile_at(14, (struct coord){110, 30}), ~0u, layers), 0);
    areaset_free(set);
}

static const struct profile_value any_speed[] = {{"*", 20}};
static const char *const oneway_keys[] = {"oneway"};

static struct graph *roads_new(const char *path)
{
    /* A motorway, a street in three ways and a footpath, all from west to east. */
    static const struct {
        const char *highway, *name;
        bool oneway;
        double lat;
        int64_t from, to;
    } ways[] = {
        {"motorway", "二环", true, 39.80, 1, 2},
        {"residential", "长椿街", false, 39.81, 3, 4},
        {"residential", "长椿街", false, 39.81, 4, 5},
        {"residential", "下斜街", false, 39.82, 6, 7},
        {"footway", "", false, 39.83, 8, 9},
    };
    struct profile profile = {
        .name = "any", .max_kmh = 50, .ride = {any_speed, 1}, .oneway_keys = {oneway_keys, 1}};
    const struct profile *profiles[] = {&profile};
    struct build *build;
    struct graph *graph;
    struct build_stats stats;
    struct why why = {""};
    assert_ok(build_new(profiles, 1, &build));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const int64_t refs[] = {ways[i].from, ways[i].to};
        const double west = ways[i].from == 4 ? 116.39 : 116.38;
        const struct coord at[] = {{west, ways[i].lat}, {west + 0.01, ways[i].lat}};
        const struct profile_tag tags[] = {{"highway", ways[i].highway},
                                           {"name", ways[i].name},
                                           {"oneway", ways[i].oneway ? "yes" : "no"}};
        assert_ok(build_way(build, (int64_t)i + 1, refs, at, 2, tags, 3));
    }
    assert_ok(build_finish(build, path, "test", NULL, &stats, &why));
    build_free(build);
    assert_ok(graph_open(path, &graph, &why));
    return graph;
}

static const struct decoded_feature *road(const struct decoded_layer *layer, const char *class,
                                          const char *name)
{
    for (size_t i = 0; i < layer->feature_count; i++) {
        const char *has = decode_tag(&layer->features[i], "name");
        if (strcmp(decode_tag(&layer->features[i], "class"), class) == 0 &&
            (name ? has && strcmp(has, name) == 0 : !has))
            return &layer->features[i];
    }
    return NULL;
}

TEST(closures_are_lines_by_what_they_do_and_until_when)
{
    char path[128];
    (void)scratch_make();
    struct graph *graph = roads_new(scratch_in(path, sizeof path, "roads.yzr"));
    struct coord middle = {116.39, 39.81};
    struct decoded_layer layers[3];
    const uint32_t edges = (uint32_t)graph_edge_count(graph);
    const struct roads_closed closed[] = {{0, INFINITY, INT64_MAX, 0},
                                          {1, 2.5f, 1700000000999, 1},
                                          {2, INFINITY, INT64_MAX, 2},
                                          {edges - 1, 3, INT64_MAX, 3}};
    struct tile_source source = {.roads = graph};
    unsigned wanted = CLOSURES;
    assert_string_equal(tile_layers[2].id, "closures");
    assert_true(tile_layers[2].live);
    assert_int_equal(encode(&source, tile_at(12, middle), wanted, layers), 0);
    source.closed = closed;
    source.closed_count = 4;
    assert_int_equal(encode(&source, tile_at(9, middle), wanted, layers), 1);
    assert_string_equal(layers[0].name, "closures");
    assert_int_equal(layers[0].feature_count, 3); /* both that are closed are one */
    const struct decoded_feature *f = layers[0].features;
    assert_string_equal(decode_tag(&f[0], "effect"), "slowed");
    assert_string_equal(decode_tag(&f[0], "factor"), "2.5");
    assert_string_equal(decode_tag(&f[0], "until"), "1700000000");
    assert_string_equal(decode_tag(&f[1], "factor"), "3");
    assert_null(decode_tag(&f[1], "until"));
    assert_string_equal(decode_tag(&f[2], "effect"), "closed");
    assert_null(decode_tag(&f[2], "factor"));
    assert_int_equal(f[2].part_count, 2);
    decode_free(layers, 1);
    assert_int_equal(encode(&source, tile_at(14, (struct coord){10, 50}), wanted, layers), 0);
    graph_free(graph);
    scratch_remove();
}

TEST(roads_appear_class_by_class_and_are_joined_by_name)
{
    char path[128];
    (void)scratch_make();
    struct graph *graph = roads_new(scratch_in(path, sizeof path, "roads.yzr"));
    const struct tile_source source = {.roads = graph};
    struct coord middle = {116.39, 39.81};
    struct decoded_layer layers[3];
    assert_int_equal(encode(&source, tile_at(4, middle), ~0u, layers), 0);

    assert_int_equal(encode(&source, tile_at(9, middle), ~0u, layers), 1);
    assert_string_equal(layers[0].name, "roads");
    assert_int_equal(layers[0].feature_count, 1);
    assert_non_null(road(&layers[0], "motorway", NULL));
    decode_free(layers, 1);

    /* Unnamed as yet: all the streets are one feature of three lines. */
    assert_int_equal(encode(&source, tile_at(12, middle), ~0u, layers), 1);
    const struct decoded_feature *streets = road(&layers[0], "residential", NULL);
    assert_non_null(streets);
    assert_int_equal(streets->part_count, 3);
    assert_non_null(road(&layers[0], "motorway", "二环"));
    assert_string_equal(decode_tag(road(&layers[0], "motorway", "二环"), "oneway"), "1!");
    assert_int_equal(layers[0].feature_count, 2);
    decode_free(layers, 1);

    assert_int_equal(encode(&source, tile_at(15, middle), ~0u, layers), 1);
    assert_non_null(road(&layers[0], "residential", "长椿街"));
    assert_null(decode_tag(road(&layers[0], "residential", "长椿街"), "oneway"));
    decode_free(layers, 1);
    assert_int_equal(encode(&source, tile_at(15, (struct coord){116.385, 39.83}), ~0u, layers), 1);
    assert_non_null(road(&layers[0], "footway", NULL));
    decode_free(layers, 1);
    graph_free(graph);
    scratch_remove();
}

TEST(a_layer_that_is_not_asked_for_is_left_out)
{
    uint64_t random = random_seed();
    struct areaset *areas = areas_new();
    struct placeset *places = places_new(100, &random);
    struct clusterset *clusters;
    assert_ok(clusterset_new(places, NULL, &clusters));
    const struct tile_source source = {.areas = areas, .places = places, .clusters = clusters};
    struct decoded_layer layers[3];
    struct tile_id id = tile_at(9, (struct coord){116.4, 39.9});
    for (unsigned wanted = 0; wanted < 16; wanted++) {
        size_t expected = (wanted & 1) + !!(wanted & PLACES);
        assert_int_equal(encode(&source, id, wanted, layers), expected);
        if (expected == 1) assert_string_equal(layers[0].name, wanted & 1 ? "areas" : "places");
        decode_free(layers, expected);
    }
    assert_int_equal(tile_layer_count, 4);
    areaset_free(areas);
    clusterset_free(clusters);
    placeset_free(places);
}

RUN(cmocka_unit_test(only_numbers_that_name_a_tile_are_tiles),
    cmocka_unit_test(every_place_of_a_fine_tile_is_in_it_where_it_belongs),
    cmocka_unit_test(areas_are_wound_as_the_specification_demands_and_cut_to_the_tile),
    cmocka_unit_test(closures_are_lines_by_what_they_do_and_until_when),
    cmocka_unit_test(roads_appear_class_by_class_and_are_joined_by_name),
    cmocka_unit_test(a_layer_that_is_not_asked_for_is_left_out))

#include "tests/geo/tile/decode.h"

#include "geo/tile/mercator.h"
#include "geo/tile/spots.h"

#include <math.h>

enum { POINTS = 4000, PLACES = 1 << TILE_PLACES };

static struct coord points[POINTS];

static void make_points(uint64_t *random)
{
    for (size_t i = 0; i < POINTS; i++) {
        points[i] =
            (struct coord){116.3 + random_unit(random) * 0.2, 39.8 + random_unit(random) * 0.2};
        if (i % 5 == 0) points[i] = points[i / 2];
        if (i % 40 == 0)
            points[i] = (struct coord){random_unit(random) * 360 - 180, 89.0 - (double)(i % 178)};
    }
}

/* The same points as places: what is drawn of those is held against a plain count elsewhere. */
static struct placeset *places_new(struct clusterset **clusters)
{
    struct placeset_builder *builder;
    struct placeset *set;
    assert_ok(placeset_builder_new(POINTS, &builder));
    for (size_t i = 0; i < POINTS; i++) {
        const struct place place = {.id = (int64_t)i + 1, .at = points[i]};
        assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    assert_ok(clusterset_new(set, NULL, clusters));
    return set;
}

static enum err tag(void *user, struct mvt *mvt, uint64_t number)
{
    (void)user;
    mvt_tag_int(mvt, "id", (int64_t)number);
    return ERR_OK;
}

static size_t draw_spots(struct tile_id id, struct decoded_layer *layer)
{
    struct spots *spots;
    struct mvt mvt;
    struct buf out;
    struct box box = spots_box(id);
    buf_init(&out, 16 << 20);
    assert_ok(spots_new(id, &spots));
    for (size_t i = 0; i < POINTS; i++) /* e7, as places are kept */
        if (box_contains(box, points[i]))
            assert_ok(spots_add(spots, coord_from_e7(coord_to_e7(points[i])), i + 1));
    mvt_init(&mvt, &out);
    mvt_layer(&mvt, "spots");
    assert_ok(spots_draw(spots, &mvt, tag, NULL));
    mvt_layer_end(&mvt);
    assert_ok(mvt_fini(&mvt));
    spots_free(spots);
    *layer = (struct decoded_layer){0};
    size_t count = decode_tile(out.bytes, out.len, layer, 1);
    buf_fini(&out);
    return count;
}

static size_t draw_places(const struct tile_source *source, struct tile_id id,
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

static const char *or_none(const char *text)
{
    return text ? text : "none";
}

static void compare(const struct decoded_layer *spots, const struct decoded_layer *places)
{
    assert_int_equal(spots->feature_count, places->feature_count);
    for (size_t i = 0; i < spots->feature_count; i++) {
        const struct decoded_feature *a = &spots->features[i], *b = NULL;
        for (size_t j = 0; j < places->feature_count && !b; j++)
            if (places->features[j].id == a->id) b = &places->features[j];
        assert_non_null(b);
        assert_memory_equal(a->points, b->points, sizeof *a->points);
        static const char *const keys[] = {"cluster", "point_count", "expansion_zoom", "id"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            assert_string_equal(or_none(decode_tag(a, keys[k])), or_none(decode_tag(b, keys[k])));
    }
}

TEST(spots_are_drawn_as_places_are)
{
    uint64_t random = random_seed();
    struct clusterset *clusters;
    make_points(&random);
    struct placeset *set = places_new(&clusters);
    const struct tile_source source = {.places = set, .clusters = clusters};
    size_t features = 0;
    for (uint32_t z = 0; z <= TILE_MAX_ZOOM; z++)
        for (int i = 0; i < 12; i++) {
            struct coord at = points[random_below(&random, POINTS)];
            struct mercator_grid g = mercator_grid(at);
            struct tile_id id = {z, (uint32_t)((uint64_t)g.x >> (32 - z)),
                                 (uint32_t)((uint64_t)g.y >> (32 - z))};
            struct decoded_layer a, b;
            size_t in_a = draw_spots(id, &a), in_b = draw_places(&source, id, &b);
            compare(&a, &b);
            features += a.feature_count;
            decode_free(&a, in_a);
            decode_free(&b, in_b);
        }
    assert_true(features > 200);
    clusterset_free(clusters);
    placeset_free(set);
}

TEST(a_tile_without_clusters_takes_so_many_and_no_more)
{
    struct spots *spots;
    struct coord at = {116.4, 39.9};
    struct mercator_grid g = mercator_grid(at);
    struct tile_id id = {17, g.x >> 15, g.y >> 15};
    assert_ok(spots_new(id, &spots));
    for (uint64_t i = 1; i <= SPOTS_MAX; i++)
        assert_ok(spots_add(spots, at, i));
    assert_ok(spots_add(spots, (struct coord){0, 0}, 7)); /* elsewhere */
    assert_err(spots_add(spots, at, 7), ERR_LIMIT);
    spots_free(spots);
}

static enum err fail_to_tag(void *user, struct mvt *mvt, uint64_t number)
{
    (void)user, (void)mvt, (void)number;
    return ERR_DB;
}

TEST(an_error_of_who_tags_ends_it)
{
    struct spots *spots;
    struct mvt mvt;
    struct buf out;
    buf_init(&out, 1000);
    mvt_init(&mvt, &out);
    mvt_layer(&mvt, "spots");
    assert_ok(spots_new((struct tile_id){0, 0, 0}, &spots));
    assert_ok(spots_add(spots, (struct coord){1, 1}, 1));
    assert_err(spots_draw(spots, &mvt, fail_to_tag, NULL), ERR_DB);
    mvt_layer_end(&mvt);
    (void)mvt_fini(&mvt);
    spots_free(spots);
    buf_fini(&out);
}

RUN(cmocka_unit_test(spots_are_drawn_as_places_are),
    cmocka_unit_test(a_tile_without_clusters_takes_so_many_and_no_more),
    cmocka_unit_test(an_error_of_who_tags_ends_it))

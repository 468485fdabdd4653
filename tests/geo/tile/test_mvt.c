#include "tests/geo/tile/decode.h"

#include "geo/tile/mvt.h"

TEST(the_example_of_the_specification_is_written_as_it_is_there)
{
    /* Section 4.3.5.4, 4.3.5.5 and 4.3.5.7: geometry of a line and of polygons with a hole. */
    static const unsigned char line[] = {9, 4, 4, 18, 0, 16, 16, 0};
    static const unsigned char rings[] = {9, 0,  0,  26, 20, 0, 0, 20, 19, 0, 15,
                                          9, 22, 2,  26, 18, 0, 0, 18, 17, 0, 15,
                                          9, 4,  13, 26, 0,  8, 8, 0,  0,  7, 15};
    static const struct clip_point points[] = {{2, 2}, {2, 10}, {10, 10}};
    static const struct clip_point a[] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    static const struct clip_point b[] = {{11, 11}, {20, 11}, {20, 20}, {11, 20}};
    static const struct clip_point c[] = {{13, 13}, {13, 17}, {17, 17}, {17, 13}};
    struct buf out;
    struct mvt mvt;
    buf_init(&out, 10000);
    mvt_init(&mvt, &out);
    mvt_layer(&mvt, "x");
    mvt_feature(&mvt, MVT_LINE, 0);
    mvt_line(&mvt, points, 3);
    assert_int_equal(mvt.geometry.len, sizeof line);
    assert_memory_equal(mvt.geometry.bytes, line, sizeof line);
    mvt_feature(&mvt, MVT_POLYGON, 0);
    mvt_ring(&mvt, a, 4);
    mvt_ring(&mvt, b, 4);
    mvt_ring(&mvt, c, 4);
    assert_int_equal(mvt.geometry.len, sizeof rings);
    assert_memory_equal(mvt.geometry.bytes, rings, sizeof rings);
    assert_ok(mvt_fini(&mvt));
    buf_fini(&out);
}

TEST(layers_read_back_as_they_were_written_with_each_text_stored_once)
{
    enum { FEATURES = 1000 };
    struct buf out;
    struct mvt mvt;
    struct decoded_layer layers[2];
    buf_init(&out, 1 << 20);
    mvt_init(&mvt, &out);
    mvt_layer(&mvt, "空");
    mvt_layer_end(&mvt);
    mvt_layer(&mvt, "点");
    for (int i = 0; i < FEATURES; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "站%d", i % 10);
        mvt_feature(&mvt, MVT_POINT, (uint64_t)i);
        mvt_tag_string(&mvt, "name", name);
        mvt_tag_int(&mvt, "n", i - 500);
        mvt_tag_bool(&mvt, "even", i % 2 == 0);
        mvt_point(&mvt, (struct clip_point){i, -i});
        mvt_feature_end(&mvt);
    }
    mvt_feature(&mvt, MVT_LINE, 7); /* without geometry */
    mvt_tag_string(&mvt, "name", "nobody");
    mvt_feature_end(&mvt);
    mvt_layer_end(&mvt);
    assert_ok(mvt_fini(&mvt));
    assert_int_equal(decode_tile(out.bytes, out.len, layers, 2), 1);
    assert_string_equal(layers[0].name, "点");
    assert_int_equal(layers[0].feature_count, FEATURES);
    assert_int_equal(layers[0].key_count, 3);
    for (int i = 0; i < FEATURES; i++) {
        const struct decoded_feature *f = &layers[0].features[i];
        char name[16], number[16];
        (void)snprintf(name, sizeof name, "站%d", i % 10);
        (void)snprintf(number, sizeof number, "%d", i - 500);
        assert_int_equal(f->id, i);
        assert_string_equal(decode_tag(f, "name"), name);
        assert_string_equal(decode_tag(f, "n"), number);
        assert_string_equal(decode_tag(f, "even"), i % 2 ? "0!" : "1!");
        assert_true(f->points[0].x == i && f->points[0].y == -i);
    }
    decode_free(layers, 1);
    buf_fini(&out);
}

TEST(a_tile_that_does_not_fit_says_so)
{
    struct buf out;
    struct mvt mvt;
    buf_init(&out, 30);
    mvt_init(&mvt, &out);
    mvt_layer(&mvt, "layer");
    mvt_feature(&mvt, MVT_POINT, 1);
    mvt_tag_string(&mvt, "name", "a text that is longer than the buffer is allowed to grow");
    mvt_point(&mvt, (struct clip_point){1, 1});
    mvt_feature_end(&mvt);
    mvt_layer_end(&mvt);
    assert_err(mvt_fini(&mvt), ERR_LIMIT);
    buf_fini(&out);
}

RUN(cmocka_unit_test(the_example_of_the_specification_is_written_as_it_is_there),
    cmocka_unit_test(layers_read_back_as_they_were_written_with_each_text_stored_once),
    cmocka_unit_test(a_tile_that_does_not_fit_says_so))

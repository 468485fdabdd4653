/* Grids of weights from tables, maps and rasters. */
#include "tests/data/import_scene.h"

#include "data/grids.h"

#include <math.h>

static enum err send(struct scene *scene, const char *name, const void *bytes, size_t len)
{
    const struct import_ogr_input input = {.name = name, .bytes = bytes, .len = len};
    scene->options.source = "people";
    return scene_import(scene, IMPORT_OGR_GRID, &input, NULL);
}

static enum err send_text(struct scene *scene, const char *name, const char *text)
{
    return send(scene, name, text, strlen(text));
}

static struct gridset *loaded(const struct scene *scene)
{
    struct gridset *set;
    struct why why = {""};
    assert_ok(grids_load(scene->db, &set, &why));
    return set;
}

static void assert_grid(const struct scene *scene, size_t count, double total)
{
    struct gridset *set = loaded(scene);
    const struct gridset_grid *grid = gridset_find(set, "people");
    assert_non_null(grid);
    assert_int_equal(grid->count, count);
    assert_true(fabs(grid->total - total) < 1e-3);
    gridset_free(set);
}

TEST(a_table_becomes_a_grid_and_its_bad_rows_are_told)
{
    struct scene scene;
    scene_init(&scene);
    assert_ok(send_text(&scene, "a.csv",
                        "经度,纬度,人口\n116.4,39.9,120\n116.41,39.9,80.5\n"
                        "116.42,39.9,-3\n39.9,116.4,7\n116.43,39.9,many\n"
                        "116.44,39.9,\n116.45,39.9,0\n"));
    assert_grid(&scene, 3, 200.5);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_created), 3);
    assert_true(import_report_is_whole(&scene.report)); /* cells that are taken have no lines */
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 4);
    assert_string_equal(scene_line(&scene, 4)->note, "the weight -3 is not a number from 0 on");
    assert_non_null(strstr(scene_line(&scene, 5)->note, "swapped"));
    assert_string_equal(scene_line(&scene, 6)->note, "the weight \"many\" is not a number");
    assert_string_equal(scene_line(&scene, 7)->note, "it has no weight");
    scene_fini(&scene);
}

TEST(a_grid_takes_the_place_of_the_one_before_unless_it_is_a_dry_run_or_refused)
{
    struct scene scene;
    scene_init(&scene);
    assert_ok(send_text(&scene, "a.csv", "lon,lat,weight\n116,39,1\n117,39,2\n"));
    scene.options.dry_run = true;
    assert_ok(send_text(&scene, "a.csv", "lon,lat,weight\n116,39,50\n"));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_created), 1);
    assert_grid(&scene, 2, 3);
    scene.options.dry_run = false;
    scene.options.strict = true;
    assert_err(send_text(&scene, "a.csv", "lon,lat,weight\n116,39,50\n116,39,x\n"), ERR_INVALID);
    assert_grid(&scene, 2, 3);
    scene.options.strict = false;
    assert_err(send_text(&scene, "a.csv", "lon,lat,weight\n116,39,x\n"), ERR_INVALID);
    assert_err(send_text(&scene, "a.csv", "lon,lat,weight\n"), ERR_INVALID);
    assert_err(send_text(&scene, "a.csv", "lon,lat,name\n116,39,x\n"), ERR_FORMAT);
    scene_why(&scene, "weight");
    assert_err(send_text(&scene, "a.csv", "name,weight\nx,3\n"), ERR_FORMAT);
    assert_grid(&scene, 2, 3);
    assert_ok(send_text(&scene, "a.csv", "lon,lat,weight\n116,39,50\n"));
    assert_grid(&scene, 1, 50);
    scene_fini(&scene);
}

TEST(a_map_of_squares_has_its_weights_where_their_middles_are_in_any_system)
{
    static const char map[] =
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
        "{\"pop\":10},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[116,39],[116.002,39],"
        "[116.002,39.002],[116,39.002],[116,39]]]}},{\"type\":\"Feature\",\"properties\":"
        "{\"pop\":\"2.5\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[116.5,39.5]}}]}";
    struct scene scene;
    scene_init(&scene);
    assert_ok(send(&scene, "a.geojson", map, sizeof map - 1));
    assert_grid(&scene, 2, 12.5);
    struct gridset *set = loaded(&scene);
    struct coord middle = coord_from_e7(gridset_at(set, 0)->cells[0].at);
    assert_true(fabs(middle.lon - 116.001) < 1e-6 && fabs(middle.lat - 39.001) < 1e-6);
    gridset_free(set);
    scene.options.crs = "gcj02";
    assert_ok(send(&scene, "a.geojson", map, sizeof map - 1));
    set = loaded(&scene);
    struct coord shifted = coord_from_e7(gridset_at(set, 0)->cells[0].at);
    double off = hypot(shifted.lon - middle.lon, shifted.lat - middle.lat);
    assert_true(off > 0.001 && off < 0.02);
    gridset_free(set);
    scene_fini(&scene);
}

/* ---- rasters ---- */

struct tiff {
    unsigned char bytes[1024];
    size_t len, entries;
};

static void put(struct tiff *t, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        t->bytes[t->len++] = (unsigned char)(value >> (8 * i));
}

static void put_double(struct tiff *t, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(t, bits, 8);
}

static void put_float(struct tiff *t, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(t, bits, 4);
}

static void put_tag(struct tiff *t, unsigned tag, unsigned type, uint32_t count, uint32_t value)
{
    put(t, tag, 2);
    put(t, type, 2);
    put(t, count, 4);
    put(t, value, 4);
}

/* A GeoTIFF of 32-bit floats, uncompressed, in one strip (TIFF 6.0; OGC 19-008r4). The grid's north
 * west corner is at `west`, `north`; -1 is no value. */
static struct tiff tiff_made(uint32_t width, uint32_t height, const float *values, double west,
                             double north, double step, unsigned bands)
{
    enum { TAGS = 14, IFD = 8, AFTER = IFD + 2 + 12 * TAGS + 4 };
    enum { SHORT = 3, LONG = 4, ASCII = 2, DOUBLE = 12 };
    struct tiff t = {.len = 0};
    uint32_t scale = AFTER, tie = scale + 24, keys = tie + 48, data = keys + 32;
    put(&t, 0x4949, 2);
    put(&t, 42, 2);
    put(&t, IFD, 4);
    put(&t, TAGS, 2);
    put_tag(&t, 256, LONG, 1, width);
    put_tag(&t, 257, LONG, 1, height);
    put_tag(&t, 258, SHORT, 1, 32);
    put_tag(&t, 259, SHORT, 1, 1);
    put_tag(&t, 262, SHORT, 1, 1);
    put_tag(&t, 273, LONG, 1, data);
    put_tag(&t, 277, SHORT, 1, bands);
    put_tag(&t, 278, LONG, 1, height);
    put_tag(&t, 279, LONG, 1, width * height * 4 * bands);
    put_tag(&t, 339, SHORT, 1, 3);
    put_tag(&t, 33550, DOUBLE, 3, scale);
    put_tag(&t, 33922, DOUBLE, 6, tie);
    put_tag(&t, 34735, SHORT, 16, keys);
    put_tag(&t, 42113, ASCII, 3, 0x00312d); /* "-1" */
    put(&t, 0, 4);
    const double numbers[] = {step, step, 0, 0, 0, 0, west, north, 0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put_double(&t, numbers[i]);
    const unsigned geo[] = {1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326};
    for (size_t i = 0; i < sizeof geo / sizeof *geo; i++)
        put(&t, geo[i], 2);
    assert_int_equal(t.len, data);
    for (uint32_t i = 0; i < width * height * bands && t.len + 4 <= sizeof t.bytes; i++)
        put_float(&t, values[i < 8 ? i : 0]);
    return t;
}

TEST(a_raster_has_a_cell_for_every_value_in_its_middle)
{
    static const float values[] = {1, -1, 2.5F, 0, 4, -1};
    struct scene scene;
    scene_init(&scene);
    struct tiff t = tiff_made(3, 2, values, 116, 40, 0.01, 1);
    assert_ok(send(&scene, "a.tif", t.bytes, t.len));
    assert_grid(&scene, 3, 7.5);
    assert_string_equal(scene.report.crs, "wgs84");
    struct gridset *set = loaded(&scene);
    const struct gridset_cell *cells = gridset_at(set, 0)->cells;
    assert_true(cells[0].weight == 4 && cells[1].weight == 1 && cells[2].weight == 2.5F);
    assert_int_equal(cells[0].at.lon_e7, 1160150000);
    assert_int_equal(cells[0].at.lat_e7, 399850000);
    assert_int_equal(cells[2].at.lon_e7, 1160250000);
    assert_int_equal(cells[2].at.lat_e7, 399950000);
    gridset_free(set);
    scene_fini(&scene);
}

/* A TIFF's entry with this tag. */
static unsigned char *tag_of(struct tiff *t, unsigned tag)
{
    for (size_t at = 10; at + 12 < t->len; at += 12)
        if ((t->bytes[at] | t->bytes[at + 1] << 8) == (int)tag) return t->bytes + at;
    fail_msg("there is no tag %u", tag);
    return NULL;
}

static void set_tag(struct tiff *t, unsigned tag, unsigned other, uint32_t value)
{
    struct tiff made = {.len = 0};
    unsigned char *entry = tag_of(t, tag);
    put_tag(&made, other, 4, 1, value);
    memcpy(entry, made.bytes, 12);
}

/* One sparse block of that many cells, of which the raster has two. */
static struct tiff tiff_blocked(uint32_t side)
{
    static const float values[2] = {1, 2};
    struct tiff t = tiff_made(2, 1, values, 116, 40, 0.01, 1);
    set_tag(&t, 273, 322,
            side); /* tiles in place of strips; in the order that readers put up with */
    set_tag(&t, 278, 323, side);
    set_tag(&t, 277, 324, 0);
    set_tag(&t, 279, 325, 0);
    return t;
}

TEST(a_raster_whose_blocks_would_take_much_memory_is_refused)
{
    struct scene scene;
    scene_init(&scene);
    struct tiff t = tiff_blocked(16384);
    assert_err(send(&scene, "a.tif", t.bytes, t.len), ERR_LIMIT);
    scene_why(&scene, "blocks of 16384 by 16384 cells");
    scene_why(&scene, "-co BLOCKYSIZE=256");
    t = tiff_blocked(4112); /* a little above 64 MiB */
    assert_err(send(&scene, "a.tif", t.bytes, t.len), ERR_LIMIT);
    t = tiff_blocked(4096); /* it is read, and is empty */
    assert_err(send(&scene, "a.tif", t.bytes, t.len), ERR_INVALID);
    scene_fini(&scene);
}

TEST(a_raster_whose_cells_have_no_size_is_refused)
{
    static const float values[2] = {1, 2};
    static const double steps[] = {1e-170, 1e170, NAN, INFINITY};
    struct scene scene;
    scene_init(&scene);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct tiff t = tiff_made(2, 1, values, 116, 40, steps[i], 1);
        assert_err(send(&scene, "a.tif", t.bytes, t.len), ERR_FORMAT);
        scene_why(&scene, "have no size");
    }
    struct tiff t = tiff_made(2, 1, values, NAN, 40, 0.01, 1);
    assert_err(send(&scene, "a.tif", t.bytes, t.len), ERR_FORMAT);
    scene_fini(&scene);
}

TEST(a_raster_that_is_damaged_empty_or_of_several_bands_is_refused)
{
    static const float values[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const float empty[4] = {0, -1, -1, 0};
    struct scene scene;
    scene_init(&scene);
    struct tiff t = tiff_made(2, 2, values, 116, 40, 0.01, 1);
    assert_err(send(&scene, "a.tif", t.bytes, 100), ERR_FORMAT);
    assert_err(send(&scene, "a.tif", t.bytes, 0), ERR_FORMAT);
    assert_err(send(&scene, "a.tif", t.bytes, t.len - 8), ERR_FORMAT);
    assert_err(send(&scene, "a.tif", "lon,lat,weight\n", 15), ERR_FORMAT);
    t = tiff_made(2, 2, values, 116, 40, 0.01, 2);
    assert_err(send(&scene, "a.tif", t.bytes, t.len), ERR_UNSUPPORTED);
    t = tiff_made(200000, 2, values, 116, 40, 0.01, 1);
    assert_err(send(&scene, "a.tif", t.bytes, t.len), ERR_LIMIT);
    t = tiff_made(2, 2, empty, 116, 40, 0.01, 1);
    assert_err(send(&scene, "a.tif", t.bytes, t.len), ERR_INVALID);
    t = tiff_made(2, 2, values, 179.995, 40, 0.01, 1); /* a column of it lies beyond the world */
    assert_ok(send(&scene, "a.tif", t.bytes, t.len));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 2);
    assert_grid(&scene, 2, 4);
    scene_fini(&scene);
}

TEST(a_name_that_means_something_else_is_refused_before_anything_is_read)
{
    struct scene scene;
    scene_init(&scene);
    const struct import_ogr_input input = {.name = "a.csv", .bytes = "x", .len = 1};
    scene.options.source = "reports";
    assert_err(scene_import(&scene, IMPORT_OGR_GRID, &input, NULL), ERR_INVALID);
    scene_why(&scene, "reports");
    scene_fini(&scene);
}

TEST(a_column_of_numbers_is_nothing_to_an_import_of_places)
{
    static const char text[] = "name,category,lon,lat,population\n站,toilet,116,39,12\n";
    struct scene scene;
    scene_init(&scene);
    assert_ok(scene_send(&scene, "a.csv", text, sizeof text - 1));
    assert_string_equal(scene.report.columns[IMPORT_COLUMNS_weight], "");
    assert_string_equal(scene.report.unused, "population");
    scene_fini(&scene);
}

RUN(cmocka_unit_test(a_table_becomes_a_grid_and_its_bad_rows_are_told),
    cmocka_unit_test(a_grid_takes_the_place_of_the_one_before_unless_it_is_a_dry_run_or_refused),
    cmocka_unit_test(a_map_of_squares_has_its_weights_where_their_middles_are_in_any_system),
    cmocka_unit_test(a_raster_has_a_cell_for_every_value_in_its_middle),
    cmocka_unit_test(a_raster_whose_blocks_would_take_much_memory_is_refused),
    cmocka_unit_test(a_raster_whose_cells_have_no_size_is_refused),
    cmocka_unit_test(a_raster_that_is_damaged_empty_or_of_several_bands_is_refused),
    cmocka_unit_test(a_name_that_means_something_else_is_refused_before_anything_is_read),
    cmocka_unit_test(a_column_of_numbers_is_nothing_to_an_import_of_places))

#include "tests/check.h"
#include "tests/scratch.h"

#include "data/db.h"
#include "data/mbtiles.h"
#include "geo/base/zip.h"

#include <string.h>

static char path[128];
static struct why why;

static const char shape[] =
    "CREATE TABLE metadata (name TEXT, value TEXT);"
    "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data "
    "BLOB);"
    "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);";
static const char said[] =
    "INSERT INTO metadata VALUES ('name', '底图'), ('format', 'pbf'), ('minzoom', '4'),"
    "('maxzoom', '14'), ('bounds', '116,39,117,40.5'), ('attribution', '© OSM'), ('json', "
    "'{\"vector_layers\": [{\"id\": \"water\", \"fields\": {\"class\": \"String\", \"深\": "
    "\"Number\"}, \"minzoom\": 6}, {\"id\": \"building\", \"fields\": {}}]}');";

/* A file of what these statements make. */
static void make(const char *const *statements)
{
    struct db *db;
    scratch_make();
    scratch_in(path, sizeof path, "a.mbtiles");
    assert_ok(db_open(path, DB_CREATE, &db, &why));
    for (; *statements; statements++)
        assert_ok(db_exec(db, *statements));
    db_close(db);
}

static void put_tile(int z, int x, int row, const void *bytes, size_t len)
{
    struct db *db;
    struct db_query *q;
    assert_ok(db_open(path, DB_WRITE, &db, &why));
    assert_ok(db_prepare(db, "INSERT INTO tiles VALUES (:z, :x, :row, :data)", &q));
    db_bind_int(q, ":z", z);
    db_bind_int(q, ":x", x);
    db_bind_int(q, ":row", row);
    db_bind_blob(q, ":data", bytes, len);
    assert_ok(db_run(q, NULL));
    db_close(db);
}

TEST(a_file_says_what_is_in_it)
{
    struct mbtiles *m;
    make((const char *const[]){shape, said, NULL});
    assert_ok(mbtiles_open(path, &m, &why));
    const struct mbtiles_info *info = mbtiles_info(m);
    assert_string_equal(info->name, "底图");
    assert_string_equal(info->attribution, "© OSM");
    assert_int_equal(info->min_zoom, 4);
    assert_int_equal(info->max_zoom, 14);
    assert_true(info->bounds.min_lon == 116 && info->bounds.max_lat == 40.5);
    assert_int_equal(info->layer_count, 2);
    assert_string_equal(info->layers[0].id, "water");
    assert_int_equal(info->layers[0].min_zoom, 6);
    assert_int_equal(info->layers[0].max_zoom, 14);
    assert_int_equal(info->layers[0].field_count, 2);
    assert_string_equal(info->layers[0].fields[1].name, "深");
    assert_string_equal(info->layers[0].fields[1].type, "Number");
    assert_int_equal(info->layers[1].field_count, 0);
    mbtiles_close(m);
    scratch_remove();
}

TEST(a_tile_comes_as_it_is_stored_counted_from_the_north)
{
    struct mbtiles *m;
    struct buf packed, out;
    make((const char *const[]){shape, said, NULL});
    buf_init(&packed, 1000);
    buf_init(&out, 1000);
    assert_ok(zip_gzip("tile", 4, 6, &packed));
    put_tile(5, 3, 30, packed.bytes, packed.len);
    put_tile(5, 4, 30, "no gzip", 7);
    put_tile(5, 5, 30, "", 0);
    assert_ok(mbtiles_open(path, &m, &why));
    assert_ok(mbtiles_tile(m, 5, 3, 1, &out));
    assert_int_equal(out.len, packed.len);
    assert_memory_equal(out.bytes, packed.bytes, packed.len);
    assert_err(mbtiles_tile(m, 5, 3, 30, &out), ERR_NOTFOUND);
    assert_err(mbtiles_tile(m, 5, 4, 1, &out), ERR_FORMAT);
    assert_err(mbtiles_tile(m, 5, 5, 1, &out), ERR_FORMAT);
    mbtiles_close(m);
    buf_fini(&packed);
    buf_fini(&out);
    scratch_remove();
}

TEST(a_tile_that_is_too_large_is_refused)
{
    struct mbtiles *m;
    struct buf out;
    make(
        (const char *const[]){shape, said,
                              "INSERT INTO tiles VALUES (1, 0, 1, zeroblob(4194305)), (1, 0, 0, 7),"
                              "(1, 1, 0, zeroblob(17000000)), (1, 1, 1, CAST(x'1f8b00' AS TEXT))",
                              NULL});
    buf_init(&out, 64 << 20);
    assert_ok(mbtiles_open(path, &m, &why));
    assert_err(mbtiles_tile(m, 1, 0, 0, &out), ERR_LIMIT);
    assert_err(mbtiles_tile(m, 1, 0, 1, &out), ERR_FORMAT);
    assert_err(mbtiles_tile(m, 1, 1, 1, &out), ERR_LIMIT);
    (void)mbtiles_tile(m, 1, 1, 0, &out);
    assert_true(out.len < 10);
    mbtiles_close(m);
    buf_fini(&out);
    scratch_remove();
}

TEST(a_file_of_something_else_is_told_with_what_is_wrong)
{
    static const struct {
        const char *statements[4], *words;
    } cases[] = {
        {{"CREATE TABLE a (b);"}, "metadata"},
        {{"CREATE TABLE metadata (name, value);"}, "which layers"},
        {{"CREATE TABLE metadata (a, b);"}, "name"},
        {{"CREATE TABLE metadata (name, value); INSERT INTO metadata VALUES ('json', '{\"vector_"
          "layers\": [{\"id\": \"a\"}]}')"},
         "tiles"},
        {{"CREATE TABLE metadata (name, value); INSERT INTO metadata VALUES ('json', '{\"vec')"},
         "JSON"},
        {{shape, said, "UPDATE metadata SET value = 'png' WHERE name = 'format'"}, "vector"},
        {{shape, said, "UPDATE metadata SET value = '-1' WHERE name = 'minzoom'"}, "minzoom"},
        {{shape, said, "UPDATE metadata SET value = '99' WHERE name = 'maxzoom'"}, "maxzoom"},
        {{shape, said, "UPDATE metadata SET value = '3' WHERE name = 'maxzoom'"}, "deeper"},
        {{shape, said, "UPDATE metadata SET value = '1,2,3' WHERE name = 'bounds'"}, "bounds"},
        {{shape, said, "UPDATE metadata SET value = '9,2,3,4' WHERE name = 'bounds'"}, "bounds"},
        {{shape, said, "UPDATE metadata SET value = '0,0,1,nan' WHERE name = 'bounds'"}, "bounds"},
        {{shape, said, "UPDATE metadata SET value = CAST(x'ff' AS TEXT) WHERE name = 'name'"},
         "name"},
        {{shape, said, "UPDATE metadata SET value = hex(zeroblob(2000)) WHERE name = 'name'"},
         "name"},
        {{shape, said,
          "UPDATE metadata SET value = '{\"vector_layers\":[{}]}' WHERE name = 'json'"},
         "without an id"},
        {{shape, said,
          "UPDATE metadata SET value = (WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT i + 1 FROM "
          "n "
          "WHERE i < 99) SELECT json_object('vector_layers', json_group_array(json_object('id', "
          "'l' || i))) FROM n) WHERE name = 'json'"},
         "layers"},
    };
    struct mbtiles *m;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make(cases[i].statements);
        why = (struct why){""};
        enum err e = mbtiles_open(path, &m, &why);
        assert_true(e == ERR_FORMAT || e == ERR_LIMIT);
        if (!strstr(why.text, cases[i].words)) fail_msg("%zu: %s", i, why.text);
    }
    scratch_in(path, sizeof path, "none.mbtiles");
    assert_err(mbtiles_open(path, &m, &why), ERR_NOTFOUND);
    FILE *file = fopen(path, "w");
    (void)fputs("this is no database, and long enough to be looked at ......................"
                "..........................................................",
                file);
    (void)fclose(file);
    assert_err(mbtiles_open(path, &m, &why), ERR_FORMAT);
    scratch_remove();
}

/* Tiles may be a view; one that never ends is given up. */
TEST(a_file_that_would_keep_us_busy_for_ever_does_not)
{
    struct mbtiles *m;
    struct buf out;
    make((const char *const[]){
        "CREATE TABLE metadata (name TEXT, value TEXT);", said,
        "CREATE VIEW tiles AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT 1 AS zoom_level, 1 AS tile_column, abs(i) AS tile_row, x'1f8b' AS tile_data FROM n "
        "WHERE i % 2 < 2",
        NULL});
    buf_init(&out, 1000);
    assert_ok(mbtiles_open(path, &m, &why));
    assert_err(mbtiles_tile(m, 1, 1, 1, &out), ERR_CANCELLED);
    assert_err(mbtiles_tile(m, 1, 1, 1, &out), ERR_CANCELLED); /* and again */
    mbtiles_close(m);
    buf_fini(&out);
    scratch_remove();
}

RUN(cmocka_unit_test(a_file_says_what_is_in_it),
    cmocka_unit_test(a_tile_comes_as_it_is_stored_counted_from_the_north),
    cmocka_unit_test(a_tile_that_is_too_large_is_refused),
    cmocka_unit_test(a_file_of_something_else_is_told_with_what_is_wrong),
    cmocka_unit_test(a_file_that_would_keep_us_busy_for_ever_does_not))

#include "tests/data/import_scene.h"

#include "data/export.h"
#include "geo/base/clock.h"

/* Runs statements on a GeoPackage's file. */
static void spoil(const char *path, const char *sql)
{
    char command[2048];
    (void)snprintf(command, sizeof command, "sqlite3 '%s' \"%s\"", path, sql);
    assert_int_equal(system(command), 0);
}

/* Brings in a GeoPackage that was exported and then changed. */
static enum err bring(struct scene *scene, const char *sql, const char *layer)
{
    static const char text[] = "id,name,category,lon,lat\n1,a,toilet,116,39\n";
    const struct export_options options = {.format = OGR_GPKG};
    char path[256];
    uint64_t count;
    struct buf out;
    if (system("sqlite3 --version >/dev/null 2>&1") != 0) {
        printf("SKIPPED: there is no sqlite3 to spoil a GeoPackage with\n");
        scene_fini(scene);
        skip();
    }
    assert_ok(scene_send(scene, "a.csv", text, sizeof text - 1));
    buf_init(&out, 1 << 24);
    assert_ok(export_places(scene->db, &options, &out, &count, &scene->why));
    assert_ok(file_replace(scratch_in(path, sizeof path, "a.gpkg"), out.bytes, out.len, NULL));
    buf_fini(&out);
    spoil(path, sql);
    const struct import_ogr_input input = {.path = path, .name = path};
    scene->options.layer = layer;
    return scene_import(scene, IMPORT_OGR_PLACES, &input, NULL);
}

TEST(a_geopackage_that_would_read_other_files_is_refused)
{
    static const char sql[] =
        "PRAGMA writable_schema=1; INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql) "
        "VALUES('table','vt','vt',0,'CREATE /* */ VIRTUAL TABLE vt USING "
        "VirtualText(''/etc/passwd'',''UTF-8'',0,POINT,DOUBLEQUOTE,'':'')'); INSERT INTO "
        "gpkg_contents(table_name,data_type,identifier,srs_id) VALUES('vt','attributes','vt',0);";
    struct scene scene;
    scene_init(&scene);
    assert_err(bring(&scene, sql, "vt"), ERR_DENIED);
    scene_why(&scene, "its table \"vt\" is a virtual one");
    scene_fini(&scene);
}

#define LAYER                                                                                      \
    "INSERT INTO gpkg_contents(table_name,data_type,identifier,srs_id) "                           \
    "VALUES('v','attributes','v',0);"

TEST(a_view_that_never_ends_is_interrupted)
{
    static const char *const views[] = {
        "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) "
        "SELECT i AS fid, i AS id, 1 AS name, 116 AS lon, 39 AS lat, 'toilet' AS category FROM "
        "n;" LAYER,
        "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) "
        "SELECT max(i) AS fid, 1 AS id, 1 AS name, 116 AS lon, 39 AS lat, 'toilet' AS category "
        "FROM n;" LAYER};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        for (int named = 0; named < 2; named++) {
            struct scene scene;
            scene_init(&scene);
            scene.options.max_rows = 1000;
            uint64_t began = clock_ns();
            assert_err(bring(&scene, views[i], named ? "v" : NULL), ERR_LIMIT);
            assert_true(clock_ns() - began < UINT64_C(60000000000));
            scene_fini(&scene);
        }
}

TEST(a_value_larger_than_anything_of_use_is_refused)
{
    static const char sql[] =
        "CREATE VIEW v AS SELECT 1 AS fid, 'x' AS id, 'toilet' AS category, 116 AS lon, 39 AS lat, "
        "hex(zeroblob(100000000)) AS name;" LAYER;
    struct scene scene;
    scene_init(&scene);
    assert_err(bring(&scene, sql, "v"), ERR_FORMAT);
    scene_why(&scene, "it cannot be read to its end");
    scene_fini(&scene);
}

RUN(cmocka_unit_test(a_geopackage_that_would_read_other_files_is_refused),
    cmocka_unit_test(a_view_that_never_ends_is_interrupted),
    cmocka_unit_test(a_value_larger_than_anything_of_use_is_refused))

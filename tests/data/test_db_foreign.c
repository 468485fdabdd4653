#include "tests/data/import_scene.h"

#include "data/export.h"

/* Runs statements on a GeoPackage's file. */
static void spoil(const char *path, const char *sql)
{
    char command[2048];
    (void)snprintf(command, sizeof command, "sqlite3 '%s' \"%s\"", path, sql);
    assert_int_equal(system(command), 0);
}

TEST(a_geopackage_that_would_read_other_files_is_refused)
{
    static const char ask[] =
        "PRAGMA writable_schema=1; INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql) "
        "VALUES('table','vt','vt',0,'CREATE /* */ VIRTUAL TABLE vt USING "
        "VirtualText(''/etc/passwd'',''UTF-8'',0,POINT,DOUBLEQUOTE,'':'')'); INSERT INTO "
        "gpkg_contents(table_name,data_type,identifier,srs_id) VALUES('vt','attributes','vt',0);";
    static const char text[] = "id,name,category,lon,lat\n1,a,toilet,116,39\n";
    const struct export_options options = {.format = OGR_GPKG};
    char path[256];
    uint64_t count;
    struct scene scene;
    struct buf out;
    scene_init(&scene);
    if (system("sqlite3 --version >/dev/null 2>&1") != 0) {
        printf("SKIPPED: there is no sqlite3 to spoil a GeoPackage with\n");
        scene_fini(&scene);
        skip();
    }
    assert_ok(scene_send(&scene, "a.csv", text, sizeof text - 1));
    buf_init(&out, 1 << 24);
    assert_ok(export_places(scene.db, &options, &out, &count, &scene.why));
    assert_ok(file_replace(scratch_in(path, sizeof path, "a.gpkg"), out.bytes, out.len, NULL));
    spoil(path, ask);
    const struct import_ogr_input input = {.path = path, .name = path};
    scene.options.layer = "vt";
    assert_err(scene_import(&scene, IMPORT_OGR_PLACES, &input, NULL), ERR_DENIED);
    scene_why(&scene, "its table \"vt\" is a virtual one");
    buf_fini(&out);
    scene_fini(&scene);
}

RUN(cmocka_unit_test(a_geopackage_that_would_read_other_files_is_refused))

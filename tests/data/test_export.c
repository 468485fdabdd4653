#include "tests/data/import_scene.h"

#include "data/export.h"
#include "data/export_cell.h"
#include "data/import_text.h"
#include "geo/base/archive.h"

#include <unistd.h>

static const char full[] =
    "id,name,name_en,category,lon,lat,address,phone,hours,hours_self,amenities\n"
    "1,东门驿站,East gate,rest_station,116.3412345,39.9212345,\"街8号, \"\"一\"\"层\",+86 10 "
    "1234,Mo-Fr 08:00-18:00,24/7,water microwave\n"
    "2,=cmd|'/c calc'!A1,,toilet,116.30000001,39.9,-1+2,@x,,,\n"
    "003,'=quoted,,fuel,-56.1850123,-34.9012345,,,,,\n"
    "n/4,公厕,,toilet,116.5,39.5,\"two\nlines\",,,,\n";

static void export_as(struct scene *scene, enum ogr_format format, const char *crs, bool gb18030,
                      struct buf *out)
{
    struct export_options options = {.format = format, .gb18030 = gb18030};
    uint64_t count = 0;
    assert_ok(crs_find(scene->crs, crs, &options.crs, &scene->why));
    buf_init(out, 64 << 20);
    enum err e = export_places(scene->db, &options, out, &count, &scene->why);
    if (e) fail_msg("%s in %s: %s", ogr_format_name(format), crs, scene->why.text);
    assert_int_equal(count, scene_stored(scene));
}

TEST(what_is_exported_comes_in_again_unchanged_in_every_format)
{
    static const struct {
        enum ogr_format format;
        const char *name, *crs, *told;
        bool gb18030;
    } cases[] = {
        {OGR_CSV, "a.csv", "wgs84", NULL, false},
        {OGR_CSV, "a.csv", "gcj02", "gcj02", false},
        {OGR_CSV, "a.csv", "bd09", "bd09", true},
        {OGR_XLSX, "a.xlsx", "wgs84", NULL, false},
        {OGR_XLSX, "a.xlsx", "bd09", "bd09", false},
        {OGR_ODS, "a.ods", "gcj02", "gcj02", false},
        {OGR_GEOJSON, "a.geojson", "wgs84", NULL, false},
        {OGR_GEOJSON, "a.json", "bd09", "bd09", false},
        {OGR_GPKG, "a.gpkg", "wgs84", NULL, false},
        {OGR_GPKG, "a.gpkg", "gcj02", "gcj02", false},
        {OGR_SHP, "a.zip", "wgs84", NULL, false},
        {OGR_SHP, "a.zip", "bd09", "bd09", false},
        {OGR_KML, "a.kml", "wgs84", NULL, false},
    };
    struct scene scene;
    scene_init(&scene);
    assert_ok(scene_send(&scene, "full.csv", full, sizeof full - 1));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_created), 4);
    scene_row(&scene, "SELECT name FROM places WHERE source_id = :id", "003", "=quoted");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        export_as(&scene, cases[i].format, cases[i].crs, cases[i].gb18030, &out);
        scene.options.crs = cases[i].told;
        if (scene_send(&scene, cases[i].name, out.bytes, out.len))
            fail_msg("case %zu: %s", i, scene.why.text);
        char *told = scene_told(&scene);
        if (scene_fate(&scene, IMPORT_FATE_unchanged) != 4 || scene.report.rows != 4)
            fail_msg("case %zu (%s): %s", i, cases[i].name, told);
        free(told);
        buf_fini(&out);
    }
    scene_fini(&scene);
}

/* The files of a shapefile's archive, into the scratch folder, without those whose suffix is `not`.
 */
static void unpack(const struct buf *zip, const char * not, const char *stem)
{
    struct archive archive;
    assert_ok(archive_init(&archive, zip->bytes, zip->len, 1 << 24, NULL));
    for (size_t i = 0; i < archive.count; i++) {
        char path[256], name[64];
        unsigned char *bytes;
        const char *suffix = strrchr(archive.entries[i].name, '.');
        if (strcmp(suffix + 1, not ) == 0) continue;
        (void)snprintf(name, sizeof name, "%s%s", stem, suffix);
        assert_ok(archive_unpack(&archive.entries[i], &bytes, NULL));
        assert_ok(
            file_replace(scratch_in(path, sizeof path, name), bytes, archive.entries[i].len, NULL));
        free(bytes);
    }
    archive_fini(&archive);
}

TEST(a_shapefile_is_read_from_its_folder_by_its_path_and_without_its_index)
{
    static const char *const left_out[] = {"", "shx", "cpg"};
    static const char *const names[] = {"", "a.shp", "b.shp"};
    char path[256];
    struct scene scene;
    struct buf out;
    scene_init(&scene);
    assert_ok(scene_send(&scene, "full.csv", full, sizeof full - 1));
    export_as(&scene, OGR_SHP, "wgs84", false, &out);
    for (size_t i = 0; i < 3; i++) {
        unpack(&out, left_out[i], i == 2 ? "b" : "a");
        if (i == 1) assert_int_equal(unlink(scratch_in(path, sizeof path, "a.shx")), 0);
        scratch_in(path, sizeof path, names[i]);
        if (i == 0) path[strlen(path) - 1] = '\0';
        const struct import_ogr_input input = {.path = path, .name = path};
        if (scene_import(&scene, IMPORT_OGR_PLACES, &input, NULL))
            fail_msg("case %zu: %s", i, scene.why.text);
        assert_int_equal(scene_fate(&scene, IMPORT_FATE_unchanged), 4);
    }
    buf_fini(&out);
    scene_fini(&scene);
}

TEST(a_dbf_in_gbk_is_read_with_and_without_being_told)
{
    static const char text[] = "id,name,category,lon,lat\n1,公共厕所东门驿站,toilet,116,39\n";
    static const char *const pages[] = {NULL, "GBK", "936"};
    for (size_t i = 0; i < 3; i++) {
        char path[256];
        struct scene scene;
        struct buf out, gbk;
        struct archive archive;
        scene_init(&scene);
        assert_ok(scene_send(&scene, "a.csv", text, sizeof text - 1));
        export_as(&scene, OGR_SHP, "wgs84", false, &out);
        unpack(&out, "cpg", "a");
        assert_ok(archive_init(&archive, out.bytes, out.len, 1 << 24, NULL));
        for (size_t k = 0; k < archive.count; k++) {
            unsigned char *bytes;
            if (!strstr(archive.entries[k].name, ".dbf")) continue;
            assert_ok(archive_unpack(&archive.entries[k], &bytes, NULL));
            unsigned char *at = memmem(bytes, archive.entries[k].len, "公共厕所东门驿站", 24);
            assert_non_null(at);
            buf_init(&gbk, 128);
            assert_ok(import_text_gb18030("公共厕所东门驿站", 24, &gbk));
            memset(at, ' ', 24);
            memcpy(at, gbk.bytes, gbk.len);
            buf_fini(&gbk);
            assert_ok(file_replace(scratch_in(path, sizeof path, "a.dbf"), bytes,
                                   archive.entries[k].len, NULL));
            free(bytes);
        }
        archive_fini(&archive);
        if (pages[i])
            assert_ok(file_replace(scratch_in(path, sizeof path, "a.cpg"), pages[i],
                                   strlen(pages[i]), NULL));
        scratch_in(path, sizeof path, "a.shp");
        const struct import_ogr_input input = {.path = path, .name = path};
        if (scene_import(&scene, IMPORT_OGR_PLACES, &input, NULL))
            fail_msg("case %zu: %s", i, scene.why.text);
        assert_string_equal(scene.report.encoding, "GB18030");
        char *told = scene_told(&scene);
        if (scene_fate(&scene, IMPORT_FATE_unchanged) != 1) fail_msg("case %zu: %s", i, told);
        free(told);
        buf_fini(&out);
        scene_fini(&scene);
    }
}

TEST(a_projected_export_says_its_system_and_comes_back)
{
    static const char text[] = "id,name,category,lon,lat\n1,a,toilet,117.0012345,39.9212345\n";
    static const enum ogr_format formats[] = {OGR_GPKG, OGR_SHP};
    static const char *const names[] = {"a.gpkg", "a.zip"};
    struct scene scene;
    scene_init(&scene);
    assert_ok(scene_send(&scene, "full.csv", text, sizeof text - 1));
    for (size_t i = 0; i < 2; i++) {
        struct buf out;
        export_as(&scene, formats[i], "EPSG:4548", false, &out);
        if (scene_send(&scene, names[i], out.bytes, out.len)) fail_msg("%s", scene.why.text);
        assert_string_equal(scene.report.crs, "EPSG:4548");
        assert_int_equal(scene_fate(&scene, IMPORT_FATE_unchanged), 1);
        buf_fini(&out);
    }
    scene_fini(&scene);
}

TEST(no_cell_of_an_exported_table_is_a_formula)
{
    struct scene scene;
    struct buf out;
    scene_init(&scene);
    assert_ok(scene_send(&scene, "full.csv", full, sizeof full - 1));
    export_as(&scene, OGR_CSV, "wgs84", false, &out);
    buf_putc(&out, '\0');
    assert_int_equal(strncmp(out.bytes, "\xef\xbb\xbfid,name,", 11), 0);
    assert_non_null(strstr(out.bytes, "'=cmd|"));
    assert_non_null(strstr(out.bytes, "'-1+2"));
    assert_non_null(strstr(out.bytes, "'@x"));
    assert_non_null(strstr(out.bytes, ",-56.1850123,-34.9012345,")); /* numbers stay numbers */
    buf_fini(&out);
    scene_fini(&scene);
}

TEST(wide_signs_and_line_ends_begin_formulas_too)
{
    static const char *const formulas[] = {"=1",  "＝1",  "＋1",  "－1",
                                           "＠x", "\n=1", "\t=1", "-1+2"};
    static const char *const harmless[] = {"", "-1.5", "1=1", "a", "'=1", "，＝"};
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        assert_int_equal(export_cell_safe(&arena, OGR_CSV, formulas[i])[0], '\'');
        assert_string_equal(export_cell_safe(&arena, OGR_CSV, formulas[i]) + 1, formulas[i]);
        assert_string_equal(export_cell_safe(&arena, OGR_XLSX, formulas[i]), formulas[i]);
    }
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        assert_string_equal(export_cell_safe(&arena, OGR_CSV, harmless[i]), harmless[i]);
    arena_fini(&arena);
}

TEST(text_that_a_shapefile_would_cut_is_refused)
{
    char text[600] = "id,name,category,lon,lat,address\n1,a,toilet,116,39,";
    struct export_options options = {.format = OGR_SHP};
    struct scene scene;
    struct buf out;
    uint64_t count;
    scene_init(&scene);
    for (int i = 0; i < 90; i++)
        strncat(text, "路", sizeof text - strlen(text) - 1);
    assert_ok(scene_send(&scene, "a.csv", text, strlen(text)));
    buf_init(&out, 1 << 24);
    assert_err(export_places(scene.db, &options, &out, &count, &scene.why), ERR_LIMIT);
    scene_why(&scene, "choose gpkg");
    buf_fini(&out);
    scene_fini(&scene);
}

TEST(exported_areas_come_in_again_unchanged)
{
    static const char text[] =
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{"
        "\"id\":"
        "\"x\",\"name\":\"东街道\",\"level\":8,\"code\":\"110199002\"},\"geometry\":{\"type\":"
        "\"Polygon\",\"coordinates\":[[[116.31400000000001,39.1],[116.4,39.1],[116.4,39.2],[116."
        "31400000000001,39.1]]]}}]}";
    static const struct {
        enum ogr_format format;
        const char *name, *crs;
    } cases[] = {{OGR_GEOJSON, "a.geojson", "wgs84"}, {OGR_GEOJSON, "a.geojson", "bd09"},
                 {OGR_GPKG, "a.gpkg", "EPSG:4548"},   {OGR_GPKG, "a.gpkg", "wgs84"},
                 {OGR_SHP, "a.zip", "wgs84"},         {OGR_KML, "a.kml", "wgs84"},
                 {OGR_CSV, "a.csv", "gcj02"}};
    struct import_ogr_input input = {.name = "a.json", .bytes = text, .len = sizeof text - 1};
    struct scene scene;
    scene_init(&scene);
    assert_ok(scene_import(&scene, IMPORT_OGR_AREAS, &input, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct export_options options = {.format = cases[i].format};
        assert_ok(crs_find(scene.crs, cases[i].crs, &options.crs, &scene.why));
        scene.options.crs = cases[i].crs;
        struct buf out;
        uint64_t count = 0;
        buf_init(&out, 1 << 24);
        if (export_areas(scene.db, &options, &out, &count, &scene.why))
            fail_msg("%s", scene.why.text);
        input =
            (struct import_ogr_input){.name = cases[i].name, .bytes = out.bytes, .len = out.len};
        if (scene_import(&scene, IMPORT_OGR_AREAS, &input, NULL))
            fail_msg("%s: %s", cases[i].name, scene.why.text);
        char *told = scene_told(&scene);
        if (scene_fate(&scene, IMPORT_FATE_unchanged) != 1) fail_msg("%s: %s", cases[i].name, told);
        free(told);
        buf_fini(&out);
    }
    scene_fini(&scene);
}

RUN(cmocka_unit_test(what_is_exported_comes_in_again_unchanged_in_every_format),
    cmocka_unit_test(a_shapefile_is_read_from_its_folder_by_its_path_and_without_its_index),
    cmocka_unit_test(a_dbf_in_gbk_is_read_with_and_without_being_told),
    cmocka_unit_test(a_projected_export_says_its_system_and_comes_back),
    cmocka_unit_test(no_cell_of_an_exported_table_is_a_formula),
    cmocka_unit_test(wide_signs_and_line_ends_begin_formulas_too),
    cmocka_unit_test(text_that_a_shapefile_would_cut_is_refused),
    cmocka_unit_test(exported_areas_come_in_again_unchanged))

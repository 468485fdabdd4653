#include "tests/data/import_scene.h"

#include "data/export.h"
#include "data/import_text.h"
#include "data/ogr_out.h"
#include "geo/base/archive.h"
#include "geo/space/china.h"

#include <math.h>

#define WHERE "SELECT printf('%.5f,%.5f', lon, lat) FROM places WHERE source_id = :id"
#define PLACE                                                                                      \
    "SELECT category || '|' || name || '|' || amenities || '|' || address || '|' || phone FROM "   \
    "places WHERE source_id = :id"

/* ---- the spreadsheet of the office ---- */

/* As a district's office keeps it: a title above the header, Chinese words, bd09 coordinates. */
static const char office[] =
    "某区户外劳动者服务站点统计表,,,,,,,\r\n"
    "编号,站点名称,站点类型,经度,纬度,详细地址,联系电话,服务设施\r\n"
    "A1,展览路驿站,驿站,116.357088,39.934991,\"展览路8号, 一层\",010-12345678,饮水、微波炉\r\n"
    "A2,德胜公厕,公厕,116.382,39.961,德胜门外,,\r\n"
    "A3,没有类别,博物馆,116.36,39.93,,,\r\n"
    "A4,经纬颠倒,公厕,39.93,116.36,,,\r\n"
    "A1,又一个展览路,驿站,116.36,39.93,,,\r\n"
    "A5,没有坐标,公厕,,,,,\r\n"
    "A6,㐂字驿站,驿站,116.39,39.92,,,按摩\r\n";

static enum err send_office(struct scene *scene)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    assert_ok(import_text_gb18030(office, sizeof office - 1, &text));
    enum err e = scene_send(scene, "站点.csv", text.bytes, text.len);
    buf_fini(&text);
    return e;
}

TEST(an_office_s_gb18030_table_in_bd09_imports_as_its_dry_run_said_it_would)
{
    struct scene scene;
    scene_init(&scene);
    scene.options.crs = "bd09";
    scene.options.dry_run = true;
    assert_ok(send_office(&scene));
    char *promised = scene_told(&scene);
    assert_int_equal(scene_stored(&scene), 0);
    scene.options.dry_run = false;
    assert_ok(send_office(&scene));
    char *done = scene_told(&scene);
    assert_string_equal(done, promised);

    assert_string_equal(scene.report.encoding, "GB18030");
    assert_int_equal(scene.report.header_line, 2);
    assert_int_equal(scene.report.rows, 7);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_created), 3);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 3);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_duplicate), 1);
    assert_string_equal(scene_line(&scene, 5)->note, "\"博物馆\" is no known category");
    assert_non_null(strstr(scene_line(&scene, 6)->note, "swapped"));
    assert_int_equal(scene_line(&scene, 7)->other, 3);
    assert_string_equal(scene_line(&scene, 8)->note, "it has no position");
    assert_string_equal(scene_line(&scene, 9)->note, "\"按摩\" is no known amenity");
    scene_row(&scene, PLACE, "A1",
              "rest_station|展览路驿站|water microwave|展览路8号, 一层|010-12345678");
    scene_row(&scene, PLACE, "A6", "rest_station|㐂字驿站|||");
    struct coord at = {116.357088, 39.934991};
    char expected[64];
    at = china_wgs84_from_gcj02(china_gcj02_from_bd09(at));
    (void)snprintf(expected, sizeof expected, "%.5f,%.5f", at.lon, at.lat);
    scene_row(&scene, WHERE, "A1", expected);
    assert_true(fabs(at.lon - 116.357088) > 0.01); /* 1.1 km from what the file says */
    free(promised);
    free(done);
    scene_fini(&scene);
}

TEST(a_second_import_tells_what_it_changes_field_by_field_and_what_has_vanished)
{
    static const char before[] = "id,name,category,lon,lat,phone\n1,a,toilet,116,39,1\n"
                                 "2,b,toilet,116,39,\n3,c,toilet,116,39,\n";
    static const char after[] = "id,name,category,lon,lat,phone\n1,a,fuel,116,39,2\n"
                                "2,b,toilet,116,39,\n";
    struct scene scene;
    scene_init(&scene);
    assert_ok(scene_send(&scene, "a.csv", before, sizeof before - 1));
    assert_ok(scene_send(&scene, "a.csv", after, sizeof after - 1));
    const struct import_line *line = scene_line(&scene, 2);
    assert_int_equal(line->fate, IMPORT_FATE_updated);
    assert_int_equal(line->change_count, 2);
    assert_string_equal(line->changes[0].field, "category");
    assert_string_equal(line->changes[1].from, "1");
    assert_string_equal(line->changes[1].to, "2");
    assert_int_equal(scene_line(&scene, 3)->fate, IMPORT_FATE_unchanged);
    line = scene_line(&scene, 0);
    assert_int_equal(line->fate, IMPORT_FATE_vanished);
    assert_string_equal(line->source_id, "3");
    assert_ok(scene_send(&scene, "a.csv", before, sizeof before - 1));
    assert_string_equal(scene_line(&scene, 4)->note, "it was gone and is back");
    scene_fini(&scene);
}

/* ---- encodings ---- */

TEST(a_table_s_encoding_is_found_out_or_told)
{
    static const char text[] = "id,名称,类别,lon,lat\n1,公厕,厕所,116,39\n";
    static const struct {
        const char *iconv, *told, *expected;
    } cases[] = {
        {NULL, NULL, "UTF-8"},    {"mark", NULL, "UTF-8"},      {"gb", NULL, "GB18030"},
        {"gb", "gbk", "GB18030"}, {"utf-16", NULL, "UTF-16LE"}, {"utf-16", "UTF-16", "UTF-16LE"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene;
        struct buf bytes;
        scene_init(&scene);
        buf_init(&bytes, 1 << 16);
        if (cases[i].iconv && strcmp(cases[i].iconv, "gb") == 0)
            assert_ok(import_text_gb18030(text, sizeof text - 1, &bytes));
        else if (cases[i].iconv && strcmp(cases[i].iconv, "utf-16") == 0) {
            static const unsigned char head[] = {
                0xff, 0xfe, 'i',  0, 'd', 0, ',', 0, 0x0d, 0x54, 0xf0, 0x79, ',', 0, 0x7b, 0x7c,
                0x2b, 0x52, ',',  0, 'l', 0, 'o', 0, 'n',  0,    ',',  0,    'l', 0, 'a',  0,
                't',  0,    '\n', 0, '1', 0, ',', 0, 0x6c, 0x51, 0x95, 0x53, ',', 0, 0x95, 0x53,
                0x40, 0x62, ',',  0, '1', 0, '1', 0, '6',  0,    ',',  0,    '3', 0, '9',  0};
            buf_put(&bytes, head, sizeof head);
        } else {
            if (cases[i].iconv) buf_puts(&bytes, "\xef\xbb\xbf");
            buf_put(&bytes, text, sizeof text - 1);
        }
        scene.options.encoding = cases[i].told;
        if (scene_send(&scene, "a.csv", bytes.bytes, bytes.len))
            fail_msg("case %zu: %s", i, scene.why.text);
        assert_string_equal(scene.report.encoding, cases[i].expected);
        scene_row(&scene, PLACE, "1", "toilet|公厕|||");
        buf_fini(&bytes);
        scene_fini(&scene);
    }
}

TEST(one_broken_character_makes_a_utf8_table_no_chinese_one_but_loses_its_row)
{
    static const char text[] = "id,name,category,lon,lat\n1,公共卫生间和公厕与厕所,toilet,116,39\n"
                               "2,\xe5\x85,toilet,116,39\n";
    struct scene scene;
    scene_init(&scene);
    assert_ok(scene_send(&scene, "a.csv", text, sizeof text - 1));
    assert_string_equal(scene.report.encoding, "UTF-8");
    assert_int_equal(scene_line(&scene, 3)->fate, IMPORT_FATE_refused);
    assert_non_null(strstr(scene_line(&scene, 3)->note, "its name has characters"));
    scene.options.encoding = "latin-9";
    assert_err(scene_send(&scene, "a.csv", text, sizeof text - 1), ERR_INVALID);
    scene_why(&scene, "\"latin-9\" is none of utf-8, gb18030");
    scene_fini(&scene);
}

/* ---- out and in again ---- */

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
        "\"Polygon\",\"coordinates\":[[[116.1,39.1],[116.2,39.1],[116.2,39.2],[116.1,39.1]]]}}]}";
    static const struct {
        enum ogr_format format;
        const char *name;
    } cases[] = {{OGR_GEOJSON, "a.geojson"},
                 {OGR_GPKG, "a.gpkg"},
                 {OGR_SHP, "a.zip"},
                 {OGR_KML, "a.kml"},
                 {OGR_CSV, "a.csv"}};
    struct import_ogr_input input = {.name = "a.json", .bytes = text, .len = sizeof text - 1};
    struct scene scene;
    scene_init(&scene);
    assert_ok(scene_import(&scene, IMPORT_OGR_AREAS, &input, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct export_options options = {.format = cases[i].format};
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

/* ---- mapping ---- */

TEST(columns_can_be_told_and_a_missing_one_is_refused_by_name)
{
    static const char text[] = "Nr,Bezeichnung,Art,Ost,Nord,名称\n1,WC,toilet,116,39,x\n";
    struct import_columns_map map;
    struct scene scene;
    scene_init(&scene);
    assert_err(scene_send(&scene, "a.csv", text, sizeof text - 1), ERR_FORMAT);
    scene_why(&scene, "its columns are: Nr, Bezeichnung, Art, Ost, Nord, 名称");
    assert_ok(import_columns_read_map("id=Nr, name=Bezeichnung;category=Art\nlon=Ost,lat=Nord",
                                      &map, &scene.why));
    scene.options.map = &map;
    assert_ok(scene_send(&scene, "a.csv", text, sizeof text - 1));
    scene_row(&scene, PLACE, "1", "toilet|WC|||");
    assert_string_equal(scene.report.columns[IMPORT_COLUMNS_name], "Bezeichnung");
    assert_string_equal(scene.report.unused, "名称");
    assert_ok(import_columns_read_map("name=站点", &map, &scene.why));
    assert_err(scene_send(&scene, "a.csv", text, sizeof text - 1), ERR_FORMAT);
    scene_why(&scene, "has no column \"站点\", which the map gives for name; its columns are: Nr");
    assert_err(import_columns_read_map("nme=a", &map, &scene.why), ERR_INVALID);
    scene_why(&scene, "map: \"nme\" is none of id, name");
    assert_err(import_columns_read_map("name", &map, &scene.why), ERR_INVALID);
    assert_err(import_columns_read_map("name=a,name=b", &map, &scene.why), ERR_INVALID);
    scene_fini(&scene);
}

/* ---- rights ---- */

static bool in_the_west(void *user, struct coord at)
{
    (void)user;
    return at.lon < 116.5;
}

TEST(rows_and_places_beyond_the_caller_s_right_are_left_as_they_are)
{
    static const char before[] = "id,name,category,lon,lat\n1,a,toilet,116.1,39\n"
                                 "2,b,toilet,116.9,39\n3,c,toilet,116.9,39\n4,d,toilet,116.2,39\n";
    static const char after[] = "id,name,category,lon,lat\n1,a,toilet,116.9,39\n"
                                "2,b,toilet,116.1,39\n5,e,toilet,116.1,39\n6,f,toilet,116.9,39\n";
    struct scene scene;
    scene_init(&scene);
    assert_ok(scene_send(&scene, "a.csv", before, sizeof before - 1));
    scene.options.may = in_the_west;
    assert_ok(scene_send(&scene, "a.csv", after, sizeof after - 1));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_created), 1);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 3);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 1); /* 4, and not 3 */
    assert_string_equal(scene_line(&scene, 0)->source_id, "4");
    scene_row(&scene, WHERE, "1", "116.10000,39.00000");
    scene_row(&scene, WHERE, "2", "116.90000,39.00000");
    assert_int_equal(scene_stored(&scene), 4);
    scene_fini(&scene);
}

/* ---- hostile files ---- */

TEST(an_archive_that_would_grow_beyond_bounds_is_refused_before_it_does)
{
    static const size_t big = 8 << 20;
    struct archive_out archive;
    struct scene scene;
    struct buf out;
    char *zeros = calloc(1, big);
    scene_init(&scene);
    scene.options.max_bytes = 4 << 20;
    buf_init(&out, 1 << 24);
    archive_begin(&archive, &out);
    archive_add(&archive, "xl/workbook.xml", zeros, big, 9);
    assert_ok(archive_end(&archive));
    assert_true(out.len < 65536);
    assert_err(scene_send(&scene, "a.xlsx", out.bytes, out.len), ERR_LIMIT);
    scene_why(&scene, "a.xlsx: the archive is larger than 4 MiB when unpacked");
    memset(out.bytes + 22, 1, 2);               /* a lie about the size, in the file's own header */
    out.bytes[out.len - 22 - 15 - 46 + 24] = 1; /* and in the list */
    out.bytes[out.len - 22 - 15 - 46 + 25] = 0;
    out.bytes[out.len - 22 - 15 - 46 + 26] = 0;
    assert_err(scene_send(&scene, "a.xlsx", out.bytes, out.len), ERR_FORMAT);
    scene_why(&scene, "damaged");
    free(zeros);
    buf_fini(&out);
    scene_fini(&scene);
}

TEST(xml_that_grows_or_nests_without_end_is_refused)
{
    static const char bomb[] = "<?xml version=\"1.0\"?><!DOCTYPE k [<!ENTITY a \"aaaaaaaaaa\">"
                               "<!ENTITY b \"&a;&a;&a;&a;\">]><kml>&b;</kml>";
    struct scene scene;
    struct buf deep;
    scene_init(&scene);
    scene.options.category = "toilet";
    assert_err(scene_send(&scene, "a.kml", bomb, sizeof bomb - 1), ERR_FORMAT);
    scene_why(&scene, "declares a document type");
    buf_init(&deep, 1 << 24);
    for (int i = 0; i < 200000; i++)
        buf_puts(&deep, "<Folder>");
    assert_err(scene_send(&scene, "a.kml", deep.bytes, deep.len), ERR_LIMIT);
    scene_why(&scene, "nested more than 100 deep");
    buf_fini(&deep);
    scene_fini(&scene);
}

TEST(files_that_are_something_else_are_told_how_to_mend)
{
    static const struct {
        const char *name, *bytes, *words;
    } cases[] = {
        {"a.xls", "x", "save it as .xlsx"},
        {"a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protected by a password"},
        {"a.csv", "PK\3\4x", "call it .xlsx or .zip"},
        {"a.xlsx", "id,name\n", "no archive"},
        {"a.gpkg", "id,name\n", "it is no database"},
        {"a.shp", "x", "pack it with its .dbf"},
        {"a.txt", "x", "its name must end in .csv"},
        {"a.kml", "<kml>", "a.kml: "},
        {"", "x", "its name must end in"},
    };
    struct scene scene;
    scene_init(&scene);
    scene.options.category = "toilet";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!scene_send(&scene, cases[i].name, cases[i].bytes, strlen(cases[i].bytes)))
            fail_msg("case %zu was taken", i);
        scene_why(&scene, cases[i].words);
    }
    scene_fini(&scene);
}

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
    char path[256];
    struct scene scene;
    struct buf out;
    scene_init(&scene);
    if (system("sqlite3 --version >/dev/null 2>&1") != 0) {
        printf("SKIPPED: there is no sqlite3 to spoil a GeoPackage with\n");
        scene_fini(&scene);
        skip();
    }
    assert_ok(scene_send(&scene, "full.csv", full, sizeof full - 1));
    export_as(&scene, OGR_GPKG, "wgs84", false, &out);
    assert_ok(file_replace(scratch_in(path, sizeof path, "a.gpkg"), out.bytes, out.len, NULL));
    spoil(path, ask);
    const struct import_ogr_input input = {.path = path, .name = path};
    scene.options.layer = "vt";
    assert_err(scene_import(&scene, IMPORT_OGR_PLACES, &input, NULL), ERR_DENIED);
    scene_why(&scene, "its table \"vt\" is a virtual one");
    buf_fini(&out);
    scene_fini(&scene);
}

RUN(cmocka_unit_test(an_office_s_gb18030_table_in_bd09_imports_as_its_dry_run_said_it_would),
    cmocka_unit_test(a_second_import_tells_what_it_changes_field_by_field_and_what_has_vanished),
    cmocka_unit_test(a_table_s_encoding_is_found_out_or_told),
    cmocka_unit_test(one_broken_character_makes_a_utf8_table_no_chinese_one_but_loses_its_row),
    cmocka_unit_test(what_is_exported_comes_in_again_unchanged_in_every_format),
    cmocka_unit_test(a_shapefile_is_read_from_its_folder_by_its_path_and_without_its_index),
    cmocka_unit_test(a_dbf_in_gbk_is_read_with_and_without_being_told),
    cmocka_unit_test(a_projected_export_says_its_system_and_comes_back),
    cmocka_unit_test(no_cell_of_an_exported_table_is_a_formula),
    cmocka_unit_test(text_that_a_shapefile_would_cut_is_refused),
    cmocka_unit_test(exported_areas_come_in_again_unchanged),
    cmocka_unit_test(columns_can_be_told_and_a_missing_one_is_refused_by_name),
    cmocka_unit_test(rows_and_places_beyond_the_caller_s_right_are_left_as_they_are),
    cmocka_unit_test(an_archive_that_would_grow_beyond_bounds_is_refused_before_it_does),
    cmocka_unit_test(xml_that_grows_or_nests_without_end_is_refused),
    cmocka_unit_test(files_that_are_something_else_are_told_how_to_mend),
    cmocka_unit_test(a_geopackage_that_would_read_other_files_is_refused))

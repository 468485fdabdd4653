#include "tests/data/import_scene.h"

#include "data/import_text.h"
#include "geo/base/archive.h"
#include "geo/space/china.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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

TEST(what_staff_hold_and_what_the_list_has_no_column_for_stay_as_they_are)
{
    static const char before[] = "id,name,category,lon,lat,phone,别名,座位数\n"
                                 "1,a,toilet,116,39,1,甲、乙,约30人\n";
    static const char after[] = "id,name,category,lon,lat\n1,b,toilet,116.5,39\n";
    const struct places_by by = {.actor = "staff", .now_ms = 1};
    const struct places_row mine = {.name = "mine"};
    struct places_edit edit = {.version = 1, .row = &mine, .fields = 1u << PLACES_name};
    struct places_row row;
    struct scene scene;
    struct arena arena = {0};
    scene_init(&scene);
    assert_ok(scene_send(&scene, "a.csv", before, sizeof before - 1));
    edit.id = 1;
    assert_ok(places_edit(scene.db, scene.categories, &edit, &by, &arena, &row, &scene.why));
    assert_ok(scene_send(&scene, "a.csv", after, sizeof after - 1));
    const struct import_line *line = scene_line(&scene, 2);
    assert_int_equal(line->fate, IMPORT_FATE_updated);
    assert_string_equal(line->note, "as staff set it: name");
    assert_int_equal(line->change_count, 1);
    assert_string_equal(line->changes[0].field, "location");
    assert_ok(places_get(scene.db, 1, &arena, &row));
    assert_string_equal(row.name, "mine");
    assert_string_equal(row.phone, "1");
    assert_string_equal(row.names, "甲;乙");
    assert_int_equal(row.capacity, 30);
    arena_fini(&arena);
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

TEST(a_file_makes_nobody_fetch_an_address)
{
    static const char *const kinds[][2] = {{"link", "href"}, {"url", "url"}, {"name", "name"}};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int trap = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(trap, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(trap, 5), 0);
    assert_int_equal(getsockname(trap, (struct sockaddr *)&address, &size), 0);
    struct scene scene;
    scene_init(&scene);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char text[600];
        (void)snprintf(text, sizeof text,
                       "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"%s\",\"properties\":{"
                       "\"%s\":\"http://127.0.0.1:%d/\"}},\"features\":[{\"type\":\"Feature\","
                       "\"properties\":{\"id\":\"1\",\"category\":\"toilet\"},\"geometry\":{"
                       "\"type\":\"Point\",\"coordinates\":[116,39]}}]}",
                       kinds[i][0], kinds[i][1], ntohs(address.sin_port));
        (void)scene_send(&scene, "a.geojson", text, strlen(text));
        assert_int_equal(accept(trap, NULL, NULL), -1);
        assert_int_equal(errno, EAGAIN);
    }
    close(trap);
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

RUN(cmocka_unit_test(an_office_s_gb18030_table_in_bd09_imports_as_its_dry_run_said_it_would),
    cmocka_unit_test(a_second_import_tells_what_it_changes_field_by_field_and_what_has_vanished),
    cmocka_unit_test(what_staff_hold_and_what_the_list_has_no_column_for_stay_as_they_are),
    cmocka_unit_test(a_table_s_encoding_is_found_out_or_told),
    cmocka_unit_test(one_broken_character_makes_a_utf8_table_no_chinese_one_but_loses_its_row),
    cmocka_unit_test(columns_can_be_told_and_a_missing_one_is_refused_by_name),
    cmocka_unit_test(rows_and_places_beyond_the_caller_s_right_are_left_as_they_are),
    cmocka_unit_test(an_archive_that_would_grow_beyond_bounds_is_refused_before_it_does),
    cmocka_unit_test(xml_that_grows_or_nests_without_end_is_refused),
    cmocka_unit_test(a_file_makes_nobody_fetch_an_address),
    cmocka_unit_test(files_that_are_something_else_are_told_how_to_mend))

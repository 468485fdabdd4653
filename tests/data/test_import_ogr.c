#include "tests/data/import_scene.h"

#include "data/areas.h"

#include <unistd.h>

#define FIXTURES HOUSE_ROOT "/tests/fixtures/ogr/"

static enum err run(struct scene *scene, enum import_ogr_kind kind, const char *path,
                    const struct progress *progress)
{
    const struct import_ogr_input input = {.path = path, .name = path};
    return scene_import(scene, kind, &input, progress);
}

static enum err places(struct scene *scene, const char *path)
{
    return run(scene, IMPORT_OGR_PLACES, path, NULL);
}

static enum err areas(struct scene *scene, const char *path)
{
    return run(scene, IMPORT_OGR_AREAS, path, NULL);
}

static enum err text_of(struct scene *scene, enum import_ogr_kind kind, const char *name,
                        const char *text)
{
    char path[256];
    assert_ok(file_replace(scratch_in(path, sizeof path, name), text, strlen(text), NULL));
    return run(scene, kind, path, NULL);
}

static enum err text_places(struct scene *scene, const char *name, const char *text)
{
    return text_of(scene, IMPORT_OGR_PLACES, name, text);
}

/* The i-th line that was refused, double, or taken with a note. */
static const struct import_line *problem_at(const struct scene *scene, size_t i)
{
    for (size_t k = 0; k < scene->report.count; k++)
        if (*scene->report.lines[k].note && i-- == 0) return &scene->report.lines[k];
    fail_msg("there are not so many problems");
    return NULL;
}

static void assert_problem(const struct scene *scene, size_t i, uint64_t line,
                           enum import_fate fate, const char *reason)
{
    const struct import_line *problem = problem_at(scene, i);
    assert_string_equal(problem->note, reason);
    assert_int_equal(problem->line, line);
    assert_string_equal(import_fate_name(problem->fate), import_fate_name(fate));
}

#define PLACE                                                                                      \
    "SELECT category || '|' || name || '|' || amenities || '|' || address || '|' || phone || '|' " \
    "|| hours || '|' || hours_self FROM places WHERE source_id = :id"
#define WHERE "SELECT printf('%.5f,%.5f', lon, lat) FROM places WHERE source_id = :id"
#define AREA  "SELECT level || '|' || code || '|' || name FROM areas WHERE source_id = :id"
#define PARENT                                                                                     \
    "SELECT coalesce((SELECT name FROM areas b WHERE b.id = a.parent_id), '') FROM areas a WHERE " \
    "source_id = :id"

TEST(a_table_with_chinese_columns_becomes_places_and_its_bad_rows_are_told_by_line)
{
    struct scene scene;
    scene_init(&scene);
    scene.options.crs = "gcj02";
    enum err e = places(&scene, FIXTURES "stations.csv");
    if (e) print_error("%s\n", scene.why.text);
    assert_ok(e);
    assert_int_equal(scene.report.format, OGR_CSV);
    assert_string_equal(scene.report.encoding, "UTF-8");
    assert_int_equal(scene.report.header_line, 1);
    assert_string_equal(scene.report.columns[IMPORT_COLUMNS_lon], "经度(GCJ-02)");
    assert_string_equal(scene.report.columns[IMPORT_COLUMNS_amenities], "服务设施");
    assert_int_equal(scene.report.rows, 8);
    assert_int_equal(import_report_taken(&scene.report), 4);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_created), 4);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 3);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_duplicate), 1);
    assert_int_equal(scene.report.notes, 1);
    assert_problem(&scene, 0, 7, IMPORT_FATE_refused, "\"博物馆\" is no known category");
    assert_problem(&scene, 1, 8, IMPORT_FATE_refused,
                   "39.930000, 116.350000 is no position; are longitude and latitude swapped?");
    assert_problem(&scene, 2, 9, IMPORT_FATE_duplicate, "line 2 has the same id, \"XC-01\"");
    assert_problem(&scene, 3, 10, IMPORT_FATE_refused, "the longitude \"abc\" is not a number");
    assert_problem(&scene, 4, 11, IMPORT_FATE_created, "\"按摩\" is no known amenity");
    scene_row(&scene, PLACE, "XC-01",
              "rest_station|展览路街道工会驿站|water microwave air_conditioning|西城区展览路8号|"
              "010-12345678|Mo-Fr 08:30-18:00|24/7");
    scene_row(&scene, WHERE, "XC-01", "116.34383,39.92866"); /* 540 m from what the file says */
    scene_fini(&scene);
}

TEST(a_row_without_an_id_is_found_again_by_its_name_and_position)
{
    struct scene scene;
    scene_init(&scene);
    assert_ok(places(&scene, FIXTURES "stations.csv"));
    scene_row(&scene, WHERE, "德胜公厕@116.37500,39.95500", "116.37500,39.95500");
    assert_ok(places(&scene, FIXTURES "stations.csv"));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_unchanged), 4);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_created) +
                         scene_fate(&scene, IMPORT_FATE_updated) +
                         scene_fate(&scene, IMPORT_FATE_vanished),
                     0);
    scene_fini(&scene);
}

TEST(a_strict_import_takes_all_rows_or_none)
{
    struct scene scene;
    scene_init(&scene);
    scene.options.strict = true;
    assert_err(places(&scene, FIXTURES "stations.csv"), ERR_INVALID);
    scene_why(&scene, "4 of 8 rows cannot be used, so nothing was imported");
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 3);
    assert_int_equal(import_report_taken(&scene.report), 0);
    assert_int_equal(scene_stored(&scene), 0);
    assert_ok(text_places(&scene, "good.csv", "name,category,lon,lat\na,toilet,116,39\n"));
    assert_int_equal(scene_stored(&scene), 1);
    scene_fini(&scene);
}

TEST(a_dry_run_reports_what_the_import_then_does)
{
    struct scene scene;
    scene_init(&scene);
    scene.options.dry_run = true;
    assert_ok(places(&scene, FIXTURES "stations.csv"));
    char *promised = scene_told(&scene);
    assert_int_equal(scene_stored(&scene), 0);
    scene.options.dry_run = false;
    assert_ok(places(&scene, FIXTURES "stations.csv"));
    char *done = scene_told(&scene);
    assert_string_equal(done, promised);
    free(promised);
    free(done);
    assert_int_equal(scene_stored(&scene), 4);
    scene_fini(&scene);
}

TEST(what_the_file_no_longer_has_is_marked_unless_it_shall_stay)
{
    static const char less[] = "id,name,category,lon,lat\nb,b,toilet,116,39\n";
    struct scene scene;
    scene_init(&scene);
    assert_ok(text_places(&scene, "a.csv",
                          "id,name,category,lon,lat\na,a,toilet,116,39\nb,b,toilet,116,39\n"));
    scene.options.keep_missing = true;
    assert_ok(text_places(&scene, "b.csv", less));
    assert_int_equal(scene_stored(&scene), 2);
    scene.options.keep_missing = false;
    assert_ok(text_places(&scene, "b.csv", less));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 1);
    assert_int_equal(scene_stored(&scene), 1);
    scene.options.source = "other";
    assert_ok(text_places(&scene, "b.csv", less));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 0);
    assert_int_equal(scene_stored(&scene), 2);
    scene_fini(&scene);
}

TEST(what_the_file_has_and_cannot_be_used_stays_as_it_was)
{
    static const char good[] = "id,name,category,lon,lat\na,a,toilet,116,39\nb,b,toilet,116,39\n";
    static const char bad[] = "id,name,category,lon,lat\na,a,toilet,39,116\nb,b,toilet,116,39\n";
    static const char map[] = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
                              "\"properties\":{\"id\":"
                              "\"a\",\"name\":\"%s\",\"level\":8},\"geometry\":{\"type\":"
                              "\"Polygon\",\"coordinates\":[[[116,"
                              "39],[117,39],[117,40],[116,39]]]}},{\"type\":\"Feature\","
                              "\"properties\":{\"id\":\"b\",\"name\":"
                              "\"b\",\"level\":8},\"geometry\":{\"type\":\"Polygon\","
                              "\"coordinates\":[[[118,39],[119,39],[119,"
                              "40],[118,39]]]}}]}";
    char text[sizeof map];
    struct scene scene;
    scene_init(&scene);
    assert_ok(text_places(&scene, "a.csv", good));
    assert_ok(text_places(&scene, "a.csv", bad));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 1);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 0);
    assert_int_equal(scene_stored(&scene), 2);
    (void)snprintf(text, sizeof text, map, "a");
    assert_ok(text_of(&scene, IMPORT_OGR_AREAS, "a.geojson", text));
    (void)snprintf(text, sizeof text, map, "");
    assert_ok(text_of(&scene, IMPORT_OGR_AREAS, "a.geojson", text));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 1);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 0);
    scene_row(&scene, AREA, "a", "8||a");
    scene_fini(&scene);
}

TEST(positions_come_as_columns_as_a_pair_or_as_wkt)
{
    static const struct {
        const char *text, *where;
    } cases[] = {
        {"id,category,LNG,Lat\n1,toilet,116.5,39.25\n", "116.50000,39.25000"},
        {"id;category;经度;纬度\n1;厕所; 116.5 ;39.25\n", "116.50000,39.25000"},
        {"id\tcategory\tlon\tlat\n1\ttoilet\t116.5\t39.25\n", "116.50000,39.25000"},
        {"id,category,坐标\n1,toilet,\"116.5, 39.25\"\n", "116.50000,39.25000"},
        {"id,category,wkt\n1,toilet,POINT (116.5 39.25)\n", "116.50000,39.25000"},
        {"id,category,geometry\n1,toilet,\"POLYGON((116 39,117 39,117 39.5,116 39.5,116 39))\"\n",
         "116.50000,39.25000"},
        {"编号,类别,x,y\n1,toilet,500000,4344000\n", "117.00000,39.22966"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene;
        scene_init(&scene);
        scene.options.crs = strstr(cases[i].text, ",x,y") ? "EPSG:4548" : "wgs84";
        enum err e = text_places(&scene, "a.csv", cases[i].text);
        if (e)
            fail_msg("case %zu: %s %s", i, scene.why.text,
                     scene.report.count ? scene.report.lines[0].note : "");
        scene_row(&scene, WHERE, "1", cases[i].where);
        scene_fini(&scene);
    }
}

TEST(a_table_that_cannot_be_used_is_refused_with_what_to_mend)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "is empty"},
        {"name,category\na,toilet\n", "has no columns of longitude and latitude"},
        {"name,lon,lat\na,1,1\n", "has no column of the category"},
        {"name,category,lon,lat\n", "has no rows"},
        {"name,category,lon,lat\na,toilet,200,1\n", "lies outside the world of wgs84"},
        {"name,category,lon,lat\na,toilet,nan,1\n", "the longitude \"nan\" is not a number"},
        {"name,category,lon,lat\na,toilet,,\n", "it has no position"},
        {"name,category,lon,lat\na,,1,1\n", "it names no category"},
        {"name,category,lon,lat\n\xff,toilet,1,1\n", "its name has characters that are not of"},
        {"name,category,lon,lat\n,rest_station,1,1\n", "a rest_station needs a name"},
        {"name,category,wkt\na,toilet,POINT(1\n", "its WKT is malformed"},
    };
    struct scene scene;
    scene_init(&scene);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!text_places(&scene, "a.csv", cases[i].text)) fail_msg("case %zu was taken", i);
        scene_why(&scene, cases[i].words);
        scene_why(&scene, "a.csv");
    }
    scene.options.category = "museum";
    assert_err(text_places(&scene, "a.csv", "name,lon,lat\na,1,1\n"), ERR_INVALID);
    scene_why(&scene, "\"museum\" is no known category");
    scene.options.category = "toilet";
    assert_ok(text_places(&scene, "a.csv", "name,lon,lat\na,1,1\n"));
    scene.options.crs = "mars2000";
    assert_err(text_places(&scene, "a.csv", "name,lon,lat\na,1,1\n"), ERR_INVALID);
    scene_why(&scene, "mars2000");
    scene_fini(&scene);
}

TEST(only_regular_files_of_known_formats_are_opened)
{
    struct scene scene;
    scene_init(&scene);
    assert_err(places(&scene, "/vsicurl/http://localhost/a.csv"), ERR_NOTFOUND);
    assert_err(places(&scene, "http://localhost/a.geojson"), ERR_NOTFOUND);
    assert_err(places(&scene, "{\"type\":\"FeatureCollection\",\"features\":[]}.json"),
               ERR_NOTFOUND);
    assert_err(places(&scene, FIXTURES), ERR_FORMAT);
    assert_err(text_places(&scene, "a.vrt", "<OGRVRTDataSource/>"), ERR_FORMAT);
    scene_why(&scene, "must end in .csv, .tsv, .xlsx");
    assert_err(text_places(&scene, "a.geojson", "<OGRVRTDataSource/>"), ERR_FORMAT);
    assert_err(text_places(&scene, "a.json", "{\"type\":\"FeatureCollection\",\"features\":[{"),
               ERR_FORMAT);
    scene_why(&scene, "a.json: it cannot be read as GeoJSON");
    scene_fini(&scene);
}

TEST(a_map_of_points_and_polygons_becomes_places)
{
    struct scene scene;
    scene_init(&scene);
    enum err e = places(&scene, FIXTURES "places.geojson");
    if (e) print_error("%s\n", scene.why.text);
    assert_ok(e);
    assert_int_equal(scene.report.format, OGR_GEOJSON);
    assert_int_equal(import_report_taken(&scene.report), 2);
    scene_row(&scene, PLACE, "11", "toilet|点|water seats||||");
    scene_row(&scene, WHERE, "12", "116.20000,39.20000");
    assert_problem(&scene, 0, 3, IMPORT_FATE_refused,
                   "its geometry is neither a point nor a polygon");
    assert_problem(&scene, 1, 4, IMPORT_FATE_refused, "it has no position");
    scene_fini(&scene);
}

TEST(a_map_of_polygons_becomes_areas_and_broken_ones_are_mended)
{
    struct scene scene;
    scene_init(&scene);
    scene.options.level = 8;
    enum err e = areas(&scene, FIXTURES "areas.geojson");
    if (e) print_error("%s\n", scene.why.text);
    assert_ok(e);
    assert_int_equal(import_report_taken(&scene.report), 3);
    assert_int_equal(scene.report.mended, 1);
    scene_row(&scene, AREA, "110199002", "8|110199002|东街道");
    scene_row(&scene, AREA, "110199", "6|110199|全区");
    scene_row(&scene, PARENT, "110199002", "全区");
    assert_problem(&scene, 0, 4, IMPORT_FATE_refused, "an area needs a name");
    assert_problem(&scene, 1, 5, IMPORT_FATE_refused, "its geometry is no polygon");
    assert_ok(areas(&scene, FIXTURES "areas.geojson"));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_unchanged), 3);
    scene.options.level = 0;
    scene.options.source = "levels";
    assert_ok(areas(&scene, FIXTURES "areas.geojson"));
    assert_problem(&scene, 0, 2, IMPORT_FATE_refused, "it has no level");
    scene_fini(&scene);
}

TEST(areas_in_a_chinese_system_are_moved_to_where_they_are)
{
    struct scene scene;
    struct areaset *set;
    const struct area *area;
    scene_init(&scene);
    scene.options.level = 8;
    scene.options.crs = "gcj02";
    assert_ok(areas(&scene, FIXTURES "areas.geojson"));
    assert_ok(areas_load(scene.db, &set, &scene.why));
    /* 116.3 in the file is about 116.294 here. */
    assert_ok(areaset_locate(set, (struct coord){116.2960, 39.15}, 0, &area));
    assert_string_equal(area->name, "全区");
    assert_ok(areaset_locate(set, (struct coord){116.2920, 39.15}, 0, &area));
    assert_string_equal(area->name, "东街道");
    areaset_free(set);
    scene_fini(&scene);
}

static bool stop_at_rows(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user, (void)done, (void)total;
    return strcmp(stage, "rows") != 0;
}

TEST(a_stopped_import_leaves_nothing_behind)
{
    struct scene scene;
    const struct progress progress = {stop_at_rows, NULL};
    scene_init(&scene);
    assert_err(run(&scene, IMPORT_OGR_PLACES, FIXTURES "stations.csv", &progress), ERR_CANCELLED);
    assert_int_equal(scene_stored(&scene), 0);
    assert_int_equal(import_report_taken(&scene.report), 0);
    scene_fini(&scene);
}

TEST(the_demonstration_data_is_taken_whole)
{
    struct scene scene;
    scene_init(&scene);
    scene.options.strict = true;
    assert_ok(places(&scene, HOUSE_ROOT "/data/demo/places.geojson"));
    assert_true(import_report_taken(&scene.report) == scene.report.rows && !scene.report.notes);
    assert_ok(areas(&scene, HOUSE_ROOT "/data/demo/areas.geojson"));
    assert_true(import_report_taken(&scene.report) == scene.report.rows && !scene.report.notes);
    scene_fini(&scene);
}

TEST(the_fifteen_subdistricts_of_xicheng_are_taken_whole)
{
    struct scene scene;
    char path[1024];
    const char *folder = getenv("YIZHAN_DATA");
    (void)snprintf(path, sizeof path, "%s/areas/xicheng_subdistricts.geojson",
                   folder ? folder : HOUSE_ROOT "/../shared/data");
    if (access(path, R_OK) != 0) {
        printf("SKIPPED: %s is not here (set YIZHAN_DATA to the folder of test data)\n", path);
        skip();
    }
    scene_init(&scene);
    scene.options.strict = true;
    assert_ok(areas(&scene, path));
    assert_int_equal(import_report_taken(&scene.report), 15);
    assert_int_equal(scene.report.mended, 0);
    assert_true(import_report_taken(&scene.report) == scene.report.rows && !scene.report.notes);
    scene_row(&scene, AREA, "13210714", "8|110102001|西长安街街道");
    scene_fini(&scene);
}

TEST(a_report_keeps_so_many_lines_and_counts_all_of_them)
{
    struct import_report report;
    import_report_init(&report, 3);
    for (uint64_t i = 1; i <= 10; i++) {
        const struct import_line line = {.fate = i % 2 ? IMPORT_FATE_created : IMPORT_FATE_refused,
                                         .line = 11 - i,
                                         .source_id = "x",
                                         .name = "",
                                         .note = ""};
        assert_ok(import_report_add(&report, &line));
    }
    import_report_sort(&report);
    assert_int_equal(report.count, 6);
    assert_int_equal(report.lines[0].line, 5);
    assert_int_equal(report.fates[IMPORT_FATE_created], 5);
    assert_int_equal(report.fates[IMPORT_FATE_refused], 5);
    assert_false(import_report_is_whole(&report));
    import_report_fini(&report);
}

/* Places p0, p1, ... of which the first `left_out` are missing. */
static enum err row_of_places(struct scene *scene, int left_out, int count)
{
    char text[2000] = "id,lon,lat,category\n";
    for (int i = left_out; i < count; i++) {
        size_t n = strlen(text);
        (void)snprintf(text + n, sizeof text - n, "p%d,116.%d,39.9,toilets\n", i, 100 + i);
    }
    return text_places(scene, "row.csv", text);
}

TEST(a_file_that_lacks_most_of_its_source_is_refused_unless_that_is_allowed)
{
    struct scene scene;
    scene_init(&scene);
    assert_ok(row_of_places(&scene, 0, 12));
    assert_err(row_of_places(&scene, 7, 14), ERR_CONFLICT);
    scene_why(&scene, "7 of the 12 places of the source \"test\" are not in this file");
    scene_why(&scene, "--allow-shrink");
    assert_int_equal(scene_stored(&scene), 12);
    assert_ok(row_of_places(&scene, 6, 12)); /* half is taken for the world's doing */
    assert_int_equal(scene_stored(&scene), 6);
    assert_ok(row_of_places(&scene, 0, 12));
    scene.options.allow_shrink = true;
    assert_ok(row_of_places(&scene, 11, 12));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 11);
    scene.options.allow_shrink = false;
    assert_ok(row_of_places(&scene, 12, 13)); /* one place is not worth a question */
    scene_fini(&scene);
}

RUN(cmocka_unit_test(a_report_keeps_so_many_lines_and_counts_all_of_them),
    cmocka_unit_test(a_file_that_lacks_most_of_its_source_is_refused_unless_that_is_allowed),
    cmocka_unit_test(a_table_with_chinese_columns_becomes_places_and_its_bad_rows_are_told_by_line),
    cmocka_unit_test(a_row_without_an_id_is_found_again_by_its_name_and_position),
    cmocka_unit_test(a_strict_import_takes_all_rows_or_none),
    cmocka_unit_test(a_dry_run_reports_what_the_import_then_does),
    cmocka_unit_test(what_the_file_no_longer_has_is_marked_unless_it_shall_stay),
    cmocka_unit_test(what_the_file_has_and_cannot_be_used_stays_as_it_was),
    cmocka_unit_test(positions_come_as_columns_as_a_pair_or_as_wkt),
    cmocka_unit_test(a_table_that_cannot_be_used_is_refused_with_what_to_mend),
    cmocka_unit_test(only_regular_files_of_known_formats_are_opened),
    cmocka_unit_test(a_map_of_points_and_polygons_becomes_places),
    cmocka_unit_test(a_map_of_polygons_becomes_areas_and_broken_ones_are_mended),
    cmocka_unit_test(areas_in_a_chinese_system_are_moved_to_where_they_are),
    cmocka_unit_test(a_stopped_import_leaves_nothing_behind),
    cmocka_unit_test(the_demonstration_data_is_taken_whole),
    cmocka_unit_test(the_fifteen_subdistricts_of_xicheng_are_taken_whole))

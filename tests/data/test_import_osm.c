#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/scratch.h"

#include "data/areas.h"
#include "data/import_osm.h"
#include "data/migrate.h"
#include "data/places.h"
#include "geo/base/file.h"

#include <string.h>
#include <unistd.h>

#define SMALL HOUSE_ROOT "/tests/fixtures/osm/small.osm"

struct scene {
    struct db *db;
    struct categories *categories;
    struct import_osm_stats stats;
    struct why why;
    char roads[256];
};

static void scene_init(struct scene *scene)
{
    char path[256];
    *scene = (struct scene){.why = {""}};
    scratch_make();
    (void)scratch_in(scene->roads, sizeof scene->roads, "roads.osm.pbf");
    template_lay(scratch_in(path, sizeof path, "a.db"));
    assert_ok(db_open(path, DB_CREATE, &scene->db, NULL));
    assert_ok(migrate_up(scene->db, NULL, &scene->why));
    assert_ok(categories_load(HOUSE_ROOT "/data/categories", &scene->categories, &scene->why));
}

static void scene_fini(struct scene *scene)
{
    categories_free(scene->categories);
    db_close(scene->db);
    scratch_remove();
}

static struct import_osm_options everything(const struct scene *scene)
{
    return (struct import_osm_options){
        .categories = scene->categories, .places = true, .areas = true, .roads_path = scene->roads};
}

static void import(struct scene *scene, const char *path, const struct import_osm_options *options)
{
    enum err e = import_osm(scene->db, path, options, NULL, &scene->stats, &scene->why);
    if (e) print_error("%s\n", scene->why.text);
    assert_ok(e);
}

/* The place or area with this id in its source, as "category|amenities|name|...". */
static void assert_row(struct scene *scene, const char *sql, const char *source_id,
                       const char *expected)
{
    struct db_query *q;
    bool row = false;
    assert_ok(db_prepare(scene->db, sql, &q));
    db_bind_text(q, ":id", source_id);
    assert_ok(db_step(q, &row));
    if (!row) fail_msg("%s is not there", source_id);
    assert_string_equal(db_text(q, 0), expected);
    db_done(q);
}

#define PLACE                                                                                      \
    "SELECT category || '|' || name || '|' || name_en || '|' || address || '|' || phone || '|' "   \
    "|| "                                                                                          \
    "hours FROM places WHERE source = 'osm' AND source_id = :id"
#define PLACE_STATE                                                                                \
    "SELECT id || CASE WHEN vanished_ms IS NULL THEN ' here' ELSE ' vanished' END FROM places "    \
    "WHERE source_id = :id"
#define AREA                                                                                       \
    "SELECT level || '|' || code || '|' || name || '|' || name_en FROM areas WHERE source_id = "   \
    ":id"

TEST(a_small_map_becomes_places_areas_and_roads_and_tells_what_it_left_out)
{
    struct scene scene;
    scene_init(&scene);
    const struct import_osm_options options = everything(&scene);
    import(&scene, SMALL, &options);
    assert_int_equal(scene.stats.places.kept, 4);
    assert_int_equal(scene.stats.places.created, 4);
    assert_int_equal(scene.stats.areas.kept, 1);
    assert_int_equal(scene.stats.by_level[8], 1);
    assert_int_equal(scene.stats.by_category[categories_find(scene.categories, "fuel")], 1);
    assert_int_equal(scene.stats.dropped[IMPORT_OSM_no_category], 3);
    assert_int_equal(scene.stats.dropped[IMPORT_OSM_invalid_place], 2);
    assert_row(&scene, PLACE, "node/30", "drinking_water|饮水点|Drinking fountain|||");
    assert_row(&scene, PLACE, "node/32",
               "fuel|北门加油站||北京市西城区北门大街8号|+86 10 1234 5678|Mo-Su 06:00-23:00");
    assert_row(&scene, PLACE, "way/103", "toilet|||||");
    assert_row(&scene, PLACE, "relation/200", "shelter|环形公园||||");
    assert_row(&scene, AREA, "relation/202", "8|110199001|环园街道|Ring Park Subdistrict");
    assert_int_equal(access(scene.roads, R_OK), 0);
    scene_fini(&scene);
}

static void write_without_fuel(char *path, size_t size)
{
    char *text;
    size_t len;
    assert_ok(file_read(SMALL, 1 << 20, &text, &len, NULL));
    char *value = strstr(text, "\"fuel\"");
    assert_non_null(value);
    value[2] = value[3] = 'o'; /* amenity=fool */
    assert_ok(file_replace(scratch_in(path, size, "less.osm"), text, len, NULL));
    free(text);
}

TEST(a_second_import_keeps_ids_and_marks_what_vanished)
{
    struct scene scene;
    char less[256];
    scene_init(&scene);
    const struct import_osm_options options = everything(&scene);
    import(&scene, SMALL, &options);
    import(&scene, SMALL, &options);
    assert_int_equal(scene.stats.places.unchanged, 4);
    assert_int_equal(scene.stats.places.created + scene.stats.places.updated, 0);
    assert_int_equal(scene.stats.areas.unchanged, 1);
    assert_row(&scene, PLACE_STATE, "node/32", "2 here");
    write_without_fuel(less, sizeof less);
    import(&scene, less, &options);
    assert_int_equal(scene.stats.places.vanished, 1);
    assert_row(&scene, PLACE_STATE, "node/32", "2 vanished");
    import(&scene, SMALL, &options);
    assert_int_equal(scene.stats.places.updated, 1);
    assert_row(&scene, PLACE_STATE, "node/32", "2 here");
    scene_fini(&scene);
}

TEST(a_dry_run_tells_all_and_changes_nothing)
{
    struct scene scene;
    int64_t count = -1;
    scene_init(&scene);
    struct import_osm_options options = everything(&scene);
    options.dry_run = true;
    import(&scene, SMALL, &options);
    assert_int_equal(scene.stats.places.created, 4);
    assert_ok(places_count(scene.db, &count));
    assert_int_equal(count, 0);
    assert_int_not_equal(access(scene.roads, R_OK), 0);
    scene_fini(&scene);
}

TEST(what_lies_outside_the_box_or_the_levels_is_left_out_and_counted)
{
    static const struct box box = {116.307, 39.907, 116.308, 39.909};
    struct scene scene;
    scene_init(&scene);
    struct import_osm_options options = everything(&scene);
    options.box = &box;
    options.min_level = 8, options.max_level = 8;
    import(&scene, SMALL, &options);
    assert_int_equal(scene.stats.places.kept, 2);
    assert_int_equal(scene.stats.dropped[IMPORT_OSM_outside_place], 2);
    assert_int_equal(scene.stats.dropped[IMPORT_OSM_outside_area], 1);
    options.box = NULL;
    options.min_level = 4, options.max_level = 6;
    import(&scene, SMALL, &options);
    assert_int_equal(scene.stats.areas.kept, 0);
    assert_int_equal(scene.stats.dropped[IMPORT_OSM_other_level], 1);
    scene_fini(&scene);
}

static bool stop_at_rows(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user, (void)done, (void)total;
    return strcmp(stage, "areas") != 0;
}

TEST(a_stopped_or_failed_import_leaves_everything_as_it_was)
{
    static const char cut[] = "<osm version=\"0.6\"><node id=\"1\" lat=\"1\" lon=\"2\">"
                              "<tag k=\"amenity\" v=\"fuel\"/></node><way";
    struct scene scene;
    char path[256];
    int64_t count = -1;
    struct progress progress = {stop_at_rows, NULL};
    scene_init(&scene);
    const struct import_osm_options options = everything(&scene);
    assert_ok(file_replace(scene.roads, "old", 3, NULL));
    assert_err(import_osm(scene.db, SMALL, &options, &progress, &scene.stats, &scene.why),
               ERR_CANCELLED);
    assert_ok(file_replace(scratch_in(path, sizeof path, "cut.osm"), cut, sizeof cut - 1, NULL));
    assert_err(import_osm(scene.db, path, &options, NULL, &scene.stats, &scene.why), ERR_TRUNCATED);
    assert_non_null(strstr(scene.why.text, "cut.osm"));
    assert_ok(places_count(scene.db, &count));
    assert_int_equal(count, 0);
    char *old;
    size_t len;
    assert_ok(file_read(scene.roads, 100, &old, &len, NULL));
    assert_string_equal(old, "old");
    free(old);
    scene_fini(&scene);
}

TEST(every_reason_has_a_name_and_a_sentence)
{
    for (int i = 0; i < IMPORT_OSM_DROP_COUNT; i++) {
        assert_true(strlen(import_osm_drop_name((enum import_osm_drop)i)) > 3);
        assert_true(strlen(import_osm_drop_text((enum import_osm_drop)i)) > 10);
    }
    assert_string_equal(import_osm_drop_name(IMPORT_OSM_no_level), "no_level");
}

static bool shared(char *path, size_t size, const char *name)
{
    const char *folder = getenv("YIZHAN_DATA");
    (void)snprintf(path, size, "%s/%s", folder ? folder : HOUSE_ROOT "/../shared/data", name);
    if (access(path, R_OK) == 0) return true;
    printf("SKIPPED: %s is not here (set YIZHAN_DATA to the folder of test data)\n", path);
    return false;
}

TEST(real_extracts_give_the_places_that_other_tools_count)
{
    static const struct {
        const char *name;
        uint64_t toilets, fuel;
    } files[] = {
        {"osm/monaco_osrm.osm.pbf", 28, 15},
        {"osm/beijing_tsinghua_2017.osm.gz", 6, 1},
        {"osm/beijing_cau_east.osm.gz", 2, 1},
        {"osm/beijing_central_drive_2024-03.osm.pbf", 0, 0},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct scene scene;
        char path[1024];
        if (!shared(path, sizeof path, files[i].name)) skip();
        scene_init(&scene);
        const struct import_osm_options options = everything(&scene);
        import(&scene, path, &options);
        const uint64_t *by_category = scene.stats.by_category;
        assert_int_equal(by_category[categories_find(scene.categories, "toilet")],
                         files[i].toilets);
        assert_int_equal(by_category[categories_find(scene.categories, "fuel")], files[i].fuel);
        for (int r = 0; r < IMPORT_OSM_DROP_COUNT; r++)
            if (scene.stats.dropped[r])
                print_message("%s: %s %llu\n", files[i].name,
                              import_osm_drop_name((enum import_osm_drop)r),
                              (unsigned long long)scene.stats.dropped[r]);
        scene_fini(&scene);
    }
}

RUN(cmocka_unit_test(a_small_map_becomes_places_areas_and_roads_and_tells_what_it_left_out),
    cmocka_unit_test(a_second_import_keeps_ids_and_marks_what_vanished),
    cmocka_unit_test(a_dry_run_tells_all_and_changes_nothing),
    cmocka_unit_test(what_lies_outside_the_box_or_the_levels_is_left_out_and_counted),
    cmocka_unit_test(a_stopped_or_failed_import_leaves_everything_as_it_was),
    cmocka_unit_test(every_reason_has_a_name_and_a_sentence),
    cmocka_unit_test(real_extracts_give_the_places_that_other_tools_count))

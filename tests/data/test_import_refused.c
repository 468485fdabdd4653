/* What becomes of what is stored when the row about it cannot be used. */
#include "tests/data/import_scene.h"

static enum err bring(struct scene *scene, enum import_ogr_kind kind, const char *name,
                      const char *text, const struct progress *progress)
{
    const struct import_ogr_input input = {.name = name, .bytes = text, .len = strlen(text)};
    return scene_import(scene, kind, &input, progress);
}

static enum err places(struct scene *scene, const char *text)
{
    return bring(scene, IMPORT_OGR_PLACES, "a.csv", text, NULL);
}

#define PRESENT "SELECT vanished_ms IS NULL FROM areas WHERE source_id = :id"
#define PLACE   "SELECT vanished_ms IS NULL FROM places WHERE source_id = :id"

/* Two areas with the members that are given; the outline of the second is whole or a line. */
static enum err two_areas(struct scene *scene, const char *one, const char *two, bool whole,
                          const struct progress *progress)
{
    char text[1000];
    (void)snprintf(text, sizeof text,
                   "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
                   "\"properties\":{%s},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
                   "[[[116,39],[117,39],[117,40],[116,39]]]}},{\"type\":\"Feature\","
                   "\"properties\":{%s},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
                   "[[[118,39],[119,39]%s,[118,39]]]}}]}",
                   one, two, whole ? ",[119,40]" : "");
    return bring(scene, IMPORT_OGR_AREAS, "a.geojson", text, progress);
}

TEST(an_area_whose_outline_is_refused_stays_also_in_a_list_without_ids)
{
    static const struct {
        const char *one, *two, *id;
    } cases[] = {
        {"\"adcode\":\"110101\",\"name\":\"甲街道\",\"level\":8",
         "\"adcode\":\"110202\",\"name\":\"乙街道\",\"level\":8", "110202"},
        {"\"name\":\"甲街道\",\"level\":\"街道\"", "\"name\":\"乙街道\",\"level\":\"街道\"",
         "乙街道@8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene;
        scene_init(&scene);
        assert_ok(two_areas(&scene, cases[i].one, cases[i].two, true, NULL));
        assert_ok(two_areas(&scene, cases[i].one, cases[i].two, false, NULL));
        assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 1);
        assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 0);
        assert_string_equal(scene_line(&scene, 2)->source_id, cases[i].id);
        scene_row(&scene, PRESENT, cases[i].id, "1");
        scene_fini(&scene);
    }
}

TEST(an_area_whose_level_is_refused_stays_by_its_code)
{
    static const char one[] = "\"adcode\":\"110101\",\"name\":\"甲\",\"level\":8";
    struct scene scene;
    scene_init(&scene);
    assert_ok(
        two_areas(&scene, one, "\"adcode\":\"110202\",\"name\":\"乙\",\"level\":8", true, NULL));
    assert_ok(
        two_areas(&scene, one, "\"adcode\":\"110202\",\"name\":\"乙\",\"level\":99", true, NULL));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 1);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 0);
    scene_row(&scene, PRESENT, "110202", "1");
    scene_fini(&scene);
}

TEST(a_place_without_an_id_stays_when_its_category_is_mistyped)
{
    static const char head[] = "category,name,lon,lat\ntoilet,a,116.1,39\n";
    char text[200];
    struct scene scene;
    scene_init(&scene);
    scene.options.crs = "gcj02"; /* the id has the position in WGS 84 */
    (void)snprintf(text, sizeof text, "%stoilet,b,116.5,39.25\n", head);
    assert_ok(places(&scene, text));
    (void)snprintf(text, sizeof text, "%stoilett,b,116.5,39.25\n", head);
    assert_ok(places(&scene, text));
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 1);
    assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 0);
    assert_int_equal(scene_stored(&scene), 2);
    scene_fini(&scene);
}

TEST(what_a_refused_row_does_not_tell_vanishes_and_the_report_says_why_that_may_be)
{
    static const struct {
        const char *good, *bad;
    } cases[] = {
        {"toilet,b,116.5,39.25\n", "toilet,b,east,39.25\n"},
        {"rest_station,b,116.5,39.25\n", "rest_station,,116.5,39.25\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        struct scene scene;
        scene_init(&scene);
        (void)snprintf(text, sizeof text, "category,name,lon,lat\ntoilet,a,116.1,39\n%s",
                       cases[i].good);
        assert_ok(places(&scene, text));
        (void)snprintf(text, sizeof text, "category,name,lon,lat\ntoilet,a,116.1,39\n%s",
                       cases[i].bad);
        assert_ok(places(&scene, text));
        assert_int_equal(scene_fate(&scene, IMPORT_FATE_refused), 1);
        assert_int_equal(scene_fate(&scene, IMPORT_FATE_vanished), 1);
        assert_string_equal(
            scene_line(&scene, 0)->note,
            "it may be in a row that was refused and has no id: mend that row, or give the list "
            "ids");
        scene_row(&scene, PLACE, "b@116.50000,39.25000", "0");
        scene_fini(&scene);
    }
}

TEST(what_is_gone_needs_no_excuse_when_every_refused_row_is_known)
{
    struct scene scene;
    scene_init(&scene);
    assert_ok(places(&scene, "id,category,lon,lat\n1,toilet,116,39\n2,toilet,116,39\n"
                             "3,toilet,116,39\n"));
    assert_ok(places(&scene, "id,category,lon,lat\n1,toilet,116,39\n2,toilett,116,39\n"));
    assert_string_equal(scene_line(&scene, 0)->source_id, "3");
    assert_string_equal(scene_line(&scene, 0)->note, "");
    scene_fini(&scene);
}

static bool stop_at_refused(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user, (void)done, (void)total;
    return strcmp(stage, "refused rows") != 0;
}

TEST(an_import_can_be_stopped_while_it_spares_what_was_refused)
{
    static const char one[] = "\"id\":1,\"name\":\"甲\",\"level\":8";
    static const char two[] = "\"id\":2,\"name\":\"乙\",\"level\":8";
    const struct progress progress = {stop_at_refused, NULL};
    struct scene scene;
    scene_init(&scene);
    assert_ok(two_areas(&scene, one, two, true, &progress));
    assert_err(two_areas(&scene, one, two, false, &progress), ERR_CANCELLED);
    assert_err(bring(&scene, IMPORT_OGR_PLACES, "a.csv",
                     "id,category,lon,lat\n1,toilet,116,39\n2,toilett,116,39\n", &progress),
               ERR_CANCELLED);
    assert_int_equal(scene_stored(&scene), 0);
    scene_fini(&scene);
}

static enum err take_off(struct db *db, void *user)
{
    (void)user;
    return db_exec(db, "UPDATE places SET removed_ms = 1 WHERE source_id = '1'");
}

TEST(several_notes_about_a_row_are_told_apart)
{
    static const char both[] = "id,category,lon,lat\n1,toilet,116,39\n2,toilet,116,39\n";
    struct scene scene;
    scene_init(&scene);
    assert_ok(places(&scene, both));
    assert_ok(places(&scene, "id,category,lon,lat\n2,toilet,116,39\n"));
    assert_ok(db_write(scene.db, take_off, NULL));
    assert_ok(places(&scene, both));
    assert_string_equal(scene_line(&scene, 2)->note,
                        "it was gone and is back; staff took it off the map and it stays off");
    scene_fini(&scene);
}

RUN(cmocka_unit_test(an_area_whose_outline_is_refused_stays_also_in_a_list_without_ids),
    cmocka_unit_test(an_area_whose_level_is_refused_stays_by_its_code),
    cmocka_unit_test(a_place_without_an_id_stays_when_its_category_is_mistyped),
    cmocka_unit_test(what_a_refused_row_does_not_tell_vanishes_and_the_report_says_why_that_may_be),
    cmocka_unit_test(what_is_gone_needs_no_excuse_when_every_refused_row_is_known),
    cmocka_unit_test(an_import_can_be_stopped_while_it_spares_what_was_refused),
    cmocka_unit_test(several_notes_about_a_row_are_told_apart))

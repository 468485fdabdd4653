/* Real networks, where they are at hand, from OSM file to route. */
#include "data/import_roads.h"
#include "geo/base/file.h"
#include "tests/road_alternatives.h"
#include "tests/road_proof.h"
#include "tests/road_reach.h"
#include "tests/road_trips.h"

#include <string.h>
#include <unistd.h>

static bool find_data(const char *name, char *path, size_t size)
{
    const char *folder = getenv("YIZHAN_DATA");
    (void)snprintf(path, size, "%s/osm/%s", folder ? folder : HOUSE_ROOT "/../shared/data", name);
    if (access(path, R_OK) == 0) return true;
    printf("SKIPPED: no %s (set YIZHAN_DATA)\n", path);
    return false;
}

static struct roads *import(const char *name, struct import_roads_result *result)
{
    char osm[512], roads[] = "/tmp/yizhan-roads-XXXXXX";
    struct profiles *profiles;
    struct roads_keeper *keeper;
    struct roads *made;
    struct why why = {""};
    if (!find_data(name, osm, sizeof osm)) return NULL;
    int fd = mkstemp(roads);
    assert_true(fd >= 0);
    close(fd);
    assert_ok(profiles_load_dir(HOUSE_ROOT "/data/profiles", &profiles, &why));
    assert_ok(import_roads_run(osm, profiles, roads, name, NULL, result, &why));
    assert_ok(roads_open(roads, 2, NULL, &keeper, &why));
    assert_ok(roads_make(keeper, NULL, 0, &made));
    roads_keeper_free(keeper);
    unlink(roads); /* the mapping stays */
    profiles_free(profiles);
    return made;
}

TEST(central_beijing_is_one_network_and_searches_are_exact)
{
    struct import_roads_result result;
    struct roads *roads = import("beijing_central_drive_2024-03.osm.pbf", &result);
    if (!roads) return;
    uint64_t seed = random_seed();
    struct box box = {116.30, 39.86, 116.45, 39.97};
    assert_true(result.roads.ways_kept > 9000);
    assert_true(result.roads.largest_component_arcs * 10 > result.roads.arcs * 9);
    const struct graph *graph = roads_graph(roads);
    assert_true(proof_metrics(graph, &seed, proof_queries, 12) > 50);
    assert_true(proof_metrics(graph, &seed, proof_barred, 6) > 24);
    assert_true(proof_metrics(graph, &seed, alternatives_prove_some, 12) > 40);
    assert_true(trips_prove_some(roads, box, false, 8, &seed) > 4);
    assert_int_equal(proof_routes(roads, box, 24, &seed), 24);
    roads_free(roads);
}

TEST(areas_in_central_beijing_are_what_the_judge_says)
{
    struct import_roads_result result;
    struct roads *roads = import("beijing_central_drive_2024-03.osm.pbf", &result);
    if (!roads) return;
    uint64_t seed = random_seed();
    struct reach *reach;
    assert_ok(reach_new(&reach));
    for (unsigned p = 0; p < graph_profile_count(roads_graph(roads)); p++) {
        const struct metric *metric = roads_metric(roads, p);
        struct network_end from = reach_end(&metric->view, &seed);
        struct reach_query q = {.metric = metric,
                                .ends = &from,
                                .end_count = 1,
                                .limits_ms = {300000, 600000, 900000},
                                .limit_count = 3};
        assert_true(proof_reach(reach, &q, 200, &seed) > 0);
    }
    reach_free(reach);
    roads_free(roads);
}

TEST(monaco_keeps_its_restrictions_and_searches_are_exact)
{
    struct import_roads_result result;
    struct roads *roads = import("monaco_osrm.osm.pbf", &result);
    if (!roads) return;
    uint64_t seed = random_seed();
    struct box box = {7.41, 43.725, 7.44, 43.75};
    assert_true(result.roads.restrictions_kept > 20);
    assert_true(proof_metrics(roads_graph(roads), &seed, proof_queries, 50) > 200);
    assert_int_equal(proof_routes(roads, box, 60, &seed), 60);
    roads_free(roads);
}

TEST(an_ebike_crosses_xicheng)
{
    struct import_roads_result result;
    struct roads *roads = import("xicheng_drive_2024-03.osm.pbf", &result);
    if (!roads) return;
    struct route_work *work;
    struct arena arena = {0};
    struct route route;
    size_t culprit;
    const struct coord points[] = {{116.3550, 39.8850}, {116.3800, 39.9450}};
    int ebike = graph_profile_find(roads_graph(roads), "ebike");
    assert_true(ebike >= 0);
    struct route_query query = {.profile = (unsigned)ebike, .points = points, .point_count = 2};
    assert_ok(route_work_new(&work));
    assert_ok(route_find(roads, work, &query, &arena, &route, &culprit));
    /* 7 km as the crow flies: between 6 and 25 km/h over at most one and a half times that. */
    assert_true(route.distance_m > 7000 && route.distance_m < 10500);
    assert_true(route.distance_m / route.duration_s < 25 / 3.6);
    assert_true(route.distance_m / route.duration_s > 10 / 3.6);
    assert_true(route.legs[0].step_count > 3);
    route_work_free(work);
    arena_fini(&arena);
    roads_free(roads);
}

TEST(a_file_without_roads_or_without_sense_is_refused)
{
    char path[] = "/tmp/yizhan-osm-XXXXXX";
    struct profiles *profiles;
    struct import_roads_result result;
    struct why why = {""};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_ok(profiles_load_dir(HOUSE_ROOT "/data/profiles", &profiles, &why));
    static const char empty[] = "<?xml version='1.0'?><osm version='0.6'>"
                                "<node id='1' lat='1' lon='1'/></osm>";
    assert_ok(file_replace(path, empty, sizeof empty - 1, &why));
    enum err e = import_roads_run(path, profiles, "/tmp/yizhan-never", "x", NULL, &result, &why);
    assert_err(e, ERR_INVALID);
    assert_true(strlen(why.text) > 10);
    assert_ok(file_replace(path, "hello", 5, &why));
    assert_int_not_equal(
        import_roads_run(path, profiles, "/tmp/yizhan-never", "x", NULL, &result, &why), ERR_OK);
    unlink(path);
    profiles_free(profiles);
}

RUN(cmocka_unit_test(central_beijing_is_one_network_and_searches_are_exact),
    cmocka_unit_test(areas_in_central_beijing_are_what_the_judge_says),
    cmocka_unit_test(monaco_keeps_its_restrictions_and_searches_are_exact),
    cmocka_unit_test(an_ebike_crosses_xicheng),
    cmocka_unit_test(a_file_without_roads_or_without_sense_is_refused))

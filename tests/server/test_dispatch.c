#include "tests/check.h"

#include "server/dispatch.h"

#include <string.h>

/* A service that can begin requests and no more; the lanes are told apart by their addresses. */
struct desk {
    struct service service;
    struct worker_pool *compute, *store;
};

static void desk_open(struct desk *desk)
{
    const unsigned per_minute[LIMIT_CLASSES] = {LIMIT_NONE, LIMIT_NONE, LIMIT_NONE};
    *desk = (struct desk){0};
    assert_ok(limit_new(per_minute, &desk->service.limit));
    assert_ok(worker_start(0, 1, &desk->compute));
    assert_ok(worker_start(0, 1, &desk->store));
    desk->service.lanes[ROUTER_COMPUTE] = desk->compute;
    desk->service.lanes[ROUTER_STORE] = desk->store;
    assert_ok(snapshot_store_new(&desk->service.snapshots));
    assert_ok(tools_init(&desk->service));
}

static void desk_close(struct desk *desk)
{
    tools_fini(&desk->service);
    snapshot_store_free(desk->service.snapshots);
    limit_free(desk->service.limit);
    worker_free(desk->compute);
    worker_free(desk->store);
}

/* Where a GET of `target` is answered. */
static const char *lane_of(struct desk *desk, const char *target)
{
    struct http_hooks hooks = dispatch_hooks(&desk->service);
    struct exchange x = {.method = "GET", .target = target};
    arena_init(&x.arena, 65536);
    response_init(&x.response);
    x.request = (struct request){
        .method = REQUEST_GET, .arena = &x.arena, .problem = &x.problem, .path = ""};
    hooks.begin(hooks.user, &x);
    assert_non_null(x.rule);
    assert_false(x.problem.kind);
    response_fini(&x.response);
    arena_fini(&x.arena);
    return x.lane == NULL ? "loop" : x.lane == desk->compute ? "compute" : "store";
}

TEST(what_takes_long_and_what_waits_for_the_database_have_threads_of_their_own)
{
    struct desk desk;
    desk_open(&desk);
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39"), "loop");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&by=distance"), "loop");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&amenities=water&limit=1000"),
                        "loop");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&by=time&limit=20"), "loop");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&by=time&limit=100"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&by=time&no_steps=true"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&by=time&amenities=x"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/places?along=116,39;116,40"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&open=now"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/places?bbox=1,1,2,2&open=now"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/places?limit=1000"), "loop");
    assert_string_equal(lane_of(&desk, "/v1/places?category=toilet"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&category=toilet"), "loop");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&bbox=1,1,2,2"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/places?near=116,39&area=110102"), "compute");
    assert_string_equal(lane_of(&desk, "/healthz"), "loop");
    assert_string_equal(lane_of(&desk, "/v1/route?from=116,39&to=116,40"), "loop");
    assert_string_equal(lane_of(&desk, "/v1/route?from=1,1&to=1,2&via=;;;;;;"), "compute");
    assert_string_equal(lane_of(&desk, "/route/v1/foot/116,39;116,40"), "loop");
    assert_string_equal(lane_of(&desk, "/tiles/all/4/12/6.mvt"), "compute");
    assert_string_equal(lane_of(&desk, "/v1/reports"), "store");
    assert_string_equal(lane_of(&desk, "/v1/photos/x"), "store");
    desk_close(&desk);
}

/* Pairs of numbers, so many. */
static const char *points(char text[1024], size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, 1024 - n, "%s1,%zu", i ? ";" : "", i % 80);
    return text;
}

TEST(of_the_facade_what_has_few_points_and_no_conditions_is_quick)
{
    static const struct {
        const char *service;
        size_t points;
        const char *query, *lane;
    } cases[] = {
        {"route", 2, "?steps=true&overview=full", "loop"},
        {"route", 8, "", "loop"},
        {"route", 9, "", "compute"},
        {"route", 2, "?alternatives=false", "loop"},
        {"route", 2, "?alternatives=3", "compute"},
        {"route", 2, "?exclude=steps", "compute"},
        {"nearest", 1, "?number=100", "loop"},
        {"nearest", 1, "?exclude=pushing", "compute"},
        {"table", 14, "", "loop"},
        {"table", 15, "", "compute"},
        {"table", 100, "", "compute"},
        {"table", 100, "?sources=0;1", "loop"},
        {"table", 100, "?sources=0;1;2", "compute"},
        {"table", 100, "?sources=0;1&destinations=all", "loop"},
        {"table", 100, "?sources=all&destinations=0;1;2", "compute"},
        {"table", 2, "?annotations=distance", "compute"},
        {"trip", 2, "", "compute"},
    };
    struct desk desk;
    char coordinates[1024], target[2048];
    desk_open(&desk);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)snprintf(target, sizeof target, "/%s/v1/foot/%s%s", cases[i].service,
                       points(coordinates, cases[i].points), cases[i].query);
        assert_string_equal(lane_of(&desk, target), cases[i].lane);
        for (char *c = strchr(target, ';'); c; c = strchr(c, ';')) { /* as browsers send it */
            memmove(c + 3, c + 1, strlen(c + 1) + 1);
            memcpy(c, "%3B", 3);
        }
        assert_string_equal(lane_of(&desk, target), cases[i].lane);
    }
    assert_string_equal(lane_of(&desk, "/route/v1/foot/polyline(_p~iF~ps|U)"), "compute");
    desk_close(&desk);
}

TEST(an_event_loop_never_waits_for_a_reference_system_to_be_looked_up)
{
    static const char *const slow[] = {"EPSG:4547", "epsg:3857", "urn:ogc:def:crs:EPSG::32650",
                                       "EPSG:999999"};
    static const char *const quick[] = {"wgs84",     "gcj02",     "bd09",
                                        "EPSG:4326", "EPSG:4490", "nonsense"};
    struct desk desk;
    char target[128];
    desk_open(&desk);
    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
        (void)snprintf(target, sizeof target, "/v1/places?near=1,2&crs=%s", slow[i]);
        assert_string_equal(lane_of(&desk, target), "compute");
        (void)snprintf(target, sizeof target, "/v1/reports?crs=%s", slow[i]);
        assert_string_equal(lane_of(&desk, target), "store");
    }
    for (size_t i = 0; i < sizeof quick / sizeof *quick; i++) {
        (void)snprintf(target, sizeof target, "/v1/areas?crs=%s", quick[i]);
        assert_string_equal(lane_of(&desk, target), "loop");
    }
    desk_close(&desk);
}

RUN(cmocka_unit_test(what_takes_long_and_what_waits_for_the_database_have_threads_of_their_own),
    cmocka_unit_test(of_the_facade_what_has_few_points_and_no_conditions_is_quick),
    cmocka_unit_test(an_event_loop_never_waits_for_a_reference_system_to_be_looked_up))

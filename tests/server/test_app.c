#include "tests/scratch.h"

#include "data/closures.h"
#include "data/datadir.h"
#include "data/people.h"
#include "data/places.h"
#include "geo/base/clock.h"
#include "geo/tile/mercator.h"
#include "server/app.h"

#include <arpa/inet.h>
#include <limits.h>
#include <math.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

enum { CLIENTS = 4, IMPORTS = 8 };

struct crowd {
    uint16_t port;
    char tile[64]; /* of the roads and what is closed of them */
    atomic_bool stop;
    atomic_int answered, failed;
};

/* One request on a connection of its own; its status, 0 when none came. */
static int ask(uint16_t port, const char *path, char *text, size_t size)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    size_t n = 0;
    char request[256];
    int len = snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", path);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
        send(fd, request, (size_t)len, MSG_NOSIGNAL) == len)
        for (ssize_t got; n + 1 < size && (got = recv(fd, text + n, size - 1 - n, 0)) > 0;)
            n += (size_t)got;
    close(fd);
    text[n] = '\0';
    return strncmp(text, "HTTP/1.1 ", 9) == 0 ? (int)strtol(text + 9, NULL, 10) : 0;
}

static void *keep_asking(void *argument)
{
    static const char *const paths[] = {"/v1/places?near=116,39.9&limit=3",
                                        "/v1/areas",
                                        "/tiles/all/4/12/6.mvt",
                                        "/readyz",
                                        "/metrics",
                                        "/tiles/closures,roads/9/421/194.mvt"};
    struct crowd *crowd = argument;
    char text[16384];
    for (size_t i = 0; !atomic_load(&crowd->stop); i++) {
        const char *path = i % 6 < 5 ? paths[i % 6] : crowd->tile;
        int status = ask(crowd->port, path, text, sizeof text);
        if (status != 200 && status != 204) atomic_fetch_add(&crowd->failed, 1);
        atomic_fetch_add(&crowd->answered, 1);
    }
    return NULL;
}

struct import {
    const struct categories *categories;
    int round;
};

static enum err put_places(struct db *db, void *user)
{
    const struct import *import = user;
    struct places_counts counts = {0};
    int64_t number = 0;
    char id[16];
    enum err e = places_import_begin(db, "test", "test", &number);
    for (int i = 0; !e && i < 20 + import->round; i++) {
        (void)snprintf(id, sizeof id, "%d", i);
        const struct places_row row = {.source = "test",
                                       .source_id = id,
                                       .at = {116 + i * 1e-3, 39.9},
                                       .category = "toilet",
                                       .name = "驿站"};
        e = places_put(db, number, import->categories, &row, &counts, NULL);
    }
    if (!e) e = places_prune(db, number, &counts);
    return e ? e : places_import_end(db, number, &counts);
}

static bool says(uint16_t port, const char *wanted)
{
    char text[4096];
    for (int i = 0; i < 500; i++) {
        if (ask(port, "/readyz", text, sizeof text) == 200 && strstr(text, wanted)) return true;
        (void)usleep(10000);
    }
    return false;
}

/* The road file that every test may use, put where the server looks; its first point. */
static struct coord put_roads(const char *data)
{
    char from[PATH_MAX], to[PATH_MAX], fresh[PATH_MAX], bytes[16384];
    struct graph *graph;
    struct why why = {""};
    (void)snprintf(from, sizeof from, "%s/tests/fuzz/corpus/graph/tiny.yzr", HOUSE_ROOT);
    (void)snprintf(to, sizeof to, "%s/roads.yzr", data);
    (void)snprintf(fresh, sizeof fresh, "%s/roads.new", data);
    FILE *in = fopen(from, "rb"), *out = fopen(fresh, "wb");
    assert_true(in && out);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    (void)fclose(in);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(rename(fresh, to), 0);
    assert_ok(graph_open(to, &graph, &why));
    struct coord first = coord_from_e7(graph_edge_at(graph, 0).points[0]);
    graph_free(graph);
    return first;
}

/* Closes what is near for half a second. */
static void close_near(struct db *db, int64_t person, const struct coord *at)
{
    struct arena arena = {0};
    struct closures_created created;
    struct why why = {""};
    int64_t now = clock_utc_ms();
    const struct closures_write write = {
        .terms = {.shape = {.kind = COVER_DISC, .points = at, .point_count = 1, .radius_m = 30},
                  .factor = (double)INFINITY,
                  .profiles = "",
                  .from_ms = now,
                  .to_ms = now + 500,
                  .reason = ""},
        .report = "",
        .person = person,
        .now_ms = now};
    assert_ok(closures_create(db, &write, NULL, &arena, &created, &why));
    arena_fini(&arena);
}

/* A tile holds the layer of closures, or does not, within some seconds. */
static bool shows(const struct crowd *crowd, bool closed)
{
    char text[16384];
    for (int i = 0; i < 1000; i++) {
        int status = ask(crowd->port, crowd->tile, text, sizeof text);
        bool there = status == 200 && memmem(text, sizeof text, "effect", 6);
        if (there == closed) return true;
        memset(text, 0, sizeof text);
        (void)usleep(10000);
    }
    return false;
}

TEST(road_files_and_closures_are_swapped_under_requests)
{
    struct app *app = NULL;
    struct why why = {""};
    struct crowd crowd = {0};
    struct datadir *dir;
    struct db *db;
    pthread_t clients[CLIENTS];
    char data[PATH_MAX];
    int64_t person;
    (void)scratch_make();
    const struct app_options options = {.data_dir = scratch_in(data, sizeof data, "data"),
                                        .share_dir = HOUSE_ROOT "/data",
                                        .listen = "127.0.0.1:0",
                                        .threads = 2,
                                        .requests_per_minute = UINT_MAX};
    assert_ok(app_start(&options, &app, &why));
    crowd.port = app_port(app);
    assert_true(says(crowd.port, "\"roads\":false"));
    struct coord at = put_roads(data);
    struct mercator_point p = mercator_from_coord(at);
    (void)snprintf(crowd.tile, sizeof crowd.tile, "/tiles/closures/16/%d/%d.mvt",
                   (int)(p.x * 65536), (int)(p.y * 65536));
    app_poke(app);
    assert_true(says(crowd.port, "\"roads\":true"));
    assert_ok(datadir_open(data, DATADIR_VISIT, &dir, &why));
    assert_ok(datadir_database(dir, DB_WRITE, &db, &why));
    assert_ok(people_add(db, NULL, NULL, "wang", "王芳", NULL, &person, &why));
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&clients[i], NULL, keep_asking, &crowd), 0);
    for (int round = 0; round < 3; round++) {
        app_reload(app);
        close_near(db, person, &at);
        assert_true(shows(&crowd, true));
        (void)put_roads(data);
        app_poke(app);
        assert_true(shows(&crowd, false)); /* by the clock */
    }
    atomic_store(&crowd.stop, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i], NULL);
    assert_int_equal(atomic_load(&crowd.failed), 0);
    db_close(db);
    datadir_close(dir);
    app_free(app);
    scratch_remove();
}

TEST(requests_are_answered_while_snapshots_are_swapped_under_them)
{
    struct app *app = NULL;
    struct why why = {""};
    struct crowd crowd = {0};
    struct datadir *dir;
    struct db *db;
    struct categories *categories;
    pthread_t clients[CLIENTS];
    char data[PATH_MAX], wanted[32];
    (void)scratch_make();
    const struct app_options options = {.data_dir = scratch_in(data, sizeof data, "data"),
                                        .share_dir = HOUSE_ROOT "/data",
                                        .listen = "127.0.0.1:0",
                                        .threads = 2,
                                        .requests_per_minute = UINT_MAX};
    assert_ok(app_start(&options, &app, &why));
    crowd.port = app_port(app);
    (void)snprintf(crowd.tile, sizeof crowd.tile, "/tiles/closures/4/12/6.mvt");
    assert_true(says(crowd.port, "\"places\":0"));
    assert_ok(categories_load(HOUSE_ROOT "/data/categories", &categories, &why));
    assert_ok(datadir_open(data, DATADIR_VISIT, &dir, &why));
    assert_ok(datadir_database(dir, DB_WRITE, &db, &why));
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&clients[i], NULL, keep_asking, &crowd), 0);
    for (int round = 0; round < IMPORTS; round++) {
        struct import import = {categories, round};
        assert_ok(db_write(db, put_places, &import));
        app_poke(app);
        (void)snprintf(wanted, sizeof wanted, "\"places\":%d,", 20 + round);
        assert_true(says(crowd.port, wanted));
    }
    atomic_store(&crowd.stop, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i], NULL);
    assert_int_equal(atomic_load(&crowd.failed), 0);
    assert_true(atomic_load(&crowd.answered) > IMPORTS);
    db_close(db);
    datadir_close(dir);
    categories_free(categories);
    app_free(app);
    scratch_remove();
}

RUN(cmocka_unit_test(road_files_and_closures_are_swapped_under_requests),
    cmocka_unit_test(requests_are_answered_while_snapshots_are_swapped_under_them))

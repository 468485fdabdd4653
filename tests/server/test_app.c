#include "tests/scratch.h"

#include "data/datadir.h"
#include "data/places.h"
#include "server/app.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

enum { CLIENTS = 4, IMPORTS = 8 };

struct crowd {
    uint16_t port;
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
    static const char *const paths[] = {"/v1/places?near=116,39.9&limit=3", "/v1/areas",
                                        "/tiles/all/4/12/6.mvt", "/readyz", "/metrics"};
    struct crowd *crowd = argument;
    char text[16384];
    for (size_t i = 0; !atomic_load(&crowd->stop); i++) {
        int status = ask(crowd->port, paths[i % 5], text, sizeof text);
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

RUN(cmocka_unit_test(requests_are_answered_while_snapshots_are_swapped_under_them))

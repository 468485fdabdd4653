/* A hostile road file: opened, contracted, customized, drawn, snapped to and searched. The checksum
 * and the sizes in the header are put right first, so that what lies behind them is reached. */
#include "geo/base/file.h"
#include "geo/base/zip.h"
#include "geo/road/graph_file.h"
#include "geo/road/route.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void mend(uint8_t *bytes, size_t len)
{
    struct graph_file_header header;
    if (len < sizeof header) return;
    memcpy(&header, bytes, sizeof header);
    memcpy(header.magic, GRAPH_FILE_MAGIC, sizeof header.magic);
    header.version = GRAPH_FILE_VERSION;
    header.file_size = len;
    memcpy(bytes, &header, sizeof header);
    header.crc = zip_crc32(0, bytes + GRAPH_FILE_CRC_START, len - GRAPH_FILE_CRC_START);
    memcpy(bytes, &header, sizeof header);
}

static void use(const struct roads *roads)
{
    const struct graph *graph = roads_graph(roads);
    const struct network_bar bar = {.no_steps = true, .no_pushing = true};
    struct route_work *work;
    struct arena arena = {0};
    struct route route;
    const struct route_waypoint *waypoints;
    size_t culprit, count;
    if (route_work_new(&work)) return;
    for (uint32_t i = 0; i < graph_edge_count(graph); i++) {
        struct graph_edge edge = graph_edge_at(graph, i);
        if (strlen(edge.name) + strlen(edge.ref) > 1000000) abort();
    }
    for (unsigned p = 0; p < graph_profile_count(graph); p++) {
        const struct coord points[] = {{116.3, 39.9}, {116.302, 39.899}, {116.31, 39.9}};
        struct route_query query = {.profile = p,
                                    .points = points,
                                    .point_count = 3,
                                    .continue_straight = true,
                                    .states_max = 100000};
        (void)route_find(roads, work, &query, &arena, &route, &culprit);
        query.bar = &bar;
        (void)route_find(roads, work, &query, &arena, &route, &culprit);
        query.bar = NULL;
        query.point_count = 2;
        query.alternatives = ROUTE_MAX_ALTERNATIVES;
        (void)route_find(roads, work, &query, &arena, &route, &culprit);
        (void)route_snap(roads, work, p, points[1], INFINITY, 3, &arena, &waypoints, &count);
    }
    arena_fini(&arena);
    route_work_free(work);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char path[] = "/tmp/yizhan-fuzz-graph-XXXXXX";
    struct roads_keeper *keeper = NULL;
    struct roads *roads;
    struct why why = {""};
    int fd = mkstemp(path);
    uint8_t *copy = malloc(len ? len : 1);
    if (fd >= 0 && copy) {
        memcpy(copy, bytes, len);
        mend(copy, len);
        bool written = write(fd, copy, len) == (ssize_t)len;
        if (written && !roads_open(path, 1, NULL, &keeper, &why) &&
            !roads_make(keeper, NULL, 0, &roads)) {
            use(roads);
            roads_free(roads);
        }
        roads_keeper_free(keeper);
    }
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    free(copy);
    return 0;
}

/* What the server counts, and the text that Prometheus reads (exposition format 0.0.4). */
#ifndef YZ_SERVER_METRICS_H
#define YZ_SERVER_METRICS_H

#include "geo/base/buf.h"

#include <stddef.h>
#include <stdint.h>

struct metrics; /* shared by all threads; counting takes no lock */

/* One label a route; the texts are borrowed, the array is not. */
enum err metrics_new(const char *const *routes, size_t route_count, struct metrics **metrics);
void metrics_free(struct metrics *metrics);

/* One answered request of route `route`. `seconds` below 0: how long it took says nothing, as it
 * waited for something to happen. */
void metrics_count(struct metrics *metrics, size_t route, int status, double seconds);

/* Figures that somebody else keeps. */
struct metrics_gauges {
    size_t compute_depth, store_depth, photo_depth, connections, body_bytes, requests_running;
    uint64_t snapshot_version, places, areas;
    uint64_t tile_hits, tile_misses, tile_evictions, tile_bytes, tile_entries;
    uint64_t waiting, events, events_told, waiting_refused, waiting_ended;
    double snapshot_age_s;
    uint64_t commits, writes, writes_failed;
    int ready;
};

void metrics_write(const struct metrics *metrics, const struct metrics_gauges *gauges,
                   struct buf *out);

#endif

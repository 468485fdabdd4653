#include "server/metrics.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* Statuses that this server answers with; the last row takes what is not listed. */
static const int statuses[] = {200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 413,
                               414, 415, 422, 429, 431, 500, 501, 503, 507, 0};
enum { STATUS_COUNT = sizeof statuses / sizeof *statuses };

static const double bounds_s[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                  0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
enum { BOUND_COUNT = sizeof bounds_s / sizeof *bounds_s };

struct route_counts {
    atomic_uint_fast64_t by_status[STATUS_COUNT];
    atomic_uint_fast64_t by_time[BOUND_COUNT + 1];
    atomic_uint_fast64_t sum_us;
};

struct metrics {
    const char **routes;
    size_t route_count;
    struct route_counts counts[];
};

enum err metrics_new(const char *const *routes, size_t route_count, struct metrics **metrics)
{
    struct metrics *fresh = calloc(1, sizeof *fresh + route_count * sizeof(struct route_counts));
    if (!fresh) return ERR_NOMEM;
    fresh->routes = malloc((route_count ? route_count : 1) * sizeof *fresh->routes);
    if (!fresh->routes) {
        free(fresh);
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < route_count; i++)
        fresh->routes[i] = routes[i];
    fresh->route_count = route_count;
    *metrics = fresh;
    return ERR_OK;
}

void metrics_free(struct metrics *metrics)
{
    if (!metrics) return;
    free(metrics->routes);
    free(metrics);
}

static void bump(atomic_uint_fast64_t *counter, uint64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

static uint64_t read_count(const atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, size_t route, int status, double seconds)
{
    struct route_counts *counts = &metrics->counts[route];
    size_t s = 0, t = 0;
    while (s + 1 < STATUS_COUNT && statuses[s] != status)
        s++;
    while (t < BOUND_COUNT && seconds > bounds_s[t])
        t++;
    bump(&counts->by_status[s], 1);
    if (seconds < 0) return;
    bump(&counts->by_time[t], 1);
    bump(&counts->sum_us, (uint64_t)(seconds * 1e6));
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP yizhan_%s %s\n# TYPE yizhan_%s %s\n", name, help, name, type);
}

static void write_statuses(const struct metrics *metrics, struct buf *out)
{
    head(out, "http_requests_total", "counter", "Answered requests.");
    for (size_t r = 0; r < metrics->route_count; r++)
        for (size_t s = 0; s < STATUS_COUNT; s++) {
            uint64_t n = read_count(&metrics->counts[r].by_status[s]);
            if (n)
                buf_printf(out, "yizhan_http_requests_total{route=\"%s\",status=\"%d\"} %llu\n",
                           metrics->routes[r], statuses[s], (unsigned long long)n);
        }
}

static void write_times(const struct metrics *metrics, struct buf *out)
{
    head(out, "http_request_seconds", "histogram",
         "From the last byte in to the answer out, without those that wait for news.");
    for (size_t r = 0; r < metrics->route_count; r++) {
        const struct route_counts *counts = &metrics->counts[r];
        uint64_t sum = 0;
        for (size_t t = 0; t <= BOUND_COUNT; t++)
            sum += read_count(&counts->by_time[t]);
        if (!sum) continue;
        uint64_t so_far = 0;
        for (size_t t = 0; t <= BOUND_COUNT; t++) {
            so_far += read_count(&counts->by_time[t]);
            buf_printf(out, "yizhan_http_request_seconds_bucket{route=\"%s\",le=\"",
                       metrics->routes[r]);
            if (t < BOUND_COUNT)
                buf_printf(out, "%g", bounds_s[t]);
            else
                buf_puts(out, "+Inf");
            buf_printf(out, "\"} %llu\n", (unsigned long long)so_far);
        }
        buf_printf(out, "yizhan_http_request_seconds_sum{route=\"%s\"} %.6f\n", metrics->routes[r],
                   (double)read_count(&counts->sum_us) * 1e-6);
        buf_printf(out, "yizhan_http_request_seconds_count{route=\"%s\"} %llu\n",
                   metrics->routes[r], (unsigned long long)so_far);
    }
}

void metrics_write(const struct metrics *metrics, const struct metrics_gauges *gauges,
                   struct buf *out)
{
    const struct {
        const char *name, *help;
        double value;
        bool counts; /* only ever grows */
    } rows[] = {
        {"ready", "1 when the server can answer.", gauges->ready, false},
        {"compute_queue_depth", "Requests that wait for a processor.",
         (double)gauges->compute_depth, false},
        {"store_queue_depth", "Requests that wait for disk or database.",
         (double)gauges->store_depth, false},
        {"photo_queue_depth", "Requests with photos that wait for a thread.",
         (double)gauges->photo_depth, false},
        {"http_connections", "Open connections.", (double)gauges->connections, false},
        {"http_requests_running", "Requests being worked on.", (double)gauges->requests_running,
         false},
        {"http_body_bytes", "Bytes of request bodies held.", (double)gauges->body_bytes, false},
        {"snapshot_version", "Number of the snapshot.", (double)gauges->snapshot_version, false},
        {"snapshot_age_seconds", "Since the snapshot was made.", gauges->snapshot_age_s, false},
        {"places", "Places in the snapshot.", (double)gauges->places, false},
        {"areas", "Areas in the snapshot.", (double)gauges->areas, false},
        {"tile_cache_hits_total", "Tiles that were answered from memory.",
         (double)gauges->tile_hits, true},
        {"tile_cache_misses_total", "Tiles that had to be made.", (double)gauges->tile_misses,
         true},
        {"tile_cache_evictions_total", "Tiles that gave way to others.",
         (double)gauges->tile_evictions, true},
        {"tile_cache_bytes", "Memory of the tiles that are kept.", (double)gauges->tile_bytes,
         false},
        {"tile_cache_entries", "Tiles that are kept.", (double)gauges->tile_entries, false},
        {"store_commits_total", "Transactions that the server brought to the disk.",
         (double)gauges->commits, true},
        {"store_writes_total", "Changes that they took along.", (double)gauges->writes, true},
        {"store_writes_failed_total", "Changes that were refused or could not be stored.",
         (double)gauges->writes_failed, true},
        {"waiting", "Clients that wait for news.", (double)gauges->waiting, false},
        {"events_total", "Changes of cases that were read from the outbox.", (double)gauges->events,
         true},
        {"events_told_total", "Of these, how often one was told to somebody.",
         (double)gauges->events_told, true},
        {"waiting_refused_total", "Clients that could not wait: too many.",
         (double)gauges->waiting_refused, true},
        {"waiting_ended_total", "Waits that rights or the server's end cut short.",
         (double)gauges->waiting_ended, true},
    };
    write_statuses(metrics, out);
    write_times(metrics, out);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        head(out, rows[i].name, rows[i].counts ? "counter" : "gauge", rows[i].help);
        buf_printf(out, "yizhan_%s %.15g\n", rows[i].name, rows[i].value);
    }
}

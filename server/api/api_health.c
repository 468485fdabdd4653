#include "server/api/api_health.h"

#include "geo/base/clock.h"
#include "server/http.h"
#include "server/hub.h"
#include "server/tools.h"

enum err api_health_alive(struct request *request, struct response *response, struct tools *tools)
{
    struct jsonw *json = response_json(response);
    (void)request, (void)tools;
    jsonw_object(json);
    jsonw_key_string(json, "status", "ok");
    jsonw_object_end(json);
    response->no_etag = true;
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

struct state {
    const char *word, *detail;
};

static struct state state_of(struct tools *tools)
{
    if (atomic_load(&tools->service->stopping))
        return (struct state){"stopping", "the server finishes what runs and stops"};
    if (!tools->snapshot) return (struct state){"starting", "the data is being loaded"};
    if (atomic_load(&tools->service->preparing))
        return (struct state){"starting", "the roads are being prepared; all else is answered"};
    if (atomic_load(&tools->service->failing))
        return (struct state){"failing", "the database cannot be read; see the log"};
    return (struct state){"ready", NULL};
}

enum err api_health_ready(struct request *request, struct response *response, struct tools *tools)
{
    struct state state = state_of(tools);
    struct jsonw *json = response_json(response);
    const struct snapshot *s = tools->snapshot;
    (void)request;
    jsonw_object(json);
    jsonw_key_string(json, "status", state.word);
    jsonw_key_int(json, "version", s ? (int64_t)s->version : 0);
    if (s) {
        jsonw_key_int(json, "places", (int64_t)placeset_count(s->places));
        jsonw_key_int(json, "areas", (int64_t)areaset_count(s->areas));
        jsonw_key_bool(json, "roads", s->roads != NULL);
    }
    if (state.detail) jsonw_key_string(json, "detail", state.detail);
    jsonw_object_end(json);
    response->status = state.detail ? 503 : 200;
    response->no_etag = true;
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_health_metrics(struct request *request, struct response *response, struct tools *tools)
{
    struct service *service = tools->service;
    const struct snapshot *s = tools->snapshot;
    struct cache_figures tiles;
    struct writer_counts written;
    cache_figures(service->tiles, &tiles);
    writer_count(service->writer, &written);
    struct hub_figures hub;
    hub_figures(service->hub, &hub);
    const struct metrics_gauges gauges = {
        .compute_depth = worker_depth(service->lanes[ROUTER_COMPUTE]),
        .store_depth = worker_depth(service->lanes[ROUTER_STORE]),
        .photo_depth = worker_depth(service->lanes[ROUTER_PHOTO]),
        .connections = http_connections(service->http),
        .body_bytes = http_body_bytes(service->http),
        .requests_running = http_requests_running(service->http),
        .snapshot_version = s ? s->version : 0,
        .places = s ? placeset_count(s->places) : 0,
        .areas = s ? areaset_count(s->areas) : 0,
        .tile_hits = tiles.hits,
        .tile_misses = tiles.misses,
        .tile_evictions = tiles.evictions,
        .tile_bytes = tiles.bytes,
        .tile_entries = tiles.entries,
        .waiting = hub.seats,
        .events = hub.events,
        .events_told = hub.told,
        .waiting_refused = hub.refused,
        .waiting_ended = hub.ended,
        .snapshot_age_s = s ? (double)((int64_t)clock_ns() - s->made_ns) * 1e-9 : 0,
        .commits = written.commits,
        .writes = written.works,
        .writes_failed = written.failed,
        .ready = s && !atomic_load(&service->stopping) && !atomic_load(&service->failing),
    };
    (void)request;
    metrics_write(service->metrics, &gauges, &response->body);
    response->content_type = "text/plain; version=0.0.4; charset=utf-8";
    response->no_etag = true;
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_health_page(struct request *request, struct response *response, struct tools *tools)
{
    return pages_answer(tools->service->pages, request, response);
}

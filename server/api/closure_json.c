#include "server/api/closure_json.h"

#include "server/api/api_area_json.h"
#include "server/api/api_time.h"
#include "server/request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 5000, NAMES_MAX = 1000 };

/* --- terms --- */

static void write_points(struct jsonw *json, const struct api_crs *crs, const struct coord *points,
                         size_t count)
{
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        api_crs_write(json, crs, points[i]);
    jsonw_array_end(json);
}

static void write_geometry(struct jsonw *json, const struct api_crs *crs,
                           const struct cover_shape *shape)
{
    static const char *const types[] = {
        [COVER_DISC] = "Point", [COVER_LINE] = "LineString", [COVER_POLYGON] = "Polygon"};
    jsonw_key(json, "geometry");
    jsonw_object(json);
    jsonw_key_string(json, "type", types[shape->kind]);
    jsonw_key(json, "coordinates");
    if (shape->kind == COVER_DISC) {
        api_crs_write(json, crs, shape->points[0]);
    } else if (shape->kind == COVER_LINE) {
        write_points(json, crs, shape->points, shape->point_count);
    } else {
        jsonw_array(json);
        for (size_t r = 0; r < shape->ring_count; r++)
            write_points(json, crs, shape->points + shape->ring_starts[r],
                         shape->ring_starts[r + 1] - shape->ring_starts[r]);
        jsonw_array_end(json);
    }
    jsonw_object_end(json);
    if (shape->kind == COVER_DISC) jsonw_key_number(json, "radius_m", shape->radius_m, 3);
}

static void write_profiles(struct jsonw *json, const char *words)
{
    const char *rest = words[0] ? words : NULL, *item;
    size_t len;
    jsonw_key(json, "profiles");
    jsonw_array(json);
    while (request_next(&rest, ' ', &item, &len))
        jsonw_string_n(json, item, len);
    jsonw_array_end(json);
}

static void write_terms(struct jsonw *json, const struct api_crs *crs,
                        const struct closures_terms *terms)
{
    bool closed = isinf(terms->factor);
    write_geometry(json, crs, &terms->shape);
    jsonw_key_string(json, "effect", closed ? "closed" : "slowed");
    if (!closed) jsonw_key_number(json, "factor", terms->factor, 3);
    write_profiles(json, terms->profiles);
    api_time_write(json, "from", terms->from_ms);
    if (terms->to_ms == INT64_MAX)
        jsonw_key_string(json, "to", NULL);
    else
        api_time_write(json, "to", terms->to_ms);
    jsonw_key_string(json, "reason", terms->reason);
}

static void write_history(struct jsonw *json, const struct closure_json *how)
{
    if (!how->events) return;
    jsonw_key(json, "history");
    jsonw_array(json);
    for (size_t i = 0; i < how->event_count; i++) {
        const struct closures_event *event = &how->events[i];
        jsonw_object(json);
        jsonw_key_int(json, "version", event->version);
        jsonw_key_string(json, "verb", event->verb);
        api_time_write(json, "at", event->at_ms);
        jsonw_key_int(json, "person_id", event->person);
        write_terms(json, how->crs, &event->terms);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

/* On the present road file; null where there is none. */
static enum err write_count(struct jsonw *json, const struct closure_json *how,
                            const struct cover_shape *shape)
{
    const uint32_t *edges;
    size_t count = 0;
    jsonw_key(json, "edges");
    if (!how->graph) {
        jsonw_null(json);
        return ERR_OK;
    }
    enum err e = cover_edges(how->graph, shape, how->arena, &edges, &count, NULL);
    jsonw_int(json, (int64_t)count);
    return e;
}

enum err closure_json_write(struct jsonw *json, const struct closure_json *how,
                            const struct closures_closure *c)
{
    static const char *const states[] = {
        [CLOSURES_PLANNED] = "planned", [CLOSURES_ACTIVE] = "active", [CLOSURES_ENDED] = "ended"};
    jsonw_object(json);
    jsonw_key_string(json, "id", c->public_id);
    jsonw_key_int(json, "version", c->version);
    jsonw_key_string(json, "state", states[closures_state_of(c, how->now_ms)]);
    write_terms(json, how->crs, &c->terms);
    api_crs_write_name(json, how->crs);
    enum err e = write_count(json, how, &c->terms.shape);
    jsonw_key_string(json, "report", c->report[0] ? c->report : NULL);
    api_area_json_key(json, how->areas, c->area_id);
    api_time_write(json, "created_at", c->created_ms);
    api_time_write(json, "updated_at", c->updated_ms);
    if (c->ended_ms) api_time_write(json, "ended_at", c->ended_ms);
    jsonw_key_int(json, "created_by", c->created_by);
    jsonw_key_int(json, "updated_by", c->updated_by);
    write_history(json, how);
    jsonw_object_end(json);
    return e;
}

/* --- what it would close --- */

static int by_way(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each once, in order, of very many the first. */
static enum err write_ways(struct jsonw *json, const struct closure_json *how,
                           const uint32_t *edges, size_t count)
{
    size_t written = 0;
    int64_t *ways = arena_calloc(how->arena, count + 1, sizeof *ways);
    if (!ways) return ERR_NOMEM;
    for (size_t i = 0; i < count; i++)
        ways[i] = graph_edge_at(how->graph, edges[i]).way_id;
    if (count) qsort(ways, count, sizeof *ways, by_way);
    jsonw_key(json, "ways");
    jsonw_array(json);
    for (size_t i = 0; i < count && written < NAMES_MAX; i++)
        if (i == 0 || ways[i] != ways[i - 1]) {
            jsonw_int(json, ways[i]);
            written++;
        }
    jsonw_array_end(json);
    return ERR_OK;
}

static enum err write_streets(struct jsonw *json, const struct closure_json *how,
                              const uint32_t *edges, size_t count)
{
    size_t n = 0, written = 0;
    const char **names = arena_calloc(how->arena, count + 1, sizeof *names);
    if (!names) return ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        struct graph_edge e = graph_edge_at(how->graph, edges[i]);
        if (e.name && e.name[0]) names[n++] = e.name;
    }
    if (n) qsort(names, n, sizeof *names, by_name);
    jsonw_key(json, "streets");
    jsonw_array(json);
    for (size_t i = 0; i < n && written < NAMES_MAX; i++)
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0) {
            jsonw_string(json, names[i]);
            written++;
        }
    jsonw_array_end(json);
    return ERR_OK;
}

static void write_lines(struct jsonw *json, const struct closure_json *how, const uint32_t *edges,
                        size_t count)
{
    jsonw_key(json, "geometry");
    jsonw_object(json);
    jsonw_key_string(json, "type", "MultiLineString");
    jsonw_key(json, "coordinates");
    jsonw_array(json);
    for (size_t i = 0; i < count && i < LINES_MAX; i++) {
        struct graph_edge e = graph_edge_at(how->graph, edges[i]);
        jsonw_array(json);
        for (uint32_t p = 0; p < e.point_count; p++)
            api_crs_write(json, how->crs, coord_from_e7(e.points[p]));
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
}

enum err closure_json_covers(struct jsonw *json, const struct closure_json *how,
                             const struct cover_shape *shape)
{
    const uint32_t *edges = NULL;
    size_t count = 0;
    enum err e = cover_edges(how->graph, shape, how->arena, &edges, &count, NULL);
    if (e) return e;
    jsonw_object(json);
    jsonw_key_int(json, "edges", (int64_t)count);
    e = write_streets(json, how, edges, count);
    if (!e) e = write_ways(json, how, edges, count);
    if (!e) write_lines(json, how, edges, count);
    jsonw_key_bool(json, "complete", count <= LINES_MAX);
    api_crs_write_name(json, how->crs);
    jsonw_object_end(json);
    return e;
}

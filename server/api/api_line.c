#include "server/api/api_line.h"

#include "geo/space/polyline.h"

#include <string.h>

const char *const api_line_forms[] = {"geojson", "polyline", "polyline6", "points", NULL};

enum { LINE_BYTES = 16 * 1024 * 1024 };

static void write_points(struct jsonw *json, const struct coord *points, size_t count, int decimals)
{
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        jsonw_key_number(json, "latitude", points[i].lat, decimals);
        jsonw_key_number(json, "longitude", points[i].lon, decimals);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_geojson(struct jsonw *json, const struct coord *points, size_t count,
                          int decimals)
{
    jsonw_object(json);
    jsonw_key_string(json, "type", "LineString");
    jsonw_key(json, "coordinates");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        jsonw_pair(json, points[i].lon, points[i].lat, decimals);
    jsonw_array_end(json);
    jsonw_object_end(json);
}

static enum err write_encoded(struct jsonw *json, const struct coord *points, size_t count,
                              int precision)
{
    struct buf text;
    buf_init(&text, LINE_BYTES);
    polyline_encode(points, count, precision, &text);
    enum err e = text.err;
    if (!e) jsonw_string_n(json, text.len ? text.bytes : "", text.len);
    buf_fini(&text);
    return e;
}

enum err api_line_put(struct jsonw *json, enum api_line_form form, const struct coord *points,
                      size_t count, int decimals)
{
    switch (form) {
    case API_LINE_POLYLINE:
        return write_encoded(json, points, count, 5);
    case API_LINE_POLYLINE6:
        return write_encoded(json, points, count, 6);
    case API_LINE_POINTS:
        write_points(json, points, count, decimals);
        return ERR_OK;
    default:
        write_geojson(json, points, count, decimals);
        return ERR_OK;
    }
}

enum err api_line_write(struct jsonw *json, const struct api_crs *crs, enum api_line_form form,
                        const struct coord *points, size_t count, struct arena *arena)
{
    if (crs->out) {
        struct coord *turned = arena_alloc(arena, (count ? count : 1) * sizeof *turned);
        if (!turned) return ERR_NOMEM;
        if (count) memcpy(turned, points, count * sizeof *turned);
        enum err e = api_crs_outward(crs, turned, count);
        if (e) return e;
        points = turned;
    }
    return api_line_put(json, form, points, count, crs_decimals(crs->out));
}

enum err api_line_of_route(const struct route *route, double tolerance_m, struct arena *arena,
                           const struct coord **points, size_t *count)
{
    size_t total = 0, n = 0;
    for (size_t i = 0; i < route->leg_count; i++)
        total += route->legs[i].point_count;
    struct coord *all = arena_alloc(arena, (total + 1) * sizeof *all);
    uint32_t *stack = arena_alloc(arena, (2 * total + 2) * sizeof *stack);
    if (!all || !stack) return ERR_NOMEM;
    for (size_t i = 0; i < route->leg_count; i++) {
        const struct route_leg *leg = &route->legs[i];
        size_t begin = n && leg->point_count > 1 ? n - 1 : n, length = leg->point_count;
        if (length) memcpy(all + begin, leg->points, length * sizeof *all);
        if (tolerance_m > 0) length = polyline_simplify(all + begin, length, tolerance_m, stack);
        n = begin + length;
    }
    *points = all;
    *count = n;
    return ERR_OK;
}

#include "server/api/api_heat.h"

#include "data/cases_heat.h"
#include "geo/tile/mercator.h"
#include "server/api/place_query.h"
#include "server/api/report_query.h"

enum { SIDE = 32 };

struct asked {
    struct api_crs crs;
    struct box box;
    uint32_t zoom;
    int64_t least;
    const struct kinds_kind *kind;
    struct cases_filter filter;
};

static enum err read_box(struct request *request, struct asked *asked)
{
    struct place_query around = {.box_count = 0};
    double v[4];
    bool given = false;
    enum err e = request_numbers(request, "bbox", 4, v, &given);
    if (!e && !given)
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "is missing: min_lon,min_lat,max_lon,max_lat");
    if (!e) e = place_query_box(request, &asked->crs, v, &around);
    if (e) return e;
    if (around.box_count != 1)
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "must not cross the antimeridian here: ask for either side");
    asked->box = around.boxes[0];
    return ERR_OK;
}

static enum err read_asked(struct request *request, struct tools *tools, struct asked *asked)
{
    int64_t side = SIDE;
    enum err e = api_crs_read(request, tools, &asked->crs);
    if (!e) e = read_box(request, asked);
    if (!e) e = request_int(request, "cells", 1, CASES_HEAT_SIDE, &side);
    if (!e) e = report_query_read(request, tools, RIGHTS_statistics, &asked->kind, &asked->filter);
    if (e) return e;
    if (asked->kind->is_private && asked->filter.text)
        return problem_say(request->problem, PROBLEM_PARAMETER, "text",
                           "is not counted in a private kind: each look at such a case is kept; "
                           "list them instead");
    asked->zoom = cases_heat_zoom(asked->box, (uint32_t)side);
    asked->least = asked->kind->is_private ? CASES_HEAT_PRIVATE : 1;
    return ERR_OK;
}

/* Counter-clockwise (RFC 7946, section 3.1.6). */
static void write_square(struct jsonw *json, const struct asked *asked,
                         const struct cases_heat_square *square)
{
    const struct box b = mercator_tile_box(asked->zoom, square->x, square->y, 0);
    const struct coord ring[] = {{b.min_lon, b.min_lat},
                                 {b.max_lon, b.min_lat},
                                 {b.max_lon, b.max_lat},
                                 {b.min_lon, b.max_lat},
                                 {b.min_lon, b.min_lat}};
    jsonw_object(json);
    jsonw_key_string(json, "type", "Feature");
    jsonw_key(json, "properties");
    jsonw_object(json);
    jsonw_key_int(json, "count", square->count);
    jsonw_object_end(json);
    jsonw_key(json, "geometry");
    jsonw_object(json);
    jsonw_key_string(json, "type", "Polygon");
    jsonw_key(json, "coordinates");
    jsonw_array(json);
    jsonw_array(json);
    for (size_t i = 0; i < sizeof ring / sizeof *ring; i++)
        api_crs_write(json, &asked->crs, ring[i]);
    jsonw_array_end(json);
    jsonw_array_end(json);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_all(struct response *response, const struct asked *asked,
                      const struct cases_heat_square *squares, size_t count)
{
    struct jsonw *json = response_json(response);
    int64_t most = 0;
    response->content_type = "application/geo+json";
    jsonw_object(json);
    jsonw_key_string(json, "type", "FeatureCollection");
    jsonw_key(json, "features");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        write_square(json, asked, &squares[i]);
        if (squares[i].count > most) most = squares[i].count;
    }
    jsonw_array_end(json);
    api_crs_write_name(json, &asked->crs);
    jsonw_key_int(json, "zoom", asked->zoom);
    jsonw_key_int(json, "most", most);
    jsonw_key_int(json, "least", asked->least);
    jsonw_object_end(json);
}

enum err api_heat_get(struct request *request, struct response *response, struct tools *tools)
{
    struct asked asked = {.zoom = 0};
    const struct cases_heat_square *squares = NULL;
    size_t count = 0;
    struct why why = {""};
    struct db *db;
    enum err e = read_asked(request, tools, &asked);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e)
        e = cases_heat_find(db, &asked.filter, tools->service->kinds, asked.box, asked.zoom,
                            asked.least, request->arena, &squares, &count);
    if (e) return problem_from_err(request->problem, e, &why);
    response_header(response, "Cache-Control", "private, no-cache");
    write_all(response, &asked, squares, count);
    return ERR_OK;
}

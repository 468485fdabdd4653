#include "server/api/map_style.h"

#include "server/api/api_base.h"

#include <stdio.h>

/* Roads from the least to the most important, so that the latter lie on top. Widths in pixels at
 * zooms 12 and 18. */
static const struct road {
    const char *id, *classes; /* a JSON array */
    const char *colour, *casing;
    double width_12, width_18;
    int min_zoom;
} roads[] = {
    {"path", "[\"footway\",\"path\",\"steps\",\"pedestrian\",\"cycleway\",\"track\",\"bridleway\"]",
     "#c9b8a8", NULL, 0.6, 3, 14},
    {"minor", "[\"residential\",\"living_street\",\"service\",\"unclassified\",\"road\"]",
     "#ffffff", "#d4d0c8", 0.8, 12, 12},
    {"tertiary", "[\"tertiary\",\"tertiary_link\"]", "#ffffff", "#c9c4ba", 1.6, 16, 11},
    {"secondary", "[\"secondary\",\"secondary_link\"]", "#fdf3c4", "#d9c98f", 2, 18, 9},
    {"primary", "[\"primary\",\"primary_link\"]", "#fde3b0", "#d9b778", 2.4, 20, 8},
    {"trunk", "[\"trunk\",\"trunk_link\",\"motorway\",\"motorway_link\"]", "#f9cfa0", "#d09a60", 3,
     22, 5},
    {"ferry", "[\"ferry\"]", "#7fa8d8", NULL, 1, 3, 8},
};

static void put(struct jsonw *json, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One value that is JSON already. */
static void put(struct jsonw *json, const char *format, ...)
{
    char text[1536];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        json->buf->err = ERR_LIMIT;
    else
        jsonw_raw(json, text, (size_t)n);
}

static void write_road(struct jsonw *json, const struct road *r, bool casing)
{
    double extra = casing ? 1.5 : 0;
    put(json,
        "{\"id\":\"road-%s%s\",\"type\":\"line\",\"source\":\"yizhan\",\"source-layer\":\"roads\","
        "\"minzoom\":%d,\"filter\":[\"in\",[\"get\",\"class\"],[\"literal\",%s]],"
        "\"layout\":{\"line-cap\":\"round\",\"line-join\":\"round\"},"
        "\"paint\":{\"line-color\":\"%s\",\"line-width\":[\"interpolate\",[\"exponential\",1.5],"
        "[\"zoom\"],12,%g,18,%g]}}",
        r->id, casing ? "-casing" : "", r->min_zoom, r->classes, casing ? r->casing : r->colour,
        r->width_12 + extra, r->width_18 + extra);
}

static void write_areas(struct jsonw *json)
{
    put(json, "{\"id\":\"area-outline\",\"type\":\"line\",\"source\":\"yizhan\","
              "\"source-layer\":\"areas\",\"paint\":{\"line-color\":\"#9a7fb0\",\"line-width\":1.2,"
              "\"line-dasharray\":[4,3]}}");
}

static void write_road_names(struct jsonw *json)
{
    put(json, "{\"id\":\"road-name\",\"type\":\"symbol\",\"source\":\"yizhan\","
              "\"source-layer\":\"roads\",\"minzoom\":14,\"filter\":[\"has\",\"name\"],"
              "\"layout\":{\"symbol-placement\":\"line\",\"text-field\":[\"get\",\"name\"],"
              "\"text-size\":12},\"paint\":{\"text-color\":\"#5a5245\","
              "\"text-halo-color\":\"#ffffff\",\"text-halo-width\":1.4}}");
}

/* An expression: the colour of a place's category. */
static void write_place_colour(struct jsonw *json, const struct categories *categories)
{
    jsonw_array(json);
    jsonw_string(json, "match");
    put(json, "[\"get\",\"category\"]");
    for (size_t i = 0; i < categories_count(categories); i++) {
        jsonw_string(json, categories_at(categories, i)->code);
        jsonw_string(json, categories_at(categories, i)->colour);
    }
    jsonw_string(json, "#777777"); /* a category that is no longer in the list */
    jsonw_array_end(json);
}

static void write_places(struct jsonw *json, const struct categories *categories)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", "place");
    jsonw_key_string(json, "type", "circle");
    jsonw_key_string(json, "source", "yizhan");
    jsonw_key_string(json, "source-layer", "places");
    jsonw_key(json, "paint");
    jsonw_object(json);
    jsonw_key(json, "circle-color");
    write_place_colour(json, categories);
    jsonw_key(json, "circle-radius");
    put(json, "[\"interpolate\",[\"linear\"],[\"zoom\"],8,1.5,13,4,17,8]");
    jsonw_key_string(json, "circle-stroke-color", "#ffffff");
    jsonw_key(json, "circle-stroke-width");
    put(json, "[\"step\",[\"zoom\"],0.5,13,1.5]");
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_place_names(struct jsonw *json, bool english)
{
    put(json,
        "{\"id\":\"place-name\",\"type\":\"symbol\",\"source\":\"yizhan\","
        "\"source-layer\":\"places\",\"minzoom\":15,\"layout\":{\"text-field\":%s,"
        "\"text-size\":12,\"text-anchor\":\"top\",\"text-offset\":[0,0.8],\"text-optional\":true},"
        "\"paint\":{\"text-color\":\"#333333\",\"text-halo-color\":\"#ffffff\","
        "\"text-halo-width\":1.4}}",
        english ? "[\"coalesce\",[\"get\",\"name_en\"],[\"get\",\"name\"]]" : "[\"get\",\"name\"]");
}

static void write_area_names(struct jsonw *json)
{
    put(json, "{\"id\":\"area-name\",\"type\":\"symbol\",\"source\":\"yizhan\","
              "\"source-layer\":\"areas\",\"minzoom\":11,\"maxzoom\":15,"
              "\"layout\":{\"text-field\":[\"get\",\"name\"],\"text-size\":13},"
              "\"paint\":{\"text-color\":\"#7a5f90\",\"text-halo-color\":\"#ffffff\","
              "\"text-halo-width\":1.4}}");
}

/* Over the roads and under their names. What is closed to all is red and broken, what is slowed
 * amber. */
static void write_closures(struct jsonw *json)
{
    static const char *const looks[][3] = {{"slowed", "#e08a00", ""},
                                           {"closed", "#d0021b", ",\"line-dasharray\":[2,1.2]"}};
    for (size_t i = 0; i < 2; i++)
        put(json,
            "{\"id\":\"closure-%s\",\"type\":\"line\",\"source\":\"live\","
            "\"source-layer\":\"closures\",\"filter\":[\"==\",[\"get\",\"effect\"],\"%s\"],"
            "\"layout\":{\"line-join\":\"round\"},\"paint\":{\"line-color\":\"%s\","
            "\"line-opacity\":0.85,\"line-width\":[\"interpolate\",[\"exponential\",1.5],"
            "[\"zoom\"],10,2,14,4,18,12]%s}}",
            looks[i][0], looks[i][0], looks[i][1], looks[i][2]);
}

static void write_source(struct jsonw *json, const char *name, const char *base_url,
                         const char *layers)
{
    struct buf url;
    jsonw_key(json, name);
    jsonw_object(json);
    jsonw_key_string(json, "type", "vector");
    buf_init(&url, 2048);
    buf_printf(&url, "%s/tiles/%s.json", base_url, layers);
    if (url.err && !json->buf->err) json->buf->err = url.err;
    jsonw_key(json, "url");
    jsonw_string_n(json, url.bytes ? url.bytes : "", url.len);
    buf_fini(&url);
    jsonw_key_string(json, "attribution", API_BASE_ATTRIBUTION);
    jsonw_object_end(json);
}

void map_style_write(struct jsonw *json, const char *base_url, const struct categories *categories,
                     bool english)
{
    size_t count = sizeof roads / sizeof *roads;
    jsonw_object(json);
    jsonw_key_int(json, "version", 8);
    jsonw_key_string(json, "name", "Yizhan");
    jsonw_key(json, "sources");
    jsonw_object(json);
    write_source(json, "yizhan", base_url, "all");
    write_source(json, "live", base_url, "closures");
    jsonw_object_end(json);
    jsonw_key(json, "layers");
    jsonw_array(json);
    put(json, "{\"id\":\"background\",\"type\":\"background\",\"paint\":{\"background-color\":"
              "\"#f3f0e9\"}}");
    for (size_t i = 0; i < count; i++)
        if (roads[i].casing) write_road(json, &roads[i], true);
    for (size_t i = 0; i < count; i++)
        write_road(json, &roads[i], false);
    write_areas(json);
    write_closures(json);
    write_road_names(json);
    write_area_names(json);
    write_places(json, categories);
    write_place_names(json, english);
    jsonw_array_end(json);
    jsonw_object_end(json);
}

#include "server/api/map_style.h"

#include "server/api/api_base.h"
#include "server/api/style_basemap.h"
#include "server/api/style_places.h"

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

static void write_road(struct jsonw *json, const struct road *r, bool casing)
{
    double extra = casing ? 1.5 : 0;
    style_put(
        json,
        "{\"id\":\"road-%s%s\",\"type\":\"line\",\"source\":\"ground\",\"source-layer\":\"roads\","
        "\"minzoom\":%d,\"filter\":[\"in\",[\"get\",\"class\"],[\"literal\",%s]],"
        "\"layout\":{\"line-cap\":\"round\",\"line-join\":\"round\"},"
        "\"paint\":{\"line-color\":\"%s\",\"line-width\":[\"interpolate\",[\"exponential\",1.5],"
        "[\"zoom\"],12,%g,18,%g]}}",
        r->id, casing ? "-casing" : "", r->min_zoom, r->classes, casing ? r->casing : r->colour,
        r->width_12 + extra, r->width_18 + extra);
}

static void write_areas(struct jsonw *json)
{
    style_put(json,
              "{\"id\":\"area-outline\",\"type\":\"line\",\"source\":\"ground\","
              "\"source-layer\":\"areas\",\"paint\":{\"line-color\":\"#9a7fb0\",\"line-width\":1.2,"
              "\"line-dasharray\":[4,3]}}");
}

/* From the roads themselves, where no base map has them in both languages. */
static void write_road_names(struct jsonw *json)
{
    style_put(json, "{\"id\":\"road-name\",\"type\":\"symbol\",\"source\":\"ground\","
                    "\"source-layer\":\"roads\",\"minzoom\":14,\"filter\":[\"has\",\"name\"],"
                    "\"layout\":{\"symbol-placement\":\"line\",\"text-field\":[\"get\",\"name\"]"
                    "," STYLE_FONT
                    ",\"text-size\":12},\"paint\":{\"text-color\":\"#5a5245\"," STYLE_HALO "}}");
}

static void write_area_names(struct jsonw *json, const struct style *style)
{
    style_put(json,
              "{\"id\":\"area-name\",\"type\":\"symbol\",\"source\":\"ground\","
              "\"source-layer\":\"areas\",\"minzoom\":11,\"maxzoom\":15,"
              "\"layout\":{\"text-field\":%s," STYLE_FONT ",\"text-size\":13},"
              "\"paint\":{\"text-color\":\"#7a5f90\"," STYLE_HALO "}}",
              style_name(style));
}

/* Over the roads and under their names. What is closed to all is red and broken, what is slowed
 * amber. */
static void write_closures(struct jsonw *json)
{
    static const char *const looks[][3] = {{"slowed", "#e08a00", ""},
                                           {"closed", "#d0021b", ",\"line-dasharray\":[2,1.2]"}};
    for (size_t i = 0; i < 2; i++)
        style_put(json,
                  "{\"id\":\"closure-%s\",\"type\":\"line\",\"source\":\"live\","
                  "\"source-layer\":\"closures\",\"filter\":[\"==\",[\"get\",\"effect\"],\"%s\"],"
                  "\"layout\":{\"line-join\":\"round\"},\"paint\":{\"line-color\":\"%s\","
                  "\"line-opacity\":0.85,\"line-width\":[\"interpolate\",[\"exponential\",1.5],"
                  "[\"zoom\"],10,2,14,4,18,12]%s}}",
                  looks[i][0], looks[i][0], looks[i][1], looks[i][2]);
}

/* An address of ours. */
static void write_url(struct jsonw *json, const struct style *style, const char *key,
                      const char *path, const char *tail)
{
    struct buf url;
    buf_init(&url, 2048);
    buf_printf(&url, "%s/tiles/%s%s", style->base_url, path, tail);
    if (url.err && !json->buf->err) json->buf->err = url.err;
    jsonw_key(json, key);
    jsonw_string_n(json, url.bytes ? url.bytes : "", url.len);
    buf_fini(&url);
}

static void write_source(struct jsonw *json, const struct style *style, const char *name,
                         const char *set)
{
    jsonw_key(json, name);
    jsonw_object(json);
    jsonw_key_string(json, "type", "vector");
    write_url(json, style, "url", set, ".json");
    jsonw_key_string(json, "attribution", API_BASE_ATTRIBUTION);
    jsonw_object_end(json);
}

static void write_sources(struct jsonw *json, const struct style *style)
{
    jsonw_key(json, "sources");
    jsonw_object(json);
    if (style->basemap) write_source(json, style, "basemap", "basemap");
    write_source(json, style, "ground", "areas,roads");
    write_source(json, style, "places", "places");
    write_source(json, style, "live", "closures");
    jsonw_object_end(json);
}

static void write_roads(struct jsonw *json)
{
    size_t count = sizeof roads / sizeof *roads;
    for (size_t i = 0; i < count; i++)
        if (roads[i].casing) write_road(json, &roads[i], true);
    for (size_t i = 0; i < count; i++)
        write_road(json, &roads[i], false);
}

void map_style_write(struct jsonw *json, const struct style *style)
{
    jsonw_object(json);
    jsonw_key_int(json, "version", 8);
    jsonw_key_string(json, "name", "Yizhan");
    if (style->icons) write_url(json, style, "sprite", "sprite", "");
    write_sources(json, style);
    jsonw_key(json, "layers");
    jsonw_array(json);
    style_put(json,
              "{\"id\":\"background\",\"type\":\"background\",\"paint\":{\"background-color\":"
              "\"#f3f0e9\"}}");
    style_basemap_ground(json, style);
    write_roads(json);
    write_areas(json);
    write_closures(json);
    style_basemap_names(json, style);
    if (!style_basemap_has_streets(style)) write_road_names(json);
    write_area_names(json, style);
    style_places_write(json, style);
    jsonw_array_end(json);
    jsonw_object_end(json);
}

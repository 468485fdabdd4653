#include "server/api/style_basemap.h"

#include <string.h>

/* Land by class, from data/basemap/process.lua; what is not listed is not coloured. */
static const char land_colours[] =
    "[\"match\",[\"get\",\"class\"],[\"wood\",\"park\",\"grass\",\"wetland\"],\"#d8e8c8\","
    "[\"cemetery\",\"pitch\"],\"#d5e5d0\",\"farmland\",\"#f0ecd8\",\"sand\",\"#f5ecc8\","
    "\"residential\",\"#efece4\",\"commercial\",\"#f4e9e4\",\"industrial\",\"#ebe7ee\","
    "[\"school\",\"hospital\"],\"#f2ead8\",\"aerodrome\",\"#e9e7ef\",\"military\",\"#efe3dc\","
    "\"parking\",\"#ececec\",\"rgba(0,0,0,0)\"]";

static bool has_layer(const struct style *style, const char *id)
{
    for (size_t i = 0; style->basemap && i < style->basemap->layer_count; i++)
        if (strcmp(style->basemap->layers[i].id, id) == 0) return true;
    return false;
}

bool style_basemap_has_streets(const struct style *style)
{
    return has_layer(style, "street_name");
}

/* A layer of the base map: its type, its layout and paint in one. */
struct part {
    const char *id, *source_layer, *type, *rest;
};

static void put_parts(struct jsonw *json, const struct style *style, const struct part *parts,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_layer(style, parts[i].source_layer))
            style_put(json,
                      "{\"id\":\"%s\",\"type\":\"%s\",\"source\":\"basemap\",\"source-layer\":"
                      "\"%s\",%s}",
                      parts[i].id, parts[i].type, parts[i].source_layer, parts[i].rest);
}

void style_basemap_ground(struct jsonw *json, const struct style *style)
{
    static const struct part above[] = {
        {"base-water", "water", "fill", "\"paint\":{\"fill-color\":\"#b5d3e6\"}"},
        {"base-waterway", "waterway", "line",
         "\"paint\":{\"line-color\":\"#9cc3dc\",\"line-width\":[\"interpolate\",[\"linear\"],"
         "[\"zoom\"],8,0.6,14,[\"match\",[\"get\",\"class\"],\"river\",3,\"canal\",2.4,1.2]]}"},
        {"base-building", "building", "fill",
         "\"minzoom\":13,\"paint\":{\"fill-color\":\"#e2dcd2\",\"fill-outline-color\":\"#d0c8ba\","
         "\"fill-opacity\":[\"interpolate\",[\"linear\"],[\"zoom\"],13,0.2,15,1]}"},
        {"base-rail", "rail", "line",
         "\"paint\":{\"line-color\":\"#a8a4a0\",\"line-width\":[\"interpolate\",[\"linear\"],"
         "[\"zoom\"],9,0.5,16,2],\"line-dasharray\":[4,2]}"},
    };
    if (has_layer(style, "landuse"))
        style_put(json,
                  "{\"id\":\"base-land\",\"type\":\"fill\",\"source\":\"basemap\","
                  "\"source-layer\":\"landuse\",\"paint\":{\"fill-color\":%s}}",
                  land_colours);
    put_parts(json, style, above, sizeof above / sizeof *above);
}

static void put_name(struct jsonw *json, const struct style *style, const struct part *part,
                     const char *layout)
{
    if (!has_layer(style, part->source_layer)) return;
    style_put(json,
              "{\"id\":\"%s\",\"type\":\"symbol\",\"source\":\"basemap\",\"source-layer\":\"%s\","
              "\"layout\":{\"text-field\":%s," STYLE_FONT ",%s},%s}",
              part->id, part->source_layer, style_name(style), layout, part->rest);
}

void style_basemap_names(struct jsonw *json, const struct style *style)
{
    static const struct part water = {
        "base-water-name", "water_name", "",
        "\"minzoom\":12,\"paint\":{\"text-color\":\"#4a7fa0\"," STYLE_HALO "}"};
    static const struct part spots = {
        "base-poi-name", "poi", "",
        "\"minzoom\":14,\"filter\":[\"<=\",[\"get\",\"rank\"],[\"step\",[\"zoom\"],2,15,3,16,4,17,"
        "9]],\"paint\":{\"text-color\":\"#7d776c\"," STYLE_HALO "}"};
    static const struct part streets = {
        "base-street-name", "street_name", "",
        "\"minzoom\":12,\"paint\":{\"text-color\":\"#5a5245\"," STYLE_HALO "}"};
    static const struct part settlements = {
        "base-place-name", "place_name", "",
        "\"maxzoom\":16,\"paint\":{\"text-color\":\"#44403a\"," STYLE_HALO "}"};
    put_name(json, style, &spots,
             "\"text-size\":11,\"text-max-width\":7,\"symbol-sort-key\":[\"get\",\"rank\"]");
    put_name(json, style, &water, "\"text-size\":12,\"text-max-width\":7");
    put_name(json, style, &streets, "\"symbol-placement\":\"line\",\"text-size\":12");
    put_name(json, style, &settlements,
             "\"text-size\":[\"match\",[\"get\",\"class\"],\"city\",18,\"town\",15,13],"
             "\"text-max-width\":7");
}

#include "server/api/style_places.h"

#include <stdio.h>
#include <string.h>

#define SOURCE     "\"source\":\"places\",\"source-layer\":\"places\""
#define IS_CLUSTER "[\"has\",\"cluster\"]"
#define IS_PLACE   "[\"!\"," IS_CLUSTER "]"
#define COUNT      "[\"get\",\"point_count\"]"

static bool has_icon(const struct style *style, const char *icon)
{
    char key[80];
    int n = snprintf(key, sizeof key, "\"%s\":", icon);
    if (!style->icons || !icon[0] || n < 0 || (size_t)n >= sizeof key) return false;
    return memmem(style->icons, style->icons_len, key, (size_t)n) != NULL;
}

/* An expression of what `value` gives for a place's category; `otherwise` for one that is no longer
 * in the list. NULL leaves a category out. */
static void put_by_category(struct jsonw *json, const struct style *style,
                            const char *(*value)(const struct style *, const struct category *),
                            const char *otherwise)
{
    size_t written = 0;
    for (size_t i = 0; i < categories_count(style->categories); i++) {
        const struct category *category = categories_at(style->categories, i);
        const char *text = value(style, category);
        if (!text) continue;
        if (written++ == 0) {
            jsonw_array(json);
            jsonw_string(json, "match");
            style_put(json, "[\"get\",\"category\"]");
        }
        jsonw_string(json, category->code);
        jsonw_string(json, text);
    }
    jsonw_string(json, otherwise);
    if (written) jsonw_array_end(json);
}

static const char *colour_of(const struct style *style, const struct category *category)
{
    (void)style;
    return category->colour;
}

static const char *icon_of(const struct style *style, const struct category *category)
{
    return has_icon(style, category->icon) ? category->icon : NULL;
}

static const char *sign_of(const struct style *style, const struct category *category)
{
    if (has_icon(style, category->icon)) return NULL;
    return style->english ? category->sign_en : category->sign_zh;
}

static void begin_layer(struct jsonw *json, const char *id, const char *type, const char *filter)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", id);
    jsonw_key_string(json, "type", type);
    jsonw_key_string(json, "source", "places");
    jsonw_key_string(json, "source-layer", "places");
    jsonw_key(json, "filter");
    style_put(json, "%s", filter);
}

static void put_key(struct jsonw *json, const char *key, const char *value)
{
    jsonw_key(json, key);
    style_put(json, "%s", value);
}

/* As large as it is numerous, in the colour of what it has most of. */
static void write_clusters(struct jsonw *json, const struct style *style)
{
    begin_layer(json, "cluster", "circle", IS_CLUSTER);
    jsonw_key(json, "paint");
    jsonw_object(json);
    jsonw_key(json, "circle-color");
    put_by_category(json, style, colour_of, "#777777");
    put_key(json, "circle-radius", "[\"step\"," COUNT ",11,10,13,100,16,1000,20,10000,24]");
    put_key(json, "circle-opacity", "0.88");
    put_key(json, "circle-stroke-color", "\"#ffffff\"");
    put_key(json, "circle-stroke-width", "2");
    jsonw_object_end(json);
    jsonw_object_end(json);
    /* 9999, then 1.2 ten thousand or 12.3 thousand. */
    style_put(json,
              "{\"id\":\"cluster-count\",\"type\":\"symbol\"," SOURCE ",\"filter\":" IS_CLUSTER
              ",\"layout\":{\"text-field\":[\"case\",[\"<\"," COUNT ",10000],[\"to-string\"," COUNT
              "],[\"concat\",[\"to-string\",[\"/\",[\"round\",[\"/\"," COUNT
              ",%d]],10]],\"%s\"]]," STYLE_FONT ",\"text-size\":12,\"text-allow-overlap\":true},"
              "\"paint\":{\"text-color\":\"#ffffff\"}}",
              style->english ? 100 : 1000, style->english ? "k" : "万");
}

static void write_dots(struct jsonw *json, const struct style *style)
{
    begin_layer(json, "place", "circle", IS_PLACE);
    jsonw_key(json, "paint");
    jsonw_object(json);
    jsonw_key(json, "circle-color");
    put_by_category(json, style, colour_of, "#777777");
    put_key(json, "circle-radius",
            "[\"interpolate\",[\"linear\"],[\"zoom\"],8,3,12,7,15,10,18,12]");
    put_key(json, "circle-stroke-color", "\"#ffffff\"");
    put_key(json, "circle-stroke-width", "[\"step\",[\"zoom\"],1,13,1.5]");
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_icons(struct jsonw *json, const struct style *style)
{
    begin_layer(json, "place-icon", "symbol", IS_PLACE);
    jsonw_key_int(json, "minzoom", 12);
    jsonw_key(json, "layout");
    jsonw_object(json);
    jsonw_key(json, "icon-image");
    put_by_category(json, style, icon_of, "");
    put_key(json, "icon-size", "[\"interpolate\",[\"linear\"],[\"zoom\"],12,0.6,15,0.9,18,1.1]");
    put_key(json, "icon-allow-overlap", "true");
    jsonw_key(json, "text-field");
    put_by_category(json, style, sign_of, "");
    put_key(json, "text-font", "[\"sans-serif\"]");
    put_key(json, "text-size", "[\"interpolate\",[\"linear\"],[\"zoom\"],12,8,15,12,18,14]");
    put_key(json, "text-allow-overlap", "true");
    jsonw_object_end(json);
    put_key(json, "paint", "{\"text-color\":\"#ffffff\"}");
    jsonw_object_end(json);
}

void style_places_write(struct jsonw *json, const struct style *style)
{
    write_dots(json, style);
    write_icons(json, style);
    write_clusters(json, style);
    style_put(
        json,
        "{\"id\":\"place-name\",\"type\":\"symbol\"," SOURCE ",\"minzoom\":15,\"filter\":" IS_PLACE
        ",\"layout\":{\"text-field\":%s," STYLE_FONT
        ",\"text-size\":12,\"text-anchor\":\"top\",\"text-offset\":[0,1],\"text-max-width\":8,"
        "\"text-optional\":true},\"paint\":{\"text-color\":\"#333333\"," STYLE_HALO "}}",
        style_name(style));
}

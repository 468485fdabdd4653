#include "server/command.h"

#include "data/export.h"
#include "geo/base/file.h"
#include "geo/base/text.h"
#include "server/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int run_places(int argc, char **argv);
static int run_areas(int argc, char **argv);

const struct command command_export_places = {
    "export places", "Writes places to a table or a map that an import takes back.", run_places};
const struct command command_export_areas = {
    "export areas", "Writes administrative areas to a map or a table.", run_areas};

enum { MAX_BYTES = 1 << 30, WORD_SHOWN = 40 };

struct export_call {
    const char *file, *format, *crs, *source, *category, *bbox;
    bool gb18030;
};

/* The format that is named, else that which the file's name ends in. */
static enum err find_format(const struct export_call *call, enum ogr_format *format,
                            struct why *why)
{
    const char *dot = strrchr(call->file, '.'), *word = call->format ? call->format
                                                        : dot        ? dot + 1
                                                                     : "";
    if (!call->format && text_same(word, "zip")) word = "shp";
    if (!ogr_format_find(word, format)) return ERR_OK;
    return err_say(why, ERR_INVALID,
                   "\"%.40s\" is no format: csv, xlsx, ods, geojson, gpkg, shp, kml (--format)",
                   word);
}

/* "W,S,E,N" in degrees of WGS 84. */
static enum err read_box(const char *text, struct box *box, struct why *why)
{
    double *const edges[] = {&box->min_lon, &box->min_lat, &box->max_lon, &box->max_lat};
    bool good = true;
    for (size_t i = 0; i < 4 && good; i++) {
        size_t n = strcspn(text, ",");
        good = text_double(text, n, edges[i]) && (text[n] == ',') == (i < 3);
        text += n + (text[n] == ',');
    }
    if (good && box->min_lon <= box->max_lon && box->min_lat <= box->max_lat) return ERR_OK;
    return err_say(why, ERR_INVALID, "--bbox is WEST,SOUTH,EAST,NORTH in degrees");
}

/* "CODE,CODE", or other words for them. */
static enum err read_categories(const char *text, const struct categories *categories,
                                uint64_t *bits, struct why *why)
{
    for (const char *word = text; word;) {
        size_t len = strcspn(word, ",");
        int i = categories_match(categories, word, len);
        if (i < 0)
            return err_say(why, ERR_INVALID, "\"%.*s\" is no known category of places",
                           len < WORD_SHOWN ? (int)len : WORD_SHOWN, word);
        *bits |= UINT64_C(1) << i;
        word = word[len] ? word + len + 1 : NULL;
    }
    return ERR_OK;
}

static enum err read_options(const struct export_call *call, struct crs_context *crs,
                             const struct categories *categories, struct box *box,
                             struct export_options *options, struct why *why)
{
    *options = (struct export_options){.source = call->source, .gb18030 = call->gb18030};
    enum err e = find_format(call, &options->format, why);
    if (!e) e = crs_find(crs, call->crs ? call->crs : "wgs84", &options->crs, why);
    if (!e && call->bbox) e = read_box(call->bbox, box, why);
    if (!e) e = read_categories(call->category, categories, &options->categories, why);
    options->box = call->bbox ? box : NULL;
    options->words = categories;
    return e;
}

typedef enum err export_function(struct db *db, const struct export_options *options,
                                 struct buf *out, uint64_t *count, struct why *why);

static int export_file(const struct command *command, const struct export_call *call,
                       const struct config *config, export_function *export)
{
    struct store store;
    struct command_bar bar;
    struct export_options options;
    struct crs_context *crs = NULL;
    struct box box;
    struct buf out;
    struct why why = {""};
    uint64_t count = 0;
    buf_init(&out, MAX_BYTES);
    enum err e = store_open(&store, config, &why);
    if (!e) e = store_words(&store, config, &why);
    if (!e) e = crs_context_new(&crs);
    if (!e) e = read_options(call, crs, store.categories, &box, &options, &why);
    if (!e) {
        command_bar_init(&bar);
        options.progress = &bar.progress;
        e = export(store.db, &options, &out, &count, &why);
        command_bar_end(&bar);
    }
    if (!e) e = file_replace(call->file, out.bytes, out.len, &why);
    if (!e)
        printf("%s: %" PRIu64 " rows, %zu bytes, as %s in %s\n", call->file, count, out.len,
               ogr_format_name(options.format), crs_name(options.crs));
    buf_fini(&out);
    crs_context_free(crs);
    store_close(&store);
    return e ? command_fail(command, e, &why) : COMMAND_DONE;
}

#define EXPORT_OPTIONS(call)                                                                        \
    {"FILE", NULL, "what to write; a shapefile is a .zip", true, &(call).file, NULL},               \
        {"format", "NAME",         "csv, xlsx, ods, geojson, gpkg, shp, kml (by the file's name)",  \
         false,    &(call).format, NULL},                                                           \
        {"crs", "CRS", "of the coordinates: wgs84, gcj02, bd09, EPSG:n", false, &(call).crs, NULL}, \
        {"source", "NAME", "only what this source brought", false, &(call).source, NULL},           \
        {"bbox", "W,S,E,N", "only what lies there", false, &(call).bbox, NULL},                     \
    {                                                                                               \
        "gb18030", NULL, "CSV in GB18030 instead of UTF-8", false, NULL, &(call).gb18030            \
    }

static int run_places(int argc, char **argv)
{
    struct command_common common = {0};
    struct export_call call = {0};
    const struct option options[] = {
        EXPORT_OPTIONS(call),
        {"category", "CODE,...", "only of these categories", false, &call.category, NULL},
        COMMAND_COMMON(common),
    };
    struct config config;
    int end = command_begin(&command_export_places, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    return end >= 0 ? end : export_file(&command_export_places, &call, &config, export_places);
}

static int run_areas(int argc, char **argv)
{
    struct command_common common = {0};
    struct export_call call = {0};
    const struct option options[] = {EXPORT_OPTIONS(call), COMMAND_COMMON(common)};
    struct config config;
    int end = command_begin(&command_export_areas, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    return end >= 0 ? end : export_file(&command_export_areas, &call, &config, export_areas);
}

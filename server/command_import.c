#include "server/command.h"

#include "data/import_ogr.h"
#include "data/import_osm.h"
#include "geo/base/text.h"
#include "server/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { STEM_SIZE = 61 }; /* a source has at most 60 bytes */

static int run_osm(int argc, char **argv);
static int run_places(int argc, char **argv);
static int run_areas(int argc, char **argv);

const struct command command_import_osm = {
    "import osm", "Brings places, areas and roads in from an OpenStreetMap extract.", run_osm};
const struct command command_import_places = {
    "import places", "Brings places in from a table (CSV) or a map (GeoJSON).", run_places};
const struct command command_import_areas = {
    "import areas", "Brings administrative areas in from a map of polygons (GeoJSON).", run_areas};

static void print_counts(const char *what, const struct import_counts *counts)
{
    printf("%s: %" PRIu64 " kept (%" PRIu64 " new, %" PRIu64 " changed, %" PRIu64 " as before)",
           what, counts->kept, counts->created, counts->updated, counts->unchanged);
    if (counts->vanished)
        printf(", %" PRIu64 " no longer in the source and marked so", counts->vanished);
    putchar('\n');
}

static void print_osm(const struct import_osm_stats *stats, const struct categories *categories)
{
    printf("read: %" PRIu64 " nodes, %" PRIu64 " ways (%" PRIu64 " cut at the border), %" PRIu64
           " relations%s%s\n",
           stats->file.nodes, stats->file.ways, stats->file.ways_incomplete, stats->file.relations,
           stats->file.timestamp[0] ? "; data of " : "", stats->file.timestamp);
    print_counts("places", &stats->places);
    for (size_t i = 0; i < categories_count(categories); i++)
        if (stats->by_category[i])
            printf("  %6" PRIu64 "  %s\n", stats->by_category[i],
                   categories_at(categories, i)->code);
    print_counts("areas", &stats->areas);
    for (int level = 0; level < 16; level++)
        if (stats->by_level[level])
            printf("  %6" PRIu64 "  admin_level %d\n", stats->by_level[level], level);
    puts("left out:");
    for (int i = 0; i < IMPORT_OSM_DROP_COUNT; i++)
        if (stats->dropped[i])
            printf("  %6" PRIu64 "  %s\n", stats->dropped[i],
                   import_osm_drop_text((enum import_osm_drop)i));
}

#define ALLOW_SHRINK(target)                                                                       \
    {                                                                                              \
        "allow-shrink", NULL, "go on though most of the source's objects are gone", false, NULL,   \
            (target)                                                                               \
    }

static int run_osm(int argc, char **argv)
{
    struct command_common common = {0};
    const char *file = NULL;
    bool dry_run = false, allow_shrink = false;
    const struct option options[] = {
        {"FILE", NULL, ".osm.pbf, .osm, .osm.gz or .osm.bz2", true, &file, NULL},
        ALLOW_SHRINK(&allow_shrink),
        {"dry-run", NULL, "tell what would happen, change nothing", false, NULL, &dry_run},
        COMMAND_COMMON(common),
    };
    struct config config;
    struct store store;
    struct command_bar bar;
    struct import_osm_stats stats;
    struct why why = {""};
    int end = command_begin(&command_import_osm, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = store_words(&store, &config, &why);
    if (!e) {
        const struct import_osm_options wanted = {
            .categories = store.categories,
            .places = true,
            .areas = true,
            .roads_path = dry_run ? NULL : datadir_path(store.dir, DATADIR_ROADS_OSM),
            .allow_shrink = allow_shrink,
            .dry_run = dry_run,
        };
        command_bar_init(&bar);
        e = import_osm(store.db, file, &wanted, &bar.progress, &stats, &why);
        command_bar_end(&bar);
    }
    if (!e) print_osm(&stats, store.categories);
    store_close(&store);
    if (e) return command_fail(&command_import_osm, e, &why);
    puts(dry_run ? "nothing was changed (dry run)" : "roads are ready for yizhan build-roads");
    return COMMAND_DONE;
}

static void print_report(const struct import_ogr_report *report, bool dry_run)
{
    printf("%" PRIu64 " rows: %" PRIu64 " taken (%" PRIu64 " new, %" PRIu64 " changed, %" PRIu64
           " as before), %" PRIu64 " refused",
           report->rows, report->kept, report->created, report->updated, report->unchanged,
           report->refused);
    if (report->mended) printf(", %" PRIu64 " outlines mended", report->mended);
    if (report->vanished)
        printf(", %" PRIu64 " no longer in the source and marked so", report->vanished);
    puts(dry_run ? " (dry run: nothing was changed)" : "");
    uint64_t shown =
        report->problem_count < IMPORT_OGR_PROBLEMS ? report->problem_count : IMPORT_OGR_PROBLEMS;
    for (uint64_t i = 0; i < shown; i++)
        printf("  %s %" PRIu64 ": %s%s\n", report->is_table ? "line" : "feature",
               report->problems[i].line, report->problems[i].reason,
               report->problems[i].fatal ? " (refused)" : "");
    if (shown < report->problem_count)
        printf("  and %" PRIu64 " more problems\n", report->problem_count - shown);
}

/* What import places and import areas ask alike. */
struct ogr_call {
    const char *file, *crs, *source, *category, *level;
    bool strict, dry_run, keep, allow_shrink;
    char stem[STEM_SIZE];
};

/* A file's objects are its own unless it is said whose they are: "a/stations.csv" is "stations". */
static const char *source_of(struct ogr_call *call)
{
    if (call->source) return call->source;
    const char *slash = strrchr(call->file, '/'), *name = slash ? slash + 1 : call->file;
    size_t len = strcspn(name, "."), n = 0, next;
    while (n < len && (next = text_utf8_len(name + n, len - n)) && n + next < sizeof call->stem)
        n += next;
    memcpy(call->stem, name, n);
    call->stem[n] = '\0';
    return n ? call->stem : "file";
}

static enum err read_options(struct ogr_call *call, const struct store *store,
                             struct import_ogr_options *options, struct why *why)
{
    int64_t level = 0;
    if (call->level && !text_int(call->level, strlen(call->level), 2, 11, &level))
        return err_say(why, ERR_INVALID, "--level is an admin_level from 2 to 11, not \"%s\"",
                       call->level);
    *options = (struct import_ogr_options){
        .categories = store->categories,
        .crs = call->crs,
        .source = source_of(call),
        .category = call->category,
        .level = (int)level,
        .strict = call->strict,
        .dry_run = call->dry_run,
        .allow_shrink = call->allow_shrink,
        .keep_missing = call->keep,
    };
    return ERR_OK;
}

typedef enum err import_function(struct db *db, const char *path,
                                 const struct import_ogr_options *options,
                                 const struct progress *progress, struct import_ogr_report *report,
                                 struct why *why);

static int import_file(const struct command *command, struct ogr_call *call,
                       const struct config *config, import_function *import)
{
    struct store store;
    struct command_bar bar;
    struct import_ogr_options options;
    struct import_ogr_report report = {0};
    struct crs_context *crs = NULL;
    struct why why = {""};
    enum err e = store_open(&store, config, &why);
    if (!e) e = store_words(&store, config, &why);
    if (!e) e = crs_context_new(&crs);
    if (!e) e = read_options(call, &store, &options, &why);
    if (!e) {
        options.crs_context = crs;
        command_bar_init(&bar);
        e = import(store.db, call->file, &options, &bar.progress, &report, &why);
        command_bar_end(&bar);
        if (report.rows) print_report(&report, call->dry_run);
    }
    crs_context_free(crs);
    store_close(&store);
    return e ? command_fail(command, e, &why) : COMMAND_DONE;
}

#define OGR_OPTIONS(call)                                                                          \
    {"crs", "CRS", "of its coordinates: wgs84, gcj02, bd09, EPSG:n", false, &(call).crs, NULL},    \
        {"source", "NAME",         "whose objects these are (the name of the file)",               \
         false,    &(call).source, NULL},                                                          \
        {"strict", NULL, "any bad row refuses the whole file", false, NULL, &(call).strict},       \
        {"keep-missing", NULL, "do not mark what the file no longer has",                          \
         false,          NULL, &(call).keep},                                                      \
        ALLOW_SHRINK(&(call).allow_shrink),                                                        \
    {                                                                                              \
        "dry-run", NULL, "tell what would happen, change nothing", false, NULL, &(call).dry_run    \
    }

static int run_places(int argc, char **argv)
{
    struct command_common common = {0};
    struct ogr_call call = {0};
    const struct option options[] = {
        {"FILE", NULL, ".csv or .geojson", true, &call.file, NULL},
        {"category", "CODE", "for rows that name none", false, &call.category, NULL},
        OGR_OPTIONS(call),
        COMMAND_COMMON(common),
    };
    struct config config;
    int end = command_begin(&command_import_places, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    return end >= 0 ? end : import_file(&command_import_places, &call, &config, import_ogr_places);
}

static int run_areas(int argc, char **argv)
{
    struct command_common common = {0};
    struct ogr_call call = {.level = "8"};
    const struct option options[] = {
        {"FILE", NULL, ".geojson", true, &call.file, NULL},
        {"level", "N", "admin_level of areas that name none (8: sub-district)", false, &call.level,
         NULL},
        OGR_OPTIONS(call),
        COMMAND_COMMON(common),
    };
    struct config config;
    int end = command_begin(&command_import_areas, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    return end >= 0 ? end : import_file(&command_import_areas, &call, &config, import_ogr_areas);
}

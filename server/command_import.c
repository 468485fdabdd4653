#include "server/command.h"

#include "data/import_ogr.h"
#include "data/import_osm.h"
#include "data/imports.h"
#include "geo/base/file.h"
#include "geo/base/text.h"
#include "server/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { STEM_SIZE = 61 /* a source has at most 60 bytes */, REPORT_LINES = 1000000 };

static int run_osm(int argc, char **argv);
static int run_places(int argc, char **argv);
static int run_areas(int argc, char **argv);
static int run_grid(int argc, char **argv);

const struct command command_import_osm = {
    "import osm", "Brings places, areas and roads in from an OpenStreetMap extract.", run_osm};
const struct command command_import_places = {
    "import places",
    "Brings places in from a table (CSV, XLSX) or a map (GeoJSON, GeoPackage, ...).", run_places};
const struct command command_import_areas = {
    "import areas", "Brings administrative areas in from a map of polygons (GeoJSON, ...).",
    run_areas};

const struct command command_import_grid = {
    "import grid", "Brings a grid of weights in (people, orders) from a table, a map or a GeoTIFF.",
    run_grid};

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

static void print_file(const struct import_report *report)
{
    printf("read as %s%s%s, layer \"%s\"%s%s, crs %s", ogr_format_name(report->format),
           *report->encoding ? " in " : "", report->encoding, report->layer,
           *report->other_layers ? " (not read: " : "", report->other_layers, report->crs);
    if (*report->other_layers) putchar(')');
    if (report->header_line) printf(", header in line %" PRIu64, report->header_line);
    printf("\ncolumns:");
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (*report->columns[f])
            printf(" %s=%s", import_columns_name((enum import_column)f), report->columns[f]);
    if (*report->unused) printf("; not used: %s", report->unused);
    putchar('\n');
}

static void print_line(const struct import_report *report, const struct import_line *line)
{
    if (line->line)
        printf("  %s %" PRIu64 ": %s", ogr_format_is_table(report->format) ? "line" : "feature",
               line->line, import_fate_name(line->fate));
    else
        printf("  %s", import_fate_name(line->fate));
    if (*line->name || *line->source_id)
        printf(" %s (%s)", *line->name ? line->name : "-", line->source_id);
    for (size_t i = 0; i < line->change_count; i++)
        printf("%s %s: \"%s\" -> \"%s\"", i ? ";" : ",", line->changes[i].field,
               line->changes[i].from, line->changes[i].to);
    if (*line->note) printf("%s %s", line->change_count ? ";" : ",", line->note);
    putchar('\n');
}

/* Everything that is worth a look: all lines of a dry run, else those that are not as expected. */
static void print_lines(const struct import_report *report, bool all)
{
    enum { SHOWN = 100 };
    const uint64_t *fates = report->fates;
    uint64_t taken = all ? import_report_taken(report) - report->untold : report->notes;
    uint64_t told = taken + fates[IMPORT_FATE_refused] + fates[IMPORT_FATE_duplicate] +
                    fates[IMPORT_FATE_vanished];
    uint64_t shown = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct import_line *line = &report->lines[i];
        bool odd = *line->note || line->fate == IMPORT_FATE_vanished;
        if (!all && !odd) continue;
        if (shown == SHOWN && !all) continue;
        print_line(report, line);
        shown++;
    }
    if (told > shown) printf("  and more: --report FILE.csv lists every line\n");
}

static void print_report(const struct import_report *report, bool dry_run)
{
    const uint64_t *fates = report->fates;
    if (report->known) print_file(report);
    if (!report->rows) return;
    print_lines(report, dry_run);
    printf("%" PRIu64 " rows: %" PRIu64 " taken (%" PRIu64 " new, %" PRIu64 " changed, %" PRIu64
           " as before), %" PRIu64 " refused, %" PRIu64 " double",
           report->rows, import_report_taken(report), fates[IMPORT_FATE_created],
           fates[IMPORT_FATE_updated], fates[IMPORT_FATE_unchanged], fates[IMPORT_FATE_refused],
           fates[IMPORT_FATE_duplicate]);
    if (report->mended) printf(", %" PRIu64 " outlines mended", report->mended);
    if (fates[IMPORT_FATE_vanished])
        printf(", %" PRIu64 " no longer in the source and marked so", fates[IMPORT_FATE_vanished]);
    puts(*report->error ? " (nothing was changed)"
         : dry_run      ? " (dry run: nothing was changed)"
                        : "");
}

/* The report for a spreadsheet or a program: by the end of the name. */
static enum err write_report(const struct import_report *report, const char *path, struct why *why)
{
    const char *dot = strrchr(path, '.');
    struct buf out;
    struct jsonw json;
    buf_init(&out, SIZE_MAX);
    if (dot && text_same(dot, ".json")) {
        jsonw_init(&json, &out);
        jsonw_object(&json);
        import_report_write_json(report, &json);
        jsonw_object_end(&json);
    } else {
        import_report_write_csv(report, &out);
    }
    enum err e = out.err ? out.err : file_replace(path, out.bytes, out.len, why);
    buf_fini(&out);
    return e;
}

/* What import places and import areas ask alike. */
struct ogr_call {
    const char *file, *crs, *source, *category, *level, *map, *encoding, *layer, *report;
    struct import_columns_map columns;
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
    enum err e = call->map ? import_columns_read_map(call->map, &call->columns, why) : ERR_OK;
    *options = (struct import_ogr_options){
        .categories = store->categories,
        .encoding = call->encoding,
        .layer = call->layer,
        .map = call->map ? &call->columns : NULL,
        .crs = call->crs,
        .source = source_of(call),
        .category = call->category,
        .level = (int)level,
        .strict = call->strict,
        .dry_run = call->dry_run,
        .allow_shrink = call->allow_shrink,
        .keep_missing = call->keep,
    };
    return e;
}

/* Writes it into the book of imports, where the desk's list of them finds it. */
struct sealing {
    enum import_ogr_kind kind;
    const struct import_report *report;
};

static enum err seal(void *user, struct db *db, int64_t import)
{
    const struct sealing *sealing = user;
    const struct imports_note note = {.kind = sealing->kind, .report = sealing->report};
    return imports_seal(db, import, &note);
}

static int import_file(const struct command *command, struct ogr_call *call,
                       const struct config *config, enum import_ogr_kind kind)
{
    struct store store;
    struct command_bar bar;
    struct import_ogr_options options;
    const struct import_ogr_input input = {.path = call->file, .name = call->file};
    struct import_report report;
    const struct sealing sealing = {kind, &report};
    struct crs_context *crs = NULL;
    struct why why = {""}, unsaid = {""};
    import_report_init(&report, call->report ? REPORT_LINES : 0);
    enum err e = store_open(&store, config, &why);
    if (!e) e = store_words(&store, config, &why);
    if (!e) e = crs_context_new(&crs);
    if (!e) e = read_options(call, &store, &options, &why);
    if (!e) {
        options.crs_context = crs;
        options.seal = seal;
        options.user = (void *)&sealing;
        command_bar_init(&bar);
        e = import_ogr_run(store.db, kind, &input, &options, &bar.progress, &report, &why);
        command_bar_end(&bar);
        print_report(&report, call->dry_run);
        enum err unwritten = call->report ? write_report(&report, call->report, &unsaid) : ERR_OK;
        if (!e && unwritten) {
            e = unwritten;
            why = unsaid;
        }
    }
    import_report_fini(&report);
    crs_context_free(crs);
    store_close(&store);
    return e ? command_fail(command, e, &why) : COMMAND_DONE;
}

#define OGR_OPTIONS(call)                                                                          \
    {"crs", "CRS", "of its coordinates: wgs84, gcj02, bd09, EPSG:n", false, &(call).crs, NULL},    \
        {"source", "NAME",         "whose objects these are (the name of the file)",               \
         false,    &(call).source, NULL},                                                          \
        {"encoding", "NAME",           "of its text: utf-8, gb18030, big5, utf-16 (found out)",    \
         false,      &(call).encoding, NULL},                                                      \
        {"layer", "NAME",        "which layer or sheet (the first that has rows)",                 \
         false,   &(call).layer, NULL},                                                            \
        {"map", "FIELD=COLUMN,...", "what its columns are (guessed from their names)",             \
         false, &(call).map,        NULL},                                                         \
        {"report", "FILE",         "write what becomes of every line to FILE.csv or FILE.json",    \
         false,    &(call).report, NULL},                                                          \
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
        {"FILE", NULL, ".csv .xlsx .ods .geojson .gpkg .shp .kml .zip", true, &call.file, NULL},
        {"category", "CODE", "for rows that name none", false, &call.category, NULL},
        OGR_OPTIONS(call),
        COMMAND_COMMON(common),
    };
    struct config config;
    int end = command_begin(&command_import_places, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    return end >= 0 ? end : import_file(&command_import_places, &call, &config, IMPORT_OGR_PLACES);
}

static int run_areas(int argc, char **argv)
{
    struct command_common common = {0};
    struct ogr_call call = {.level = "8"};
    const struct option options[] = {
        {"FILE", NULL, ".geojson .gpkg .shp .kml .zip, .csv with WKT", true, &call.file, NULL},
        {"level", "N", "admin_level of areas that name none (8: sub-district)", false, &call.level,
         NULL},
        OGR_OPTIONS(call),
        COMMAND_COMMON(common),
    };
    struct config config;
    int end = command_begin(&command_import_areas, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    return end >= 0 ? end : import_file(&command_import_areas, &call, &config, IMPORT_OGR_AREAS);
}

/* A grid is a whole: nothing of it can be missing or shrink. */
static int run_grid(int argc, char **argv)
{
    struct command_common common = {0};
    struct ogr_call call = {0};
    const struct option options[] = {
        {"FILE", NULL, ".tif, or .csv .xlsx .geojson .gpkg .shp with a weight", true, &call.file,
         NULL},
        {"name", "NAME", "what weight= calls it (the name of the file)", false, &call.source, NULL},
        {"crs", "CRS", "of its coordinates: wgs84, gcj02, bd09, EPSG:n", false, &call.crs, NULL},
        {"encoding", "NAME", "of its text: utf-8, gb18030, big5, utf-16 (found out)", false,
         &call.encoding, NULL},
        {"layer", "NAME", "which layer or sheet (the first that has rows)", false, &call.layer,
         NULL},
        {"map", "FIELD=COLUMN,...", "what its columns are (guessed): lon, lat, wkt, weight", false,
         &call.map, NULL},
        {"report", "FILE", "write what is refused to FILE.csv or FILE.json", false, &call.report,
         NULL},
        {"strict", NULL, "any bad row refuses the whole file", false, NULL, &call.strict},
        {"dry-run", NULL, "tell what would happen, change nothing", false, NULL, &call.dry_run},
        COMMAND_COMMON(common),
    };
    struct config config;
    int end = command_begin(&command_import_grid, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    return end >= 0 ? end : import_file(&command_import_grid, &call, &config, IMPORT_OGR_GRID);
}

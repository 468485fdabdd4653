#include "data/import_ogr.h"
#include "data/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char list[] =
    "categories: [{code: toilet, zh: 厕所, en: Toilet}, {code: fuel, zh: 加油站, en: Fuel}]\n"
    "amenities: [{code: water, zh: 饮水, en: Water}, {code: wifi, zh: WiFi, en: Wi-Fi}]\n";

/* Made once: a database with its tables takes a while. */
static struct {
    struct db *db;
    struct categories *categories;
    struct crs_context *crs;
    char folder[32];
} kept;

static void tidy_up(void)
{
    static const char *const names[] = {"a.db", "a.db-wal", "a.db-shm", "a.db-turn"};
    char path[64];
    db_close(kept.db);
    categories_free(kept.categories);
    crs_context_free(kept.crs);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", kept.folder, names[i]);
        unlink(path);
    }
    rmdir(kept.folder);
}

static void tools(void)
{
    char file[64];
    if (kept.db) return;
    (void)snprintf(kept.folder, sizeof kept.folder, "/tmp/yizhan-fuzz-XXXXXX");
    if (!mkdtemp(kept.folder) || atexit(tidy_up)) abort();
    (void)snprintf(file, sizeof file, "%s/a.db", kept.folder);
    if (db_open(file, DB_CREATE, &kept.db, NULL) || migrate_up(kept.db, NULL, NULL) ||
        categories_parse("list", list, sizeof list - 1, &kept.categories, NULL) ||
        crs_context_new(&kept.crs))
        abort();
}

/* The first byte chooses the format, the second what is read, the coordinate system and the
 * defaults; the rest is the file. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const systems[] = {NULL, "gcj02", "bd09", "EPSG:4548"};
    static const char *const names[] = {"a.csv",  "a.geojson", "a.xlsx", "a.ods",
                                        "a.gpkg", "a.kml",     "a.kmz",  "a.zip"};
    struct why why = {""};
    struct import_report report;
    if (len < 2) return 0;
    tools();
    enum import_ogr_kind kind = bytes[1] & 32  ? IMPORT_OGR_GRID
                                : bytes[1] & 1 ? IMPORT_OGR_AREAS
                                               : IMPORT_OGR_PLACES;
    bool is_raster = kind == IMPORT_OGR_GRID && bytes[0] & 8;
    const struct import_ogr_input input = {
        .name = is_raster ? "a.tif" : names[bytes[0] & 7], .bytes = bytes + 2, .len = len - 2};
    const struct import_ogr_options options = {.categories = kept.categories,
                                               .crs_context = kept.crs,
                                               .crs = systems[bytes[1] >> 1 & 3],
                                               .source = "fuzz",
                                               .category = bytes[1] & 8 ? "toilet" : NULL,
                                               .level = bytes[1] & 16 ? 8 : 0,
                                               .max_rows = 10000,
                                               .max_bytes = 4 << 20,
                                               .dry_run = true};
    import_report_init(&report, 100);
    enum err e = import_ogr_run(kept.db, kind, &input, &options, NULL, &report, &why);
    if (e && e != ERR_NOMEM && !*why.text) __builtin_trap();
    if (!e && import_report_taken(&report) + report.fates[IMPORT_FATE_refused] +
                      report.fates[IMPORT_FATE_duplicate] !=
                  report.rows)
        __builtin_trap();
    struct buf out;
    buf_init(&out, 1 << 24);
    import_report_write_csv(&report, &out);
    buf_fini(&out);
    import_report_fini(&report);
    return 0;
}

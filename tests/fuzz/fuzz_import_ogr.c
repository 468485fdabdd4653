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

/* The first byte chooses the format, what is read, and the coordinate system; the rest is the file.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const systems[] = {NULL, "gcj02", "bd09", "EPSG:4548"};
    char path[64];
    static struct import_ogr_report report;
    struct why why = {""};
    if (len == 0) return 0;
    tools();
    bool is_table = bytes[0] & 1, areas = bytes[0] & 2;
    (void)snprintf(path, sizeof path, "/tmp/yizhan-fuzz-%d.%s", (int)getpid(),
                   is_table ? "csv" : "geojson");
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes + 1, 1, len - 1, file) != len - 1 || fclose(file) != 0) abort();
    const struct import_ogr_options options = {.categories = kept.categories,
                                               .crs_context = kept.crs,
                                               .crs = systems[bytes[0] >> 2 & 3],
                                               .source = "fuzz",
                                               .category = bytes[0] & 16 ? "toilet" : NULL,
                                               .level = bytes[0] & 32 ? 8 : 0,
                                               .dry_run = true};
    enum err e = areas ? import_ogr_areas(kept.db, path, &options, NULL, &report, &why)
                       : import_ogr_places(kept.db, path, &options, NULL, &report, &why);
    if (e && e != ERR_NOMEM && !*why.text) __builtin_trap();
    if (!e && report.kept + report.refused != report.rows) __builtin_trap();
    unlink(path);
    return 0;
}

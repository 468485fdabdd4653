#include "server/command.h"

#include "data/areas.h"
#include "data/audit.h"
#include "data/cases_export.h"
#include "geo/base/clock.h"
#include "geo/base/file.h"
#include "geo/base/moment.h"
#include "geo/base/zone.h"
#include "server/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int run(int argc, char **argv);

const struct command command_export_cases = {
    "export cases", "Writes cases to a table or a map, without who sent them.", run};

enum { MAX_BYTES = 1 << 30, MAX_ROWS = 1000000, MAX_SHEET = 100000 };

struct call {
    const char *file, *format, *crs, *kind, *state, *category, *area, *from, *to;
    bool open;
};

/* What is opened for it, and closed after. */
struct ground {
    struct store store;
    struct kinds *kinds;
    struct areaset *areas;
    struct crs_context *crs;
    struct arena arena;
};

static enum err find_format(const struct call *call, enum ogr_format *format, struct why *why)
{
    const char *dot = strrchr(call->file, '.');
    const char *word = call->format ? call->format : dot ? dot + 1 : "";
    if (!ogr_format_find(word, format) &&
        (*format == OGR_CSV || *format == OGR_XLSX || *format == OGR_GEOJSON))
        return ERR_OK;
    return err_say(why, ERR_INVALID, "\"%.40s\" is no format: csv, xlsx, geojson (--format)", word);
}

static enum err read_moment(const char *name, const char *text, int64_t *ms, struct why *why)
{
    if (!text || (moment_read(text, ms) && *ms > 0)) return ERR_OK;
    return err_say(why, ERR_INVALID, "--%s is a moment like 2026-11-01T00:00:00+08:00", name);
}

static enum err read_words(const struct call *call, const struct ground *g,
                           struct cases_filter *filter, struct why *why)
{
    const struct kinds_kind *kind = kinds_find(g->kinds, call->kind ? call->kind : "report");
    if (!kind) return err_say(why, ERR_INVALID, "there is no kind \"%.40s\"", call->kind);
    *filter = (struct cases_filter){.kind = kind->code,
                                    .state = call->state,
                                    .category = call->category,
                                    .only_open = call->open};
    if (call->state && !kinds_state(kind, call->state))
        return err_say(why, ERR_INVALID, "the kind has no state \"%.40s\"", call->state);
    if (call->category && !kinds_category(kind, call->category))
        return err_say(why, ERR_INVALID, "the kind has no category \"%.40s\"", call->category);
    enum err e = read_moment("from", call->from, &filter->created_from_ms, why);
    return e ? e : read_moment("to", call->to, &filter->created_before_ms, why);
}

static enum err read_area(const struct call *call, const struct ground *g, int64_t *id,
                          struct cases_filter *filter, struct why *why)
{
    if (!call->area) return ERR_OK;
    enum err e = areas_find(g->store.db, call->area, id);
    if (e == ERR_NOTFOUND || e == ERR_CONFLICT)
        return err_say(why, e, "%s area has the code or name \"%.40s\"",
                       e == ERR_CONFLICT ? "more than one" : "no", call->area);
    filter->areas_limited = true;
    filter->area_ids = id;
    filter->area_count = 1;
    return e;
}

static enum err open_ground(struct ground *g, const struct config *config, struct why *why)
{
    char path[PATH_MAX];
    enum err e = store_open(&g->store, config, why);
    if (!e) e = config_share(config, "kinds", path, sizeof path);
    if (!e) e = kinds_load(path, NULL, &g->kinds, why);
    if (!e) e = areas_load(g->store.db, &g->areas, why);
    if (!e) e = crs_context_new(&g->crs);
    return e ? e : zone_use(config->timezone, why);
}

static void close_ground(struct ground *g)
{
    crs_context_free(g->crs);
    areaset_free(g->areas);
    kinds_free(g->kinds);
    store_close(&g->store);
    arena_fini(&g->arena);
}

/* An operator's is in the audit trail like anybody's. */
static enum err note(struct db *db, const char *kind)
{
    const struct audit_row row = {.verb = AUDIT_exported,
                                  .route = "yizhan export cases",
                                  .detail = kind,
                                  .at_ms = clock_utc_ms()};
    return audit_add_all(db, &row, 1);
}

static enum err write(struct ground *g, const struct call *call, struct buf *out, uint64_t *count,
                      struct why *why)
{
    struct cases_filter filter;
    struct command_bar bar;
    int64_t area = 0;
    struct cases_export export = {.filter = &filter, .kinds = g->kinds, .areas = g->areas};
    enum err e = find_format(call, &export.format, why);
    if (!e) e = crs_find(g->crs, call->crs ? call->crs : "wgs84", &export.crs, why);
    if (!e) e = read_words(call, g, &filter, why);
    if (!e) e = read_area(call, g, &area, &filter, why);
    if (!e) e = note(g->store.db, filter.kind);
    if (e) return e;
    export.now_ms = clock_utc_ms();
    export.max_rows = export.format == OGR_XLSX ? MAX_SHEET : MAX_ROWS;
    command_bar_init(&bar);
    export.progress = &bar.progress;
    e = cases_export_write(g->store.db, &export, &g->arena, out, count, why);
    command_bar_end(&bar);
    return e;
}

static int run(int argc, char **argv)
{
    struct command_common common = {0};
    struct call call = {0};
    const struct option options[] = {
        {"FILE", NULL, "what to write", true, &call.file, NULL},
        {"format", "NAME", "csv, xlsx, geojson (by the file's name)", false, &call.format, NULL},
        {"crs", "CRS", "of the coordinates: wgs84, gcj02, bd09, EPSG:n", false, &call.crs, NULL},
        {"kind", "CODE", "of which kind (report)", false, &call.kind, NULL},
        {"state", "CODE", "only in this state", false, &call.state, NULL},
        {"category", "CODE", "only of this category", false, &call.category, NULL},
        {"area", "CODE", "only in this area, by code or name", false, &call.area, NULL},
        {"from", "MOMENT", "only made then or later", false, &call.from, NULL},
        {"to", "MOMENT", "only made before", false, &call.to, NULL},
        {"open", NULL, "only with work to do", false, NULL, &call.open},
        COMMAND_COMMON(common),
    };
    struct config config;
    struct ground g = {.kinds = NULL};
    struct buf out;
    struct why why = {""};
    uint64_t count = 0;
    int end = command_begin(&command_export_cases, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    buf_init(&out, MAX_BYTES);
    enum err e = open_ground(&g, &config, &why);
    if (!e) e = write(&g, &call, &out, &count, &why);
    if (!e) e = file_replace(call.file, out.bytes, out.len, &why);
    if (!e) printf("%s: %" PRIu64 " rows, %zu bytes\n", call.file, count, out.len);
    buf_fini(&out);
    close_ground(&g);
    return e ? command_fail(&command_export_cases, e, &why) : COMMAND_DONE;
}

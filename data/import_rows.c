#include "data/import_rows.h"

#include "data/areas.h"
#include "data/import_shrink.h"
#include "data/places.h"
#include "geo/base/arena.h"
#include "geo/base/pool.h"
#include "geo/base/text.h"
#include "geo/space/polygon.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 5000000, EVERY = 4096 };

/* A kept row, as it goes into the database. */
struct kept {
    uint64_t line;
    union {
        struct places_row place;
        struct areas_row area;
    } as;
};

struct import_rows {
    enum import_rows_kind kind;
    const struct import_ogr_options *options;
    const struct crs *crs;
    struct import_ogr_report *report;
    int category; /* for rows that name none; -1: none */
    struct arena arena;
    struct pool ids; /* source ids so far: each may come once */
    struct kept *items;
    size_t count, size;
    /* while storing */
    const struct progress *progress;
    const char *file;
    struct why *why;
    bool undone; /* a dry run came to its end */
};

/* Tells why a row is left out; false, for `return refuse(...)`. */
#define refuse(reason, ...) (err_say((reason), ERR_INVALID, __VA_ARGS__) == ERR_OK)

/* As much of a sentence as fits, cut between characters. */
static void copy_reason(struct import_ogr_problem *problem, const char *text)
{
    size_t n = 0, len = strlen(text), next;
    while ((next = text_utf8_len(text + n, len - n)) && n + next < sizeof problem->reason)
        n += next;
    memcpy(problem->reason, text, n);
    problem->reason[n] = '\0';
}

static void tell(struct import_rows *rows, uint64_t line, bool fatal, const char *text)
{
    struct import_ogr_report *report = rows->report;
    if (fatal) report->refused++;
    if (report->problem_count < IMPORT_OGR_PROBLEMS) {
        struct import_ogr_problem *problem = &report->problems[report->problem_count];
        problem->line = line;
        problem->fatal = fatal;
        copy_reason(problem, text);
    }
    report->problem_count++;
}

enum err import_rows_new(enum import_rows_kind kind, const struct import_ogr_options *options,
                         const struct crs *crs, struct import_ogr_report *report,
                         struct import_rows **rows, struct why *why)
{
    const char *word = options->category;
    int category = -1;
    if (kind == IMPORT_ROWS_PLACES && word) {
        category = categories_match(options->categories, word, strlen(word));
        if (category < 0)
            return err_say(why, ERR_INVALID, "\"%s\" is no known category of places", word);
    }
    struct import_rows *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->kind = kind;
    made->options = options;
    made->crs = crs;
    made->report = report;
    made->category = category;
    arena_init(&made->arena, 0);
    *rows = made;
    return ERR_OK;
}

void import_rows_free(struct import_rows *rows)
{
    if (!rows) return;
    arena_fini(&rows->arena);
    pool_fini(&rows->ids);
    free(rows->items);
    free(rows);
}

/* ---- one row ---- */

static const char *trimmed(struct import_rows *rows, const char *text)
{
    size_t len = strlen(text);
    text_trim(&text, &len);
    return len ? arena_strndup(&rows->arena, text, len) : "";
}

static bool read_number(const char *text, const char *what, double *value, struct why *reason)
{
    size_t len = strlen(text);
    text_trim(&text, &len);
    if (text_double(text, len, value)) return true;
    return refuse(reason, "the %s \"%.40s\" is not a number", what, text);
}

/* The row's position in the file's system. */
static bool read_position(const struct import_row *row, struct coord *at, struct why *reason)
{
    const char *const *texts = row->texts;
    if (row->trouble) return refuse(reason, "%s", row->trouble);
    if (row->has_point) {
        *at = row->at;
        return true;
    }
    const char *lon = texts[IMPORT_COLUMNS_lon], *lat = texts[IMPORT_COLUMNS_lat];
    if (*lon && *lat)
        return read_number(lon, "longitude", &at->lon, reason) &&
               read_number(lat, "latitude", &at->lat, reason);
    const char *pair = texts[IMPORT_COLUMNS_wkt];
    if (*pair && import_columns_pair(pair, at)) return true;
    if (*pair) return refuse(reason, "the position \"%.40s\" is not understood", pair);
    return refuse(reason, "it has no position");
}

static bool place_position(const struct import_rows *rows, const struct import_row *row,
                           struct coord *at, struct why *reason)
{
    struct coord given = {0, 0}, here;
    if (!read_position(row, &given, reason)) return false;
    here = given;
    bool bad = crs_to_wgs84(rows->crs, &here, 1) != ERR_OK || !coord_valid(here);
    if (bad && coord_valid((struct coord){given.lat, given.lon}))
        return refuse(reason, "%.6f, %.6f is no position; are longitude and latitude swapped?",
                      given.lon, given.lat);
    if (bad)
        return refuse(reason, "%.6f, %.6f lies outside the world of %s", given.lon, given.lat,
                      crs_name(rows->crs));
    if (here.lon == 0 && here.lat == 0) return refuse(reason, "0, 0 is no position");
    *at = here;
    return true;
}

static bool place_category(const struct import_rows *rows, const struct import_row *row,
                           int *category, struct why *reason)
{
    const char *word = row->texts[IMPORT_COLUMNS_category];
    size_t len = strlen(word);
    const char *bare = word;
    text_trim(&bare, &len);
    int found = len ? categories_match(rows->options->categories, bare, len) : rows->category;
    if (found < 0 && len) return refuse(reason, "\"%.60s\" is no known category", word);
    if (found < 0) return refuse(reason, "it names no category");
    *category = found;
    return true;
}

/* The id it has in the file, or one made of what tells it from others. */
static const char *id_of(struct import_rows *rows, const struct import_row *row, const char *name,
                         struct coord at)
{
    const char *given = trimmed(rows, row->texts[IMPORT_COLUMNS_id]);
    if (!given || *given) return given;
    if (strlen(name) > 150) name = ""; /* its position must do: an id has at most 200 bytes */
    return arena_printf(&rows->arena, "%s@%.5f,%.5f", name, at.lon, at.lat);
}

static bool all_utf8(const struct import_row *row, struct why *reason)
{
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (!text_utf8_valid(row->texts[f], strlen(row->texts[f])))
            return refuse(reason, "its %s is not UTF-8; save the file as \"CSV UTF-8\"",
                          import_columns_name((enum import_column)f));
    return true;
}

static bool read_place(struct import_rows *rows, const struct import_row *row,
                       struct places_row *place, struct why *reason, enum err *e)
{
    const struct categories *categories = rows->options->categories;
    char codes[CATEGORIES_AMENITIES_SIZE];
    uint64_t amenities = 0;
    int category = -1;
    struct coord at;
    struct why why = {""};
    if (!all_utf8(row, reason) || !place_category(rows, row, &category, reason) ||
        !place_position(rows, row, &at, reason))
        return false;
    const struct category *kind = categories_at(categories, (size_t)category);
    const char *name = trimmed(rows, row->texts[IMPORT_COLUMNS_name]);
    if (name && !*name && kind->named) return refuse(reason, "a %s needs a name", kind->code);
    if (categories_read_amenities(categories, row->texts[IMPORT_COLUMNS_amenities], &amenities,
                                  &why))
        tell(rows, row->line, false, why.text);
    categories_write_amenities(categories, amenities, codes);
    *place = (struct places_row){
        .source = rows->options->source,
        .source_id = name ? id_of(rows, row, name, at) : NULL,
        .at = at,
        .category = kind->code,
        .amenities = arena_strdup(&rows->arena, codes),
        .name = name,
        .name_en = trimmed(rows, row->texts[IMPORT_COLUMNS_name_en]),
        .address = trimmed(rows, row->texts[IMPORT_COLUMNS_address]),
        .phone = trimmed(rows, row->texts[IMPORT_COLUMNS_phone]),
        .hours = trimmed(rows, row->texts[IMPORT_COLUMNS_hours]),
        .hours_self = trimmed(rows, row->texts[IMPORT_COLUMNS_hours_self]),
    };
    bool complete = place->source_id && place->amenities && name && place->name_en &&
                    place->address && place->phone && place->hours && place->hours_self;
    if (!complete) *e = ERR_NOMEM;
    return complete;
}

/* Its outline, valid and as a multipolygon, in the arena. */
static bool area_outline(struct import_rows *rows, const struct import_row *row,
                         struct areas_row *area, struct why *reason, enum err *e)
{
    struct polygon *polygon;
    struct why why = {""};
    bool mended = false;
    unsigned char *wkb = NULL;
    size_t len = 0;
    if (row->trouble) return refuse(reason, "%s", row->trouble);
    if (!row->wkb) return refuse(reason, "it has no polygon");
    if (polygon_from_wkb(row->wkb, row->wkb_len, &polygon, &mended, &why))
        return refuse(reason, "its outline is unusable: %.120s", why.text);
    *e = polygon_to_wkb(polygon, &wkb, &len);
    unsigned char *copy = *e ? NULL : arena_alloc(&rows->arena, len);
    if (copy) memcpy(copy, wkb, len);
    if (!copy && !*e) *e = ERR_NOMEM;
    free(wkb);
    polygon_free(polygon);
    area->wkb = copy;
    area->wkb_len = len;
    rows->report->mended += mended && copy;
    return copy != NULL;
}

static bool read_area(struct import_rows *rows, const struct import_row *row,
                      struct areas_row *area, struct why *reason, enum err *e)
{
    const char *level = row->texts[IMPORT_COLUMNS_level];
    if (!all_utf8(row, reason)) return false;
    const char *name = trimmed(rows, row->texts[IMPORT_COLUMNS_name]);
    const char *code = trimmed(rows, row->texts[IMPORT_COLUMNS_code]);
    const char *id = trimmed(rows, row->texts[IMPORT_COLUMNS_id]);
    const char *name_en = trimmed(rows, row->texts[IMPORT_COLUMNS_name_en]);
    if (!name || !code || !id || !name_en) {
        *e = ERR_NOMEM;
        return false;
    }
    int number = *level ? import_columns_level(level) : rows->options->level;
    if (!*name) return refuse(reason, "an area needs a name");
    if (!number && *level)
        return refuse(reason, "the level \"%.40s\" is not understood: 2 to 11, as OSM counts",
                      level);
    if (!number) return refuse(reason, "it has no level");
    if (!*id && *code) id = code;
    if (!*id)
        id = arena_printf(&rows->arena, "%s@%d", name, number); /* too long: areas_put tells */
    *area = (struct areas_row){
        .source = rows->options->source,
        .source_id = id,
        .level = number,
        .code = code,
        .name = name,
        .name_en = name_en,
    };
    if (!id) *e = ERR_NOMEM;
    return id && area_outline(rows, row, area, reason, e);
}

static const char *source_id_of(const struct import_rows *rows, const struct kept *kept)
{
    return rows->kind == IMPORT_ROWS_PLACES ? kept->as.place.source_id : kept->as.area.source_id;
}

/* False when an earlier row has its id. */
static enum err check_id(struct import_rows *rows, const struct kept *kept, bool *is_new)
{
    uint32_t before = rows->ids.used, offset;
    enum err e = pool_put(&rows->ids, source_id_of(rows, kept), &offset);
    *is_new = rows->ids.used != before;
    return e;
}

static enum err keep(struct import_rows *rows, const struct kept *kept)
{
    bool is_new;
    enum err e = check_id(rows, kept, &is_new);
    if (e) return e;
    if (!is_new) {
        struct why reason;
        (void)err_say(&reason, ERR_INVALID, "an earlier row has the same id, \"%.100s\"",
                      source_id_of(rows, kept));
        tell(rows, kept->line, true, reason.text);
        return ERR_OK;
    }
    if (rows->count == rows->size) {
        size_t size = rows->size ? rows->size * 2 : 256;
        struct kept *more = reallocarray(rows->items, size, sizeof *more);
        if (!more) return ERR_NOMEM;
        rows->items = more;
        rows->size = size;
    }
    rows->items[rows->count++] = *kept;
    return ERR_OK;
}

enum err import_rows_add(struct import_rows *rows, const struct import_row *row, struct why *why)
{
    struct kept kept = {.line = row->line};
    struct why reason = {""};
    enum err e = ERR_OK;
    if (++rows->report->rows > MAX_ROWS)
        return err_say(why, ERR_LIMIT, "more than %d rows: split the file", MAX_ROWS);
    bool good = rows->kind == IMPORT_ROWS_PLACES
                    ? read_place(rows, row, &kept.as.place, &reason, &e)
                    : read_area(rows, row, &kept.as.area, &reason, &e);
    if (e) return e;
    if (good) return keep(rows, &kept);
    tell(rows, row->line, true, reason.text);
    return ERR_OK;
}

/* ---- all rows ---- */

/* An error of one row becomes a problem of that row; others end the import. */
static enum err judge(struct import_rows *rows, const struct kept *kept, enum err e,
                      const struct why *why)
{
    if (e != ERR_INVALID && e != ERR_RANGE && e != ERR_FORMAT) return e;
    tell(rows, kept->line, true, *why->text ? why->text : err_text(e));
    if (!rows->options->strict) return ERR_OK;
    return err_say(rows->why, ERR_INVALID, "row %" PRIu64 ": %s", kept->line,
                   *why->text ? why->text : err_text(e));
}

static bool go_on(const struct import_rows *rows, size_t i)
{
    return i % EVERY != 0 || progress_say(rows->progress, "rows", i, rows->count);
}

static enum err store_places(struct import_rows *rows, struct db *db)
{
    struct places_counts counts = {0};
    int64_t import;
    enum err e = places_import_begin(db, rows->options->source, rows->file, &import);
    for (size_t i = 0; i < rows->count && !e; i++) {
        struct why why = {""};
        if (!go_on(rows, i)) return ERR_CANCELLED;
        e = places_put(db, import, rows->options->categories, &rows->items[i].as.place, &counts,
                       &why);
        e = judge(rows, &rows->items[i], e, &why);
    }
    if (!e && !rows->options->keep_missing) e = places_prune(db, import, &counts);
    if (!e)
        e = import_shrink_check(rows->options->allow_shrink, "places", rows->options->source,
                                counts.vanished, counts.changed + counts.unchanged, rows->why);
    if (!e) e = places_import_end(db, import, &counts);
    rows->report->created = counts.added;
    rows->report->updated = counts.changed;
    rows->report->unchanged = counts.unchanged;
    rows->report->vanished = counts.vanished;
    return e;
}

static enum err store_areas(struct import_rows *rows, struct db *db)
{
    struct areas_counts counts = {0};
    int64_t *ids = calloc(rows->count + 1, sizeof *ids);
    size_t kept = 0;
    enum err e = ids ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; i < rows->count && !e; i++) {
        struct why why = {""};
        e = go_on(rows, i) ? areas_put(db, &rows->items[i].as.area, &counts, &ids[kept], &why)
                           : ERR_CANCELLED;
        kept += !e;
        e = judge(rows, &rows->items[i], e, &why);
    }
    if (!e && !rows->options->keep_missing)
        e = areas_prune(db, rows->options->source, ids, kept, &counts);
    if (!e)
        e = import_shrink_check(rows->options->allow_shrink, "areas", rows->options->source,
                                counts.vanished, counts.changed + counts.unchanged, rows->why);
    if (!e) e = areas_link(db);
    if (!e) e = areas_import_end(db, &counts);
    free(ids);
    rows->report->created = counts.added;
    rows->report->updated = counts.changed;
    rows->report->unchanged = counts.unchanged;
    rows->report->vanished = counts.vanished;
    return e;
}

static enum err store_all(struct db *db, void *user)
{
    struct import_rows *rows = user;
    enum err e = rows->kind == IMPORT_ROWS_PLACES ? store_places(rows, db) : store_areas(rows, db);
    if (e || !rows->options->dry_run) return e;
    rows->undone = true;
    return ERR_CANCELLED; /* so that nothing of it stays */
}

static const char *first_refusal(const struct import_ogr_report *report)
{
    for (uint64_t i = 0; i < report->problem_count && i < IMPORT_OGR_PROBLEMS; i++)
        if (report->problems[i].fatal) return report->problems[i].reason;
    return "see the list of problems";
}

/* Whether what was read may be stored at all. */
static enum err check_rows(const struct import_rows *rows, const char *file, struct why *why)
{
    const struct import_ogr_report *report = rows->report;
    if (report->rows == 0) return err_say(why, ERR_INVALID, "%s has no rows", file);
    if (rows->count == 0)
        return err_say(why, ERR_INVALID, "%s: none of its %" PRIu64 " rows can be used: %s", file,
                       report->rows, first_refusal(report));
    if (rows->options->strict && report->refused)
        return err_say(why, ERR_INVALID,
                       "%s: %" PRIu64 " of %" PRIu64
                       " rows cannot be used, so nothing was imported",
                       file, report->refused, report->rows);
    return ERR_OK;
}

enum err import_rows_store(struct import_rows *rows, struct db *db, const char *file,
                           const struct progress *progress, struct why *why)
{
    struct import_ogr_report *report = rows->report;
    struct why said = {""};
    rows->progress = progress;
    rows->file = file;
    rows->why = &said;
    enum err e = check_rows(rows, file, &said);
    if (!e) {
        e = db_write(db, store_all, rows);
        if (rows->undone) e = ERR_OK;
        if (e && e != ERR_CANCELLED && !*said.text) (void)err_say(&said, e, "%s", db_error(db));
    }
    if (e) report->created = report->updated = report->unchanged = report->vanished = 0;
    report->kept = report->created + report->updated + report->unchanged;
    if (e && why) *why = said;
    return e;
}

#include "data/import_rows.h"

#include "data/export_cell.h"
#include "data/import_cells.h"
#include "data/import_store.h"
#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/base/pool.h"
#include "geo/base/room.h"
#include "geo/base/text.h"
#include "geo/space/polygon.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 5000000 };

/* Where in the pool an id lies, and the line that brought it: in order of both. */
struct seen {
    uint32_t offset;
    uint64_t line;
};

struct import_rows {
    enum import_ogr_kind kind;
    const struct import_ogr_options *options;
    const struct crs *crs;
    struct import_report *report;
    int category; /* for rows that name none; -1: none */
    struct arena arena;
    struct pool ids; /* source ids so far: each may come once */
    struct seen *seen;
    size_t seen_count, seen_size;
    struct import_kept *items;
    size_t count, size;
    const char **refused; /* ids of rows that were left out */
    size_t refused_count, refused_size;
    bool unsure;               /* of one of them, which place or area it is about */
    struct import_cells cells; /* of a grid */
    struct why note;           /* about the present row */
};

/* Tells why a row is left out; false, for `return refuse(...)`. */
#define refuse(reason, ...) (err_say((reason), ERR_INVALID, __VA_ARGS__) == ERR_OK)

enum err import_rows_new(enum import_ogr_kind kind, const struct import_ogr_options *options,
                         const struct crs *crs, struct import_report *report,
                         struct import_rows **rows, struct why *why)
{
    const char *word = options->category;
    int category = -1;
    if (kind == IMPORT_OGR_PLACES && word) {
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
    free(rows->seen);
    free(rows->items);
    free(rows->refused);
    import_cells_fini(&rows->cells);
    free(rows);
}

/* What is worth knowing of the present row, though it is taken. */
static void note(struct import_rows *rows, const char *text)
{
    const struct why before = rows->note;
    (void)err_tell(&rows->note, *before.text ? "%s; %s" : "%s%s", before.text, text);
}

/* ---- one row ---- */

/* Without white space around it, nor the apostrophe that keeps a spreadsheet from running it as a
 * formula (import_report_cell). */
static const char *trimmed(struct import_rows *rows, const char *text)
{
    size_t len = strlen(text);
    text_trim(&text, &len);
    if (len > 1 && *text == '\'' && export_cell_is_formula(text + 1, len - 1)) text++, len--;
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
            return refuse(reason,
                          "its %s has characters that are not of the file's encoding; name "
                          "another (encoding), or mend them",
                          import_columns_name((enum import_column)f));
    return true;
}

/* What is not understood of a row that is taken all the same. */
static int64_t capacity_of(struct import_rows *rows, const struct import_row *row)
{
    struct why why = {""};
    const char *text = row->texts[IMPORT_COLUMNS_capacity];
    int number = import_columns_capacity(text);
    if (number >= 0 && number <= PLACES_CAPACITY_MAX) return number;
    (void)err_tell(&why, "the capacity \"%.40s\" is not understood", text);
    note(rows, why.text);
    return 0;
}

/* The fields that the file has columns for; the position and the category it always says. */
static unsigned said_by(const struct import_row *row)
{
    static const struct {
        enum import_column column;
        enum places_field field;
    } pairs[] = {
        {IMPORT_COLUMNS_amenities, PLACES_amenities},
        {IMPORT_COLUMNS_name, PLACES_name},
        {IMPORT_COLUMNS_name_en, PLACES_name_en},
        {IMPORT_COLUMNS_names, PLACES_names},
        {IMPORT_COLUMNS_address, PLACES_address},
        {IMPORT_COLUMNS_phone, PLACES_phone},
        {IMPORT_COLUMNS_hours, PLACES_hours},
        {IMPORT_COLUMNS_hours_self, PLACES_hours_self},
        {IMPORT_COLUMNS_capacity, PLACES_capacity},
    };
    unsigned said = 1u << PLACES_location | 1u << PLACES_category;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (row->columns >> pairs[i].column & 1) said |= 1u << pairs[i].field;
    return said;
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
        note(rows, why.text);
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
        .names =
            import_columns_names(trimmed(rows, row->texts[IMPORT_COLUMNS_names]), &rows->arena),
        .capacity = capacity_of(rows, row),
        .hours = trimmed(rows, row->texts[IMPORT_COLUMNS_hours]),
        .hours_self = trimmed(rows, row->texts[IMPORT_COLUMNS_hours_self]),
    };
    bool complete = place->source_id && place->amenities && name && place->name_en &&
                    place->names && place->address && place->phone && place->hours &&
                    place->hours_self;
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

static int area_level(const struct import_rows *rows, const struct import_row *row)
{
    const char *level = row->texts[IMPORT_COLUMNS_level];
    return *level ? import_columns_level(level) : rows->options->level;
}

/* Its id in the file, else its code, else its name at its level. */
static const char *area_id(struct import_rows *rows, const char *id, const char *code,
                           const char *name, int level)
{
    return *id ? id : *code ? code : arena_printf(&rows->arena, "%s@%d", name, level);
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
    int number = area_level(rows, row);
    if (!*name) return refuse(reason, "an area needs a name");
    if (!number && *level)
        return refuse(reason, "the level \"%.40s\" is not understood: 2 to 11, as OSM counts",
                      level);
    if (!number) return refuse(reason, "it has no level");
    id = area_id(rows, id, code, name, number); /* too long: areas_put tells */
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

static const char *source_id_of(const struct import_rows *rows, const struct import_kept *kept)
{
    return rows->kind == IMPORT_OGR_PLACES ? kept->as.place.source_id : kept->as.area.source_id;
}

static const char *name_of(const struct import_rows *rows, const struct import_kept *kept)
{
    return rows->kind == IMPORT_OGR_PLACES ? kept->as.place.name : kept->as.area.name;
}

/* The line that brought the id at this offset of the pool. */
static uint64_t line_of(const struct import_rows *rows, uint32_t offset)
{
    size_t low = 0, high = rows->seen_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (rows->seen[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    return rows->seen[low].line;
}

/* Remembers the row's id; `*earlier` is the line that had it before, or 0. */
static enum err check_id(struct import_rows *rows, const struct import_kept *kept,
                         uint64_t *earlier)
{
    uint32_t before = rows->ids.used, offset;
    enum err e = pool_put(&rows->ids, source_id_of(rows, kept), &offset);
    *earlier = 0;
    if (e) return e;
    if (rows->ids.used == before) {
        *earlier = line_of(rows, offset);
        return ERR_OK;
    }
    e = room_grow(&rows->seen, sizeof *rows->seen, rows->seen_count, &rows->seen_size);
    if (!e) rows->seen[rows->seen_count++] = (struct seen){offset, kept->line};
    return e;
}

static enum err keep(struct import_rows *rows, struct import_kept *kept)
{
    uint64_t earlier;
    enum err e = check_id(rows, kept, &earlier);
    if (e) return e;
    if (earlier) {
        struct why reason = {""};
        (void)err_tell(&reason, "line %" PRIu64 " has the same id, \"%.100s\"", earlier,
                       source_id_of(rows, kept));
        const struct import_line line = {.fate = IMPORT_FATE_duplicate,
                                         .line = kept->line,
                                         .other = earlier,
                                         .source_id = source_id_of(rows, kept),
                                         .name = name_of(rows, kept),
                                         .note = reason.text};
        return import_report_add(rows->report, &line);
    }
    kept->note = *rows->note.text ? arena_strdup(&rows->arena, rows->note.text) : "";
    e = kept->note ? room_grow(&rows->items, sizeof *rows->items, rows->count, &rows->size)
                   : ERR_NOMEM;
    if (!e) rows->items[rows->count++] = *kept;
    return e;
}

/* A row's text, as far as it can be read. */
static const char *legible(struct import_rows *rows, const struct import_row *row,
                           enum import_column column)
{
    const char *text = row->texts[column];
    return text_utf8_valid(text, strlen(text)) ? trimmed(rows, text) : "";
}

/* Nothing but a position and a weight. */
static bool read_cell(const struct import_rows *rows, const struct import_row *row,
                      struct gridset_cell *cell, struct why *reason)
{
    const char *text = row->texts[IMPORT_COLUMNS_weight];
    struct coord at;
    double weight = 0;
    if (!place_position(rows, row, &at, reason)) return false;
    if (!*text) return refuse(reason, "it has no weight");
    if (!read_number(text, "weight", &weight, reason)) return false;
    if (!import_cells_weight_ok(weight))
        return refuse(reason, "the weight %g is not a number from 0 on", weight);
    *cell = (struct gridset_cell){coord_to_e7(at), (float)weight};
    return true;
}

/* The id under which the row was stored when it was good, as far as it still tells: "" if not. */
static const char *refused_id(struct import_rows *rows, const struct import_row *row,
                              const char *name)
{
    const char *id = legible(rows, row, IMPORT_COLUMNS_id);
    const char *code = legible(rows, row, IMPORT_COLUMNS_code);
    struct why unsaid = {""};
    struct coord at;
    int level = area_level(rows, row);
    if (!id || !code) return NULL;
    if (*id || rows->kind == IMPORT_OGR_GRID || !all_utf8(row, &unsaid)) return id;
    if (rows->kind == IMPORT_OGR_AREAS)
        return *code || (*name && level) ? area_id(rows, id, code, name, level) : "";
    return place_position(rows, row, &at, &unsaid) ? id_of(rows, row, name, at) : "";
}

/* A row that is left out, as far as it can be told which it is. */
static enum err leave_out(struct import_rows *rows, const struct import_row *row, const char *why)
{
    const char *name = legible(rows, row, IMPORT_COLUMNS_name);
    const char *id = name ? refused_id(rows, row, name) : NULL;
    if (!id) return ERR_NOMEM;
    const struct import_line line = {
        .fate = IMPORT_FATE_refused, .line = row->line, .source_id = id, .name = name, .note = why};
    enum err e =
        room_grow(&rows->refused, sizeof *rows->refused, rows->refused_count, &rows->refused_size);
    if (!e && *id) rows->refused[rows->refused_count++] = id;
    rows->unsure |= !*id || *id == '@'; /* a name may have been lost */
    return e ? e : import_report_add(rows->report, &line);
}

enum err import_rows_add(struct import_rows *rows, const struct import_row *row, struct why *why)
{
    struct import_kept kept = {.line = row->line, .said = said_by(row)};
    struct why reason = {""};
    uint64_t most = rows->options->max_rows ? rows->options->max_rows : MAX_ROWS;
    enum err e = ERR_OK;
    if (++rows->report->rows > most)
        return err_say(why, ERR_LIMIT, "more than %" PRIu64 " rows: split the file", most);
    rows->note = (struct why){""};
    if (rows->kind == IMPORT_OGR_GRID) {
        struct gridset_cell cell;
        return read_cell(rows, row, &cell, &reason) ? import_cells_add(&rows->cells, &cell, why)
                                                    : leave_out(rows, row, reason.text);
    }
    bool good = rows->kind == IMPORT_OGR_PLACES ? read_place(rows, row, &kept.as.place, &reason, &e)
                                                : read_area(rows, row, &kept.as.area, &reason, &e);
    if (e) return e;
    return good ? keep(rows, &kept) : leave_out(rows, row, reason.text);
}

enum err import_rows_store(struct import_rows *rows, struct db *db, const char *file,
                           const struct progress *progress, struct why *why)
{
    struct import_store store = {.kind = rows->kind,
                                 .options = rows->options,
                                 .report = rows->report,
                                 .items = rows->items,
                                 .count = rows->count,
                                 .refused = rows->refused,
                                 .refused_count = rows->refused_count,
                                 .unsure = rows->unsure,
                                 .file = file,
                                 .progress = progress,
                                 .why = why};
    if (rows->kind == IMPORT_OGR_GRID)
        return import_cells_store(&rows->cells, db, rows->options, file, rows->report, why);
    return import_store_run(&store, db);
}

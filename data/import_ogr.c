#include "data/import_ogr.h"

#include "data/grids.h"
#include "data/import_file.h"
#include "data/import_raster.h"
#include "data/import_rows.h"
#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY = 4096, HEADER_ROWS = 20, MAX_BYTES = 512 << 20, CELL_BYTES = 16 << 20 };

struct reading {
    enum import_ogr_kind kind;
    const struct import_ogr_options *options;
    const struct progress *progress;
    struct import_report *report;
    struct why *why;
    const char *name; /* of the file, for sentences */
    struct import_file file;
    struct ogr_file *layer;
    bool is_path, is_table, decodes; /* decodes: cells are not UTF-8 yet */
    const struct crs *crs;
    const char *names[OGR_FILE_MAX_COLUMNS];
    size_t width, skip; /* rows up to the header, the header too */
    int columns[IMPORT_COLUMNS_COUNT];
    struct arena arena, row_arena; /* the columns' names; the present row's texts */
    struct import_rows *rows;
};

/* A sentence about the file gets its name in front. */
static enum err name_it(const struct reading *r, enum err e, const struct why *said)
{
    if (!e || e == ERR_NOMEM || e == ERR_CANCELLED) return e;
    if (r->is_path && strstr(said->text, r->name)) return err_say(r->why, e, "%s", said->text);
    return err_say(r->why, e, "%s: %s", r->name, *said->text ? said->text : err_text(e));
}

static enum err open_file(struct reading *r, const struct import_ogr_input *input)
{
    size_t most = r->options->max_bytes ? r->options->max_bytes : MAX_BYTES;
    const struct import_file_limits limits = {most, most};
    const char *encoding = r->options->encoding;
    struct why said = {""};
    enum err e = input->path ? import_file_open(&r->file, input->path, encoding, &limits, &said)
                             : import_file_take(&r->file, input->name, input->bytes, input->len,
                                                encoding, &limits, &said);
    if (!e)
        e = ogr_file_open(r->file.format, r->file.parts, r->file.count, r->options->layer,
                          &r->layer, &said);
    if (e) return name_it(r, e, &said);
    r->is_table = ogr_format_is_table(r->file.format);
    r->decodes = r->file.format == OGR_SHP;
    r->width = ogr_file_width(r->layer);
    return ERR_OK;
}

/* Spreadsheets often have notes on further sheets; of maps it cannot be guessed which is meant. */
static enum err check_layers(const struct reading *r)
{
    const char *others = ogr_file_others(r->layer);
    if (!*others || r->is_table || r->options->layer) return ERR_OK;
    return err_say(r->why, ERR_INVALID, "%s has several layers: name one (layer): %s, %s", r->name,
                   ogr_file_layer(r->layer), others);
}

/* ---- text ---- */

static const char *decode(const struct reading *r, const char *text, struct arena *arena)
{
    struct buf out;
    if (!text || !r->decodes || !*text) return text;
    buf_init(&out, CELL_BYTES);
    enum err e = import_text_decode(r->file.encoding, text, strlen(text), &out);
    const char *made = e ? NULL : arena_strndup(arena, out.bytes ? out.bytes : "", out.len);
    buf_fini(&out);
    return made;
}

static const char *cell(const struct reading *r, size_t column, struct arena *arena)
{
    return decode(r, ogr_file_cell(r->layer, column, arena), arena);
}

/* A name as it is told: what of it is no UTF-8 is left out (a .dbf cuts names after ten bytes). */
static const char *clean_name(struct reading *r, const char *text)
{
    size_t len = strlen(text), n = 0, next;
    char *made = arena_strdup(&r->arena, text);
    for (size_t i = 0; made && i < len; i += next ? next : 1) {
        next = text_utf8_len(text + i, len - i);
        memmove(made + n, text + i, next);
        n += next;
    }
    if (made) made[n] = '\0';
    return made;
}

/* ---- the header and what its columns are ---- */

/* The first rows of a table, row after row of `width` cells. */
static enum err peek_rows(struct reading *r, const char **cells, uint64_t *numbers, size_t *count)
{
    struct import_text_lines lines = r->file.lines;
    bool more = true;
    *count = 0;
    while (*count < HEADER_ROWS) {
        enum err e = ogr_file_next(r->layer, &more, r->why);
        if (e || !more) return e;
        numbers[*count] =
            lines.bytes ? import_text_next(&lines) : (uint64_t)ogr_file_number(r->layer);
        for (size_t i = 0; i < r->width; i++) {
            const char *text = cell(r, i, &r->arena);
            if (!text) return ERR_NOMEM;
            cells[*count * r->width + i] = text;
        }
        ++*count;
    }
    return ERR_OK;
}

static enum err find_header(struct reading *r)
{
    uint64_t numbers[HEADER_ROWS];
    size_t count = 0;
    const char **cells = arena_calloc(&r->arena, HEADER_ROWS * (r->width + 1), sizeof *cells);
    if (!cells) return ERR_NOMEM;
    enum err e = peek_rows(r, cells, numbers, &count);
    if (e) return e;
    if (!count) return err_say(r->why, ERR_FORMAT, "%s holds nothing", r->name);
    size_t header = import_columns_header(r->options->map, cells, count, r->width);
    for (size_t i = 0; i < r->width; i++)
        r->names[i] = clean_name(r, cells[header * r->width + i]);
    r->report->header_line = numbers[header];
    r->skip = header + 1;
    ogr_file_rewind(r->layer);
    return ERR_OK;
}

static enum err find_names(struct reading *r)
{
    if (r->is_table) return find_header(r);
    for (size_t i = 0; i < r->width; i++) {
        const char *name = decode(r, ogr_file_column(r->layer, i), &r->arena);
        r->names[i] = name ? clean_name(r, name) : NULL;
        if (!r->names[i]) return ERR_NOMEM;
    }
    return ERR_OK;
}

/* The names of the columns, or of those that are no field's. */
static void list_names(const struct reading *r, bool unused, char *to, size_t size)
{
    size_t n = 0;
    to[0] = '\0';
    for (size_t i = 0; i < r->width; i++) {
        bool used = false;
        for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
            used = used || (unused && r->columns[f] == (int)i);
        if (used || !*r->names[i] || n + IMPORT_REPORT_NAME + 8 > size) continue;
        struct why cut = {""}; /* err_tell cuts between characters */
        (void)err_tell(&cut, "%.60s", r->names[i]);
        size_t len = strlen(cut.text);
        while (len && !text_utf8_valid(cut.text, len))
            len--;
        n += (size_t)snprintf(to + n, size - n, "%s%.*s", n ? ", " : "", (int)len, cut.text);
    }
}

static enum err refuse_columns(const struct reading *r, const char *missing)
{
    char list[200];
    list_names(r, false, list, sizeof list);
    return err_say(r->why, ERR_FORMAT, "%s has no %s; its columns are: %s", r->name, missing, list);
}

static enum err check_columns(const struct reading *r)
{
    const int *c = r->columns;
    bool positioned =
        c[IMPORT_COLUMNS_wkt] >= 0 || (c[IMPORT_COLUMNS_lon] >= 0 && c[IMPORT_COLUMNS_lat] >= 0);
    if (r->is_table && r->kind != IMPORT_OGR_AREAS && !positioned)
        return refuse_columns(r, "columns of longitude and latitude (lon, lat; 经度, 纬度)");
    if (r->is_table && r->kind == IMPORT_OGR_AREAS && c[IMPORT_COLUMNS_wkt] < 0)
        return refuse_columns(r, "column of outlines as WKT (wkt, geometry)");
    if (r->kind == IMPORT_OGR_PLACES && c[IMPORT_COLUMNS_category] < 0 && !r->options->category)
        return refuse_columns(r,
                              "column of the category (category, 类别), and no category was given");
    if (r->kind == IMPORT_OGR_GRID && c[IMPORT_COLUMNS_weight] < 0)
        return refuse_columns(r, "column of the weight (weight, population; 权重, 人口)");
    if (r->kind == IMPORT_OGR_AREAS && c[IMPORT_COLUMNS_name] < 0)
        return refuse_columns(r, "column of the name (name, 名称)");
    return ERR_OK;
}

static void copy_text(char *to, size_t size, const char *text)
{
    size_t len = strlen(text), n = 0, next;
    while ((next = text_utf8_len(text + n, len - n)) && n + next < size)
        n += next;
    memcpy(to, text, n);
    to[n] = '\0';
}

static enum err find_columns(struct reading *r)
{
    struct why said = {""};
    enum err e = find_names(r);
    if (e) return e;
    for (size_t i = 0; i < r->width; i++)
        if (!r->names[i]) return ERR_NOMEM;
    e = import_columns_find(r->options->map, r->names, r->width, r->columns, &said);
    if (e == ERR_NOTFOUND) return refuse_columns(r, said.text);
    if (r->kind != IMPORT_OGR_GRID) r->columns[IMPORT_COLUMNS_weight] = -1; /* no field of theirs */
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (r->columns[f] >= 0)
            copy_text(r->report->columns[f], IMPORT_REPORT_NAME, r->names[r->columns[f]]);
    list_names(r, true, r->report->unused, sizeof r->report->unused);
    return check_columns(r);
}

/* The system that the options name, else the file, else WGS 84. */
static enum err find_crs(struct reading *r)
{
    char own[OGR_FILE_CRS_SIZE] = "";
    const char *wanted = r->options->crs;
    struct why said = {""};
    enum err e = wanted ? ERR_OK : ogr_file_crs(r->layer, own, &said);
    if (e) return name_it(r, e, &said);
    e = crs_find(r->options->crs_context, wanted ? wanted : *own ? own : "wgs84", &r->crs, r->why);
    if (!e) copy_text(r->report->crs, sizeof r->report->crs, crs_name(r->crs));
    return e;
}

static void tell_file(struct reading *r)
{
    struct import_report *report = r->report;
    report->format = r->file.format;
    if (r->file.encoding)
        copy_text(report->encoding, sizeof report->encoding, import_text_name(r->file.encoding));
    copy_text(report->layer, sizeof report->layer, ogr_file_layer(r->layer));
    copy_text(report->other_layers, sizeof report->other_layers, ogr_file_others(r->layer));
    report->known = true;
}

/* ---- rows ---- */

/* The texts of the columns that were found, and the feature's own number if the file gives one. */
static enum err take_texts(struct reading *r, struct import_row *row)
{
    arena_reset(&r->row_arena);
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        row->columns |= r->columns[f] >= 0 ? 1u << f : 0;
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        row->texts[f] = r->columns[f] < 0 ? "" : cell(r, (size_t)r->columns[f], &r->row_arena);
    if (r->columns[IMPORT_COLUMNS_id] < 0 && ogr_file_is_numbered(r->layer))
        row->texts[IMPORT_COLUMNS_id] =
            arena_printf(&r->row_arena, "%" PRId64, ogr_file_number(r->layer));
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (!row->texts[f]) return ERR_NOMEM;
    return ERR_OK;
}

/* Where a column tells a geometry as WKT, the row gets it. */
static void take_wkt(struct reading *r, struct import_row *row)
{
    const char *text = row->texts[IMPORT_COLUMNS_wkt];
    text += strspn(text, " ");
    bool is_wkt = (*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z');
    if (is_wkt && !ogr_file_has_geometry(r->layer) && !ogr_file_set_wkt(r->layer, text))
        row->trouble = "its WKT is malformed";
}

static bool is_blank(const struct import_row *row)
{
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (row->texts[f][strspn(row->texts[f], " \t")]) return false;
    return true;
}

static enum err add_row(struct reading *r, uint64_t line)
{
    struct import_row row = {.line = line};
    unsigned char *wkb = NULL;
    enum err e = take_texts(r, &row);
    if (e) return e;
    take_wkt(r, &row);
    bool drawn = ogr_file_has_geometry(r->layer);
    if (drawn && r->kind == IMPORT_OGR_AREAS) {
        if (ogr_file_polygon(r->layer, r->crs, &wkb, &row.wkb_len, &row.trouble)) row.wkb = wkb;
    } else if (drawn) {
        row.has_point = ogr_file_point(r->layer, &row.at, &row.trouble);
    }
    if (drawn || row.trouble || !is_blank(&row)) e = import_rows_add(r->rows, &row, r->why);
    free(wkb);
    return e;
}

/* The line of the present row: a table's own, else its number from 1. */
static uint64_t line_of(struct reading *r, uint64_t number)
{
    if (r->file.lines.bytes) return import_text_next(&r->file.lines);
    return r->is_table ? (uint64_t)ogr_file_number(r->layer) : number + 1;
}

static enum err read_rows(struct reading *r)
{
    uint64_t total = r->is_table ? 0 : ogr_file_count(r->layer), number = 0;
    struct why said = {""};
    bool more = true;
    ogr_file_rewind(r->layer);
    for (;; number++) {
        enum err e = ogr_file_next(r->layer, &more, &said);
        if (e) return name_it(r, e, &said);
        if (!more) return ERR_OK;
        uint64_t line = line_of(r, number);
        if (number < r->skip) continue;
        if (number % EVERY == 0 && !progress_say(r->progress, "reading", number, total))
            return ERR_CANCELLED;
        e = add_row(r, line);
        if (e) return e;
    }
}

/* A raster has a value for every cell: no columns, and no text. */
static enum err read_raster(struct reading *r, const struct import_ogr_input *input)
{
    struct why said = {""};
    size_t most = r->options->max_bytes ? r->options->max_bytes : MAX_BYTES;
    struct import_raster raster;
    enum err e = import_raster_open(&raster, input, most, r->options, &r->crs, &said);
    if (!e) copy_text(r->report->crs, sizeof r->report->crs, crs_name(r->crs));
    if (!e) e = import_rows_new(r->kind, r->options, r->crs, r->report, &r->rows, &said);
    if (!e) e = import_raster_read(&raster, r->rows, r->progress, &said);
    import_raster_fini(&raster);
    return name_it(r, e, &said);
}

static enum err read_all(struct reading *r, const struct import_ogr_input *input)
{
    if (r->kind == IMPORT_OGR_GRID && !grids_name_ok(r->options->source))
        return err_say(r->why, ERR_INVALID,
                       "\"%.60s\" is no name for a grid: a to z, 0 to 9 and _, a letter first; not "
                       "surface, reports or streets",
                       r->options->source);
    if (r->kind == IMPORT_OGR_GRID && import_raster_is(r->name)) return read_raster(r, input);
    enum err e = open_file(r, input);
    if (!e) e = check_layers(r);
    if (!e) tell_file(r);
    if (!e) e = find_crs(r);
    if (!e) e = find_columns(r);
    if (!e) e = import_rows_new(r->kind, r->options, r->crs, r->report, &r->rows, r->why);
    return e ? e : read_rows(r);
}

enum err import_ogr_run(struct db *db, enum import_ogr_kind kind,
                        const struct import_ogr_input *input,
                        const struct import_ogr_options *options, const struct progress *progress,
                        struct import_report *report, struct why *why)
{
    struct why said = {""};
    struct reading r = {.kind = kind,
                        .options = options,
                        .progress = progress,
                        .report = report,
                        .why = &said,
                        .is_path = input->path != NULL,
                        .name = input->path ? input->path : input->name};
    enum err e = read_all(&r, input);
    ogr_file_close(r.layer);
    import_file_fini(&r.file);
    arena_fini(&r.row_arena);
    arena_fini(&r.arena);
    if (!e) e = import_rows_store(r.rows, db, r.name, progress, &said);
    import_rows_free(r.rows);
    import_report_sort(report);
    if (e) copy_text(report->error, sizeof report->error, *said.text ? said.text : err_text(e));
    if (e && why) *why = said;
    return e;
}

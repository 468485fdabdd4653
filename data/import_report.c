#include "data/import_report.h"

#include "data/export_cell.h"
#include "geo/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NOTED = 0, TAKEN = 1, GONE = 2, FIRST_SIZE = 64, LINE_BYTES = 1600 /* as a rule */ };

const char *import_fate_name(enum import_fate fate)
{
    static const char *const names[] = {
#define IMPORT_FATE_TEXT(name) #name,
        IMPORT_FATES(IMPORT_FATE_TEXT)
#undef IMPORT_FATE_TEXT
    };
    return names[fate];
}

void import_report_init(struct import_report *report, size_t limit)
{
    *report = (struct import_report){.limit = limit ? limit : IMPORT_REPORT_LINES};
    arena_init(&report->arena, 0);
}

void import_report_fini(struct import_report *report)
{
    arena_fini(&report->arena);
    free(report->lines);
    *report = (struct import_report){0};
}

static int sort_of(enum import_fate fate)
{
    return fate == IMPORT_FATE_refused || fate == IMPORT_FATE_duplicate ? NOTED
           : fate == IMPORT_FATE_vanished                               ? GONE
                                                                        : TAKEN;
}

static const char *keep(struct import_report *report, const char *text)
{
    return text && *text ? arena_strdup(&report->arena, text) : "";
}

static enum err keep_changes(struct import_report *report, struct import_line *line)
{
    size_t count = line->change_count;
    struct import_change *copy = arena_calloc(&report->arena, count ? count : 1, sizeof *copy);
    if (!copy) return ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        copy[i] =
            (struct import_change){line->changes[i].field, keep(report, line->changes[i].from),
                                   keep(report, line->changes[i].to)};
        if (!copy[i].from || !copy[i].to) return ERR_NOMEM;
    }
    line->changes = copy;
    return ERR_OK;
}

enum err import_report_add(struct import_report *report, const struct import_line *line)
{
    struct import_line made = *line;
    int sort = sort_of(line->fate);
    report->fates[line->fate]++;
    report->notes += sort == TAKEN && line->note && *line->note;
    if (report->kept[sort] == report->limit) return ERR_OK;
    if (report->arena.used_bytes / LINE_BYTES > report->limit) return ERR_OK;
    if (report->count == report->size) {
        size_t size = report->size ? report->size * 2 : FIRST_SIZE;
        struct import_line *more = reallocarray(report->lines, size, sizeof *more);
        if (!more) return ERR_NOMEM;
        report->lines = more;
        report->size = size;
    }
    made.source_id = keep(report, line->source_id);
    made.name = keep(report, line->name);
    made.note = keep(report, line->note);
    if (!made.source_id || !made.name || !made.note || keep_changes(report, &made))
        return ERR_NOMEM;
    report->lines[report->count++] = made;
    report->kept[sort]++;
    return ERR_OK;
}

static int compare_lines(const void *a, const void *b)
{
    const struct import_line *x = a, *y = b;
    uint64_t xl = x->line ? x->line : UINT64_MAX, yl = y->line ? y->line : UINT64_MAX;
    if (xl != yl) return xl < yl ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

void import_report_sort(struct import_report *report)
{
    if (report->count) qsort(report->lines, report->count, sizeof *report->lines, compare_lines);
}

uint64_t import_report_taken(const struct import_report *report)
{
    return report->fates[IMPORT_FATE_created] + report->fates[IMPORT_FATE_updated] +
           report->fates[IMPORT_FATE_unchanged];
}

bool import_report_is_whole(const struct import_report *report)
{
    uint64_t all = 0;
    for (int i = 0; i < IMPORT_FATE_COUNT; i++)
        all += report->fates[i];
    return all == report->count + report->untold;
}

/* ---- as JSON ---- */

static void write_changes(const struct import_line *line, struct jsonw *json)
{
    jsonw_key(json, "changes");
    jsonw_array(json);
    for (size_t i = 0; i < line->change_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "field", line->changes[i].field);
        jsonw_key_string(json, "from", line->changes[i].from);
        jsonw_key_string(json, "to", line->changes[i].to);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_line(const struct import_line *line, struct jsonw *json)
{
    jsonw_object(json);
    if (line->line) jsonw_key_int(json, "line", (int64_t)line->line);
    jsonw_key_string(json, "fate", import_fate_name(line->fate));
    if (line->id) jsonw_key_int(json, "id", line->id);
    if (*line->source_id) jsonw_key_string(json, "source_id", line->source_id);
    if (*line->name) jsonw_key_string(json, "name", line->name);
    if (line->other) jsonw_key_int(json, "duplicate_of", (int64_t)line->other);
    if (*line->note) jsonw_key_string(json, "note", line->note);
    if (line->change_count) write_changes(line, json);
    jsonw_object_end(json);
}

static void write_file(const struct import_report *report, struct jsonw *json)
{
    jsonw_key(json, "read_as");
    jsonw_object(json);
    jsonw_key_string(json, "format", ogr_format_name(report->format));
    if (*report->encoding) jsonw_key_string(json, "encoding", report->encoding);
    jsonw_key_string(json, "layer", report->layer);
    if (*report->other_layers) jsonw_key_string(json, "other_layers", report->other_layers);
    jsonw_key_string(json, "crs", report->crs);
    if (report->header_line) jsonw_key_int(json, "header_line", (int64_t)report->header_line);
    jsonw_key(json, "columns");
    jsonw_object(json);
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (*report->columns[f])
            jsonw_key_string(json, import_columns_name((enum import_column)f), report->columns[f]);
    jsonw_object_end(json);
    if (*report->unused) jsonw_key_string(json, "unused_columns", report->unused);
    jsonw_object_end(json);
}

void import_report_write_json(const struct import_report *report, struct jsonw *json)
{
    if (report->known) write_file(report, json);
    jsonw_key(json, "totals");
    jsonw_object(json);
    jsonw_key_int(json, "rows", (int64_t)report->rows);
    for (int i = 0; i < IMPORT_FATE_COUNT; i++)
        jsonw_key_int(json, import_fate_name((enum import_fate)i), (int64_t)report->fates[i]);
    jsonw_key_int(json, "with_notes", (int64_t)report->notes);
    jsonw_key_int(json, "mended", (int64_t)report->mended);
    jsonw_object_end(json);
    if (*report->error) jsonw_key_string(json, "error", report->error);
    jsonw_key(json, "lines");
    jsonw_array(json);
    for (size_t i = 0; i < report->count; i++)
        write_line(&report->lines[i], json);
    jsonw_array_end(json);
    jsonw_key_bool(json, "all_lines", import_report_is_whole(report));
}

/* ---- as CSV ---- */

void import_report_cell(struct buf *out, const char *text)
{
    size_t len = strlen(text);
    double number;
    bool formula = export_cell_is_formula(text, len) && !text_double(text, len, &number);
    bool quoted = strpbrk(text, "\",\r\n;\t") || formula;
    if (quoted) buf_putc(out, '"');
    if (formula) buf_putc(out, '\'');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"') buf_putc(out, '"');
        buf_putc(out, text[i]);
    }
    if (quoted) buf_putc(out, '"');
}

static void write_row(const struct import_line *line, struct buf *out)
{
    struct buf changes;
    buf_init(&changes, 1 << 20);
    for (size_t i = 0; i < line->change_count; i++)
        buf_printf(&changes, "%s%s: %s > %s", i ? "; " : "", line->changes[i].field,
                   line->changes[i].from, line->changes[i].to);
    buf_putc(&changes, '\0');
    if (line->line) buf_printf(out, "%" PRIu64, line->line);
    buf_printf(out, ",%s,", import_fate_name(line->fate));
    if (line->id) buf_printf(out, "%" PRId64, line->id);
    buf_putc(out, ',');
    import_report_cell(out, line->source_id);
    buf_putc(out, ',');
    import_report_cell(out, line->name);
    buf_putc(out, ',');
    if (line->other) buf_printf(out, "%" PRIu64, line->other);
    buf_putc(out, ',');
    import_report_cell(out, line->note);
    buf_putc(out, ',');
    import_report_cell(out, changes.err ? "" : changes.bytes);
    buf_puts(out, "\r\n");
    buf_fini(&changes);
}

void import_report_write_csv(const struct import_report *report, struct buf *out)
{
    buf_puts(out, "\xef\xbb\xbfline,fate,id,source_id,name,duplicate_of,note,changes\r\n");
    for (size_t i = 0; i < report->count; i++)
        write_row(&report->lines[i], out);
}

#include "data/export.h"

#include "data/export_cell.h"
#include "data/export_shape.h"
#include "data/import_text.h"
#include "data/ogr_out.h"
#include "geo/base/arena.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 5000000, EVERY = 4096, COLUMNS = 24, CODES_MAX = 1 << 16 };

struct job {
    const struct export_options *options;
    const char *what; /* "places": the layer's name */
    bool polygons, is_table;
    struct ogr_out *out;
    struct ogr_column columns[COLUMNS];
    size_t count; /* of columns */
    uint64_t rows;
    struct arena arena; /* the present row's texts */
    struct why *why;
};

/* What stands in a cell besides text of the query. */
struct column {
    const char *name;
    int from; /* the query's column; -1: x, -2: y, -3: WKT */
    enum ogr_column_type type;
};
enum { FROM_X = -1, FROM_Y = -2, FROM_WKT = -3 };

/* In the order of the queries below. */
static const struct column place_columns[] = {
    {"id", 1, OGR_COLUMN_TEXT},         {"name", 2, OGR_COLUMN_TEXT},
    {"name_en", 3, OGR_COLUMN_TEXT},    {"names", 11, OGR_COLUMN_TEXT},
    {"category", 4, OGR_COLUMN_TEXT},   {"lon", FROM_X, OGR_COLUMN_REAL},
    {"lat", FROM_Y, OGR_COLUMN_REAL},   {"address", 5, OGR_COLUMN_TEXT},
    {"phone", 6, OGR_COLUMN_TEXT},      {"hours", 7, OGR_COLUMN_TEXT},
    {"hours_self", 8, OGR_COLUMN_TEXT}, {"amenities", 9, OGR_COLUMN_TEXT},
    {"capacity", 12, OGR_COLUMN_WHOLE}, {"source", 10, OGR_COLUMN_TEXT},
    {"place", 0, OGR_COLUMN_WHOLE},
};
static const struct column area_columns[] = {
    {"id", 1, OGR_COLUMN_TEXT},      {"name", 2, OGR_COLUMN_TEXT},
    {"name_en", 3, OGR_COLUMN_TEXT}, {"code", 4, OGR_COLUMN_TEXT},
    {"level", 5, OGR_COLUMN_WHOLE},  {"wkt", FROM_WKT, OGR_COLUMN_TEXT},
    {"source", 6, OGR_COLUMN_TEXT},  {"area", 0, OGR_COLUMN_WHOLE},
};

static const char place_query[] =
    "SELECT id, source_id, name, name_en, category, address, phone, hours, hours_self, amenities, "
    "source, names, NULLIF(capacity, 0), lon, lat FROM places WHERE vanished_ms IS NULL AND "
    "removed_ms IS NULL AND (:source IS NULL OR source = :source) AND (:categories IS NULL OR "
    "instr(:categories, ' ' || category || ' ')) AND (:west IS NULL OR (lon BETWEEN :west AND "
    ":east AND lat BETWEEN :south AND :north)) ORDER BY id";
static const char area_query[] =
    "SELECT id, source_id, name, name_en, code, level, source, ST_AsBinary(geom) FROM areas WHERE "
    "vanished_ms IS NULL AND (:source IS NULL OR source = :source) AND (:west IS NULL OR "
    "(MbrMaxX(geom) >= :west AND MbrMinX(geom) <= :east AND MbrMaxY(geom) >= :south AND "
    "MbrMinY(geom) <= :north)) ORDER BY level, id";
enum { PLACE_LON = 13, AREA_WKB = 7 };

/* ---- the file ---- */

/* Whether the format has this column: maps have geometry, workbooks no room for outlines. */
static bool has_column(const struct job *job, const struct column *column)
{
    if (column->from == FROM_WKT) return job->options->format == OGR_CSV;
    return column->from >= 0 || job->is_table;
}

static enum err begin(struct job *job, const struct column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_column(job, &columns[i]))
            job->columns[job->count++] = (struct ogr_column){columns[i].name, columns[i].type};
    if (job->options->format == OGR_KML && job->options->crs)
        return err_say(job->why, ERR_INVALID, "KML has coordinates in wgs84 alone (crs)");
    return ogr_out_new(job->options->format, job->what, job->columns, job->count,
                       export_cell_epsg(job->options->crs), job->polygons, &job->out, job->why);
}

static const char *wkt_cell(struct job *job, const unsigned char *wkb, size_t len)
{
    struct buf text;
    buf_init(&text, 256 << 20);
    enum err e = export_shape_wkt(wkb, len, export_shape_decimals(job->options->crs), &text);
    const char *made = e ? NULL : arena_strndup(&job->arena, text.bytes, text.len);
    buf_fini(&text);
    return made;
}

/* Writes the query's present row with its geometry, which is in the file's system already. */
static enum err write_row(struct job *job, struct db_query *q, const struct column *columns,
                          size_t count, struct coord at, const unsigned char *wkb, size_t len)
{
    const char *cells[COLUMNS];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!has_column(job, &columns[i])) continue;
        switch (columns[i].from) {
        case FROM_X:
            cells[n] = export_cell_degrees(&job->arena, job->options->crs, at.lon);
            break;
        case FROM_Y:
            cells[n] = export_cell_degrees(&job->arena, job->options->crs, at.lat);
            break;
        case FROM_WKT:
            cells[n] = wkt_cell(job, wkb, len);
            break;
        default:
            cells[n] = arena_strdup(&job->arena, db_text(q, columns[i].from));
        }
        if (cells[n] && columns[i].type == OGR_COLUMN_TEXT)
            cells[n] = export_cell_safe(&job->arena, job->options->format, cells[n]);
        if (!cells[n++]) return ERR_NOMEM;
    }
    return ogr_out_row(job->out, cells, wkb, len, job->why);
}

static enum err on_place(struct job *job, struct db_query *q)
{
    unsigned char wkb[EXPORT_SHAPE_POINT];
    struct coord at = {db_real(q, PLACE_LON), db_real(q, PLACE_LON + 1)};
    if (crs_from_wgs84(job->options->crs, &at, 1))
        return err_say(job->why, ERR_INVALID,
                       "place %" PRId64 " lies outside the world of %s (crs)", db_int(q, 0),
                       crs_name(job->options->crs));
    export_shape_point(at, wkb);
    return write_row(job, q, place_columns, sizeof place_columns / sizeof *place_columns, at, wkb,
                     sizeof wkb);
}

static enum err on_area(struct job *job, struct db_query *q)
{
    size_t len;
    const void *bytes = db_blob(q, AREA_WKB, &len);
    unsigned char *wkb = arena_alloc(&job->arena, len);
    if (!wkb) return ERR_NOMEM;
    memcpy(wkb, bytes, len);
    if (export_shape_convert(wkb, len, job->options->crs))
        return err_say(job->why, ERR_INVALID, "area %" PRId64 " lies outside the world of %s (crs)",
                       db_int(q, 0), crs_name(job->options->crs));
    return write_row(job, q, area_columns, sizeof area_columns / sizeof *area_columns,
                     (struct coord){0, 0}, wkb, len);
}

/* ---- the rows ---- */

/* The codes of the categories that are wanted, a blank before and behind each. */
static void bind_categories(struct db_query *q, const struct export_options *options)
{
    struct buf codes;
    if (!options->categories) {
        db_bind_null(q, ":categories");
        return;
    }
    buf_init(&codes, CODES_MAX);
    for (size_t i = 0; i < categories_count(options->words); i++)
        if (options->categories >> i & 1)
            buf_printf(&codes, " %s ", categories_at(options->words, i)->code);
    buf_putc(&codes, '\0');
    db_bind_text(q, ":categories", codes.err ? "" : codes.bytes);
    buf_fini(&codes);
}

static void bind_filter(struct db_query *q, const struct export_options *options, bool places)
{
    const struct box *box = options->box;
    static const char *const names[] = {":west", ":south", ":east", ":north"};
    const double edges[] = {box ? box->min_lon : 0, box ? box->min_lat : 0, box ? box->max_lon : 0,
                            box ? box->max_lat : 0};
    db_bind_text(q, ":source", options->source);
    if (places) bind_categories(q, options);
    for (size_t i = 0; i < 4; i++) {
        if (box)
            db_bind_real(q, names[i], edges[i]);
        else
            db_bind_null(q, names[i]);
    }
}

static enum err write_rows(struct db *db, void *user)
{
    struct job *job = user;
    const struct export_options *options = job->options;
    uint64_t most = options->max_rows ? options->max_rows : MAX_ROWS;
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, job->polygons ? area_query : place_query, &q);
    if (e) return e;
    bind_filter(q, options, !job->polygons);
    while (!e && !(e = db_step(q, &row)) && row) {
        arena_reset(&job->arena);
        if (job->rows++ == most)
            e = err_say(job->why, ERR_LIMIT,
                        "there are more than %" PRIu64 ": ask for less of them", most);
        else if (job->rows % EVERY == 0 &&
                 !progress_say(options->progress, job->what, job->rows, 0))
            e = ERR_CANCELLED;
        else
            e = job->polygons ? on_area(job, q) : on_place(job, q);
    }
    db_done(q);
    return e;
}

/* A workbook's text has a byte order mark from GDAL, or another encoding from here. */
static enum err finish(struct job *job, struct buf *out)
{
    struct buf text;
    if (!job->options->gb18030 || job->options->format != OGR_CSV)
        return ogr_out_end(job->out, out, job->why);
    buf_init(&text, out->max_bytes);
    enum err e = ogr_out_end(job->out, &text, job->why);
    size_t mark = text.len >= 3 && memcmp(text.bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    if (!e) e = import_text_gb18030(text.bytes + mark, text.len - mark, out);
    buf_fini(&text);
    return e;
}

static enum err run(struct job *job, struct db *db, const struct column *columns, size_t count,
                    struct buf *out, uint64_t *rows)
{
    job->is_table = ogr_format_is_table(job->options->format);
    arena_init(&job->arena, 0);
    enum err e = begin(job, columns, count);
    if (!e) e = db_read(db, write_rows, job);
    if (!e) e = finish(job, out);
    ogr_out_free(job->out);
    arena_fini(&job->arena);
    if (!e) *rows = job->rows;
    if (e && job->why && !*job->why->text) (void)err_say(job->why, e, "%s", err_text(e));
    return e;
}

enum err export_places(struct db *db, const struct export_options *options, struct buf *out,
                       uint64_t *count, struct why *why)
{
    struct job job = {.options = options, .what = "places", .why = why};
    return run(&job, db, place_columns, sizeof place_columns / sizeof *place_columns, out, count);
}

enum err export_areas(struct db *db, const struct export_options *options, struct buf *out,
                      uint64_t *count, struct why *why)
{
    struct job job = {.options = options, .what = "areas", .polygons = true, .why = why};
    return run(&job, db, area_columns, sizeof area_columns / sizeof *area_columns, out, count);
}

#include "data/cases_export.h"

#include "data/cases_life.h"
#include "data/cases_rows.h"
#include "data/cases_where.h"
#include "data/export_cell.h"
#include "data/export_shape.h"
#include "data/ogr_out.h"
#include "geo/base/clock.h"
#include "geo/base/zone.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* ANSWERS and PHOTOS: of the query, behind CASES_ROWS_COLUMNS. */
enum { EVERY = 1024, ANSWERS = CASES_ROWS_COUNT, PHOTOS };

/* In this order. POSITION: tables alone have it in cells. */
#define COLUMNS(X)                                                                                 \
    X(id, TEXT)                                                                                    \
    X(kind, TEXT)                                                                                  \
    X(category, TEXT)                                                                              \
    X(category_zh, TEXT)                                                                           \
    X(category_en, TEXT)                                                                           \
    X(state, TEXT)                                                                                 \
    X(state_zh, TEXT)                                                                              \
    X(state_en, TEXT)                                                                              \
    X(area, WHOLE)                                                                                 \
    X(area_name, TEXT)                                                                             \
    X(unit, TEXT)                                                                                  \
    X(assignee, WHOLE)                                                                             \
    X(priority, WHOLE)                                                                             \
    X(created, TEXT)                                                                               \
    X(updated, TEXT)                                                                               \
    X(taken_up, TEXT)                                                                              \
    X(closed, TEXT)                                                                                \
    X(due, TEXT)                                                                                   \
    X(overdue, WHOLE)                                                                              \
    X(reopened, WHOLE)                                                                             \
    X(rating, WHOLE)                                                                               \
    X(joined, WHOLE)                                                                               \
    X(photos, WHOLE)                                                                               \
    X(lon, POSITION)                                                                               \
    X(lat, POSITION)                                                                               \
    X(accuracy_m, REAL)                                                                            \
    X(address, TEXT)                                                                               \
    X(description, TEXT)                                                                           \
    X(duplicate_of, TEXT)                                                                          \
    X(place, WHOLE)                                                                                \
    X(answers, TEXT)                                                                               \
    X(hours_1, REAL)                                                                               \
    X(hours_2, REAL)                                                                               \
    X(hours_3, REAL)                                                                               \
    X(hours_4, REAL)                                                                               \
    X(hours_5, REAL)                                                                               \
    X(hours_6, REAL)                                                                               \
    X(hours_7, REAL)                                                                               \
    X(hours_paused, REAL)
enum column {
#define COLUMN_ENUM(name, type) COLUMN_##name,
    COLUMNS(COLUMN_ENUM)
#undef COLUMN_ENUM
        COLUMN_COUNT
};
enum type { TEXT, WHOLE, REAL, POSITION };
static const struct {
    const char *name;
    enum type type;
} columns[COLUMN_COUNT] = {
#define COLUMN_ROW(name, type) {#name, type},
    COLUMNS(COLUMN_ROW)
#undef COLUMN_ROW
};

struct job {
    const struct cases_export *export;
    const struct kinds_kind *kind;
    struct cases_where where;
    struct ogr_out *out;
    struct arena arena; /* the present row's */
    uint64_t rows;
    struct why *why;
};

/* A row on its way: cells that stay NULL are empty. */
struct row {
    struct job *job;
    const char *cells[COLUMN_COUNT];
    bool failed; /* for want of memory */
};

/* ---- cells ----------------------------------------------------------------------------------- */

static void put(struct row *row, enum column column, const char *text)
{
    struct job *job = row->job;
    if (columns[column].type == TEXT && text)
        text = export_cell_safe(&job->arena, job->export->format, text);
    row->cells[column] = text;
    row->failed = row->failed || !text;
}

static void put_whole(struct row *row, enum column column, int64_t value)
{
    put(row, column, arena_printf(&row->job->arena, "%" PRId64, value));
}

static void put_number(struct row *row, enum column column, double value)
{
    char text[40];
    export_shape_number(value, 2, text);
    put(row, column, arena_strdup(&row->job->arena, text));
}

/* By the clock on the wall, as spreadsheets read it; with its zone where programs do. */
static void put_time(struct row *row, enum column column, int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    if (!ms) return;
    if (row->job->export->format == OGR_GEOJSON) {
        (void)clock_text(ms, text);
    } else {
        const struct zone_time local = zone_time_of(ms);
        time_t seconds = (time_t)local.day * 86400 + (time_t)local.minute * 60 + ms / 1000 % 60;
        struct tm tm;
        if (!gmtime_r(&seconds, &tm) || !strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm))
            text[0] = '\0';
    }
    put(row, column, arena_strdup(&row->job->arena, text));
}

static void put_codes(struct row *row, const struct cases_case *c)
{
    const struct kinds_category *category = kinds_category(row->job->kind, c->category);
    const struct kinds_state *state = kinds_state(row->job->kind, c->state);
    put(row, COLUMN_id, c->public_id);
    put(row, COLUMN_kind, c->kind);
    put(row, COLUMN_category, c->category);
    put(row, COLUMN_category_zh, category ? category->label.zh : "");
    put(row, COLUMN_category_en, category ? category->label.en : "");
    put(row, COLUMN_state, c->state);
    put(row, COLUMN_state_zh, state ? state->label.zh : "");
    put(row, COLUMN_state_en, state ? state->label.en : "");
}

static void put_work(struct row *row, const struct cases_case *c)
{
    const struct areaset *areas = row->job->export->areas;
    long i = areas && c->area_id ? areaset_by_id(areas, c->area_id) : -1;
    if (c->area_id) put_whole(row, COLUMN_area, c->area_id);
    if (i >= 0) put(row, COLUMN_area_name, areaset_at(areas, (size_t)i)->name);
    put(row, COLUMN_unit, c->unit);
    if (c->assignee) put_whole(row, COLUMN_assignee, c->assignee);
    put_whole(row, COLUMN_priority, c->priority);
    if (c->rating) put_whole(row, COLUMN_rating, c->rating);
    put_whole(row, COLUMN_joined, c->joined);
    if (c->place) put_whole(row, COLUMN_place, c->place);
    put(row, COLUMN_duplicate_of, c->duplicate_of);
}

/* Open and late, or solved too late. */
static bool is_overdue(const struct job *job, const struct cases_case *c)
{
    const struct kinds_state *state = kinds_state(job->kind, c->state);
    if (cases_life_outcome(job->kind, c->state) == CASES_SOLVED)
        return c->due.due_ms && c->closed_ms > c->due.due_ms;
    int64_t now_ms = job->export->now_ms;
    return cases_due_at(&c->due, state, now_ms, now_ms) == CASES_DUE_OVERDUE;
}

static void put_times(struct row *row, const struct cases_case *c, const struct cases_life *life)
{
    put_time(row, COLUMN_created, c->created_ms);
    put_time(row, COLUMN_updated, c->updated_ms);
    put_time(row, COLUMN_taken_up, life->taken_up_ms);
    put_time(row, COLUMN_closed, c->closed_ms);
    put_time(row, COLUMN_due, c->due.due_ms);
    put_whole(row, COLUMN_overdue, is_overdue(row->job, c));
    put_whole(row, COLUMN_reopened, life->reopened);
    for (int step = 1; step <= CASES_LIFE_STEPS; step++)
        if (life->been >> step & 1)
            put_number(row, (enum column)(COLUMN_hours_1 + step - 1),
                       (double)life->spent_ms[step] / 3600000);
    if (life->been & 1) put_number(row, COLUMN_hours_paused, (double)life->paused_ms / 3600000);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum err read_life(struct db *db, const struct job *job, int64_t id, struct cases_life *life)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT at_ms, from_state, to_state, actor FROM case_events WHERE "
                            "case_id = :case AND verb IN ('created', 'moved') ORDER BY id",
                            &q);
    if (e) return e;
    cases_life_begin(life, job->kind);
    db_bind_int(q, ":case", id);
    while (!(e = db_step(q, &row)) && row)
        cases_life_add(life, db_int(q, 0), db_text(q, 1), db_text(q, 2), db_text(q, 3));
    db_done(q);
    return e;
}

/* In the file's system; tables have it in cells, maps as a shape. */
static enum err put_position(struct row *row, const struct cases_case *c,
                             unsigned char wkb[EXPORT_SHAPE_POINT])
{
    const struct crs *crs = row->job->export->crs;
    struct coord at = c->at;
    if (!c->has_position) return ERR_OK;
    if (crs_from_wgs84(crs, &at, 1))
        return err_say(row->job->why, ERR_INVALID, "the case %s lies outside the world of %s (crs)",
                       c->public_id, crs_name(crs));
    export_shape_point(at, wkb);
    put(row, COLUMN_lon, export_cell_degrees(&row->job->arena, crs, at.lon));
    put(row, COLUMN_lat, export_cell_degrees(&row->job->arena, crs, at.lat));
    if (c->accuracy_m >= 0) put_number(row, COLUMN_accuracy_m, c->accuracy_m);
    return ERR_OK;
}

/* Whether the format has this column. */
static bool has_column(const struct job *job, size_t i)
{
    return columns[i].type != POSITION || ogr_format_is_table(job->export->format);
}

static enum err write_case(struct db *db, struct job *job, struct db_query *q)
{
    struct row row = {.job = job};
    const char *cells[COLUMN_COUNT];
    unsigned char wkb[EXPORT_SHAPE_POINT];
    struct cases_case c;
    struct cases_life life;
    size_t n = 0;
    enum err e = cases_rows_read(q, &job->arena, &c);
    if (!e) e = read_life(db, job, c.id, &life);
    if (!e && job->export->each) e = job->export->each(job->export->user, &c);
    if (e) return e;
    put_codes(&row, &c);
    put_work(&row, &c);
    put_times(&row, &c, &life);
    put(&row, COLUMN_address, c.address);
    put(&row, COLUMN_description, c.description);
    put(&row, COLUMN_answers, arena_strdup(&job->arena, db_text(q, ANSWERS)));
    put_whole(&row, COLUMN_photos, db_int(q, PHOTOS));
    e = put_position(&row, &c, wkb);
    if (e || row.failed) return e ? e : ERR_NOMEM;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (has_column(job, i)) cells[n++] = row.cells[i] ? row.cells[i] : "";
    return ogr_out_row(job->out, cells, wkb, c.has_position ? sizeof wkb : 0, job->why);
}

static void write_sql(struct cases_where_sql *sql, const struct cases_where *where)
{
    cases_where_add(sql,
                    "SELECT " CASES_ROWS_COLUMNS
                    ", (SELECT group_concat(a.question || '=' || a.value, '; ') FROM (SELECT "
                    "question, value FROM case_answers WHERE case_id = c.id ORDER BY place) "
                    "a), (SELECT count(*) FROM photos p WHERE p.case_id = c.id)" CASES_ROWS_FROM
                    "WHERE TRUE");
    cases_where_write(sql, where);
    cases_where_add(sql, " ORDER BY c.id");
}

static enum err write_rows(struct db *db, void *user)
{
    struct job *job = user;
    const struct cases_export *x = job->export;
    struct cases_where_sql sql = {.len = 0};
    struct db_query *q;
    bool row = false;
    write_sql(&sql, &job->where);
    enum err e = db_prepare(db, sql.text, &q);
    if (e) return e;
    cases_where_bind(q, &job->where);
    while (!e && !(e = db_step(q, &row)) && row) {
        arena_reset(&job->arena);
        if (job->rows++ == x->max_rows)
            e = err_say(job->why, ERR_LIMIT,
                        "there are more than %" PRIu64 ": ask for less of them (from, to, area)",
                        x->max_rows);
        else if (job->rows % EVERY == 0 && !progress_say(x->progress, "cases", job->rows, 0))
            e = ERR_CANCELLED;
        else
            e = write_case(db, job, q);
    }
    db_done(q);
    return e;
}

static enum err begin(struct job *job)
{
    static const enum ogr_column_type types[] = {[TEXT] = OGR_COLUMN_TEXT,
                                                 [WHOLE] = OGR_COLUMN_WHOLE,
                                                 [REAL] = OGR_COLUMN_REAL,
                                                 [POSITION] = OGR_COLUMN_REAL};
    struct ogr_column list[COLUMN_COUNT];
    size_t n = 0;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (has_column(job, i))
            list[n++] = (struct ogr_column){columns[i].name, types[columns[i].type]};
    return ogr_out_new(job->export->format, "cases", list, n, export_cell_epsg(job->export->crs),
                       false, &job->out, job->why);
}

enum err cases_export_write(struct db *db, const struct cases_export *export, struct arena *arena,
                            struct buf *out, uint64_t *count, struct why *why)
{
    struct job job = {.export = export, .why = why};
    job.kind = kinds_find(export->kinds, export->filter->kind);
    if (!job.kind) return err_say(why, ERR_NOTFOUND, "there is no such kind of cases");
    enum err e = cases_where_init(&job.where, export->filter, export->kinds, arena);
    if (e) return err_say(why, e, "%s", err_text(e));
    arena_init(&job.arena, 0);
    e = begin(&job);
    if (!e) e = db_read(db, write_rows, &job);
    if (!e) e = ogr_out_end(job.out, out, why);
    ogr_out_free(job.out);
    arena_fini(&job.arena);
    if (!e) *count = job.rows;
    if (e && !why->text[0]) (void)err_say(why, e, "%s", err_text(e));
    return e;
}

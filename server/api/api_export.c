#include "server/api/api_export.h"

#include "data/audit.h"
#include "data/cases_export.h"
#include "data/export.h"
#include "geo/base/clock.h"
#include "server/api/api_crs.h"
#include "server/api/api_time.h"
#include "server/api/code_list.h"
#include "server/api/place_query.h"
#include "server/api/report_query.h"

#include <string.h>
#include <time.h>

/* Of cases: a workbook is all in memory until it is whole, and of a private kind each case is kept
 * as a look. */
enum { MAX_ROWS = 200000, MAX_CASES = 100000, MAX_SHEET = 20000, MAX_LOOKS = 5000 };

static enum err read_format(struct request *request, struct export_options *options)
{
    static const char *const encodings[] = {"utf-8", "gb18030", NULL};
    const char *words[OGR_FORMATS + 1] = {NULL};
    int format = OGR_CSV, encoding = 0;
    for (int i = 0; i < OGR_FORMATS; i++)
        words[i] = ogr_format_name((enum ogr_format)i);
    enum err e = request_word(request, "format", words, &format);
    if (!e) e = request_word(request, "encoding", encodings, &encoding);
    if (e) return e;
    options->format = (enum ogr_format)format;
    options->gb18030 = encoding == 1;
    if (options->gb18030 && options->format != OGR_CSV)
        return problem_say(request->problem, PROBLEM_PARAMETER, "encoding",
                           "is for format=csv alone");
    return ERR_OK;
}

static enum err read_box(struct request *request, const struct api_crs *crs, struct place_query *q,
                         struct export_options *options)
{
    double v[4];
    bool given = false;
    enum err e = request_numbers(request, "bbox", 4, v, &given);
    if (!e && given) e = place_query_box(request, crs, v, q);
    if (e || !given) return e;
    if (q->box_count != 1)
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "must not cross the antimeridian here: ask for either side");
    options->box = &q->boxes[0];
    return ERR_OK;
}

static enum err read_filter(struct request *request, const struct tools *tools,
                            struct export_options *options)
{
    const struct categories *categories = tools->service->categories;
    options->source = request_query(request, "source");
    options->max_rows = MAX_ROWS;
    options->words = categories;
    return code_list_read(request, "category", categories_find, categories, &options->categories);
}

/* "places-2026-11-27.xlsx", by the day of UTC. */
static const char *file_name(struct request *request, const char *what, enum ogr_format format)
{
    time_t now = (time_t)(clock_utc_ms() / 1000);
    struct tm day;
    char text[16] = "";
    if (gmtime_r(&now, &day)) (void)strftime(text, sizeof text, "%Y-%m-%d", &day);
    return arena_printf(request->arena, "attachment; filename=\"%s-%s.%s\"", what, text,
                        format == OGR_SHP ? "zip" : ogr_format_name(format));
}

static void send(struct request *request, struct response *response, const char *what,
                 enum ogr_format format)
{
    response->content_type = ogr_format_media(format);
    response_header(response, "Content-Disposition", file_name(request, what, format));
    response_header(response, "Cache-Control", "private, no-cache");
}

typedef enum err export_function(struct db *db, const struct export_options *options,
                                 struct buf *out, uint64_t *count, struct why *why);

static enum err answer(struct request *request, struct response *response, struct tools *tools,
                       const char *what, export_function *export)
{
    struct export_options options = {.format = OGR_CSV};
    struct api_crs crs;
    struct place_query around = {.box_count = 0};
    struct why why = {""};
    struct db *db;
    uint64_t count = 0;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = read_format(request, &options);
    if (!e) e = read_box(request, &crs, &around, &options);
    if (!e) e = read_filter(request, tools, &options);
    if (e) return e;
    options.crs = crs.out;
    e = tools_db(tools, &db, &why);
    if (!e) e = export(db, &options, &response->body, &count, &why);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONTENT, "format", "%s", why.text);
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "crs", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    send(request, response, what, options.format);
    if (options.gb18030) response->content_type = "text/csv; charset=gb18030";
    return ERR_OK;
}

enum err api_export_places(struct request *request, struct response *response, struct tools *tools)
{
    return answer(request, response, tools, "places", export_places);
}

enum err api_export_areas(struct request *request, struct response *response, struct tools *tools)
{
    return answer(request, response, tools, "areas", export_areas);
}

/* ---- cases ----------------------------------------------------------------------------------- */

/* Looks at private cases. */
struct looks {
    const struct tools *tools;
    struct audit_row *rows; /* room for MAX_LOOKS */
    size_t count;
    int64_t now_ms;
};

static enum err note_look(void *user, const struct cases_case *c)
{
    struct looks *looks = user;
    if (c->reporter == looks->tools->actor->id) return ERR_OK;
    looks->rows[looks->count++] = (struct audit_row){.verb = AUDIT_looked,
                                                     .person = looks->tools->actor->id,
                                                     .case_id = c->id,
                                                     .area = c->area_id,
                                                     .route = looks->tools->rule->pattern,
                                                     .at_ms = looks->now_ms};
    return ERR_OK;
}

static enum err read_case_format(struct request *request, enum ogr_format *format)
{
    static const enum ogr_format formats[] = {OGR_CSV, OGR_XLSX, OGR_GEOJSON};
    const char *words[] = {NULL, NULL, NULL, NULL};
    int which = 0;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        words[i] = ogr_format_name(formats[i]);
    enum err e = request_word(request, "format", words, &which);
    *format = formats[which];
    return e;
}

/* Writes them, and the looks before anything is answered. */
static enum err write_cases(struct request *request, struct response *response, struct tools *tools,
                            struct cases_export export, bool is_private)
{
    struct looks looks = {.tools = tools, .now_ms = export.now_ms};
    struct why why = {""};
    struct db *db;
    uint64_t count = 0;
    export.max_rows = export.format == OGR_XLSX ? MAX_SHEET : MAX_CASES;
    if (is_private) {
        looks.rows = arena_calloc(request->arena, MAX_LOOKS, sizeof *looks.rows);
        if (!looks.rows) return problem_from_err(request->problem, ERR_NOMEM, NULL);
        export.max_rows = MAX_LOOKS;
        export.each = note_look;
        export.user = &looks;
    }
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = cases_export_write(db, &export, request->arena, &response->body, &count, &why);
    if (!e) e = audit_add_all(db, looks.rows, looks.count);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONTENT, "format", "%s", why.text);
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "crs", "%s", why.text);
    return e ? problem_from_err(request->problem, e, &why) : ERR_OK;
}

enum err api_export_cases(struct request *request, struct response *response, struct tools *tools)
{
    struct cases_filter filter;
    const struct kinds_kind *kind = NULL;
    struct api_crs crs;
    struct cases_export export = {.filter = &filter,
                                  .kinds = tools->service->kinds,
                                  .areas = tools->snapshot->areas,
                                  .now_ms = clock_utc_ms()};
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = read_case_format(request, &export.format);
    if (!e) e = report_query_read(request, tools, RIGHTS_export, &kind, &filter);
    if (e) return e;
    export.crs = crs.out;
    e = write_cases(request, response, tools, export, kind->is_private);
    if (!e) send(request, response, "reports", export.format);
    return e;
}

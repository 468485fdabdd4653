#include "server/api/api_reports.h"

#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/api/case_answer.h"
#include "server/api/case_send.h"
#include "server/api/look.h"
#include "server/api/report_form.h"
#include "server/api/report_json.h"
#include "server/api/report_query.h"

enum { LIST_MAX = 500 };

/* ---- sending and reading --------------------------------------------------------------------- */

enum err api_reports_create(struct request *request, struct response *response, struct tools *tools)
{
    struct report_form *form = arena_alloc(request->arena, sizeof *form);
    if (!form) return ERR_NOMEM;
    enum err e = report_form_read(request, tools, form);
    if (e) return e;
    bool placed = form->has_position;
    const struct cases_new fresh = {
        .kind = form->kind->code,
        .category = form->category,
        .has_position = placed,
        .at = form->at,
        .accuracy_m = form->accuracy_m,
        .address = form->address,
        .description = form->description,
        .said = form->sent.said,
        .said_count = form->sent.said_count,
        .area_id = placed ? area_right_of(tools->snapshot->areas, form->at) : form->area_id};
    return case_send(request, response, tools, "POST /v1/reports", &form->sent, &fresh);
}

enum err api_reports_get(struct request *request, struct response *response, struct tools *tools)
{
    struct api_crs crs;
    struct case_answer a;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = case_answer_find(request, tools, &a);
    return e ? e : case_answer_write(request, response, tools, &crs, &a, &a.found);
}

/* ---- the staff's list ------------------------------------------------------------------------ */

static enum err read_filter(struct request *request, struct tools *tools,
                            const struct kinds_kind **kind, struct cases_filter *filter)
{
    struct api_page page;
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (!e) e = report_query_read(request, tools, RIGHTS_see, kind, filter);
    if (!e) e = report_query_sort(request, filter);
    if (e) return e;
    filter->limit = (uint32_t)page.limit;
    filter->has_after = page.has_cursor;
    filter->after_key = page.after[0];
    filter->after_id = page.after[1];
    return ERR_OK;
}

enum err api_reports_list(struct request *request, struct response *response, struct tools *tools)
{
    struct cases_filter filter;
    const struct kinds_kind *kind = NULL;
    struct api_crs crs;
    struct photo_pass_key pass;
    const struct cases_case *cases = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct why why = {""};
    struct db *db;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = read_filter(request, tools, &kind, &filter);
    if (!e) e = tools_db(tools, &db, &why);
    if (!e)
        e = cases_list(db, &filter, tools->service->kinds, request->arena, &cases, &count, &more);
    if (!e) e = look_note(request, tools, db, cases, count);
    if (e) return problem_from_err(request->problem, e, &why);
    if (more)
        next = api_page_next(request, response, cases_sort_key(filter.sort, &cases[count - 1]),
                             cases[count - 1].id);
    int64_t now_ms = clock_utc_ms();
    struct report_json how = {.crs = &crs,
                              .snapshot = tools->snapshot,
                              .kind = kind,
                              .as = KINDS_OFFICE,
                              .photos = {.now_ms = now_ms},
                              .now_ms = now_ms,
                              .near_ms = cases_due_near(tools->service->kinds, kind, now_ms)};
    e = case_answer_pass(db, kind, &pass, &how.photos);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "reports");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        report_json_write(json, &how, &cases[i]);
    jsonw_array_end(json);
    api_crs_write_name(json, &crs);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

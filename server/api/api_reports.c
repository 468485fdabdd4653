#include "server/api/api_reports.h"

#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/api/case_answer.h"
#include "server/api/case_send.h"
#include "server/api/report_form.h"
#include "server/api/report_json.h"
#include "server/auth.h"
#include "server/body.h"

enum { LIST_MAX = 500 };

/* ---- sending and reading --------------------------------------------------------------------- */

enum err api_reports_create(struct request *request, struct response *response, struct tools *tools)
{
    struct report_form *form = arena_alloc(request->arena, sizeof *form);
    if (!form) return ERR_NOMEM;
    enum err e = report_form_read(request, tools, form);
    if (e) return e;
    const struct cases_new fresh = {.kind = "report",
                                    .category = form->category,
                                    .has_position = true,
                                    .at = form->at,
                                    .accuracy_m = form->accuracy_m,
                                    .address = form->address,
                                    .description = form->description,
                                    .area_id = area_right_of(tools->snapshot->areas, form->at)};
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

/* What `wanted` leaves of the caller's areas. One area stands for all below it, so that is the
 * wanted one itself where the caller may see all of it, and else those of the caller within it. */
static enum err cut_areas(struct request *request, const struct areaset *areas, int64_t wanted,
                          struct cases_filter *filter)
{
    bool whole = !filter->areas_limited;
    size_t n = 0;
    int64_t *ids = arena_calloc(request->arena, filter->area_count + 1, sizeof *ids);
    if (!ids) return ERR_NOMEM;
    for (size_t i = 0; i < filter->area_count && !whole; i++) {
        whole = area_right_within(areas, wanted, filter->area_ids[i]);
        if (area_right_within(areas, filter->area_ids[i], wanted)) ids[n++] = filter->area_ids[i];
    }
    if (whole) {
        ids[0] = wanted;
        n = 1;
    }
    filter->areas_limited = true;
    filter->area_ids = ids;
    filter->area_count = n;
    return ERR_OK;
}

static enum err read_areas(struct request *request, struct tools *tools,
                           struct cases_filter *filter)
{
    const struct areaset *areas = tools->snapshot->areas;
    int64_t wanted = 0;
    enum err e = request_int(request, "area", 1, INT64_MAX, &wanted);
    if (!e)
        e = auth_areas(tools, filter->kind, request->arena, &filter->areas_limited,
                       &filter->area_ids, &filter->area_count);
    if (e || !wanted) return e;
    if (areaset_by_id(areas, wanted) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    return cut_areas(request, areas, wanted, filter);
}

/* Which kind of case, by its code. */
static enum err read_kind(struct request *request, const struct tools *tools,
                          const struct kinds_kind **kind)
{
    const char *code = request_query(request, "kind");
    *kind = kinds_find(tools->service->kinds, code ? code : "report");
    if (*kind) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "kind", "there is no such kind");
}

static enum err read_words(struct request *request, const struct kinds_kind *kind,
                           struct cases_filter *filter)
{
    filter->kind = kind->code;
    filter->state = request_query(request, "state");
    filter->category = request_query(request, "category");
    if (filter->state && !kinds_state(kind, filter->state))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           "is unknown; /v1/categories lists the states");
    if (filter->category && !kinds_category(kind, filter->category))
        return problem_say(request->problem, PROBLEM_PARAMETER, "category",
                           "is unknown; /v1/categories lists what there is");
    enum err e = request_bool(request, "open", &filter->only_open);
    return e ? e : request_int(request, "place", 1, INT64_MAX, &filter->place);
}

/* `due=overdue`, or `near`: not yet, but soon. */
static enum err read_due(struct request *request, const struct tools *tools,
                         const struct kinds_kind *kind, struct cases_filter *filter)
{
    static const char *const words[] = {"any", "overdue", "near", NULL};
    enum { ANY, OVERDUE };
    int64_t now_ms = clock_utc_ms();
    int due = ANY;
    enum err e = request_word(request, "due", words, &due);
    if (e || due == ANY) return e;
    filter->only_open = true;
    filter->due_after_ms = due == OVERDUE ? 0 : now_ms;
    filter->due_upto_ms =
        due == OVERDUE ? now_ms : cases_due_near(tools->service->kinds, kind, now_ms);
    return ERR_OK;
}

static enum err read_filter(struct request *request, struct tools *tools,
                            const struct kinds_kind **kind, struct cases_filter *filter)
{
    struct api_page page;
    *filter = (struct cases_filter){.newest_first = true};
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (!e) e = read_kind(request, tools, kind);
    if (!e) e = read_words(request, *kind, filter);
    if (!e) e = read_due(request, tools, *kind, filter);
    if (e) return e;
    filter->limit = (uint32_t)page.limit;
    filter->has_after = page.has_cursor;
    filter->after_created_ms = page.after[0];
    filter->after_id = page.after[1];
    return read_areas(request, tools, filter);
}

enum err api_reports_list(struct request *request, struct response *response, struct tools *tools)
{
    struct cases_filter filter;
    const struct kinds_kind *kind = NULL;
    struct api_crs crs;
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
    if (e) return problem_from_err(request->problem, e, &why);
    if (more)
        next = api_page_next(request, response, cases[count - 1].created_ms, cases[count - 1].id);
    int64_t now_ms = clock_utc_ms();
    const struct report_json how = {.crs = &crs,
                                    .snapshot = tools->snapshot,
                                    .kind = kind,
                                    .for_staff = true,
                                    .now_ms = now_ms,
                                    .near_ms = cases_due_near(tools->service->kinds, kind, now_ms)};
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

/* ---- moving ---------------------------------------------------------------------------------- */

static enum err read_move(struct request *request, struct cases_moving *moving)
{
    const char *due_at = NULL;
    const struct body_field fields[] = {
        {.name = "state",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = 40,
         .text = &moving->to},
        BODY_VERSION(&moving->version),
        {.name = "reason", .type = BODY_TEXT, .max = CASES_REASON_MAX, .text = &moving->reason},
        {.name = "duplicate_of", .type = BODY_TEXT, .max = 40, .text = &moving->duplicate_of},
        {.name = "due_at", .type = BODY_TEXT, .max = 40, .text = &due_at}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    return e ? e : api_time_member(request, "due_at", due_at, &moving->due_ms);
}

enum err api_reports_move(struct request *request, struct response *response, struct tools *tools)
{
    struct cases_moving moving = {.public_id = request_arg(request, "id"),
                                  .actor = {KINDS_STAFF, tools->actor->id},
                                  .now_ms = clock_utc_ms()};
    struct api_crs crs;
    struct case_answer a;
    struct cases_case moved = {0};
    struct why why = {""};
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = read_move(request, &moving);
    if (!e) e = case_answer_own(request, tools, &a);
    if (e) return e;
    if (!a.kind || !kinds_state(a.kind, moving.to))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           "is unknown; /v1/categories lists the states");
    e = cases_move(a.db, tools->service->kinds, &moving, request->arena, &moved, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return case_answer_write(request, response, tools, &crs, &a, &moved);
}

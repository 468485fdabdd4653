#include "server/api/api_proposals.h"
#include "server/api/api_db.h"

#include "data/cases_support.h"
#include "geo/base/clock.h"
#include "server/api/api_crs.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/case_answer.h"
#include "server/api/report_json.h"
#include "server/api/report_query.h"
#include "server/body.h"

enum { LIST_MAX = 100, EXPORTED = 100 };

/* ---- for everybody --------------------------------------------------------------------------- */

struct listing {
    struct api_crs crs;
    struct cases_filter filter;
    const struct kinds_kind *kind;
    const struct cases_case *cases;
    size_t count;
    struct photo_pass_key pass;
};

static enum err read_asked(struct request *request, struct tools *tools, struct listing *l)
{
    static const char *const words[] = {"newest", "supported", NULL};
    static const enum cases_sort sorts[] = {CASES_NEWEST, CASES_SUPPORTED};
    struct api_page page;
    int sort = 0;
    enum err e = api_crs_read(request, tools, &l->crs);
    if (!e) e = report_query_open(request, tools, &l->kind, &l->filter);
    if (!e) e = request_word(request, "sort", words, &sort);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    l->filter.sort = sorts[sort];
    l->filter.limit = (uint32_t)page.limit;
    l->filter.has_after = page.has_cursor;
    l->filter.after_key = page.after[0];
    l->filter.after_id = page.after[1];
    return ERR_OK;
}

/* As somebody who is nothing to them is shown them. */
static enum err write_list(struct jsonw *json, const struct tools *tools, struct db *db,
                           struct listing *l)
{
    int64_t now_ms = clock_utc_ms();
    struct report_json how = {.crs = &l->crs,
                              .snapshot = tools->snapshot,
                              .kind = l->kind,
                              .photos = {.now_ms = now_ms},
                              .now_ms = now_ms,
                              .near_ms = cases_due_near(tools->service->kinds, l->kind, now_ms)};
    enum err e = case_answer_pass(db, l->kind, &l->pass, &how.photos);
    bool person = tools->actor && !tools->actor->by_key, supported = false;
    for (size_t i = 0; i < l->count && !e; i++) {
        if (person) e = cases_support_is(db, l->cases[i].id, tools->actor->id, &supported);
        how.supported = person ? &supported : NULL;
        if (!e) report_json_write(json, &how, &l->cases[i]);
    }
    return e;
}

enum err api_proposals_list(struct request *request, struct response *response, struct tools *tools)
{
    struct listing *l = arena_calloc(request->arena, 1, sizeof *l);
    struct why why = {""};
    const char *next = NULL;
    bool more = false;
    struct db *db;
    if (!l) return ERR_NOMEM;
    enum err e = read_asked(request, tools, l);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e)
        e = cases_list(db, &l->filter, tools->service->kinds, request->arena, &l->cases, &l->count,
                       &more);
    if (e) return problem_from_err(request->problem, e, &why);
    if (more) {
        const struct cases_case *last = &l->cases[l->count - 1];
        next = api_page_next(request, response, cases_sort_key(l->filter.sort, last), last->id);
    }
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "proposals");
    jsonw_array(json);
    e = write_list(json, tools, db, l);
    jsonw_array_end(json);
    api_crs_write_name(json, &l->crs);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    response_header(response, "Vary", "Authorization, Cookie");
    return problem_from_err(request->problem, e, NULL);
}

/* ---- support --------------------------------------------------------------------------------- */

/* Of people, each of whom counts once. */
static enum err begin(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it supports nothing");
    return api_db(request, tools, db);
}

static void write_support(struct response *response, const struct cases_case *now, bool supported)
{
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_string(json, "id", now->public_id);
    jsonw_key_int(json, "edition", now->edition);
    jsonw_key_int(json, "supports", now->supports);
    jsonw_key_bool(json, "supported", supported);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
}

static enum err answer(struct request *request, struct response *response, struct tools *tools,
                       int64_t edition, bool give)
{
    struct case_answer a;
    struct cases_case now;
    struct why why = {""};
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = case_answer_find(request, tools, &a);
    if (e) return e;
    const struct cases_support wish = {.public_id = a.found.public_id,
                                       .person = tools->actor->id,
                                       .edition = edition,
                                       .now_ms = clock_utc_ms()};
    e = give ? cases_support_give(db, tools->service->kinds, &wish, request->arena, &now, &why)
             : cases_support_take_back(db, &wish, request->arena, &now, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    write_support(response, &now, give);
    return ERR_OK;
}

enum err api_proposals_support(struct request *request, struct response *response,
                               struct tools *tools)
{
    int64_t edition = 0;
    const struct body_field fields[] = {{.name = "edition",
                                         .type = BODY_INT,
                                         .required = true,
                                         .min = 1,
                                         .max = INT64_MAX,
                                         .number = &edition}};
    enum err e = body_read(request, fields, 1);
    return e ? e : answer(request, response, tools, edition, true);
}

enum err api_proposals_take_back(struct request *request, struct response *response,
                                 struct tools *tools)
{
    return answer(request, response, tools, 0, false);
}

/* ---- one's own ------------------------------------------------------------------------------- */

static void write_rows(struct jsonw *json, const struct cases_supported *list, size_t count)
{
    jsonw_key(json, "supports");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "report", list[i].report);
        jsonw_key_string(json, "kind", list[i].kind);
        jsonw_key_string(json, "state", list[i].state);
        jsonw_key_int(json, "edition", list[i].edition);
        api_time_write(json, "at", list[i].at_ms);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

enum err api_proposals_mine(struct request *request, struct response *response, struct tools *tools)
{
    const struct cases_supported *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = cases_support_list(db, tools->actor->id, page.has_cursor ? page.after[0] : 0,
                           (size_t)page.limit, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    write_rows(json, list, count);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_proposals_export(struct request *request, struct jsonw *json,
                              const struct tools *tools, struct db *db)
{
    const struct cases_supported *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e =
        cases_support_list(db, tools->actor->id, 0, EXPORTED, request->arena, &list, &count, &more);
    if (e) return e;
    jsonw_key(json, "supports");
    jsonw_object(json);
    write_rows(json, list, count);
    if (more)
        e = api_page_later(request->arena, "/v1/me/supports", EXPORTED, list[count - 1].id, &next);
    api_page_write(json, next);
    jsonw_object_end(json);
    return e;
}

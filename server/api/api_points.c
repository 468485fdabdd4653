#include "server/api/api_points.h"
#include "server/api/api_db.h"

#include "data/points_hand.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/api_points_mine.h"
#include "server/api/area_right.h"
#include "server/api/points_json.h"
#include "server/auth.h"
#include "server/body.h"

/* A page looks at LOOKED rows at most for those of the caller's areas. */
enum { LIST_MAX = 100, LOOKED = 500, CODE_MAX = 40 };

static const char kind_code[] = "points"; /* what a grant for points alone is for */
static const char folder[] = "/v1/points/";

/* ---- lists ----------------------------------------------------------------------------------- */

/* Rows are gone through in the order of the ledger, and left out where they are not the caller's:
 * a page may be short, or empty, and have another behind it. */
struct paging {
    struct api_page page;
    struct points_filter filter;
    const struct points_entry *rows;
    size_t count;
    bool more;
};

static enum err read_page(struct request *request, const struct tools *tools, struct db *db,
                          struct paging *p)
{
    enum err e = api_points_mine_kind(request, tools, &p->filter.kind);
    if (!e) e = api_page_read(request, LIST_MAX, &p->page);
    if (e) return e;
    p->filter.before = p->page.has_cursor ? p->page.after[0] : 0;
    p->filter.limit = LOOKED;
    e = points_list(db, &p->filter, request->arena, &p->rows, &p->count, &p->more);
    return problem_from_err(request->problem, e, NULL);
}

/* The address of what follows the first `seen` rows; NULL where nothing does. */
static const char *next_of(struct request *request, struct response *response,
                           const struct paging *p, size_t seen)
{
    if (!seen || (seen == p->count && !p->more)) return NULL;
    return api_page_next(request, response, p->rows[seen - 1].id, 0);
}

enum err api_points_list(struct request *request, struct response *response, struct tools *tools)
{
    struct paging p = {.filter = {.report = request_query(request, "report")}};
    size_t seen = 0, shown = 0;
    struct db *db;
    enum err e = request_int(request, "person", 1, INT64_MAX, &p.filter.person);
    if (!e) e = api_db(request, tools, &db);
    if (!e) e = read_page(request, tools, db, &p);
    if (e) return e;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "entries");
    jsonw_array(json);
    for (; seen < p.count && shown < (size_t)p.page.limit; seen++)
        if (auth_may(tools, RIGHTS_points, p.rows[seen].area_id, kind_code)) {
            points_json_entry(json, &p.rows[seen], true);
            shown++;
        }
    jsonw_array_end(json);
    api_page_write(json, next_of(request, response, &p, seen));
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_points_flags(struct request *request, struct response *response, struct tools *tools)
{
    struct paging p = {.filter = {.only_awards = true}};
    size_t seen = 0, shown = 0;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = read_page(request, tools, db, &p);
    if (e) return e;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "flagged");
    jsonw_array(json);
    for (; seen < p.count && shown < (size_t)p.page.limit; seen++) {
        struct points_flags flags;
        bool any = false;
        if (!auth_may(tools, RIGHTS_flags, p.rows[seen].area_id, kind_code)) continue;
        e = points_flags_find(db, tools->service->kinds, &p.rows[seen], request->arena, &flags,
                              &any);
        if (e) return problem_from_err(request->problem, e, NULL);
        if (!any) continue;
        jsonw_object(json);
        jsonw_key(json, "entry");
        points_json_entry(json, &p.rows[seen], true);
        jsonw_key_bool(json, "settled", flags.settled);
        points_json_flags(json, tools, &flags);
        jsonw_object_end(json);
        shown++;
    }
    jsonw_array_end(json);
    api_page_write(json, next_of(request, response, &p, seen));
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

/* The entry of the path, for those who answer for its area. */
static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct points_entry *entry)
{
    int64_t id = 0;
    enum err e = request_id(request, "entry", &id);
    if (!e) e = api_db(request, tools, db);
    if (e) return e;
    e = points_find(*db, id, request->arena, entry);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "entry", "there is no such entry");
    if (e) return problem_from_err(request->problem, e, NULL);
    return area_right_in(request, tools, RIGHTS_points, entry->area_id, kind_code,
                         "what the points are for");
}

enum err api_points_get(struct request *request, struct response *response, struct tools *tools)
{
    struct points_entry entry;
    struct db *db;
    enum err e = find(request, tools, &db, &entry);
    if (e) return e;
    points_json_entry(response_json(response), &entry, true);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

/* ---- by hand --------------------------------------------------------------------------------- */

static enum err render(void *user, struct buf *body)
{
    struct jsonw json;
    jsonw_init(&json, body);
    points_json_entry(&json, user, true);
    return body->err;
}

/* Whether the request had its answer already. */
static enum err begin_once(struct request *request, struct response *response, struct tools *tools,
                           const char *what, struct db *db, struct answers_reply *reply, bool *done)
{
    *done = false;
    if (!what) return ERR_NOMEM;
    enum err e = api_once_read_body(request, tools, what, "", &reply->request);
    return e ? e : api_once_look_up(request, response, db, folder, &reply->request, done);
}

enum err api_points_give(struct request *request, struct response *response, struct tools *tools)
{
    struct points_gift gift = {.by = tools->actor->id, .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {
        {.name = "person",
         .type = BODY_INT,
         .required = true,
         .min = 1,
         .max = INT64_MAX,
         .number = &gift.person},
        {.name = "kind", .type = BODY_TEXT, .required = true, .max = CODE_MAX, .text = &gift.kind},
        {.name = "amount",
         .type = BODY_INT,
         .required = true,
         .min = 1,
         .max = POINTS_RULES_MAX,
         .number = &gift.amount},
        {.name = "area_id", .type = BODY_INT, .min = 1, .max = INT64_MAX, .number = &gift.area_id},
        {.name = "reason",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = POINTS_REASON_MAX,
         .text = &gift.reason}};
    struct points_entry made;
    struct answers_reply reply = {.status = 201, .render = render, .user = &made};
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e && gift.area_id && areaset_by_id(tools->snapshot->areas, gift.area_id) < 0)
        e = problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    if (!e)
        e = area_right_in(request, tools, RIGHTS_points, gift.area_id, kind_code,
                          "what the points are for");
    if (!e) e = api_db(request, tools, &db);
    if (!e) e = begin_once(request, response, tools, "POST /v1/points", db, &reply, &done);
    if (e || done) return e;
    e = points_hand_give(db, tools->service->points, &gift, &reply, request->arena, &made, &answer,
                         &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return api_once_answer(request, response, folder, &answer);
}

enum err api_points_reverse(struct request *request, struct response *response, struct tools *tools)
{
    struct points_reversal reversal = {.by = tools->actor->id, .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {{.name = "reason",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = POINTS_REASON_MAX,
                                         .text = &reversal.reason}};
    struct points_entry entry, made;
    struct answers_reply reply = {.status = 201, .render = render, .user = &made};
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = find(request, tools, &db, &entry);
    if (e) return e;
    reversal.id = entry.id;
    e = body_read(request, fields, 1);
    if (!e)
        e = begin_once(
            request, response, tools,
            arena_printf(request->arena, "POST /v1/points/%lld/reverse", (long long)reversal.id),
            db, &reply, &done);
    if (e || done) return e;
    e = points_hand_reverse(db, &reversal, &reply, request->arena, &made, &answer, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return api_once_answer(request, response, folder, &answer);
}

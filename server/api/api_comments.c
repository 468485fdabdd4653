#include "server/api/api_comments.h"
#include "server/api/api_db.h"

#include "data/cases_comments.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/api/case_answer.h"
#include "server/auth.h"
#include "server/body.h"

#include <string.h>

enum { LIST_MAX = 100, EXPORTED = 100 };

static const char folder[] = "/v1/comments/";

/* ---- as JSON --------------------------------------------------------------------------------- */

/* For whom: who may hide it is told who wrote and who hid it; the writer why. */
struct reader {
    int64_t person;
    bool moderates, names_case;
};

static void write_one(struct jsonw *json, const struct cases_comment *c, struct reader reader)
{
    bool mine = reader.person && c->person == reader.person;
    jsonw_object(json);
    jsonw_key_string(json, "id", c->public_id);
    if (reader.names_case) jsonw_key_string(json, "report", c->report);
    if (reader.names_case) jsonw_key_string(json, "kind", c->kind);
    jsonw_key_string(json, "by", cases_comments_side_name(c->side));
    jsonw_key_bool(json, "mine", mine);
    jsonw_key_string(json, "text", c->text);
    api_time_write(json, "at", c->at_ms);
    if (reader.moderates && c->person) jsonw_key_int(json, "person_id", c->person);
    if (c->hidden_ms && (mine || reader.moderates)) {
        api_time_write(json, "hidden_at", c->hidden_ms);
        jsonw_key_string(json, "hidden_reason", c->hidden_reason);
        if (reader.moderates) jsonw_key_int(json, "hidden_by", c->hidden_by);
    }
    jsonw_object_end(json);
}

static void write_rows(struct jsonw *json, const struct cases_comment *list, size_t count,
                       struct reader reader)
{
    jsonw_key(json, "comments");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_one(json, &list[i], reader);
    jsonw_array_end(json);
}

static enum err answer_page(struct request *request, struct response *response, struct db *db,
                            struct cases_comments_filter *filter, struct reader reader)
{
    const struct cases_comment *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    filter->after = page.has_cursor ? page.after[0] : 0;
    filter->limit = (size_t)page.limit;
    e = cases_comments_list(db, filter, request->arena, &list, &count, &more);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONTENT, "area",
                           "your areas are too many: name one");
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    write_rows(json, list, count, reader);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    response_header(response, "Vary", "Authorization, Cookie");
    return ERR_OK;
}

/* Of people: a key says nothing. */
static enum err begin_own(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it writes no comments");
    return api_db(request, tools, db);
}

/* ---- of a case ------------------------------------------------------------------------------- */

static struct reader reader_of(const struct tools *tools, const struct cases_case *c)
{
    return (struct reader){.person = tools->actor ? tools->actor->id : 0,
                           .moderates = auth_may(tools, RIGHTS_moderate, c->area_id, c->kind)};
}

enum err api_comments_list(struct request *request, struct response *response, struct tools *tools)
{
    struct case_answer a;
    enum err e = case_answer_find(request, tools, &a);
    if (e) return e;
    const struct reader reader = reader_of(tools, &a.found);
    struct cases_comments_filter filter = {
        .case_id = a.found.id, .all = reader.moderates, .own = reader.person};
    return answer_page(request, response, a.db, &filter, reader);
}

struct making {
    struct cases_comment made;
    struct reader reader;
};

static enum err render(void *user, struct buf *body)
{
    const struct making *m = user;
    struct jsonw json;
    jsonw_init(&json, body);
    write_one(&json, &m->made, m->reader);
    return body->err;
}

enum err api_comments_create(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct case_answer a;
    struct making m = {.made = {.id = 0}};
    struct answers_reply reply = {.status = 201, .render = render, .user = &m};
    struct idempotency_answer answer;
    struct cases_comments_new fresh = {.now_ms = clock_utc_ms()};
    struct why why = {""};
    bool done = false;
    struct db *db;
    const struct body_field fields[] = {{.name = "text",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = CASES_COMMENTS_TEXT,
                                         .text = &fresh.text}};
    enum err e = body_read(request, fields, 1);
    if (!e) e = begin_own(request, tools, &db);
    if (!e) e = case_answer_find(request, tools, &a);
    if (e) return e;
    const char *what =
        arena_printf(request->arena, "POST /v1/reports/%s/comments", a.found.public_id);
    if (!what) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    e = api_once_read_body(request, tools, what, "", &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    m.reader = reader_of(tools, &a.found);
    fresh.report = a.found.public_id;
    fresh.person = tools->actor->id;
    fresh.by_staff = a.staff;
    e = cases_comments_add(db, tools->service->kinds, &fresh, &reply, request->arena, &m.made,
                           &answer, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return api_once_answer(request, response, folder, &answer);
}

/* ---- one's own ------------------------------------------------------------------------------- */

enum err api_comments_mine(struct request *request, struct response *response, struct tools *tools)
{
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (e) return e;
    int64_t person = tools->actor->id;
    struct cases_comments_filter filter = {.person = person, .own = person};
    return answer_page(request, response, db, &filter,
                       (struct reader){.person = person, .names_case = true});
}

enum err api_comments_remove(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct why why = {""};
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (e) return e;
    e = cases_comments_remove(db, request_arg(request, "comment"), tools->actor->id, &why);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "comment", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

enum err api_comments_export(struct request *request, struct jsonw *json, const struct tools *tools,
                             struct db *db)
{
    int64_t person = tools->actor->id;
    const struct cases_comments_filter filter = {
        .person = person, .own = person, .limit = EXPORTED};
    const struct cases_comment *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = cases_comments_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return e;
    jsonw_key(json, "comments");
    jsonw_object(json);
    write_rows(json, list, count, (struct reader){.person = person, .names_case = true});
    if (more)
        e = api_page_later(request->arena, "/v1/me/comments", EXPORTED, list[count - 1].id, &next);
    api_page_write(json, next);
    jsonw_object_end(json);
    return e;
}

/* ---- moderation ------------------------------------------------------------------------------ */

enum err api_comments_review(struct request *request, struct response *response,
                             struct tools *tools)
{
    const char *code = request_query(request, "kind");
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, code ? code : "proposal");
    struct cases_comments_filter filter = {.all = true};
    struct db *db;
    if (!kind || !kind->comments)
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "takes no comments; /v1/kinds says which do");
    filter.kind = kind->code;
    enum err e = request_bool(request, "hidden", &filter.only_hidden);
    if (!e)
        e = auth_areas(tools, RIGHTS_moderate, kind->code, request->arena, &filter.areas_limited,
                       &filter.area_ids, &filter.area_count);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    return answer_page(
        request, response, db, &filter,
        (struct reader){.person = tools->actor->id, .moderates = true, .names_case = true});
}

enum err api_comments_hide(struct request *request, struct response *response, struct tools *tools)
{
    struct cases_comments_hiding hiding = {.public_id = request_arg(request, "comment"),
                                           .by = tools->actor->id,
                                           .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {
        {.name = "hidden", .type = BODY_BOOL, .required = true, .flag = &hiding.hide},
        {.name = "reason", .type = BODY_TEXT, .max = CASES_REASON_MAX, .text = &hiding.reason}};
    struct cases_comment found;
    struct why why = {""};
    struct db *db;
    enum err e = body_read(request, fields, 2);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    e = cases_comments_find(db, hiding.public_id, request->arena, &found);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "comment",
                           "there is no such comment");
    if (e) return problem_from_err(request->problem, e, NULL);
    e = area_right_in(request, tools, RIGHTS_moderate, found.area_id, found.kind, "the comment");
    if (e) return e;
    if (hiding.hide && !(hiding.reason && hiding.reason[0]))
        return problem_say(request->problem, PROBLEM_PARAMETER, "reason",
                           "is missing: whoever wrote it reads why it is hidden");
    e = cases_comments_hide(db, &hiding, request->arena, &found, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    write_one(response_json(response), &found,
              (struct reader){.person = tools->actor->id, .moderates = true, .names_case = true});
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

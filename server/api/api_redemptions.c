#include "server/api/api_redemptions.h"
#include "server/api/api_db.h"

#include "data/guesses.h"
#include "data/redemptions.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/reward_json.h"
#include "server/auth.h"
#include "server/body.h"
#include "server/qr.h"

enum { LIST_MAX = 100, TYPED_MAX = 60, EXPORTED = 100 };

static const char kind_code[] = "reward"; /* what a grant for rewards alone is for */
static const char folder[] = "/v1/me/redemptions/";

/* Of people: a key has no points. */
static enum err begin_own(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it has no points");
    return api_db(request, tools, db);
}

/* ---- making ---------------------------------------------------------------------------------- */

/* Nothing is kept but which it is: a kept answer would have the code. */
static enum err render(void *user, struct buf *body)
{
    (void)user, (void)body;
    return ERR_OK;
}

static enum err answer_one(struct request *request, struct response *response, struct tools *tools,
                           struct db *db, const char *public_id)
{
    struct redemptions_redemption found;
    enum err e = redemptions_find(db, public_id, tools->service->seal_key, request->arena, &found);
    if (!e && found.person != tools->actor->id) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no such redemption of yours");
    if (e) return problem_from_err(request->problem, e, NULL);
    reward_json_redemption(response_json(response), &found);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

/* Whether the request came before: then `*subject` is what it made. */
static enum err look_up(struct request *request, const struct tools *tools, struct db *db,
                        int64_t reward, struct answers_reply *reply, const char **subject)
{
    struct idempotency_answer kept;
    bool done = false;
    const char *what =
        arena_printf(request->arena, "POST /v1/rewards/%lld/redeem", (long long)reward);
    if (!what) return ERR_NOMEM;
    enum err e = api_once_read_body(request, tools, what, "", &reply->request);
    if (!e) e = api_once_find(request, db, &reply->request, &kept, &done);
    if (done) *subject = kept.subject;
    return e;
}

enum err api_redemptions_make(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct redemptions_wish wish = {
        .person = tools->actor->id, .key = tools->service->seal_key, .now_ms = clock_utc_ms()};
    struct answers_reply reply = {.status = 201, .render = render};
    struct redemptions_redemption made;
    struct idempotency_answer answer;
    struct why why = {""};
    const char *subject = NULL;
    struct db *db;
    enum err e = request_id(request, "id", &wish.reward);
    if (!e) e = begin_own(request, tools, &db);
    if (!e) e = look_up(request, tools, db, wish.reward, &reply, &subject);
    if (e) return e;
    if (!subject) {
        e = redemptions_make(db, &wish, &reply, request->arena, &made, &answer, &why);
        if (e) return problem_from_err(request->problem, e, &why);
        subject = answer.subject;
    }
    e = answer_one(request, response, tools, db, subject);
    if (e) return e;
    response->status = 201;
    response_header(response, "Location", arena_printf(request->arena, "%s%s", folder, subject));
    return ERR_OK;
}

/* ---- one's own ------------------------------------------------------------------------------- */

enum err api_redemptions_list(struct request *request, struct response *response,
                              struct tools *tools)
{
    const struct redemptions_redemption *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = redemptions_list(db, tools->actor->id, page.has_cursor ? page.after[0] : 0,
                         (size_t)page.limit, tools->service->seal_key, request->arena, &list,
                         &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "redemptions");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        reward_json_redemption(json, &list[i]);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_redemptions_get(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    return e ? e : answer_one(request, response, tools, db, request_arg(request, "id"));
}

enum err api_redemptions_qr(struct request *request, struct response *response, struct tools *tools)
{
    struct redemptions_redemption found;
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (e) return e;
    e = redemptions_find(db, request_arg(request, "id"), tools->service->seal_key, request->arena,
                         &found);
    if (!e && (found.person != tools->actor->id || !found.code[0])) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no redemption of yours that is open");
    if (!e) e = qr_svg(found.code, &response->body);
    if (e) return problem_from_err(request->problem, e, NULL);
    response->content_type = "image/svg+xml";
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_redemptions_cancel(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct redemptions_redemption found;
    struct why why = {""};
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (e) return e;
    e = redemptions_cancel(db, request_arg(request, "id"), tools->actor->id, clock_utc_ms(),
                           request->arena, &found, &why);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    reward_json_redemption(response_json(response), &found);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_redemptions_export(struct request *request, struct jsonw *json,
                                const struct tools *tools, struct db *db)
{
    const struct redemptions_redemption *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = redemptions_list(db, tools->actor->id, 0, EXPORTED, NULL, request->arena, &list,
                                  &count, &more);
    if (e) return e;
    jsonw_key(json, "redemptions");
    jsonw_object(json);
    jsonw_key(json, "redemptions");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        reward_json_redemption(json, &list[i]);
    jsonw_array_end(json);
    if (more)
        e = api_page_later(request->arena, "/v1/me/redemptions", EXPORTED, list[count - 1].id,
                           &next);
    api_page_write(json, next);
    jsonw_object_end(json);
    return e;
}

/* ---- handing over ---------------------------------------------------------------------------- */

static bool may(const void *user, int64_t area_id)
{
    return auth_may(user, RIGHTS_verify, area_id, kind_code);
}

static enum err render_found(void *user, struct buf *body)
{
    struct jsonw json;
    jsonw_init(&json, body);
    reward_json_redemption(&json, user);
    return body->err;
}

/* Of a look (`dry`) no answer is kept, which would be old by the next one. */
static enum err find_kept(struct request *request, const struct tools *tools, struct db *db,
                          bool dry, struct answers_reply *reply, struct idempotency_answer *kept,
                          bool *done)
{
    enum err e =
        api_once_read_body(request, tools, "POST /v1/redemptions/verify", "", &reply->request);
    if (dry) reply->request.key = NULL;
    return e ? e : api_once_find(request, db, &reply->request, kept, done);
}

static enum err refuse_code(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "code", "%s", why->text);
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, "code", "%s", why->text);
    if (e == ERR_LIMIT) request->problem->retry_after_s = GUESSES_LOCK_MIN * 60;
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_TOO_MANY, NULL, "%s", why->text);
    return problem_from_err(request->problem, e, why);
}

enum err api_redemptions_verify(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct redemptions_check check = {
        .by = tools->actor->id, .may = may, .user = tools, .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {{.name = "code",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = TYPED_MAX,
                                         .text = &check.code},
                                        {.name = "dry_run", .type = BODY_BOOL, .flag = &check.dry}};
    struct redemptions_redemption found;
    struct answers_reply reply = {.status = 200, .render = render_found, .user = &found};
    struct idempotency_answer kept;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = api_db(request, tools, &db);
    if (!e) e = find_kept(request, tools, db, check.dry, &reply, &kept, &done);
    if (e) return e;
    if (!done) e = redemptions_verify(db, &check, &reply, request->arena, &found, &kept, &why);
    if (e) return refuse_code(request, e, &why);
    (void)response_json(response);
    buf_put(&response->body, kept.body, kept.len);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

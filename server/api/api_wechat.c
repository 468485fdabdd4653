#include "server/api/api_wechat.h"
#include "server/api/api_db.h"

#include "data/inbox_send.h"
#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/api_sessions.h"
#include "server/api/api_time.h"
#include "server/body.h"
#include "server/csrf.h"
#include "server/wechat.h"

enum { LIST_MAX = 100, BUSY_S = 5, LOCKED_S = 15 * 60 };

static enum err begin(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor && tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL, "this is a key, not a person");
    if (!tools->service->wechat)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, NULL,
                           "WeChat is not set up on this server");
    return api_db(request, tools, db);
}

/* Whom the code is of. */
static enum err ask(struct request *request, struct tools *tools, const char *code,
                    char openid[BODY_ANSWER_OPENID_SIZE])
{
    int64_t errcode = 0;
    enum wechat_verdict verdict = wechat_session(tools->service->wechat, code, openid, &errcode);
    if (verdict == WECHAT_OK) return ERR_OK;
    if (verdict == WECHAT_CODE)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "code",
                           "is wrong, older than five minutes, or was used: call wx.login again");
    if (verdict == WECHAT_BLOCKED)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "WeChat does not let this account sign in");
    log_say(tools->service->log, APP_LOG_WARN, "WeChat does not say whom a code is of: %lld",
            (long long)errcode);
    request->problem->retry_after_s = BUSY_S;
    return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                       "WeChat cannot be asked at the moment: try again, or sign in by password");
}

/* ---- signing in ------------------------------------------------------------------------------ */

#define CODE(at)                                                                                   \
    {                                                                                              \
        .name = "code", .type = BODY_TEXT, .required = true, .min = 1, .max = WECHAT_CODE_MAX,     \
        .text = (at)                                                                               \
    }

static enum err refuse(struct request *request, enum err e, const char *second,
                       const struct people_session *session, const struct why *why)
{
    if (e == ERR_DENIED && session->wants_code)
        return problem_say(request->problem, PROBLEM_SECOND_FACTOR, "second_factor",
                           second ? "is wrong, or was used before"
                                  : "is wanted: of your authenticator, or a recovery code");
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL, "%s", why->text);
    if (e != ERR_LIMIT) return problem_from_err(request->problem, e, why);
    request->problem->retry_after_s = LOCKED_S;
    return problem_say(request->problem, PROBLEM_TOO_MANY, NULL, "%s", why->text);
}

enum err api_wechat_sign_in(struct request *request, struct response *response, struct tools *tools)
{
    const char *code = NULL, *second = NULL;
    bool cookie = false;
    const struct body_field fields[] = {
        CODE(&code),
        {.name = "second_factor", .type = BODY_TEXT, .min = 1, .max = 40, .text = &second},
        {.name = "cookie", .type = BODY_BOOL, .flag = &cookie}};
    struct people_session session = {.wants_code = false};
    char openid[BODY_ANSWER_OPENID_SIZE], device[PEOPLE_DEVICE_SIZE];
    struct why why = {""};
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e && cookie) e = csrf_same_origin(request, tools);
    if (!e) e = ask(request, tools, code, openid);
    if (e) return e;
    api_sessions_device(request, device);
    const struct wechat_people_signing signing = {.openid = openid,
                                                  .code = second,
                                                  .device = device,
                                                  .key = tools->service->seal_key,
                                                  .policy = &tools->service->policy,
                                                  .now_ms = clock_utc_ms()};
    e = wechat_people_sign_in(db, &signing, &session, &why);
    if (e) return refuse(request, e, second, &session, &why);
    return api_sessions_answer(request, response, tools, db, &session, cookie);
}

/* ---- binding --------------------------------------------------------------------------------- */

enum err api_wechat_get(struct request *request, struct response *response, struct tools *tools)
{
    int64_t since_ms = 0;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e)
        e = problem_from_err(request->problem, wechat_people_since(db, tools->actor->id, &since_ms),
                             NULL);
    if (e) return e;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_bool(json, "bound", since_ms != 0);
    if (since_ms) api_time_write(json, "since", since_ms);
    jsonw_key(json, "templates");
    jsonw_object(json);
    for (int g = 0; g < INBOX_GROUP_COUNT; g++)
        if (tools->service->wechat->templates[g].id)
            jsonw_key_string(json, inbox_verbs_group_name((enum inbox_group)g),
                             tools->service->wechat->templates[g].id);
    jsonw_object_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* The password says that it is they: by a stolen session nobody gets a way in that lasts. */
static enum err check(struct request *request, struct tools *tools, struct db *db,
                      const char *password)
{
    struct why why = {""};
    const struct people_signing signing = {.password = password,
                                           .key = tools->service->seal_key,
                                           .policy = &tools->service->policy,
                                           .now_ms = clock_utc_ms()};
    enum err e = people_check(db, tools->actor, &signing, &why);
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, "password", "is wrong");
    if (e != ERR_LIMIT) return problem_from_err(request->problem, e, &why);
    request->problem->retry_after_s = LOCKED_S;
    return problem_say(request->problem, PROBLEM_TOO_MANY, NULL, "%s", why.text);
}

enum err api_wechat_bind(struct request *request, struct response *response, struct tools *tools)
{
    const char *code = NULL, *password = NULL;
    const struct body_field fields[] = {CODE(&code),
                                        {.name = "password",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .unseen = true,
                                         .min = 1,
                                         .max = SECRETS_PASSWORD_MAX,
                                         .text = &password}};
    const struct people_by by = {tools->actor->id, tools->rule->pattern};
    char openid[BODY_ANSWER_OPENID_SIZE];
    struct why why = {""};
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = check(request, tools, db, password);
    if (!e) e = ask(request, tools, code, openid);
    if (e) return e;
    const struct wechat_people_binding binding = {.by = &by,
                                                  .token = tools->actor->token,
                                                  .openid = openid,
                                                  .key = tools->service->seal_key,
                                                  .now_ms = clock_utc_ms()};
    e = wechat_people_bind(db, &binding, &why);
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL, "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    return api_wechat_get(request, response, tools);
}

enum err api_wechat_free(struct request *request, struct response *response, struct tools *tools)
{
    const struct people_by by = {tools->actor->id, tools->rule->pattern};
    struct why why = {""};
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (e) return e;
    e = wechat_people_free(db, &by, clock_utc_ms(), &why);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, NULL, "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

/* ---- deliveries ------------------------------------------------------------------------------ */

static void write_delivery(struct jsonw *json, const struct inbox_send_listed *d)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", d->id);
    jsonw_key_string(json, "channel", "wechat");
    jsonw_key_string(json, "verb", d->verb);
    jsonw_key_string(json, "state", deliveries_state_name(d->state));
    jsonw_key_int(json, "tries", d->tries);
    if (d->code) jsonw_key_int(json, "code", d->code);
    if (d->error[0]) jsonw_key_string(json, "error", d->error);
    api_time_write(json, "created_at", d->created_ms);
    api_time_write(json, "changed_at", d->changed_ms);
    if (d->state == DELIVERIES_WAITING) api_time_write(json, "next_at", d->next_ms);
    jsonw_object_end(json);
}

enum err api_wechat_deliveries(struct request *request, struct response *response,
                               struct tools *tools)
{
    static const char *const words[] = {"waiting", "done", "dead", "dropped", "any", NULL};
    const struct inbox_send_listed *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    int state = DELIVERIES_STATES;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = request_word(request, "state", words, &state);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = inbox_send_list(db, (enum deliveries_state)state, page.has_cursor ? page.after[0] : 0,
                        (size_t)page.limit, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "deliveries");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_delivery(json, &list[i]);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_wechat_retry(struct request *request, struct response *response, struct tools *tools)
{
    int64_t id = 0, count = 0;
    struct db *db;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    e = id > 0 ? inbox_send_again(db, id, clock_utc_ms(), &count) : ERR_OK;
    if (e) return problem_from_err(request->problem, e, NULL);
    if (!count)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no such delivery that is dead");
    response->status = 204;
    return ERR_OK;
}

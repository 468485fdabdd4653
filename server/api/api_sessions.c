#include "server/api/api_sessions.h"

#include "geo/base/clock.h"
#include "geo/base/text.h"
#include "server/api/api_time.h"
#include "server/api/person_json.h"
#include "server/body.h"
#include "server/csrf.h"

#include <string.h>

/* ---- signing in ------------------------------------------------------------------------------ */

struct asking {
    const char *name, *password, *code;
    bool cookie;
};

static enum err read_asking(struct request *request, const struct tools *tools,
                            struct asking *asking)
{
    const struct body_field fields[] = {
        {.name = "name",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = 100,
         .text = &asking->name},
        {.name = "password",
         .type = BODY_TEXT,
         .required = true,
         .unseen = true,
         .min = 1,
         .max = SECRETS_PASSWORD_MAX,
         .text = &asking->password},
        {.name = "code", .type = BODY_TEXT, .min = 1, .max = 40, .text = &asking->code},
        {.name = "cookie", .type = BODY_BOOL, .flag = &asking->cookie}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    return e || !asking->cookie ? e : csrf_same_origin(request, tools);
}

/* What a browser calls itself, cut short at a whole character. */
void api_sessions_device(const struct request *request, char device[PEOPLE_DEVICE_SIZE])
{
    const char *agent = request->headers.user_agent ? request->headers.user_agent : "";
    size_t len = strnlen(agent, PEOPLE_DEVICE_SIZE - 1);
    while (len && agent[len] && ((unsigned char)agent[len] & 0xc0) == 0x80)
        len--;
    if (!text_utf8_valid(agent, len)) len = 0;
    for (size_t i = 0; i < len; i++)
        device[i] = (unsigned char)agent[i] < 0x20 || agent[i] == 0x7f ? ' ' : agent[i];
    device[len] = '\0';
}

static enum err refuse(struct request *request, enum err e, const struct asking *asking,
                       const struct people_session *session, const struct why *why)
{
    if (e == ERR_DENIED && session->wants_code)
        return problem_say(request->problem, PROBLEM_SECOND_FACTOR, "code",
                           asking->code ? "is wrong, or was used before"
                                        : "is wanted: of your authenticator, or a recovery code");
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL,
                           "name or password is wrong");
    if (e == ERR_CHECKSUM)
        return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                           "the second factor cannot be read: ask the operator to reset it");
    if (e != ERR_LIMIT) return problem_from_err(request->problem, e, why);
    request->problem->retry_after_s = 15 * 60;
    return problem_say(request->problem, PROBLEM_TOO_MANY, NULL, "%s", why->text);
}

enum err api_sessions_answer(struct request *request, struct response *response,
                             const struct tools *tools, struct db *db,
                             const struct people_session *session, bool cookie)
{
    char csrf[SECRETS_HEX_SIZE];
    struct people_actor actor = {0};
    enum err e = people_recognise(db, session->token, &tools->service->policy, clock_utc_ms(),
                                  request->arena, &actor);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    if (cookie) {
        csrf_text(session->token, csrf);
        jsonw_key_string(json, "csrf", csrf);
        response_header(response, "Set-Cookie", csrf_set_cookie(request, tools, session->token));
    } else {
        jsonw_key_string(json, "token", session->token);
    }
    api_time_write(json, "expires_at", session->expires_ms);
    jsonw_key(json, "person");
    jsonw_object(json);
    person_json_members(json, &actor);
    jsonw_object_end(json);
    jsonw_object_end(json);
    response->status = 201;
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_sessions_create(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct asking asking = {.name = NULL};
    struct people_session session = {.wants_code = false};
    char device[PEOPLE_DEVICE_SIZE];
    struct why why = {""};
    struct db *db;
    enum err e = read_asking(request, tools, &asking);
    if (e) return e;
    api_sessions_device(request, device);
    const struct people_signing signing = {.login = asking.name,
                                           .password = asking.password,
                                           .code = asking.code,
                                           .device = device,
                                           .key = tools->service->seal_key,
                                           .policy = &tools->service->policy,
                                           .now_ms = clock_utc_ms()};
    e = tools_db(tools, &db, &why);
    if (!e) e = people_sign_in(db, &signing, &session, &why);
    if (e) return refuse(request, e, &asking, &session, &why);
    return api_sessions_answer(request, response, tools, db, &session, asking.cookie);
}

/* ---- sessions that are open ------------------------------------------------------------------ */

static enum err refuse_keys(struct request *request, const struct tools *tools)
{
    if (!tools->actor->by_key) return ERR_OK;
    return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                       "this is a key, not a session; an administrator can revoke it");
}

static void write_session(struct jsonw *json, const struct people_seen *session)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", session->id);
    jsonw_key_string(json, "device", session->device);
    api_time_write(json, "created_at", session->made_ms);
    api_time_write(json, "seen_at", session->seen_ms);
    api_time_write(json, "expires_at", session->expires_ms);
    jsonw_key_bool(json, "current", session->current);
    jsonw_object_end(json);
}

enum err api_sessions_list(struct request *request, struct response *response, struct tools *tools)
{
    struct people_seen *sessions =
        arena_calloc(request->arena, PEOPLE_SESSIONS_LISTED, sizeof *sessions);
    struct why why = {""};
    struct db *db;
    size_t count = 0;
    if (!sessions) return ERR_NOMEM;
    enum err e = refuse_keys(request, tools);
    if (!e) e = tools_db(tools, &db, &why);
    if (!e)
        e = people_sessions(db, tools->actor, &tools->service->policy, clock_utc_ms(), sessions,
                            PEOPLE_SESSIONS_LISTED, &count);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "sessions");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_session(json, &sessions[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

static enum err ended(struct request *request, struct response *response, const struct tools *tools,
                      bool own)
{
    if (own && tools->by_cookie)
        response_header(response, "Set-Cookie", csrf_set_cookie(request, tools, ""));
    response->status = 204;
    return ERR_OK;
}

enum err api_sessions_end_all(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct why why = {""};
    struct db *db;
    enum err e = refuse_keys(request, tools);
    if (!e) e = tools_db(tools, &db, &why);
    if (!e) e = people_sign_out_all(db, tools->actor->id);
    return e ? problem_from_err(request->problem, e, &why) : ended(request, response, tools, true);
}

enum err api_sessions_end(struct request *request, struct response *response, struct tools *tools)
{
    struct why why = {""};
    struct db *db;
    enum err e = refuse_keys(request, tools);
    if (!e) e = tools_db(tools, &db, &why);
    if (!e) e = people_session_end(db, tools->actor, request_arg(request, "id"));
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "you have no such session open");
    return e ? problem_from_err(request->problem, e, &why) : ended(request, response, tools, false);
}

enum err api_sessions_end_current(struct request *request, struct response *response,
                                  struct tools *tools)
{
    struct why why = {""};
    struct db *db;
    enum err e = refuse_keys(request, tools);
    if (!e) e = tools_db(tools, &db, &why);
    if (!e) e = people_sign_out(db, tools->actor);
    return e ? problem_from_err(request->problem, e, &why) : ended(request, response, tools, true);
}

#include "server/api/api_me.h"
#include "server/api/api_db.h"

#include "data/totp.h"
#include "geo/base/clock.h"
#include "server/api/api_profile.h"
#include "server/api/person_json.h"
#include "server/body.h"
#include "server/csrf.h"

enum err api_me_get(struct request *request, struct response *response, struct tools *tools)
{
    char csrf[SECRETS_HEX_SIZE];
    struct why why = {""};
    struct db *db;
    bool has = false;
    int64_t left = 0;
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = totp_state(db, tools->actor->id, &has, &left);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    person_json_members(json, tools->actor);
    jsonw_key_bool(json, "second_factor", has);
    if (has) jsonw_key_int(json, "recovery_codes_left", left);
    e = api_profile_members(request, json, tools, db, false);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (tools->by_cookie) {
        csrf_text(tools->token, csrf);
        jsonw_key_string(json, "csrf", csrf);
    }
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* ---- who says it is they --------------------------------------------------------------------- */

static enum err check(struct request *request, struct tools *tools, struct db *db,
                      const char *password, const char *code)
{
    struct why why = {""};
    const struct people_signing signing = {.password = password,
                                           .code = code,
                                           .key = tools->service->seal_key,
                                           .policy = &tools->service->policy,
                                           .now_ms = clock_utc_ms()};
    enum err e = people_check(db, tools->actor, &signing, &why);
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, code ? "code" : "password",
                           code ? "this, or the password, is wrong" : "is wrong");
    if (e != ERR_LIMIT) return problem_from_err(request->problem, e, &why);
    request->problem->retry_after_s = 15 * 60;
    return problem_say(request->problem, PROBLEM_TOO_MANY, NULL, "%s", why.text);
}

/* A key is a system's: nothing here is for it. */
static enum err begin(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key; passwords and codes are for people");
    return api_db(request, tools, db);
}

#define PASSWORD(field, at)                                                                        \
    {                                                                                              \
        .name = (field), .type = BODY_TEXT, .required = true, .unseen = true, .min = 1,            \
        .max = SECRETS_PASSWORD_MAX, .text = (at)                                                  \
    }
#define CODE(at)                                                                                   \
    {                                                                                              \
        .name = "code", .type = BODY_TEXT, .required = true, .min = 1, .max = 40, .text = (at)     \
    }

enum err api_me_password(struct request *request, struct response *response, struct tools *tools)
{
    const char *old = NULL, *fresh = NULL;
    const struct body_field fields[] = {PASSWORD("old", &old), PASSWORD("new", &fresh)};
    struct why why = {""};
    struct db *db = NULL;
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = begin(request, tools, &db);
    if (!e) e = check(request, tools, db, old, NULL);
    if (e) return e;
    e = people_change_password(db, tools->actor, fresh, &why);
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "new", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

/* ---- the second factor ----------------------------------------------------------------------- */

enum err api_me_totp_begin(struct request *request, struct response *response, struct tools *tools)
{
    const char *password = NULL;
    const struct body_field fields[] = {PASSWORD("password", &password)};
    const struct totp totp = {tools->service->seal_key, tools->actor->id};
    char secret[TOTP_CODE_TEXT_SIZE];
    struct why why = {""};
    struct db *db = NULL;
    enum err e = body_read(request, fields, 1);
    if (!e) e = begin(request, tools, &db);
    if (!e) e = check(request, tools, db, password, NULL);
    if (e) return e;
    e = totp_begin(db, &totp, clock_utc_ms(), secret, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    /* As authenticators read it from a QR code; a login needs no escapes. */
    const char *uri =
        arena_printf(request->arena, "otpauth://totp/Yizhan:%s?secret=%s&issuer=Yizhan",
                     tools->actor->login, secret);
    if (!uri) return ERR_NOMEM;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_string(json, "secret", secret);
    jsonw_key_string(json, "uri", uri);
    jsonw_object_end(json);
    response->status = 201;
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_me_totp_confirm(struct request *request, struct response *response,
                             struct tools *tools)
{
    const char *code = NULL;
    const struct body_field fields[] = {CODE(&code)};
    const struct totp totp = {tools->service->seal_key, tools->actor->id};
    char codes[TOTP_RECOVERY_CODES][TOTP_RECOVERY_SIZE];
    struct why why = {""};
    struct db *db = NULL;
    enum err e = body_read(request, fields, 1);
    if (!e) e = begin(request, tools, &db);
    if (e) return e;
    e = totp_confirm(db, &totp, code, clock_utc_ms(), codes, &why);
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, "code", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "recovery_codes");
    jsonw_array(json);
    for (int i = 0; i < TOTP_RECOVERY_CODES; i++)
        jsonw_string(json, codes[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_me_totp_remove(struct request *request, struct response *response, struct tools *tools)
{
    const char *password = NULL, *code = NULL;
    const struct body_field fields[] = {PASSWORD("password", &password), CODE(&code)};
    struct why why = {""};
    struct db *db = NULL;
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = begin(request, tools, &db);
    if (!e && !tools->actor->has_second_factor)
        e = problem_say(request->problem, PROBLEM_NOT_FOUND, NULL, "you have no second factor");
    if (!e) e = check(request, tools, db, password, code);
    if (e) return e;
    const struct people_by by = {tools->actor->id, tools->rule->pattern};
    e = totp_remove(db, &by, tools->actor->id, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

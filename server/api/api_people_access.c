#include "server/api/api_people_access.h"

#include "data/totp.h"
#include "server/api/account.h"
#include "server/api/api_time.h"
#include "server/body.h"

#include <string.h>

enum { LABEL_MAX = 60 };

static enum err done(struct request *request, struct response *response, enum err e,
                     const struct why *why)
{
    if (e) return problem_from_err(request->problem, e, why);
    response->status = 204;
    return ERR_OK;
}

/* ---- people ---------------------------------------------------------------------------------- */

enum err api_people_access_password(struct request *request, struct response *response,
                                    struct tools *tools)
{
    const char *password = NULL;
    char made[24];
    struct why why = {""};
    struct account a;
    const struct body_field fields[] = {ACCOUNT_PASSWORD(&password)};
    enum err e = account_find(request, tools, &a);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    bool holds_key = a.told.held_count && !a.told.elsewhere;
    for (size_t i = 0; i < a.told.held_count; i++)
        holds_key = holds_key && a.told.held[i].grant.role == PEOPLE_integrator;
    if (holds_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "an integrator comes with a key and has no password");
    secrets_password(made);
    e = people_set_password(a.db, &a.by, a.told.id, password ? password : made, &why);
    if (!e) e = account_answer(request, response, &a, password ? NULL : made);
    explicit_bzero(made, sizeof made);
    return problem_from_err(request->problem, e, &why);
}

enum err api_people_access_sign_out(struct request *request, struct response *response,
                                    struct tools *tools)
{
    struct why why = {""};
    struct account a;
    enum err e = account_find(request, tools, &a);
    if (e) return e;
    return done(request, response, people_end_sessions(a.db, &a.by, a.told.id, &why), &why);
}

enum err api_people_access_totp(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct why why = {""};
    struct account a;
    enum err e = account_find(request, tools, &a);
    if (e) return e;
    if (a.told.id == a.by.person)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "your own goes by POST /v1/me/totp/remove, with a code; when it is lost "
                           "another administrator takes it away");
    return done(request, response, totp_remove(a.db, &a.by, a.told.id, &why), &why);
}

/* ---- keys ------------------------------------------------------------------------------------ */

enum err api_people_access_keys(struct request *request, struct response *response,
                                struct tools *tools)
{
    const struct people_key *keys = NULL;
    size_t count = 0;
    struct account a;
    enum err e = account_find(request, tools, &a);
    if (e) return e;
    e = people_keys(a.db, a.told.id, request->arena, &keys, &count);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "keys");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "label", keys[i].label);
        api_time_write(json, "created_at", keys[i].made_ms);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_people_access_key_add(struct request *request, struct response *response,
                                   struct tools *tools)
{
    const char *label = NULL;
    char key[SECRETS_TOKEN_SIZE];
    struct why why = {""};
    struct account a;
    const struct body_field fields[] = {{.name = "label",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = LABEL_MAX,
                                         .text = &label}};
    enum err e = account_find(request, tools, &a);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    if (label[strcspn(label, "/\\?#")] || label[0] == '.')
        return problem_say(request->problem, PROBLEM_PARAMETER, "label",
                           "must not begin with a dot, nor have any of / \\ ? #");
    e = people_key_add(a.db, &a.by, a.told.id, label, key, &why);
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "label", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_string(json, "label", label);
    jsonw_key_string(json, "key", key);
    jsonw_object_end(json);
    response->status = 201;
    response_header(response, "Cache-Control", "no-store");
    explicit_bzero(key, sizeof key);
    return ERR_OK;
}

enum err api_people_access_key_revoke(struct request *request, struct response *response,
                                      struct tools *tools)
{
    struct why why = {""};
    struct account a;
    enum err e = account_find(request, tools, &a);
    if (e) return e;
    return done(request, response,
                people_key_revoke(a.db, &a.by, a.told.id, request_arg(request, "label"), &why),
                &why);
}

#include "server/api/api_people.h"

#include "geo/base/clock.h"
#include "server/api/api_time.h"
#include "server/auth.h"
#include "server/body.h"

static void write_person(struct jsonw *json, const struct people_actor *actor)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", actor->id);
    jsonw_key_string(json, "name", actor->name && actor->name[0] ? actor->name : actor->login);
    jsonw_key_string(json, "login", actor->login);
    jsonw_key(json, "grants");
    jsonw_array(json);
    for (size_t i = 0; i < actor->grant_count; i++) {
        const struct people_grant *g = &actor->grants[i];
        jsonw_object(json);
        jsonw_key_string(json, "role", people_role_name(g->role));
        if (g->area_id) jsonw_key_int(json, "area_id", g->area_id);
        if (g->kind[0]) jsonw_key_string(json, "kind", g->kind);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
}

enum err api_people_sign_in(struct request *request, struct response *response, struct tools *tools)
{
    const char *name = NULL, *password = NULL;
    const struct body_field fields[] = {
        {.name = "name", .type = BODY_TEXT, .required = true, .min = 1, .max = 100, .text = &name},
        {.name = "password",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = SECRETS_PASSWORD_MAX,
         .text = &password}};
    char token[SECRETS_TOKEN_SIZE];
    struct people_actor actor = {0};
    struct why why = {""};
    struct db *db;
    int64_t expires_ms, person, now_ms = clock_utc_ms();
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e) e = people_sign_in(db, name, password, now_ms, token, &expires_ms, &person, &why);
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL,
                           "name or password is wrong");
    if (e == ERR_LIMIT) {
        request->problem->retry_after_s = 15 * 60;
        return problem_say(request->problem, PROBLEM_TOO_MANY, NULL, "%s", why.text);
    }
    if (!e) e = people_recognise(db, token, now_ms, request->arena, &actor);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_string(json, "token", token);
    api_time_write(json, "expires_at", expires_ms);
    jsonw_key(json, "person");
    write_person(json, &actor);
    jsonw_object_end(json);
    response->status = 201;
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_people_sign_out(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct why why = {""};
    struct db *db;
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a session; an administrator can revoke it");
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = people_sign_out(db, auth_token(request));
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

enum err api_people_me(struct request *request, struct response *response, struct tools *tools)
{
    (void)request;
    write_person(response_json(response), tools->actor);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

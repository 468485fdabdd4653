#include "server/api/account.h"
#include "server/api/api_db.h"

#include "server/api/api_time.h"

enum err account_begin(struct request *request, struct tools *tools, struct account *a)
{
    *a = (struct account){.by = {tools->actor->id, tools->rule->pattern}};
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "accounts are kept by people who sign in, not by keys");
    return api_db(request, tools, &a->db);
}

static enum err fetch(struct request *request, struct account *a, int64_t id)
{
    enum err e = people_page_one(a->db, &a->by, id, request->arena, &a->told);
    if (e != ERR_NOTFOUND) return problem_from_err(request->problem, e, NULL);
    return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                       "there is no such person, or none of yours");
}

enum err account_find(struct request *request, struct tools *tools, struct account *a)
{
    int64_t id = 0;
    enum err e = account_begin(request, tools, a);
    if (!e) e = request_id(request, "id", &id);
    return e ? e : fetch(request, a, id);
}

enum err account_check_name(struct request *request, const char *name)
{
    for (; *name; name++)
        if ((unsigned char)*name < 0x20 || *name == 0x7f)
            return problem_say(request->problem, PROBLEM_PARAMETER, "name",
                               "must have no control characters");
    return ERR_OK;
}

static void write_grants(struct jsonw *json, const struct people_told *told)
{
    jsonw_key(json, "grants");
    jsonw_array(json);
    for (size_t i = 0; i < told->held_count; i++) {
        const struct people_held *held = &told->held[i];
        jsonw_object(json);
        jsonw_key_int(json, "id", held->id);
        jsonw_key_string(json, "role", people_role_name(held->grant.role));
        if (held->grant.area_id) jsonw_key_int(json, "area_id", held->grant.area_id);
        if (held->grant.kind[0]) jsonw_key_string(json, "kind", held->grant.kind);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

void account_write(struct jsonw *json, const struct people_told *told, const char *password)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", told->id);
    jsonw_key_string(json, "login", told->login);
    jsonw_key_string(json, "name", told->name[0] ? told->name : told->login);
    if (password) jsonw_key_string(json, "password", password);
    jsonw_key_bool(json, "disabled", told->disabled);
    jsonw_key_bool(json, "signs_in", told->has_password);
    jsonw_key_bool(json, "second_factor", told->has_second_factor);
    api_time_write(json, "created_at", told->made_ms);
    write_grants(json, told);
    jsonw_key_bool(json, "elsewhere", told->elsewhere);
    jsonw_key_bool(json, "yours", told->reached);
    jsonw_object_end(json);
}

enum err account_answer(struct request *request, struct response *response, struct account *a,
                        const char *password)
{
    enum err e = fetch(request, a, a->told.id);
    if (e) return e;
    account_write(response_json(response), &a->told, password);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

#include "server/api/person_json.h"

void person_json_members(struct jsonw *json, const struct people_actor *actor)
{
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
}

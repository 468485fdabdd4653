#include "server/api/reward_json.h"

#include "server/api/api_time.h"

void reward_json_write(struct jsonw *json, const struct rewards_reward *reward, bool for_staff)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", reward->id);
    jsonw_key_string(json, "name", reward->name);
    if (reward->name_en[0]) jsonw_key_string(json, "name_en", reward->name_en);
    if (reward->description[0]) jsonw_key_string(json, "description", reward->description);
    jsonw_key_string(json, "kind", reward->kind);
    jsonw_key_int(json, "cost", reward->cost);
    jsonw_key_int(json, "stock", reward->supply - reward->taken);
    api_time_write(json, "from", reward->from_ms);
    if (reward->to_ms) api_time_write(json, "to", reward->to_ms);
    jsonw_key_int(json, "code_days", reward->code_days);
    if (reward->per_person) jsonw_key_int(json, "per_person", reward->per_person);
    if (reward->area_id) jsonw_key_int(json, "area_id", reward->area_id);
    if (reward->ended_ms) api_time_write(json, "ended_at", reward->ended_ms);
    jsonw_key_int(json, "version", reward->version);
    if (for_staff) jsonw_key_int(json, "supply", reward->supply);
    jsonw_object_end(json);
}

void reward_json_redemption(struct jsonw *json, const struct redemptions_redemption *r)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", r->public_id);
    jsonw_key_string(json, "state", redemptions_state_name(r->state));
    jsonw_key_int(json, "cost", r->cost);
    api_time_write(json, "made_at", r->made_ms);
    api_time_write(json, "expires_at", r->expires_ms);
    if (r->ended_ms) api_time_write(json, "ended_at", r->ended_ms);
    if (r->code[0]) jsonw_key_string(json, "code", r->code);
    jsonw_key(json, "reward");
    reward_json_write(json, &r->reward, false);
    jsonw_object_end(json);
}

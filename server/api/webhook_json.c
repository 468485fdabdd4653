#include "server/api/webhook_json.h"

#include "server/api/api_time.h"

void webhook_json_write(struct jsonw *json, const struct webhooks_hook *hook, const char *secret)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", hook->id);
    jsonw_key_string(json, "url", hook->url);
    if (secret) jsonw_key_string(json, "secret", secret);
    if (hook->kind[0]) jsonw_key_string(json, "kind", hook->kind);
    if (hook->category[0]) jsonw_key_string(json, "category", hook->category);
    if (hook->verb[0]) jsonw_key_string(json, "verb", hook->verb);
    if (hook->area_id) jsonw_key_int(json, "area_id", hook->area_id);
    jsonw_key_int(json, "person_id", hook->person);
    jsonw_key_int(json, "waiting", hook->waiting);
    jsonw_key_int(json, "dead", hook->dead);
    api_time_write(json, "created_at", hook->created_ms);
    jsonw_object_end(json);
}

void webhook_json_delivery(struct jsonw *json, const struct deliveries_delivery *d)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", d->id);
    jsonw_key_int(json, "event_id", d->number);
    jsonw_key_string(json, "state", deliveries_state_name(d->state));
    jsonw_key_int(json, "tries", d->tries);
    if (d->status) jsonw_key_int(json, "status", d->status);
    if (d->error[0]) jsonw_key_string(json, "error", d->error);
    if (d->state == DELIVERIES_WAITING) api_time_write(json, "next_at", d->next_ms);
    api_time_write(json, "created_at", d->created_ms);
    api_time_write(json, "changed_at", d->changed_ms);
    jsonw_object_end(json);
}

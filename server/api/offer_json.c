#include "server/api/offer_json.h"

#include "server/api/api_time.h"
#include "server/api/picture_json.h"

/* What the map knows of it; its number alone where it is on the map no more. */
static void write_place(struct jsonw *json, const struct offer_json *how, int64_t id)
{
    const struct placeset *places = how->tools->snapshot->places;
    int64_t i = placeset_by_id(places, id);
    jsonw_key(json, "place");
    jsonw_object(json);
    jsonw_key_int(json, "id", id);
    if (i >= 0) {
        struct place place = placeset_at(places, (uint32_t)i);
        jsonw_key_string(json, "name", place.name);
        if (place.name_en[0]) jsonw_key_string(json, "name_en", place.name_en);
        if (place.address[0]) jsonw_key_string(json, "address", place.address);
        jsonw_key(json, "location");
        api_crs_write(json, how->crs, place.at);
    }
    jsonw_object_end(json);
}

static void write_terms(struct jsonw *json, const struct offers_offer *o)
{
    jsonw_key_int(json, "id", o->id);
    jsonw_key_string(json, "kind", o->kind);
    jsonw_key_string(json, "title", o->title);
    if (o->title_en[0]) jsonw_key_string(json, "title_en", o->title_en);
    if (o->terms[0]) jsonw_key_string(json, "terms", o->terms);
    jsonw_key_bool(json, "members_only", o->members_only);
    if (o->per_day) jsonw_key_int(json, "per_day", o->per_day);
    api_time_write(json, "from", o->from_ms);
    if (o->to_ms) api_time_write(json, "to", o->to_ms);
    if (o->ended_ms) api_time_write(json, "ended_at", o->ended_ms);
    if (o->area_id) jsonw_key_int(json, "area_id", o->area_id);
}

void offer_json_write(struct jsonw *json, const struct offer_json *how,
                      const struct offers_offer *offer, double distance_m, const int64_t times[2])
{
    jsonw_object(json);
    write_terms(json, offer);
    write_place(json, how, offer->place_id);
    if (distance_m >= 0) jsonw_key_number(json, "distance_m", distance_m, 1);
    if (times) {
        jsonw_key_int(json, "used", times[0]);
        jsonw_key_int(json, "used_today", times[1]);
    }
    picture_json_list(json, offer->pictures, offer->picture_count);
    jsonw_key_int(json, "version", offer->version);
    jsonw_object_end(json);
}

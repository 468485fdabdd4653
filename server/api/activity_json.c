#include "server/api/activity_json.h"

#include "server/api/api_time.h"
#include "server/api/label_json.h"
#include "server/api/picture_json.h"

static void write_where(struct jsonw *json, const struct activity_json *how,
                        const struct activities_activity *a)
{
    if (a->has_position) {
        jsonw_key(json, "location");
        api_crs_write(json, how->crs, a->at);
        api_crs_write_name(json, how->crs);
    }
    if (how->distance_m >= 0) jsonw_key_number(json, "distance_m", how->distance_m, 1);
    if (a->address[0]) jsonw_key_string(json, "address", a->address);
    if (a->area_id) jsonw_key_int(json, "area_id", a->area_id);
    if (a->branch_id) jsonw_key_int(json, "branch_id", a->branch_id);
    if (!a->place_id) return;
    const struct placeset *places = how->tools->snapshot->places;
    int64_t i = placeset_by_id(places, a->place_id);
    jsonw_key(json, "place");
    jsonw_object(json);
    jsonw_key_int(json, "id", a->place_id);
    if (i >= 0) jsonw_key_string(json, "name", placeset_at(places, (uint32_t)i).name);
    jsonw_object_end(json);
}

void activity_json_write(struct jsonw *json, const struct activity_json *how,
                         const struct activities_activity *a)
{
    const struct activity_kinds_kind *kind =
        activity_kinds_find(how->tools->service->activities, a->kind);
    jsonw_object(json);
    jsonw_key_int(json, "id", a->id);
    jsonw_key_string(json, "kind", a->kind);
    jsonw_key_string(json, "state", activities_state_name(a->state));
    jsonw_key_string(json, "title", a->title);
    if (a->title_en[0]) jsonw_key_string(json, "title_en", a->title_en);
    if (a->body[0] && !how->brief) jsonw_key_string(json, "text", a->body);
    write_where(json, how, a);
    api_time_write(json, "from", a->from_ms);
    api_time_write(json, "to", a->to_ms);
    api_time_write(json, "sign_up_until", a->until_ms);
    jsonw_key_int(json, "seats", a->seats);
    jsonw_key_int(json, "taken", a->taken);
    jsonw_key_int(json, "waiting", a->waiting);
    jsonw_key_int(json, "points", a->points);
    if (a->points && kind && kind->points) jsonw_key_string(json, "points_kind", kind->points);
    if (a->reason[0]) jsonw_key_string(json, "reason", a->reason);
    if (!how->brief) picture_json_list(json, a->pictures, a->picture_count);
    if (how->mine) {
        jsonw_key(json, "mine");
        activity_json_signup(json, how->mine, NULL, NULL, false);
    }
    if (how->for_staff) jsonw_key_int(json, "created_by", a->created_by);
    jsonw_key_int(json, "version", a->version);
    jsonw_object_end(json);
}

static void write_properties(struct jsonw *json, const struct activity_json *how,
                             const struct activities_activity *a)
{
    const struct activity_kinds_kind *kind =
        activity_kinds_find(how->tools->service->activities, a->kind);
    jsonw_key_string(json, "kind", a->kind);
    if (kind) jsonw_key_string(json, "is", kind->is_event ? "event" : "task");
    jsonw_key_string(json, "state", activities_state_name(a->state));
    jsonw_key_string(json, "title", a->title);
    if (a->title_en[0]) jsonw_key_string(json, "title_en", a->title_en);
    if (a->address[0]) jsonw_key_string(json, "address", a->address);
    api_time_write(json, "from", a->from_ms);
    api_time_write(json, "to", a->to_ms);
    jsonw_key_int(json, "seats", a->seats);
    jsonw_key_int(json, "taken", a->taken);
    if (a->branch_id) jsonw_key_int(json, "branch_id", a->branch_id);
    if (how->distance_m >= 0) jsonw_key_number(json, "distance_m", how->distance_m, 1);
}

void activity_json_feature(struct jsonw *json, const struct activity_json *how,
                           const struct activities_activity *a)
{
    jsonw_object(json);
    jsonw_key_string(json, "type", "Feature");
    jsonw_key_int(json, "id", a->id);
    jsonw_key(json, "geometry");
    jsonw_object(json);
    jsonw_key_string(json, "type", "Point");
    jsonw_key(json, "coordinates");
    api_crs_write(json, how->crs, a->at);
    jsonw_object_end(json);
    jsonw_key(json, "properties");
    jsonw_object(json);
    write_properties(json, how, a);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

void activity_json_signup(struct jsonw *json, const struct signups_signup *s,
                          const struct activity_json *how, const struct activities_activity *a,
                          bool for_staff)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", s->public_id);
    jsonw_key_int(json, "activity_id", s->activity);
    jsonw_key_string(json, "state", signups_state_name(s->state));
    if (s->state == SIGNUPS_waiting) jsonw_key_int(json, "ahead", s->ahead);
    if (s->way[0]) jsonw_key_string(json, "checked_in_by", s->way);
    if (s->reason[0]) jsonw_key_string(json, "reason", s->reason);
    api_time_write(json, "made_at", s->made_ms);
    if (s->attended_ms) api_time_write(json, "attended_at", s->attended_ms);
    if (s->ended_ms) api_time_write(json, "ended_at", s->ended_ms);
    if (s->number_count) {
        jsonw_key(json, "tally");
        jsonw_array(json);
        for (size_t i = 0; i < s->number_count; i++) {
            jsonw_object(json);
            jsonw_key_string(json, "code", s->numbers[i].code);
            jsonw_key_int(json, "number", s->numbers[i].number);
            jsonw_object_end(json);
        }
        jsonw_array_end(json);
    }
    if (for_staff && s->person) {
        jsonw_key_int(json, "person", s->person);
        jsonw_key_string(json, "name", s->person_name);
    }
    if (a) {
        jsonw_key(json, "activity");
        activity_json_write(json, how, a);
    }
    jsonw_key_int(json, "version", s->version);
    jsonw_object_end(json);
}

void activity_json_kind(struct jsonw *json, const struct activity_kinds_kind *kind)
{
    jsonw_object(json);
    jsonw_key_string(json, "kind", kind->code);
    label_json_write(json, "label", kind->label.zh, kind->label.en);
    jsonw_key_string(json, "is", kind->is_event ? "event" : "task");
    jsonw_key_bool(json, "waiting_list", kind->waiting_list);
    jsonw_key_bool(json, "confirm", kind->confirm);
    jsonw_key_bool(json, "deeds", kind->deeds);
    jsonw_key(json, "check_in");
    jsonw_array(json);
    for (int way = 0; way < ACTIVITY_WAYS; way++)
        if (kind->check_in >> way & 1)
            jsonw_string(json, activity_kinds_way_name((enum activity_kinds_way)way));
    jsonw_array_end(json);
    if (kind->check_in >> ACTIVITY_POSITION & 1) jsonw_key_int(json, "within_m", kind->within_m);
    jsonw_key_int(json, "around_min", kind->around_min);
    if (kind->points) jsonw_key_string(json, "points_kind", kind->points);
    jsonw_key_int(json, "points", kind->amount);
    jsonw_key(json, "tally");
    jsonw_array(json);
    for (size_t i = 0; i < kind->number_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "code", kind->numbers[i].code);
        label_json_write(json, "label", kind->numbers[i].label.zh, kind->numbers[i].label.en);
        jsonw_key_int(json, "most", kind->numbers[i].most);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
}

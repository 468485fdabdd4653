#include "server/api/report_json.h"

#include "data/feedback.h"
#include "server/api/api_area_json.h"
#include "server/api/api_time.h"

#include <stdio.h>
#include <string.h>

static void write_photos(struct jsonw *json, const struct cases_case *c)
{
    char url[96];
    jsonw_key(json, "photos");
    jsonw_array(json);
    for (size_t i = 0; i < c->photo_count; i++) {
        const struct cases_photo *p = &c->photos[i];
        jsonw_object(json);
        jsonw_key_string(json, "id", p->public_id);
        (void)snprintf(url, sizeof url, "/v1/photos/%s", p->public_id);
        jsonw_key_string(json, "url", url);
        (void)snprintf(url, sizeof url, "/v1/photos/%s/thumb", p->public_id);
        jsonw_key_string(json, "thumb_url", url);
        jsonw_key_int(json, "width", p->width);
        jsonw_key_int(json, "height", p->height);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_history(struct jsonw *json, const struct report_json *how)
{
    if (!how->events) return;
    jsonw_key(json, "history");
    jsonw_array(json);
    for (size_t i = 0; i < how->event_count; i++) {
        const struct cases_event *event = &how->events[i];
        jsonw_object(json);
        jsonw_key_string(json, "state", event->to);
        api_time_write(json, "at", event->at_ms);
        jsonw_key_string(json, "actor", event->actor);
        if (event->reason[0]) jsonw_key_string(json, "reason", event->reason);
        if (event->due_ms) api_time_write(json, "due_at", event->due_ms);
        if (how->for_staff && event->person) jsonw_key_int(json, "person_id", event->person);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_moves(struct jsonw *json, const struct report_json *how, const char *state)
{
    const struct kinds_kind *kind = how->kind;
    if (!kind || !how->for_staff) return;
    jsonw_key(json, "moves");
    jsonw_array(json);
    for (size_t i = 0; i < kind->move_count; i++) {
        const struct kinds_move *move = &kind->moves[i];
        if (strcmp(kind->states[move->from].code, state) != 0 || !(move->by & KINDS_STAFF))
            continue;
        jsonw_object(json);
        jsonw_key_string(json, "state", kind->states[move->to].code);
        jsonw_key(json, "label");
        jsonw_object(json);
        jsonw_key_string(json, "zh", move->label.zh);
        jsonw_key_string(json, "en", move->label.en);
        jsonw_object_end(json);
        jsonw_key_bool(json, "needs_reason", move->reason);
        jsonw_key_bool(json, "needs_duplicate_of", move->link);
        jsonw_key_bool(json, "needs_due_at", move->deadline);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

/* The place that it is about: its name while it is on the map. */
static void write_about(struct jsonw *json, const struct report_json *how,
                        const struct cases_case *c)
{
    if (!c->place) return;
    int64_t index = placeset_by_id(how->snapshot->places, c->place);
    jsonw_key(json, "place");
    jsonw_object(json);
    jsonw_key_int(json, "id", c->place);
    if (index >= 0) {
        const struct place place = placeset_at(how->snapshot->places, (uint32_t)index);
        jsonw_key_string(json, "name", place.name);
        if (place.name_en[0]) jsonw_key_string(json, "name_en", place.name_en);
    }
    jsonw_object_end(json);
    if (c->amenity[0]) jsonw_key_string(json, "amenity", c->amenity);
    if (!c->has_to) return;
    jsonw_key(json, "moved_to");
    api_crs_write(json, how->crs, c->to);
}

/* While it is open: how the place can be mended along with it. */
static void write_mends(struct jsonw *json, const struct report_json *how,
                        const struct cases_case *c)
{
    const struct kinds_state *state = how->kind ? kinds_state(how->kind, c->state) : NULL;
    unsigned mends = feedback_mends(c);
    if (!how->for_staff || !state || !state->open || !mends) return;
    jsonw_key(json, "mends");
    jsonw_array(json);
    for (int m = 0; m < FEEDBACK_MENDS; m++)
        if (mends >> m & 1) jsonw_string(json, feedback_mend_name((enum feedback_mend)m));
    jsonw_array_end(json);
}

static void write_due(struct jsonw *json, const struct report_json *how, const struct cases_case *c)
{
    if (c->due.due_ms) api_time_write(json, "due_at", c->due.due_ms);
    const struct kinds_state *state = how->kind ? kinds_state(how->kind, c->state) : NULL;
    enum cases_due_state due = cases_due_at(&c->due, state, how->now_ms, how->near_ms);
    if (due) jsonw_key_string(json, "due", cases_due_name(due));
}

void report_json_write(struct jsonw *json, const struct report_json *how,
                       const struct cases_case *c)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", c->public_id);
    jsonw_key_string(json, "kind", c->kind);
    jsonw_key_string(json, "category", c->category);
    jsonw_key_string(json, "state", c->state);
    jsonw_key_int(json, "version", c->version);
    if (c->has_position) {
        jsonw_key(json, "location");
        api_crs_write(json, how->crs, c->at);
    }
    if (c->accuracy_m >= 0) jsonw_key_number(json, "accuracy_m", c->accuracy_m, 1);
    api_crs_write_name(json, how->crs);
    if (c->description[0]) jsonw_key_string(json, "description", c->description);
    if (c->address[0]) jsonw_key_string(json, "address", c->address);
    if (c->duplicate_of[0]) jsonw_key_string(json, "duplicate_of", c->duplicate_of);
    api_time_write(json, "created_at", c->created_ms);
    api_time_write(json, "updated_at", c->updated_ms);
    write_due(json, how, c);
    write_about(json, how, c);
    api_area_json_key(json, how->snapshot->areas, c->area_id);
    write_photos(json, c);
    write_history(json, how);
    write_moves(json, how, c->state);
    write_mends(json, how, c);
    jsonw_object_end(json);
}

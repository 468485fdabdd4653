#include "server/api/report_json.h"

#include "data/feedback.h"
#include "server/api/api_area_json.h"
#include "server/api/api_time.h"
#include "server/api/label_json.h"

#include <string.h>

static bool is_staff(const struct report_json *how)
{
    return how->as & KINDS_OFFICE;
}

/* On which side somebody is. */
static const char *actor_of(const struct cases_event *event)
{
    static const char *const open[] = {"reporter", "joiner", "system"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (strcmp(event->actor, open[i]) == 0) return open[i];
    return "staff";
}

static void write_history(struct jsonw *json, const struct report_json *how)
{
    if (!how->events) return;
    jsonw_key(json, "history");
    jsonw_array(json);
    for (size_t i = 0; i < how->event_count; i++) {
        const struct cases_event *event = &how->events[i];
        const char *actor = actor_of(event);
        if (!cases_is_shown(event->seen, strcmp(actor, "staff") == 0, how->as)) continue;
        jsonw_object(json);
        jsonw_key_int(json, "id", event->id);
        jsonw_key_string(json, "verb", event->verb);
        jsonw_key_string(json, "state", event->to);
        api_time_write(json, "at", event->at_ms);
        jsonw_key_string(json, "actor", actor);
        if (is_staff(how) && strcmp(actor, event->actor) != 0)
            jsonw_key_string(json, "role", event->actor);
        if (event->reason[0]) jsonw_key_string(json, "reason", event->reason);
        if (event->value[0]) jsonw_key_string(json, "value", event->value);
        if (event->due_ms) api_time_write(json, "due_at", event->due_ms);
        if (is_staff(how) && event->person) jsonw_key_int(json, "person_id", event->person);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_moves(struct jsonw *json, const struct report_json *how, const char *state)
{
    const struct kinds_kind *kind = how->kind;
    if (!kind || !how->as) return;
    jsonw_key(json, "moves");
    jsonw_array(json);
    for (size_t i = 0; i < kind->move_count; i++) {
        const struct kinds_move *move = &kind->moves[i];
        if (strcmp(kind->states[move->from].code, state) != 0 || !(move->by & how->as)) continue;
        jsonw_object(json);
        jsonw_key_string(json, "state", kind->states[move->to].code);
        label_json_write(json, "label", move->label.zh, move->label.en);
        jsonw_key_bool(json, "needs_reason", move->reason);
        jsonw_key_bool(json, "needs_duplicate_of", move->link);
        jsonw_key_bool(json, "needs_due_at", move->deadline);
        jsonw_key_bool(json, "needs_proof", move->proof);
        jsonw_key_bool(json, "needs_rating", move->rating);
        jsonw_key_bool(json, "needs_owner", move->owner);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

/* What is asked of a category, and what was answered. */
static void write_said(struct jsonw *json, const struct report_json *how,
                       const struct cases_case *c)
{
    if (!c->said_count || !(is_staff(how) || how->as & KINDS_REPORTER)) return;
    jsonw_key(json, "attributes");
    jsonw_array(json);
    for (size_t i = 0; i < c->said_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "code", c->said[i].code);
        jsonw_key_string(json, "value", c->said[i].value);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

/* How it is worked on. */
static void write_work(struct jsonw *json, const struct report_json *how,
                       const struct cases_case *c)
{
    jsonw_key_int(json, "joined", c->joined);
    if (c->rating) jsonw_key_int(json, "rating", c->rating);
    if (c->closed_ms) api_time_write(json, "closed_at", c->closed_ms);
    bool listed = how->kind && how->kind->public;
    if (c->unit[0] && (is_staff(how) || listed)) jsonw_key_string(json, "unit", c->unit);
    if (!is_staff(how)) return;
    jsonw_key_int(json, "priority", c->priority);
    if (c->assignee) jsonw_key_int(json, "assignee_id", c->assignee);
}

/* What others add to it, and whether staff answered. */
static void write_open(struct jsonw *json, const struct report_json *how,
                       const struct cases_case *c)
{
    if (how->kind && how->kind->support) {
        jsonw_key_int(json, "edition", c->edition);
        jsonw_key_int(json, "supports", c->supports);
        if (how->supported) jsonw_key_bool(json, "supported", *how->supported);
    }
    if (how->kind && how->kind->comments) jsonw_key_int(json, "comments", c->comments);
    if (c->answer_by_ms) api_time_write(json, "answer_by", c->answer_by_ms);
    if (c->answer_by_ms && c->answered_ms) api_time_write(json, "answered_at", c->answered_ms);
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
    if (!is_staff(how) || !state || !state->open || !mends) return;
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
    if (how->token) jsonw_key_string(json, "token", how->token);
    if (c->description[0]) jsonw_key_string(json, "description", c->description);
    if (c->address[0]) jsonw_key_string(json, "address", c->address);
    if (c->duplicate_of[0]) jsonw_key_string(json, "duplicate_of", c->duplicate_of);
    api_time_write(json, "created_at", c->created_ms);
    api_time_write(json, "updated_at", c->updated_ms);
    write_due(json, how, c);
    write_about(json, how, c);
    api_area_json_key(json, how->snapshot->areas, c->area_id);
    photo_json_write(json, &how->photos, how->as, c);
    if (how->reused) photo_json_reused(json, how->tools, how->reused, how->reused_count);
    write_said(json, how, c);
    write_work(json, how, c);
    write_open(json, how, c);
    write_history(json, how);
    write_moves(json, how, c->state);
    write_mends(json, how, c);
    jsonw_object_end(json);
}

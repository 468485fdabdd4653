#include "server/api/points_json.h"

#include "server/api/api_time.h"
#include "server/api/label_json.h"
#include "server/api/photo_json.h"
#include "server/auth.h"

static void write_source(struct jsonw *json, const struct points_entry *entry)
{
    jsonw_key(json, "source");
    jsonw_object(json);
    jsonw_key_string(json, "type", entry->source);
    if (entry->report[0]) jsonw_key_string(json, "report", entry->report);
    jsonw_object_end(json);
}

void points_json_entry(struct jsonw *json, const struct points_entry *entry, bool for_staff)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", entry->id);
    api_time_write(json, "at", entry->at_ms);
    jsonw_key_string(json, "kind", entry->kind);
    jsonw_key_string(json, "phase", points_phase_name(entry->phase));
    jsonw_key_int(json, "amount", points_amount(entry));
    if (entry->capped) jsonw_key_int(json, "capped", entry->capped);
    if (entry->owed) jsonw_key_int(json, "owed", entry->owed);
    if (entry->of) jsonw_key_int(json, "of", entry->of);
    jsonw_key_string(json, "rule", entry->rule);
    if (entry->share[0]) jsonw_key_string(json, "share", entry->share);
    write_source(json, entry);
    if (entry->area_id) jsonw_key_int(json, "area_id", entry->area_id);
    if (entry->reason[0]) jsonw_key_string(json, "reason", entry->reason);
    jsonw_key_bool(json, "by_hand", entry->by != 0);
    if (for_staff && entry->person) jsonw_key_int(json, "person", entry->person);
    if (for_staff && entry->by) jsonw_key_int(json, "by", entry->by);
    jsonw_object_end(json);
}

enum err points_json_balances(struct jsonw *json, const struct points_rules *rules, struct db *db,
                              int64_t person)
{
    jsonw_key(json, "balances");
    jsonw_array(json);
    for (size_t i = 0; i < points_rules_count(rules); i++) {
        const struct points_kind *kind = points_rules_at(rules, i);
        struct points_balance now;
        enum err e = points_balance(db, person, kind->code, &now);
        if (e) return e;
        jsonw_object(json);
        jsonw_key_string(json, "kind", kind->code);
        label_json_write(json, "label", kind->label.zh, kind->label.en);
        jsonw_key_int(json, "settled", now.settled);
        jsonw_key_int(json, "pending", now.pending);
        jsonw_key_int(json, "owed", now.owed);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    return ERR_OK;
}

void points_json_entries(struct jsonw *json, const struct points_entry *entries, size_t count,
                         bool for_staff)
{
    jsonw_key(json, "entries");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        points_json_entry(json, &entries[i], for_staff);
    jsonw_array_end(json);
}

static void write_travel(struct jsonw *json, const struct tools *tools,
                         const struct points_travel *travel)
{
    jsonw_key(json, "travel");
    jsonw_object(json);
    if (auth_may(tools, RIGHTS_see, travel->area_id, travel->kind))
        jsonw_key_string(json, "report", travel->report);
    jsonw_key_number(json, "distance_m", travel->distance_m, 0);
    jsonw_key_number(json, "seconds", travel->seconds, 0);
    jsonw_key_number(json, "kmh", travel->kmh, 0);
    jsonw_object_end(json);
}

void points_json_flags(struct jsonw *json, const struct tools *tools,
                       const struct points_flags *flags)
{
    jsonw_key(json, "flags");
    jsonw_object(json);
    if (flags->reused_count) photo_json_reused(json, tools, flags->reused, flags->reused_count);
    if (flags->travel.report) write_travel(json, tools, &flags->travel);
    if (flags->accuracy_m > 0) jsonw_key_number(json, "accuracy_m", flags->accuracy_m, 0);
    if (flags->burst) {
        jsonw_key(json, "burst");
        jsonw_object(json);
        jsonw_key_int(json, "count", flags->burst);
        jsonw_key_int(json, "seconds", POINTS_FLAGS_BURST_S);
        jsonw_object_end(json);
    }
    jsonw_object_end(json);
}

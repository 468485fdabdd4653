#include "server/api/place_record.h"

#include "server/api/api_area_json.h"
#include "server/api/api_place_json.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"

#include <string.h>

static void write_list(struct jsonw *json, const char *key, const char *text, char separator)
{
    if (*text) {
        api_place_json_parts(json, key, text, separator);
        return;
    }
    jsonw_key(json, key);
    jsonw_array(json);
    jsonw_array_end(json);
}

static void write_fields(struct jsonw *json, const struct place_record *how,
                         const struct places_row *row)
{
    jsonw_key(json, "location");
    api_crs_write(json, how->crs, row->at);
    api_crs_write_name(json, how->crs);
    jsonw_key_string(json, "category", row->category);
    write_list(json, "amenities", row->amenities, ' ');
    jsonw_key_string(json, "name", row->name);
    jsonw_key_string(json, "name_en", row->name_en);
    write_list(json, "names", row->names, ';');
    jsonw_key_string(json, "address", row->address);
    jsonw_key_string(json, "phone", row->phone);
    jsonw_key_string(json, "hours", row->hours);
    jsonw_key_string(json, "hours_self", row->hours_self);
    jsonw_key_int(json, "capacity", row->capacity);
    write_list(json, "photos", row->photos, ' ');
}

static void write_held(struct jsonw *json, const struct places_row *row)
{
    jsonw_key(json, "held");
    jsonw_array(json);
    for (int f = 0; f < PLACES_FIELD_COUNT; f++)
        if (row->held >> f & 1) jsonw_string(json, places_field_name((enum places_field)f));
    jsonw_array_end(json);
    jsonw_key_bool(json, "kept", row->kept);
}

static void write_warnings(struct jsonw *json, const struct place_form *form)
{
    if (!form || !form->warning_count) return;
    jsonw_key(json, "warnings");
    jsonw_array(json);
    for (size_t i = 0; i < form->warning_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "field", form->warnings[i].field);
        jsonw_key_string(json, "detail", form->warnings[i].why.text);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

void place_record_write(struct jsonw *json, const struct place_record *how,
                        const struct places_row *row)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", row->id);
    jsonw_key_int(json, "version", row->version);
    jsonw_key_string(json, "status",
                     row->removed    ? "removed"
                     : row->vanished ? "vanished"
                                     : "shown");
    if (row->off_ms) api_time_write(json, "off_at", row->off_ms);
    write_fields(json, how, row);
    api_place_json_closed(json, row->closed_from_ms, row->closed_to_ms, row->closed_reason);
    write_held(json, row);
    jsonw_key_string(json, "source", row->source);
    jsonw_key_string(json, "source_id", row->source_id);
    if (row->confirmed_ms) {
        api_time_write(json, "confirmed_at", row->confirmed_ms);
        jsonw_key_string(json, "confirmed_as", row->confirmed_as);
    }
    if (row->confirmed_by) jsonw_key_int(json, "confirmed_by", row->confirmed_by);
    api_time_write(json, "created_at", row->created_ms);
    api_time_write(json, "updated_at", row->updated_ms);
    api_area_json_key(json, how->areas, area_right_of(how->areas, row->at));
    jsonw_key_int(json, "open_feedback", how->open_feedback);
    write_warnings(json, how->form);
    jsonw_object_end(json);
}

#include "server/api/api_place_json.h"

#include "geo/base/clock.h"
#include "server/api/api_area_json.h"
#include "server/api/api_open.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/place_open.h"

#include <string.h>

static const char *const forms[] = {"json", "geojson", NULL};

enum { ALWAYS, ALONE };

static const struct {
    const char *name;
    size_t len;
    struct jsonw_name key;
} fields[API_PLACE_FIELD_COUNT] = {
#define FIELD(name, when) {#name, sizeof #name - 1, JSONW_NAME(#name)},
    API_PLACE_FIELDS(FIELD)
#undef FIELD
};

/* The fields that lists have where none are chosen. */
#define BIT(name, when) | ((when) == ALWAYS ? 1u << API_PLACE_##name : 0u)
static const uint32_t listed = 0 API_PLACE_FIELDS(BIT);
#undef BIT

static int field_of(const char *word, size_t len)
{
    for (int i = 0; i < API_PLACE_FIELD_COUNT; i++)
        if (fields[i].len == len && memcmp(fields[i].name, word, len) == 0) return i;
    return -1;
}

enum err api_place_style_read(struct request *request, const struct tools *tools,
                              const struct api_crs *crs, struct api_place_style *style)
{
    const char *rest = request_query(request, "fields"), *word;
    size_t len;
    int form = API_PLACE_JSON;
    (void)tools;
    *style = (struct api_place_style){.crs = crs, .chosen = rest != NULL};
    enum err e = request_word(request, "f", forms, &form);
    style->form = (enum api_place_form)form;
    while (!e && request_next(&rest, ',', &word, &len)) {
        int field = field_of(word, len);
        if (field >= 0)
            style->fields |= 1u << field;
        else if (len != 2 || memcmp(word, "id", 2) != 0)
            return problem_say(request->problem, PROBLEM_PARAMETER, "fields",
                               "\"%.*s\" is no field of a place", len < 40 ? (int)len : 40, word);
    }
    if (!e && style->fields >> API_PLACE_open & 1) style->utc_ms = api_open_utc_ms(request);
    return e;
}

/* One place being written. */
struct writing {
    struct jsonw *json;
    const struct tools *tools;
    const struct api_place_style *style;
    const struct api_place_found *found;
    uint32_t place;
    uint32_t wanted; /* fields */
    bool alone;
};

static uint32_t wanted_of(const struct api_place_style *style, bool alone)
{
    if (style->chosen) return style->fields;
    return alone ? UINT32_MAX : listed;
}

static bool wants(const struct writing *w, enum api_place_field field)
{
    return w->wanted >> field & 1;
}

static void write_amenities(struct jsonw *json, const struct categories *words, uint64_t bits)
{
    jsonw_name(json, &fields[API_PLACE_amenities].key);
    jsonw_array(json);
    for (; bits; bits &= bits - 1) {
        size_t i = (size_t)__builtin_ctzll(bits);
        if (i < categories_amenity_count(words))
            jsonw_string(json, categories_amenity_at(words, i)->code);
    }
    jsonw_array_end(json);
}

void api_place_json_parts(struct jsonw *json, const char *key, const char *text, char separator)
{
    const char *rest = text, *part;
    size_t len;
    if (!*text) return;
    jsonw_key(json, key);
    jsonw_array(json);
    while (request_next(&rest, separator, &part, &len)) {
        while (len && *part == ' ')
            part++, len--;
        while (len && part[len - 1] == ' ')
            len--;
        if (len) jsonw_string_n(json, part, len);
    }
    jsonw_array_end(json);
}

void api_place_json_closed(struct jsonw *json, int64_t from_ms, int64_t to_ms, const char *reason)
{
    if (!to_ms || to_ms <= clock_utc_ms()) return;
    jsonw_key(json, "closed");
    jsonw_object(json);
    api_time_write(json, "from", from_ms);
    if (to_ms != INT64_MAX) api_time_write(json, "to", to_ms);
    if (reason[0]) jsonw_key_string(json, "reason", reason);
    jsonw_object_end(json);
}

static void write_area(const struct writing *w, struct coord at)
{
    const struct areaset *areas = w->tools->snapshot->areas;
    const struct area *area = NULL;
    bool inside = !areaset_locate(areas, at, API_AREA_TOLERANCE_M, &area);
    api_area_json_key(w->json, areas, inside ? area->id : 0);
}

static void write_open(const struct writing *w, const struct place *p)
{
    const int64_t utc_ms = w->style->utc_ms ? w->style->utc_ms : clock_utc_ms();
    place_open_write(w->json, w->tools, w->place, p, utc_ms);
}

static void write_found(struct jsonw *json, const struct api_place_found *found)
{
    static const struct jsonw_name distance = JSONW_NAME("distance_m");
    if (found->distance_m >= 0) {
        jsonw_name(json, &distance);
        jsonw_number(json, found->distance_m, 1);
    }
    if (found->duration_s >= 0) jsonw_key_number(json, "duration_s", found->duration_s, 1);
    if (found->detour_s >= 0) jsonw_key_number(json, "detour_s", found->detour_s, 1);
}

static void write_text(const struct writing *w, const struct place *p, enum api_place_field field,
                       const char *text, uint32_t len)
{
    if (!wants(w, field)) return;
    if (p->plain) {
        jsonw_plain(w->json, &fields[field].key, text, len);
    } else {
        jsonw_name(w->json, &fields[field].key);
        jsonw_string_n(w->json, text, len);
    }
}

static void write_texts(const struct writing *w, const struct place *p)
{
#define TEXT(field)                                                                                \
    if (p->field[0]) write_text(w, p, API_PLACE_##field, p->field, p->lengths[PLACEPART_##field]);
    TEXT(address)
    TEXT(phone)
    TEXT(hours)
    TEXT(hours_self)
    TEXT(source)
#undef TEXT
}

static void write_confirmed(const struct writing *w, const struct place *p)
{
    if (wants(w, API_PLACE_confirmed_at)) api_time_write(w->json, "confirmed_at", p->confirmed_ms);
    if (wants(w, API_PLACE_confirmed_as))
        jsonw_key_string(w->json, "confirmed_as", p->by_staff ? "staff" : "rider");
}

static void write_properties(const struct writing *w, const struct place *p)
{
    struct jsonw *json = w->json;
    const struct categories *words = w->tools->service->categories;
    write_text(w, p, API_PLACE_name, p->name, p->lengths[PLACEPART_name]);
    if (wants(w, API_PLACE_category)) {
        const char *code = categories_at(words, p->category)->code;
        jsonw_plain(json, &fields[API_PLACE_category].key, code, strlen(code));
    }
    if (wants(w, API_PLACE_amenities)) write_amenities(json, words, p->amenities);
    if (p->name_en[0])
        write_text(w, p, API_PLACE_name_en, p->name_en, p->lengths[PLACEPART_name_en]);
    if (p->names[0] && wants(w, API_PLACE_names))
        api_place_json_parts(json, "names", p->names, ';');
    write_texts(w, p);
    if (p->capacity && wants(w, API_PLACE_capacity)) jsonw_key_int(json, "capacity", p->capacity);
    if (p->closed_to_ms && wants(w, API_PLACE_closed))
        api_place_json_closed(json, p->closed_from_ms, p->closed_to_ms, p->closed_reason);
    if (p->photos[0] && wants(w, API_PLACE_photos))
        api_place_json_parts(json, "photos", p->photos, ' ');
    if (p->confirmed_ms) write_confirmed(w, p);
    if (p->doubted && wants(w, API_PLACE_reported_closed))
        jsonw_key_bool(json, "reported_closed", true);
    if (wants(w, API_PLACE_version)) jsonw_key_int(json, "version", p->version);
    if (wants(w, API_PLACE_area)) write_area(w, p->at);
    if (wants(w, API_PLACE_open)) write_open(w, p);
    if (w->found) write_found(json, w->found);
}

static void write_feature(const struct writing *w, const struct place *p)
{
    struct jsonw *json = w->json;
    jsonw_key_string(json, "type", "Feature");
    jsonw_key_int(json, "id", p->id);
    jsonw_key(json, "geometry");
    jsonw_object(json);
    jsonw_key_string(json, "type", "Point");
    jsonw_key(json, "coordinates");
    api_crs_write(json, w->style->crs, p->at);
    jsonw_object_end(json);
    jsonw_key(json, "properties");
    jsonw_object(json);
    write_properties(w, p);
    jsonw_object_end(json);
}

/* All of it but the end. */
static void open_place(const struct writing *w)
{
    static const struct jsonw_name id = JSONW_NAME("id");
    struct place p = placeset_at(w->tools->snapshot->places, w->place);
    jsonw_object(w->json);
    if (w->style->form == API_PLACE_GEOJSON) {
        write_feature(w, &p);
    } else {
        jsonw_name(w->json, &id);
        jsonw_int(w->json, p.id);
        if (wants(w, API_PLACE_location)) {
            jsonw_name(w->json, &fields[API_PLACE_location].key);
            api_crs_write(w->json, w->style->crs, p.at);
        }
        write_properties(w, &p);
        if (w->alone) api_crs_write_name(w->json, w->style->crs);
    }
}

static void write_place(const struct writing *w)
{
    open_place(w);
    jsonw_object_end(w->json);
}

void api_place_json_open_one(struct jsonw *json, const struct tools *tools,
                             const struct api_place_style *style, uint32_t place)
{
    const struct writing w = {.json = json,
                              .tools = tools,
                              .style = style,
                              .place = place,
                              .wanted = wanted_of(style, false)};
    open_place(&w);
}

void api_place_json_one(struct response *response, const struct tools *tools,
                        const struct api_place_style *style, uint32_t place)
{
    const struct writing w = {.json = response_json(response),
                              .tools = tools,
                              .style = style,
                              .place = place,
                              .wanted = wanted_of(style, true),
                              .alone = true};
    write_place(&w);
    if (style->form == API_PLACE_GEOJSON) response->content_type = "application/geo+json";
}

struct jsonw *api_place_json_open(struct response *response, const struct api_place_style *style)
{
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    if (style->form == API_PLACE_GEOJSON) {
        response->content_type = "application/geo+json";
        jsonw_key_string(json, "type", "FeatureCollection");
    }
    jsonw_key(json, style->form == API_PLACE_GEOJSON ? "features" : "places");
    jsonw_array(json);
    return json;
}

void api_place_json_item(struct jsonw *json, const struct tools *tools,
                         const struct api_place_style *style, uint32_t place,
                         const struct api_place_found *found)
{
    const struct writing w = {.json = json,
                              .tools = tools,
                              .style = style,
                              .found = found,
                              .place = place,
                              .wanted = wanted_of(style, false)};
    write_place(&w);
}

void api_place_json_close(struct response *response, const struct api_place_style *style,
                          const char *next)
{
    struct jsonw *json = &response->json;
    if (style->form == API_PLACE_JSON) {
        api_crs_write_name(json, style->crs);
        api_page_write(json, next);
    }
    jsonw_object_end(json);
}

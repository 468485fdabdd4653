#include "server/api/offer_list.h"

#include "geo/base/clock.h"
#include "geo/base/zone.h"
#include "server/auth.h"

#include <string.h>

static struct jsonw *open_list(struct response *response)
{
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "offers");
    jsonw_array(json);
    return json;
}

static enum err close_list(struct jsonw *json, const struct offer_list *how, const char *next,
                           enum err e)
{
    jsonw_array_end(json);
    api_crs_write_name(json, how->json.crs);
    api_page_write(json, next);
    jsonw_object_end(json);
    return problem_from_err(how->request->problem, e, NULL);
}

static enum err write_offer(struct jsonw *json, const struct offer_list *how,
                            struct offers_offer offer, double distance_m)
{
    int64_t times[2] = {0, 0}, today = zone_time_of(clock_utc_ms()).day;
    bool staff = auth_may(how->json.tools, RIGHTS_offers, offer.area_id, offer_find_kind);
    enum err e = offers_pictures(how->db, how->request->arena, &offer);
    if (!e && staff) e = offers_count(how->db, offer.id, today, &times[0], &times[1]);
    if (!e) offer_json_write(json, &how->json, &offer, distance_m, staff ? times : NULL);
    return e;
}

enum err offer_list_newest(struct response *response, const struct offer_list *how,
                           struct offer_find *find)
{
    const struct placeset *places = how->json.tools->snapshot->places;
    const struct offers_offer *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    find->filter.before = find->page.has_cursor ? find->page.after[0] : 0;
    find->filter.limit = (size_t)find->page.limit;
    enum err e = offers_list(how->db, &find->filter, how->request->arena, &list, &count, &more);
    if (e) return problem_from_err(how->request->problem, e, NULL);
    if (more) next = api_page_next(how->request, response, list[count - 1].id, 0);
    struct jsonw *json = open_list(response);
    for (size_t i = 0; i < count && !e; i++) {
        bool on_map = placeset_by_id(places, list[i].place_id) >= 0;
        if (on_map || !find->filter.only_open) e = write_offer(json, how, list[i], -1);
    }
    return close_list(json, how, next, e);
}

enum err offer_list_near(struct response *response, const struct offer_list *how,
                         const struct offer_find *find)
{
    struct offer_found *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    enum err e = offer_find_all(how->request, how->json.tools, how->db, find, &list, &count);
    if (e) return e;
    int64_t skip = find->page.has_cursor && find->page.after[0] > 0 ? find->page.after[0] : 0;
    size_t first = (uint64_t)skip < count ? (size_t)skip : count;
    size_t end =
        count - first > (size_t)find->page.limit ? first + (size_t)find->page.limit : count;
    if (end < count) next = api_page_next(how->request, response, (int64_t)end, 0);
    struct jsonw *json = open_list(response);
    for (size_t i = first; i < end && !e; i++)
        e = write_offer(json, how, list[i].offer, list[i].distance_m);
    return close_list(json, how, next, e);
}

/* ---- the map --------------------------------------------------------------------------------- */

static void write_kinds(struct jsonw *json, const struct offers_kinds *kinds,
                        const struct offer_found *list, size_t count)
{
    jsonw_key(json, "kinds");
    jsonw_array(json);
    for (size_t k = 0; k < offers_kinds_count(kinds); k++) {
        const char *code = offers_kinds_at(kinds, k)->code;
        bool has = false;
        for (size_t i = 0; i < count && !has; i++)
            has = strcmp(list[i].offer.kind, code) == 0;
        if (has) jsonw_string(json, code);
    }
    jsonw_array_end(json);
}

/* All offers of one place. */
static void write_feature(struct jsonw *json, const struct offer_list *how,
                          const struct offer_found *list, size_t count)
{
    struct place place = placeset_at(how->json.tools->snapshot->places, list[0].place);
    jsonw_object(json);
    jsonw_key_string(json, "type", "Feature");
    jsonw_key_int(json, "id", place.id);
    jsonw_key(json, "geometry");
    jsonw_object(json);
    jsonw_key_string(json, "type", "Point");
    jsonw_key(json, "coordinates");
    api_crs_write(json, how->json.crs, list[0].at);
    jsonw_object_end(json);
    jsonw_key(json, "properties");
    jsonw_object(json);
    jsonw_key_string(json, "name", place.name);
    if (place.name_en[0]) jsonw_key_string(json, "name_en", place.name_en);
    jsonw_key_int(json, "offers", (int64_t)count);
    write_kinds(json, how->json.tools->service->offers, list, count);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static size_t end_of_place(const struct offer_found *list, size_t count, size_t i)
{
    int64_t place = list[i].offer.place_id;
    while (i < count && list[i].offer.place_id == place)
        i++;
    return i;
}

enum err offer_list_map(struct response *response, const struct offer_list *how,
                        const struct offer_find *find)
{
    struct offer_found *list = NULL;
    const char *next = NULL;
    size_t count = 0, i = 0;
    int64_t left = find->page.limit;
    enum err e = offer_find_all(how->request, how->json.tools, how->db, find, &list, &count);
    if (e) return e;
    while (find->page.has_cursor && i < count && list[i].offer.place_id <= find->page.after[0])
        i++;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_string(json, "type", "FeatureCollection");
    jsonw_key(json, "features");
    jsonw_array(json);
    while (i < count && left--) {
        size_t end = end_of_place(list, count, i);
        write_feature(json, how, &list[i], end - i);
        i = end;
    }
    if (i > 0 && i < count)
        next = api_page_next(how->request, response, list[i - 1].offer.place_id, 0);
    jsonw_array_end(json);
    api_crs_write_name(json, how->json.crs);
    api_page_write(json, next);
    jsonw_object_end(json);
    response->content_type = "application/geo+json";
    return ERR_OK;
}

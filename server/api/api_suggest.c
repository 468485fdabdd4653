#include "server/api/api_suggest.h"

#include "geo/space/geodesic.h"
#include "server/api/api_crs.h"
#include "server/api/api_search.h"

#include <string.h>

/* Names are taken from so many places, the best and nearest. */
enum { MOST = 10, LOOKED_AT = 20 };

/* Among equals they go in this order. */
enum kind { CATEGORY, AMENITY, AREA, PLACE, KINDS };
static const char *const kind_names[KINDS] = {"category", "amenity", "area", "place"};

struct suggestion {
    enum kind kind;
    enum term_tier tier;
    uint32_t index; /* in the list, or set, of its kind */
    const char *name;
    size_t name_len;   /* of a place */
    double distance_m; /* of a place; negative: not measured */
};

struct suggest {
    struct tools *tools;
    struct api_crs crs;
    struct api_search search;
    struct coord near;
    bool has_near;
    uint32_t limit, count;
    struct suggestion list[MOST]; /* best first */
};

static void add(struct suggest *s, struct suggestion one)
{
    uint32_t at = 0;
    while (at < s->count && (s->list[at].tier < one.tier ||
                             (s->list[at].tier == one.tier && s->list[at].kind <= one.kind)))
        at++;
    if (at == s->limit) return;
    if (s->count < s->limit) s->count++;
    memmove(&s->list[at + 1], &s->list[at], (s->count - 1 - at) * sizeof *s->list);
    s->list[at] = one;
}

/* ---- categories, amenities and areas: few, and looked up as documents of their own ---- */

static bool is_label_in_use(void *user, uint32_t doc)
{
    const struct suggest *s = user;
    return doc >= LEXICON_CATEGORIES || placeset_has_category(s->search.query.set, doc);
}

static bool keep_all(void *user, uint32_t doc)
{
    (void)user, (void)doc;
    return true;
}

static bool rank_by_number(void *user, uint32_t doc, double limit, double *rank)
{
    (void)user;
    *rank = doc;
    return *rank <= limit;
}

/* To the nearest corner or edge of its box; from far away that is near enough. */
static bool rank_by_box(void *user, uint32_t doc, double limit, double *rank)
{
    const struct suggest *s = user;
    struct box box = polygon_box(areaset_polygon(s->tools->snapshot->areas, doc));
    struct coord at = {fmin(fmax(s->near.lon, box.min_lon), box.max_lon),
                       fmin(fmax(s->near.lat, box.min_lat), box.max_lat)};
    *rank = s->has_near ? geodesic_distance_m(s->near, at) : doc;
    return *rank <= limit;
}

static int64_t number_of(void *user, uint32_t doc)
{
    (void)user;
    return doc;
}

static enum err add_labels(struct suggest *s)
{
    struct finder_hit hits[MOST];
    uint32_t count = 0;
    const struct finder_docs docs = {.parts = {{s->tools->service->labels, 0}},
                                     .part_count = 1,
                                     .user = s,
                                     .keep = is_label_in_use,
                                     .rank = rank_by_number,
                                     .id = number_of};
    enum err e =
        finder_find(&docs, &s->search.phrase, true, &s->tools->seek.finder, hits, MOST, &count);
    for (uint32_t i = 0; i < count && !e; i++) {
        bool amenity = hits[i].doc >= LEXICON_CATEGORIES;
        uint32_t index = amenity ? hits[i].doc - LEXICON_CATEGORIES : hits[i].doc;
        if (amenity && hits[i].tier > TERM_START) continue;
        add(s, (struct suggestion){amenity ? AMENITY : CATEGORY, hits[i].tier, index, "", 0, -1});
    }
    return e;
}

static enum err add_areas(struct suggest *s)
{
    struct finder_hit hits[MOST];
    uint32_t count = 0;
    if (!s->tools->snapshot->area_words) return ERR_OK;
    const struct finder_docs docs = {.parts = {{s->tools->snapshot->area_words, 0}},
                                     .part_count = 1,
                                     .user = s,
                                     .keep = keep_all,
                                     .rank = rank_by_box,
                                     .id = number_of};
    enum err e =
        finder_find(&docs, &s->search.phrase, true, &s->tools->seek.finder, hits, MOST, &count);
    for (uint32_t i = 0; i < count && !e; i++)
        add(s, (struct suggestion){AREA, hits[i].tier, hits[i].doc, "", 0, -1});
    return e;
}

/* ---- places ---- */

static bool is_known(const struct suggest *s, const char *name, size_t len)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->list[i].kind == PLACE && s->list[i].name_len == len &&
            memcmp(s->list[i].name, name, len) == 0)
            return true;
    return false;
}

/* Each name once, that of the best and nearest place. */
static enum err add_places(struct suggest *s)
{
    static const struct place_filter all;
    struct seek_hit hits[LOOKED_AT];
    struct seek_query query = s->search.query;
    uint32_t count = 0;
    query.names_only = true;
    query.filter = &all;
    query.limit = LOOKED_AT;
    query.near = s->near;
    query.has_near = s->has_near;
    enum err e = seek_find(&query, &s->tools->seek, hits, &count);
    for (uint32_t i = 0; i < count && !e; i++) {
        const char *name;
        size_t len;
        (void)seek_name(query.set, hits[i].place, &s->search.phrase, &name, &len);
        if (len == 0 || is_known(s, name, len)) continue;
        add(s, (struct suggestion){PLACE, hits[i].tier, hits[i].place, name, len,
                                   s->has_near ? hits[i].distance_m : -1});
    }
    return e;
}

/* ---- writing ---- */

static void write_label(struct jsonw *json, const struct category *entry)
{
    jsonw_key_string(json, "code", entry->code);
    jsonw_key_string(json, "name", entry->zh);
    jsonw_key_string(json, "name_en", entry->en);
}

static void write_area(struct jsonw *json, const struct area *area)
{
    jsonw_key_int(json, "id", area->id);
    jsonw_key_string(json, "name", area->name);
    if (area->name_en[0]) jsonw_key_string(json, "name_en", area->name_en);
    jsonw_key_int(json, "level", area->level);
}

static void write_place(struct jsonw *json, const struct suggest *s, const struct suggestion *one)
{
    struct place place = placeset_at(s->search.query.set, one->index);
    jsonw_key_int(json, "id", place.id);
    jsonw_key(json, "name");
    jsonw_string_n(json, one->name, one->name_len);
    jsonw_key_string(json, "category", s->tools->service->category_codes[place.category]);
    jsonw_key(json, "location");
    api_crs_write(json, &s->crs, place.at);
    if (one->distance_m >= 0) jsonw_key_number(json, "distance_m", one->distance_m, 1);
}

static void write_one(struct jsonw *json, const struct suggest *s, const struct suggestion *one)
{
    const struct categories *words = s->tools->service->categories;
    jsonw_object(json);
    jsonw_key_string(json, "kind", kind_names[one->kind]);
    if (one->kind == CATEGORY)
        write_label(json, categories_at(words, one->index));
    else if (one->kind == AMENITY)
        write_label(json, categories_amenity_at(words, one->index));
    else if (one->kind == AREA)
        write_area(json, areaset_at(s->tools->snapshot->areas, one->index));
    else
        write_place(json, s, one);
    jsonw_object_end(json);
}

enum err api_suggest_list(struct request *request, struct response *response, struct tools *tools)
{
    struct suggest s = {.tools = tools};
    int64_t limit = MOST;
    enum err e = request_int(request, "limit", 1, MOST, &limit);
    if (!e) e = api_crs_read(request, tools, &s.crs);
    if (!e) e = api_crs_point(request, &s.crs, "near", &s.near, &s.has_near);
    if (!e) e = api_search_read(request, tools, &s.search);
    if (!e && !s.search.given)
        e = problem_say(request->problem, PROBLEM_PARAMETER, "text",
                        "is missing: give what has been typed so far");
    if (e) return e;
    s.limit = (uint32_t)limit;
    e = add_labels(&s);
    if (!e) e = add_areas(&s);
    if (!e) e = add_places(&s);
    if (e) return e;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "suggestions");
    jsonw_array(json);
    for (uint32_t i = 0; i < s.count; i++)
        write_one(json, &s, &s.list[i]);
    jsonw_array_end(json);
    api_crs_write_name(json, &s.crs);
    jsonw_object_end(json);
    return ERR_OK;
}

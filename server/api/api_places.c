#include "server/api/api_places.h"

#include "server/api/api_crs.h"
#include "server/api/api_near.h"
#include "server/api/api_open.h"
#include "server/api/api_page.h"
#include "server/api/api_place_json.h"
#include "server/api/api_road.h"
#include "server/api/code_list.h"
#include "server/tools.h"

#include <math.h>
#include <string.h>

static const double max_radius_m = 20040000; /* half way round */

struct list_query {
    struct api_crs crs;
    struct api_page page;
    struct nearest_query near;
    bool has_near, has_bbox, has_radius;
    struct box boxes[2]; /* two across the antimeridian */
    size_t box_count;
    enum api_place_form form;
    struct api_open open;
};

struct list_answer {
    struct nearest_hit *hits;
    uint32_t count;
    bool more;
};

static enum err read_filter(struct request *request, const struct tools *tools,
                            uint64_t *categories, uint64_t *amenities)
{
    const struct categories *words = tools->service->categories;
    enum err e = code_list_read(request, "category", categories_find, words, categories);
    if (e) return e;
    return code_list_read(request, "amenities", categories_amenity_find, words, amenities);
}

enum { EDGE_POINTS = 17 };

/* A box in another system is bent in ours: each edge is followed from point to point. The points of
 * the west edge come first, then those of the east, south and north. */
static enum err follow_edges(struct request *request, const struct api_crs *crs, const double v[4],
                             struct coord edges[4][EDGE_POINTS])
{
    for (int i = 0; i < EDGE_POINTS; i++) {
        double t = (double)i / (EDGE_POINTS - 1);
        double x = v[0] + (v[2] - v[0]) * t, y = v[1] + (v[3] - v[1]) * t;
        edges[0][i] = (struct coord){v[0], y};
        edges[1][i] = (struct coord){v[2], y};
        edges[2][i] = (struct coord){x, v[1]};
        edges[3][i] = (struct coord){x, v[3]};
    }
    return api_crs_inward(request, crs, "bbox", edges[0], (size_t)4 * EDGE_POINTS);
}

static enum err read_bbox(struct request *request, struct list_query *q)
{
    double v[4];
    enum err e = request_numbers(request, "bbox", 4, v, &q->has_bbox);
    if (e || !q->has_bbox) {
        q->boxes[0] = (struct box){-180, -90, 180, 90};
        q->box_count = 1;
        return e;
    }
    if (v[1] > v[3])
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "must be min_lon,min_lat,max_lon,max_lat");
    struct coord edges[4][EDGE_POINTS];
    e = follow_edges(request, &q->crs, v, edges);
    if (e) return e;
    double west = 180, east = -180, south = 90, north = -90;
    for (int i = 0; i < EDGE_POINTS; i++) {
        west = fmin(west, edges[0][i].lon);
        east = fmax(east, edges[1][i].lon);
        south = fmin(south, edges[2][i].lat);
        north = fmax(north, edges[3][i].lat);
    }
    bool crosses = west > east;
    q->boxes[0] = (struct box){west, south, crosses ? 180 : east, north};
    q->boxes[1] = (struct box){-180, south, east, north};
    q->box_count = crosses ? 2 : 1;
    return ERR_OK;
}

static enum err check_combination(struct request *request, const struct list_query *q)
{
    if (q->has_near && q->has_bbox)
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "cannot be given together with near");
    if (q->has_near && q->page.has_cursor)
        return problem_say(request->problem, PROBLEM_PARAMETER, "cursor",
                           "cannot be given together with near: ask for more with limit");
    if (!q->has_near && q->has_radius)
        return problem_say(request->problem, PROBLEM_PARAMETER, "radius",
                           "needs near, the point it is measured from");
    return ERR_OK;
}

static enum err read_query(struct request *request, struct tools *tools, struct list_query *q)
{
    double radius_m = -1;
    int form = API_PLACE_JSON;
    *q = (struct list_query){.near = {.radius_m = INFINITY}};
    enum err e = api_crs_read(request, tools, &q->crs);
    if (!e) e = api_page_read(request, API_PAGE_MAX, &q->page);
    if (!e) e = api_crs_point(request, &q->crs, "near", &q->near.at, &q->has_near);
    if (!e) e = request_number(request, "radius", 0, max_radius_m, &radius_m);
    if (!e) e = read_bbox(request, q);
    if (!e) e = read_filter(request, tools, &q->near.categories, &q->near.amenities);
    if (!e) e = request_word(request, "f", api_place_forms, &form);
    if (!e) e = api_open_read(request, tools, false, &q->open);
    if (!e) q->near.open_at = api_open_now(&q->open);
    q->form = (enum api_place_form)form;
    q->has_radius = radius_m >= 0;
    if (q->has_radius) q->near.radius_m = radius_m;
    q->near.limit = (uint32_t)q->page.limit;
    return e ? e : check_combination(request, q);
}

/* Two runs of hits ordered by place id into one of at most `limit`. */
static void merge(const struct placeset *set, const struct list_answer *a,
                  const struct list_answer *b, uint32_t limit, struct list_answer *out)
{
    uint32_t i = 0, j = 0, n = 0;
    while (n < limit && (i < a->count || j < b->count)) {
        bool first = j == b->count || (i < a->count && placeset_at(set, a->hits[i].place).id <
                                                           placeset_at(set, b->hits[j].place).id);
        out->hits[n++] = first ? a->hits[i++] : b->hits[j++];
    }
    out->count = n;
    out->more = a->more || b->more || i < a->count || j < b->count;
}

static enum err find_in_boxes(struct tools *tools, const struct list_query *q, struct arena *arena,
                              struct list_answer *answer)
{
    struct list_answer part[2] = {{0}, {0}};
    const struct placeset *set = tools->snapshot->places;
    int64_t after = q->page.has_cursor ? q->page.after[0] : INT64_MIN;
    for (size_t i = 0; i < q->box_count; i++) {
        part[i].hits = arena_alloc(arena, q->near.limit * sizeof(struct nearest_hit));
        if (!part[i].hits) return ERR_NOMEM;
        enum err e = nearest_in_box(set, &tools->nearest, q->boxes[i], q->near.categories,
                                    q->near.amenities, q->near.open_at, after, q->near.limit,
                                    part[i].hits, &part[i].count, &part[i].more);
        if (e) return e;
    }
    merge(set, &part[0], &part[1], q->near.limit, answer);
    return ERR_OK;
}

static void write_list(struct response *response, const struct tools *tools,
                       const struct list_query *q, const struct list_answer *answer,
                       const char *next)
{
    struct jsonw *json = api_place_json_open(response, q->form);
    for (uint32_t i = 0; i < answer->count; i++) {
        const struct api_place_found found = {q->has_near ? answer->hits[i].distance_m : -1, -1,
                                              -1};
        api_place_json_item(json, tools, &q->crs, q->form, answer->hits[i].place, &found);
    }
    jsonw_array_end(json);
    api_place_json_close(response, &q->crs, q->form, next);
}

static enum err list_plain(struct request *request, struct response *response, struct tools *tools)
{
    struct list_query q;
    struct list_answer answer = {0};
    const char *next = NULL;
    const struct placeset *set = tools->snapshot->places;
    enum err e = read_query(request, tools, &q);
    if (e) return e;
    answer.hits = arena_alloc(request->arena, q.near.limit * sizeof *answer.hits);
    if (!answer.hits) return ERR_NOMEM;
    e = q.has_near ? nearest_find(set, &tools->nearest, &q.near, answer.hits, &answer.count)
                   : find_in_boxes(tools, &q, request->arena, &answer);
    if (e) return e;
    if (answer.more)
        next = api_page_next(request, response,
                             placeset_at(set, answer.hits[answer.count - 1].place).id, 0);
    write_list(response, tools, &q, &answer, next);
    return ERR_OK;
}

enum err api_places_list(struct request *request, struct response *response, struct tools *tools)
{
    enum near_query_mode mode;
    struct near_query query;
    uint64_t categories = 0, amenities = 0;
    enum err e = near_query_kind(request, &mode);
    if (e || mode == NEAR_QUERY_PLAIN) return e ? e : list_plain(request, response, tools);
    e = read_filter(request, tools, &categories, &amenities);
    if (!e) e = near_query_read(request, tools, mode, categories, amenities, &query);
    return e ? e : api_near_list(request, response, tools, &query);
}

enum err api_places_get(struct request *request, struct response *response, struct tools *tools)
{
    struct api_crs crs;
    int64_t id = 0;
    int form = API_PLACE_JSON;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = request_word(request, "f", api_place_forms, &form);
    if (e) return e;
    int64_t index = placeset_by_id(tools->snapshot->places, id);
    if (index < 0)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such place");
    api_place_json_one(response, tools, &crs, (enum api_place_form)form, (uint32_t)index);
    return ERR_OK;
}

static void write_label(struct jsonw *json, const char *key, const char *zh, const char *en)
{
    jsonw_key(json, key);
    jsonw_object(json);
    jsonw_key_string(json, "zh", zh);
    jsonw_key_string(json, "en", en);
    jsonw_object_end(json);
}

static void write_word(struct jsonw *json, const struct category *word)
{
    jsonw_object(json);
    jsonw_key_string(json, "code", word->code);
    write_label(json, "label", word->zh, word->en);
    if (word->icon[0]) jsonw_key_string(json, "icon", word->icon);
    if (word->colour[0]) {
        jsonw_key_string(json, "colour", word->colour);
        write_label(json, "sign", word->sign_zh, word->sign_en);
    }
    jsonw_object_end(json);
}

static void write_reports(struct jsonw *json, const struct kinds_kind *kind)
{
    jsonw_key(json, "reports");
    jsonw_array(json);
    for (size_t i = 0; kind && i < kind->category_count; i++) {
        const struct kinds_category *c = &kind->categories[i];
        jsonw_object(json);
        jsonw_key_string(json, "code", c->code);
        write_label(json, "label", c->label.zh, c->label.en);
        write_label(json, "group", kind->groups[c->group].label.zh,
                    kind->groups[c->group].label.en);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_key(json, "states");
    jsonw_array(json);
    for (size_t i = 0; kind && i < kind->state_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "code", kind->states[i].code);
        write_label(json, "label", kind->states[i].label.zh, kind->states[i].label.en);
        jsonw_key_bool(json, "open", kind->states[i].open);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

enum err api_places_categories(struct request *request, struct response *response,
                               struct tools *tools)
{
    const struct categories *words = tools->service->categories;
    const struct graph *roads = api_road_present(tools);
    struct jsonw *json = response_json(response);
    (void)request;
    jsonw_object(json);
    jsonw_key(json, "places");
    jsonw_array(json);
    for (size_t i = 0; i < categories_count(words); i++)
        write_word(json, categories_at(words, i));
    jsonw_array_end(json);
    jsonw_key(json, "amenities");
    jsonw_array(json);
    for (size_t i = 0; i < categories_amenity_count(words); i++)
        write_word(json, categories_amenity_at(words, i));
    jsonw_array_end(json);
    write_reports(json, kinds_find(tools->service->kinds, "report"));
    jsonw_key(json, "profiles");
    jsonw_array(json);
    for (size_t i = 0; roads && i < graph_profile_count(roads); i++)
        jsonw_string(json, graph_profile_name(roads, i));
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}

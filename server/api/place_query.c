#include "server/api/place_query.h"

#include "geo/base/text.h"
#include "server/api/api_rings.h"
#include "server/api/code_list.h"

#include <math.h>
#include <string.h>

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

enum err place_query_box(struct request *request, const struct api_crs *crs, const double v[4],
                         struct place_query *q)
{
    /* Only degrees go round the world. */
    if (v[1] > v[3] || (v[0] > v[2] && !crs_in_degrees(crs->in)))
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "must be min_lon,min_lat,max_lon,max_lat");
    struct coord edges[4][EDGE_POINTS];
    enum err e = follow_edges(request, crs, v, edges);
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
    q->filter.boxes = q->boxes;
    q->filter.box_count = (unsigned)q->box_count;
    return ERR_OK;
}

static enum err read_bbox(struct request *request, const struct api_crs *crs, struct place_query *q)
{
    double v[4];
    bool given;
    enum err e = request_numbers(request, "bbox", 4, v, &given);
    return e || !given ? e : place_query_box(request, crs, v, q);
}

/* The first ring is the outline, the others are holes in it. */
static enum err read_polygon(struct request *request, const struct api_crs *crs,
                             struct place_query *q)
{
    struct api_rings rings;
    struct why why = {""};
    enum err e = api_rings_read(request, crs, "polygon", &rings);
    if (e || !rings.count) return e;
    e = polygon_from_rings(rings.points, rings.starts, rings.count, &q->polygon, &why);
    if (!e) e = polygon_prepare(q->polygon);
    if (e == ERR_NOMEM) return problem_from_err(request->problem, e, NULL);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_PARAMETER, "polygon",
                           "cannot be used: %s; draw it along its outline", why.text);
    if (e)
        return problem_say(request->problem, PROBLEM_PARAMETER, "polygon", "surrounds nothing: %s",
                           why.text);
    q->filter.within[0] = q->polygon;
    return ERR_OK;
}

enum err place_query_area(struct request *request, const struct tools *tools, long *index)
{
    const char *word = request_query(request, "area");
    const struct areaset *areas = tools->snapshot->areas;
    int64_t id;
    long found = text_int(word, strlen(word), 1, INT64_MAX, &id) ? areaset_by_id(areas, id) : -1;
    for (size_t i = 0; found < 0 && *word && i < areaset_count(areas); i++)
        if (strcmp(areaset_at(areas, i)->code, word) == 0) found = (long)i;
    if (found < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area",
                           "is no area: give an id or an official code of /v1/areas");
    *index = found;
    return ERR_OK;
}

static enum err read_area(struct request *request, const struct tools *tools, struct place_query *q)
{
    const struct areaset *areas = tools->snapshot->areas;
    long index;
    if (!request_query(request, "area")) return ERR_OK;
    enum err e = place_query_area(request, tools, &index);
    if (e) return e;
    q->area = areaset_at(areas, (size_t)index);
    q->filter.within[1] = areaset_polygon(areas, (size_t)index);
    return ERR_OK;
}

enum err place_query_words(struct request *request, const struct tools *tools,
                           struct place_query *q)
{
    const struct categories *words = tools->service->categories;
    enum err e = code_list_read(request, "category", categories_find, words, &q->filter.categories);
    if (!e)
        e = code_list_read(request, "amenities", categories_amenity_find, words, &q->filter.all_of);
    if (!e)
        e = code_list_read(request, "amenities_any", categories_amenity_find, words,
                           &q->filter.any_of);
    return e;
}

enum err place_query_read(struct request *request, struct tools *tools, const struct api_crs *crs,
                          bool travels, struct place_query *q)
{
    *q = (struct place_query){.box_count = 0};
    enum err e = place_query_words(request, tools, q);
    if (!e) e = read_bbox(request, crs, q);
    if (!e) e = read_polygon(request, crs, q);
    if (!e) e = read_area(request, tools, q);
    if (!e) e = api_open_read(request, tools, travels, &q->open);
    if (e) return e;
    q->filter.open_at = api_open_now(&q->open);
    return ERR_OK;
}

void place_query_fini(struct place_query *q)
{
    polygon_free(q->polygon);
}

/* What narrows a list of places, and may make it look at nearly all of them to find a few. */
static bool is_narrowed(const struct request *request)
{
    static const char *const words[] = {"bbox", "category", "amenities", "amenities_any"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (request_query(request, words[i])) return true;
    return false;
}

bool place_query_is_long(const struct request *request)
{
    static const char *const words[] = {"open", "polygon", "area", "text"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (request_query(request, words[i])) return true;
    const char *fields = request_query(request, "fields");
    if (fields && strstr(fields, "open")) return true; /* looks ahead over a year */
    /* By distance, trees know categories and amenities, but not boxes; by id they are no help. */
    return request_query(request, "near") ? request_query(request, "bbox") != NULL
                                          : is_narrowed(request);
}

static struct box box_common(struct box a, struct box b)
{
    return (struct box){fmax(a.min_lon, b.min_lon), fmax(a.min_lat, b.min_lat),
                        fmin(a.max_lon, b.max_lon), fmin(a.max_lat, b.max_lat)};
}

size_t place_query_bounds(const struct place_query *q, struct box boxes[PLACE_QUERY_BOXES])
{
    size_t count = q->box_count ? q->box_count : 1;
    boxes[0] = (struct box){-180, -90, 180, 90};
    memcpy(boxes, q->boxes, q->box_count * sizeof *boxes);
    for (size_t i = 0; i < count; i++)
        for (unsigned p = 0; p < FILTER_POLYGONS; p++)
            if (q->filter.within[p])
                boxes[i] = box_common(boxes[i], polygon_box(q->filter.within[p]));
    return count;
}

#include "server/api/osrm_query.h"

#include "geo/base/text.h"
#include "geo/space/polyline.h"
#include "server/api/osrm_options.h"

#include <math.h>
#include <string.h>

static enum err too_many(struct request *request)
{
    return problem_say(request->problem, PROBLEM_TOO_LARGE, NULL,
                       "Number of coordinates is higher than the maximum of %d", ROUTE_MAX_POINTS);
}

/* What stands between the brackets of `name(…)`. */
static bool inside(const char *text, size_t len, const char *name, const char **inner,
                   size_t *inner_len)
{
    size_t n = strlen(name);
    if (len < n + 2 || memcmp(text, name, n) != 0 || text[n] != '(' || text[len - 1] != ')')
        return false;
    *inner = text + n + 1;
    *inner_len = len - n - 2;
    return true;
}

static enum err decode(struct request *request, const char *text, size_t len, int precision,
                       struct osrm_query *query)
{
    enum err e =
        polyline_decode(text, len, precision, query->points, ROUTE_MAX_POINTS, &query->point_count);
    if (e == ERR_LIMIT) return too_many(request);
    if (e || query->point_count == 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "coordinates",
                           "Query string malformed: the polyline cannot be decoded");
    return ERR_OK;
}

static bool read_pair(const char *text, size_t len, struct coord *c)
{
    const char *comma = memchr(text, ',', len);
    if (!comma) return false;
    size_t first = (size_t)(comma - text);
    return text_double(text, first, &c->lon) && text_double(comma + 1, len - first - 1, &c->lat);
}

enum err osrm_query_coordinates(struct request *request, const char *text, struct osrm_query *query)
{
    size_t len = strlen(text), inner_len, item_len;
    const char *inner, *item;
    query->point_count = 0;
    if (len > 5 && strcmp(text + len - 5, ".json") == 0) len -= 5;
    if (inside(text, len, "polyline", &inner, &inner_len))
        return decode(request, inner, inner_len, 5, query);
    if (inside(text, len, "polyline6", &inner, &inner_len))
        return decode(request, inner, inner_len, 6, query);
    const char *rest = arena_strndup(request->arena, text, len);
    if (!rest) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    while (request_next(&rest, ';', &item, &item_len)) {
        struct coord c;
        if (query->point_count == ROUTE_MAX_POINTS) return too_many(request);
        if (!read_pair(item, item_len, &c))
            return problem_say(request->problem, PROBLEM_PARAMETER, "coordinates",
                               "Query string malformed at coordinate %zu", query->point_count + 1);
        if (!coord_valid(c))
            return problem_say(request->problem, PROBLEM_OPTION, "coordinates",
                               "Coordinate %zu is out of range", query->point_count + 1);
        query->points[query->point_count++] = c;
    }
    return ERR_OK;
}

enum err osrm_query_bad(struct request *request, const char *name, const char *expected)
{
    return problem_say(request->problem, PROBLEM_OPTION, name, "Option %s is invalid: %s", name,
                       expected);
}

/* Values for every coordinate, between semicolons; an empty element is the default. */
static enum err read_list(struct request *request, const char *name, size_t count,
                          bool (*take)(const char *item, size_t len, size_t i,
                                       struct osrm_query *query),
                          struct osrm_query *query)
{
    const char *rest = request_query(request, name), *item;
    size_t len, n = 0;
    if (!rest) return ERR_OK;
    while (request_next(&rest, ';', &item, &len)) {
        if (n < count && len && take && !take(item, len, n, query))
            return osrm_query_bad(request, name, "a value is malformed");
        n++;
    }
    if (n == count) return ERR_OK;
    return osrm_query_bad(request, name, "one value per coordinate, separated by semicolons");
}

static bool take_radius(const char *item, size_t len, size_t i, struct osrm_query *query)
{
    double radius_m;
    if (len == 9 && memcmp(item, "unlimited", 9) == 0) return true;
    if (!text_double(item, len, &radius_m) || radius_m < 0) return false;
    query->radius_m[i] = radius_m;
    return true;
}

/* `bearing,range`; a range of 180 takes every direction. */
static bool take_bearing(const char *item, size_t len, size_t i, struct osrm_query *query)
{
    const char *comma = memchr(item, ',', len);
    int64_t bearing, range;
    if (!comma) return false;
    size_t first = (size_t)(comma - item);
    if (!text_int(item, first, 0, 360, &bearing) ||
        !text_int(comma + 1, len - first - 1, 0, 180, &range))
        return false;
    query->wish[i].bearing_deg = (double)(bearing % 360);
    query->wish[i].range_deg = (double)range;
    query->has_wishes = query->has_wishes || range < 180;
    return true;
}

static bool take_approach(const char *item, size_t len, size_t i, struct osrm_query *query)
{
    static const struct {
        const char *name;
        enum snap_side side;
    } sides[] = {{"unrestricted", SNAP_ANY_SIDE}, {"curb", SNAP_CURB}, {"opposite", SNAP_OPPOSITE}};
    for (size_t k = 0; k < sizeof sides / sizeof *sides; k++) {
        if (strlen(sides[k].name) != len || memcmp(item, sides[k].name, len) != 0) continue;
        query->wish[i].side = sides[k].side;
        query->has_wishes = query->has_wishes || sides[k].side != SNAP_ANY_SIDE;
        return true;
    }
    return false;
}

static enum err read_lists(struct request *request, struct osrm_query *q)
{
    for (size_t i = 0; i < q->point_count; i++) {
        q->radius_m[i] = INFINITY;
        q->wish[i] = (struct snap_wish){.range_deg = 180};
    }
    q->has_radiuses = request_query(request, "radiuses") != NULL;
    enum err e = read_list(request, "radiuses", q->point_count, take_radius, q);
    if (!e) e = read_list(request, "bearings", q->point_count, take_bearing, q);
    if (!e) e = read_list(request, "approaches", q->point_count, take_approach, q);
    if (!e) e = read_list(request, "hints", q->point_count, NULL, q);
    return e;
}

enum err osrm_query_read(struct request *request, struct osrm_query *query)
{
    const char *version = request_arg(request, "version");
    *query = (struct osrm_query){.geometries = OSRM_POLYLINE,
                                 .overview = OSRM_SIMPLIFIED,
                                 .number = 1,
                                 .scale_factor = 1,
                                 .roundtrip = true};
    if (!version || strcmp(version, "v1") != 0)
        return problem_say(request->problem, PROBLEM_VERSION, NULL, "Version must be v1");
    enum err e = osrm_query_coordinates(request, request_arg(request, "coordinates"), query);
    if (!e) e = osrm_options_read(request, query);
    if (!e) e = read_lists(request, query);
    return e;
}

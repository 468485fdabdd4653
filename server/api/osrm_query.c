#include "server/api/osrm_query.h"

#include "geo/base/text.h"
#include "geo/space/polyline.h"

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

static enum err bad_option(struct request *request, const char *name, const char *expected)
{
    return problem_say(request->problem, PROBLEM_OPTION, name, "Option %s is invalid: %s", name,
                       expected);
}

/* Values for every coordinate, between semicolons; an empty element is the default. */
static enum err read_list(struct request *request, const char *name, size_t count,
                          bool (*take)(const char *item, size_t len, size_t i, void *user),
                          void *user)
{
    const char *rest = request_query(request, name), *item;
    size_t len, n = 0;
    if (!rest) return ERR_OK;
    while (request_next(&rest, ';', &item, &len)) {
        if (n < count && len && !take(item, len, n, user))
            return bad_option(request, name, "a value is malformed");
        n++;
    }
    if (n == count) return ERR_OK;
    return bad_option(request, name, "one value per coordinate, separated by semicolons");
}

static bool take_radius(const char *item, size_t len, size_t i, void *user)
{
    struct osrm_query *query = user;
    double radius_m;
    if (len == 9 && memcmp(item, "unlimited", 9) == 0) return true;
    if (!text_double(item, len, &radius_m) || radius_m < 0) return false;
    query->radius_m[i] = radius_m;
    return true;
}

/* `bearing,range`; a range of 180 takes every direction. */
static bool take_bearing(const char *item, size_t len, size_t i, void *user)
{
    const char *comma = memchr(item, ',', len);
    struct osrm_query *query = user;
    int64_t bearing, range;
    (void)i;
    if (!comma) return false;
    size_t first = (size_t)(comma - item);
    if (!text_int(item, first, 0, 360, &bearing) ||
        !text_int(comma + 1, len - first - 1, 0, 180, &range))
        return false;
    if (range < 180) query->wants_bearings = true;
    return true;
}

static bool take_approach(const char *item, size_t len, size_t i, void *user)
{
    struct osrm_query *query = user;
    (void)i;
    if (len == 12 && memcmp(item, "unrestricted", 12) == 0) return true;
    query->wants_curb = true;
    return len == 4 && memcmp(item, "curb", 4) == 0;
}

static bool take_anything(const char *item, size_t len, size_t i, void *user)
{
    (void)item, (void)len, (void)i, (void)user;
    return true;
}

static enum err read_lists(struct request *request, struct osrm_query *q)
{
    for (size_t i = 0; i < q->point_count; i++)
        q->radius_m[i] = INFINITY;
    q->has_radiuses = request_query(request, "radiuses") != NULL;
    enum err e = read_list(request, "radiuses", q->point_count, take_radius, q);
    if (!e) e = read_list(request, "bearings", q->point_count, take_bearing, q);
    if (!e) e = read_list(request, "approaches", q->point_count, take_approach, q);
    if (!e) e = read_list(request, "hints", q->point_count, take_anything, q);
    if (e) return e;
    if (q->wants_bearings)
        return problem_say(request->problem, PROBLEM_NOT_OFFERED, "bearings",
                           "Streets are not chosen by bearing; leave it out, or give a range of "
                           "180.");
    if (q->wants_curb)
        return problem_say(request->problem, PROBLEM_NOT_OFFERED, "approaches",
                           "The side of the street is not chosen; use unrestricted.");
    return ERR_OK;
}

static enum err read_flag(struct request *request, const char *name, bool *value)
{
    const char *text = request_query(request, name);
    if (!text) return ERR_OK;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return bad_option(request, name, "true or false");
    *value = text[0] == 't';
    return ERR_OK;
}

static enum err read_choice(struct request *request, const char *name, const char *const *words,
                            const char *expected, int *value)
{
    const char *text = request_query(request, name);
    for (int i = 0; text && words[i]; i++)
        if (strcmp(text, words[i]) == 0) {
            *value = i;
            return ERR_OK;
        }
    return text ? bad_option(request, name, expected) : ERR_OK;
}

static enum err read_annotations(struct request *request, struct osrm_query *q)
{
    const char *rest = request_query(request, "annotations"), *item;
    const unsigned both = OSRM_ANNOTATE_DISTANCE | OSRM_ANNOTATE_DURATION;
    size_t len;
    if (!rest || strcmp(rest, "false") == 0) return ERR_OK;
    if (strcmp(rest, "true") == 0) {
        q->annotations = both;
        return ERR_OK;
    }
    while (request_next(&rest, ',', &item, &len)) {
        if (len == 8 && memcmp(item, "distance", 8) == 0)
            q->annotations |= OSRM_ANNOTATE_DISTANCE;
        else if (len == 8 && memcmp(item, "duration", 8) == 0)
            q->annotations |= OSRM_ANNOTATE_DURATION;
        else
            return bad_option(request, "annotations", "true, false, or of distance and duration");
    }
    return ERR_OK;
}

static enum err read_alternatives(struct request *request)
{
    const char *text = request_query(request, "alternatives");
    int64_t number;
    if (!text || strcmp(text, "true") == 0 || strcmp(text, "false") == 0) return ERR_OK;
    if (text_int(text, strlen(text), 0, 100, &number)) return ERR_OK;
    return bad_option(request, "alternatives", "true, false or a number");
}

static enum err read_number(struct request *request, struct osrm_query *q)
{
    const char *text = request_query(request, "number");
    q->number = 1;
    if (!text || text_int(text, strlen(text), 1, 100, &q->number)) return ERR_OK;
    return bad_option(request, "number", "a number from 1 to 100");
}

/* What would change the answer and is not offered is said so, never passed over. */
static enum err refuse_missing(struct request *request)
{
    static const char *const missing[] = {"exclude", "waypoints", "sources", "destinations"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        const char *text = request_query(request, missing[i]);
        if (text && *text)
            return problem_say(request->problem, PROBLEM_NOT_OFFERED, missing[i],
                               "Option %s is not offered by this server", missing[i]);
    }
    return ERR_OK;
}

static enum err read_options(struct request *request, struct osrm_query *q)
{
    static const char *const overviews[] = {"simplified", "full", "false", NULL};
    static const char *const geometries[] = {"geojson", "polyline", "polyline6", NULL};
    static const char *const snappings[] = {"default", "any", NULL};
    static const char *const straights[] = {"default", "false", "true", NULL};
    static const char *const formats[] = {"json", NULL};
    int snapping = 0, straight = 0, format = 0;
    bool hints = false;
    enum err e =
        read_choice(request, "overview", overviews, "simplified, full or false", &q->overview);
    if (!e)
        e = read_choice(request, "geometries", geometries, "polyline, polyline6 or geojson",
                        &q->geometries);
    if (!e) e = read_choice(request, "snapping", snappings, "default or any", &snapping);
    if (!e)
        e = read_choice(request, "continue_straight", straights, "default, true or false",
                        &straight);
    if (!e) e = read_choice(request, "format", formats, "json", &format);
    if (!e) e = read_flag(request, "steps", &q->steps);
    if (!e) e = read_flag(request, "generate_hints", &hints);
    if (!e) e = read_flag(request, "skip_waypoints", &q->skip_waypoints);
    q->continue_straight = straight == 2;
    return e;
}

enum err osrm_query_read(struct request *request, struct osrm_query *query)
{
    const char *version = request_arg(request, "version");
    *query = (struct osrm_query){.geometries = OSRM_POLYLINE, .overview = OSRM_SIMPLIFIED};
    if (!version || strcmp(version, "v1") != 0)
        return problem_say(request->problem, PROBLEM_VERSION, NULL, "Version must be v1");
    enum err e = osrm_query_coordinates(request, request_arg(request, "coordinates"), query);
    if (!e) e = read_options(request, query);
    if (!e) e = read_lists(request, query);
    if (!e) e = read_annotations(request, query);
    if (!e) e = read_alternatives(request);
    if (!e) e = read_number(request, query);
    if (!e) e = refuse_missing(request);
    return e;
}

#include "server/api/api_rings.h"

#include "geo/base/text.h"

#include <string.h>

enum { POINTS_ROOM = API_RINGS_POINTS + API_RINGS_MAX };

struct reading {
    const char *name;
    struct coord points[POINTS_ROOM];
    size_t starts[API_RINGS_MAX + 1];
    size_t count, point_count;
    size_t given; /* points as they were written, without those that close a ring */
};

static enum err read_point(struct request *request, struct reading *rings, size_t in_ring,
                           const char *text, size_t len)
{
    const char *comma = memchr(text, ',', len);
    struct coord at;
    if (!comma || !text_double(text, (size_t)(comma - text), &at.lon) ||
        !text_double(comma + 1, len - (size_t)(comma + 1 - text), &at.lat))
        return problem_say(request->problem, PROBLEM_PARAMETER, rings->name,
                           "point %zu of ring %zu must be longitude,latitude in decimal degrees; "
                           "points are separated by ; and rings by |",
                           in_ring + 1, rings->count + 1);
    if (rings->given++ == API_RINGS_POINTS)
        return problem_say(request->problem, PROBLEM_PARAMETER, rings->name,
                           "there may be at most %d points in all; draw the areas coarser",
                           API_RINGS_POINTS);
    rings->points[rings->point_count++] = at;
    return ERR_OK;
}

static enum err read_ring(struct request *request, struct reading *rings, const char *rest)
{
    const char *item;
    size_t len, first = rings->point_count, n = 0;
    if (rings->count == API_RINGS_MAX)
        return problem_say(request->problem, PROBLEM_PARAMETER, rings->name,
                           "there may be at most %d rings; join those that lie together",
                           API_RINGS_MAX);
    while (request_next(&rest, ';', &item, &len)) {
        enum err e = read_point(request, rings, n++, item, len);
        if (e) return e;
    }
    struct coord *p = rings->points + first;
    bool closed = n > 1 && p[0].lon == p[n - 1].lon && p[0].lat == p[n - 1].lat;
    if (n - closed < 3)
        return problem_say(request->problem, PROBLEM_PARAMETER, rings->name,
                           "ring %zu has %zu points; a ring has at least three", rings->count + 1,
                           n - closed);
    if (!closed) rings->points[rings->point_count++] = p[0];
    rings->starts[++rings->count] = rings->point_count;
    return ERR_OK;
}

enum err api_rings_read(struct request *request, const struct api_crs *crs, const char *name,
                        struct api_rings *rings)
{
    const char *rest = request_query(request, name), *item;
    size_t len;
    *rings = (struct api_rings){0};
    if (!rest) return ERR_OK;
    struct reading *reading = arena_alloc(request->arena, sizeof *reading);
    if (!reading) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    reading->name = name;
    reading->count = reading->point_count = reading->given = reading->starts[0] = 0;
    while (request_next(&rest, '|', &item, &len)) {
        const char *ring = arena_strndup(request->arena, item, len);
        enum err e = ring ? read_ring(request, reading, ring) : ERR_NOMEM;
        if (e) return e;
    }
    rings->points = reading->points;
    rings->count = reading->count;
    memcpy(rings->starts, reading->starts, sizeof rings->starts);
    return api_crs_inward(request, crs, name, reading->points, reading->point_count);
}

#include "server/api/closure_right.h"

#include "geo/space/geodesic.h"
#include "server/api/area_right.h"
#include "server/auth.h"

static const char kind_code[] = "closure"; /* what a grant for closures alone is for */

enum err closure_right_in(struct request *request, const struct tools *tools, int64_t area_id)
{
    return area_right_in(request, tools, RIGHTS_closures, area_id, kind_code, "the closure");
}

/* An area of the caller's beside a point that lies in another. */
struct search {
    const struct tools *tools;
    struct coord at;
    bool found;
};

static bool is_beside(void *user, size_t i)
{
    struct search *s = user;
    const struct areaset *areas = s->tools->snapshot->areas;
    s->found = auth_may(s->tools, RIGHTS_closures, areaset_at(areas, i)->id, kind_code) &&
               polygon_distance_m(areaset_polygon(areas, i), s->at) <= CLOSURE_RIGHT_BORDER_M;
    return !s->found;
}

static struct box box_beside(struct coord at)
{
    struct box box = box_empty();
    for (int turn = 0; turn < 4; turn++)
        box = box_extend(box, geodesic_move(at, 90.0 * turn, CLOSURE_RIGHT_BORDER_M));
    return box;
}

static bool may_touch(const struct tools *tools, struct coord at)
{
    const struct areaset *areas = tools->snapshot->areas;
    struct search s = {.tools = tools, .at = at};
    if (auth_may(tools, RIGHTS_closures, area_right_of(areas, at), kind_code)) return true;
    areaset_search(areas, box_beside(at), is_beside, &s);
    return s.found;
}

enum err closure_right_shape(struct request *request, const struct tools *tools,
                             const struct cover_shape *shape, int64_t *area_id)
{
    enum { RIM = 16, TURN_DEG = 360 };
    int64_t area = area_right_of(tools->snapshot->areas, shape->points[0]);
    enum err e = closure_right_in(request, tools, area);
    size_t rim = shape->kind == COVER_DISC ? RIM : 0;
    bool may = true;
    for (size_t i = 1; !e && may && i < shape->point_count; i++)
        may = may_touch(tools, shape->points[i]);
    for (size_t i = 0; !e && may && i < rim; i++)
        may = may_touch(
            tools, geodesic_move(shape->points[0], (double)(i * TURN_DEG) / RIM, shape->radius_m));
    if (!e && !may)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "the closure reaches more than %d m into an area that is not yours; "
                           "draw it smaller, or ask those who are staff of both",
                           CLOSURE_RIGHT_BORDER_M);
    if (!e) *area_id = area;
    return e;
}

#include "server/api/place_right.h"

#include "server/api/area_right.h"
#include "server/auth.h"

static const char kind_code[] = "place"; /* what a grant for places alone is for */

bool place_right_in(const struct tools *tools, int64_t area_id)
{
    return auth_may(tools, RIGHTS_places, area_id, kind_code);
}

bool place_right_at(const struct tools *tools, struct coord at)
{
    return tools->actor && place_right_in(tools, area_right_of(tools->snapshot->areas, at));
}

enum err place_right_need(struct request *request, const struct tools *tools, struct coord at,
                          const char *what)
{
    return area_right_in(request, tools, RIGHTS_places, area_right_of(tools->snapshot->areas, at),
                         kind_code, what);
}

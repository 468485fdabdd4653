#include "server/api/area_right.h"

#include "server/api/api_area_json.h"
#include "server/auth.h"

int64_t area_right_of(const struct areaset *areas, struct coord at)
{
    const struct area *area = NULL;
    return areaset_locate(areas, at, API_AREA_TOLERANCE_M, &area) ? 0 : area->id;
}

bool area_right_within(const struct areaset *areas, int64_t id, int64_t area)
{
    for (int depth = 0; id && depth < API_AREA_DEPTH; depth++) {
        if (id == area) return true;
        long i = areaset_by_id(areas, id);
        id = i < 0 ? 0 : areaset_at(areas, (size_t)i)->parent_id;
    }
    return false;
}

enum err area_right_in(struct request *request, const struct tools *tools, enum rights right,
                       int64_t area_id, const char *kind, const char *what)
{
    if (auth_may(tools, right, area_id, kind)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                       "%s lies in an area that is not yours", what);
}

#include "server/api/share_right.h"

#include "server/api/area_right.h"
#include "server/auth.h"

bool share_right_near(const struct tools *tools, enum rights right, int64_t area_id,
                      const char *kind)
{
    const struct people_actor *actor = tools->actor;
    bool near = auth_may(tools, right, area_id, kind);
    for (size_t i = 0; i < actor->grant_count && !near; i++) {
        const int64_t *own = &actor->grants[i].area_id;
        const struct people_actor alone = {.grants = &actor->grants[i], .grant_count = 1};
        near = rights_may(&alone, right, own, 1, kind) &&
               (!area_id || area_right_within(tools->snapshot->areas, *own, area_id));
    }
    return near;
}

enum err share_right_need(struct request *request, const struct tools *tools, int64_t area_id,
                          const char *kind, const char *what)
{
    if (area_id && areaset_by_id(tools->snapshot->areas, area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    if (auth_may(tools, RIGHTS_share, area_id, kind)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_FORBIDDEN, "area_id",
                       area_id ? "%s of this kind is shared in this area by those who may %s there"
                               : "%s of this kind is shared everywhere by those who may %s "
                                 "everywhere: name an area of yours",
                       what, rights_words(RIGHTS_share));
}

#include "server/api/branch_right.h"

#include "server/api/area_right.h"
#include "server/auth.h"

enum err branch_right_find(struct request *request, struct tools *tools, struct db **db,
                           struct branches_branch *found)
{
    struct why why = {""};
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (e) return e;
    e = tools_db(tools, db, &why);
    if (!e) e = branches_find(*db, id, request->arena, found);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such branch");
    return problem_from_err(request->problem, e, &why);
}

bool branch_right_is(const struct tools *tools, const struct branches_branch *branch)
{
    return auth_may(tools, RIGHTS_members, branch->area_id, BRANCH_RIGHT_KIND);
}

enum err branch_right_may(struct request *request, const struct tools *tools,
                          const struct branches_branch *branch)
{
    return area_right_in(request, tools, RIGHTS_members, branch->area_id, BRANCH_RIGHT_KIND,
                         "the branch");
}

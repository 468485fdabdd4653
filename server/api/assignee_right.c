#include "server/api/assignee_right.h"

#include "data/cases_act.h"
#include "server/auth.h"

unsigned assignee_right_roles(const struct tools *tools, const struct case_answer *of,
                              const struct people_actor *actor)
{
    unsigned roles = auth_roles_of(tools, actor, of->found.area_id, of->found.kind);
    return of->kind ? roles & of->kind->staff : 0;
}

enum err assignee_right_check(struct request *request, const struct tools *tools,
                              const struct case_answer *of, int64_t person)
{
    struct people_actor actor = {0};
    if (!person) return ERR_OK;
    enum err e = people_behind(of->db, person, request->arena, &actor);
    if (e && e != ERR_DENIED) return problem_from_err(request->problem, e, NULL);
    if (!e && assignee_right_roles(tools, of, &actor)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "person_id",
                       "is nobody who works on such cases in this area");
}

enum err assignee_right_owner(struct request *request, const struct tools *tools,
                              const struct case_answer *of, const struct cases_acting *moving)
{
    const struct cases_case *c = &of->found;
    if (!moving->assignee && !(moving->unit && moving->unit[0])) return ERR_OK;
    if (!auth_may(tools, RIGHTS_assign, c->area_id, c->kind))
        return problem_say(request->problem, PROBLEM_FORBIDDEN,
                           moving->assignee ? "person_id" : "unit", "this is for those who may %s",
                           rights_words(RIGHTS_assign));
    return assignee_right_check(request, tools, of, moving->assignee);
}

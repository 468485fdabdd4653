#include "server/api/api_vote_plan.h"

#include "server/api/vote_form.h"
#include "server/api/vote_json.h"
#include "server/api/vote_see.h"

static enum err answer(struct request *request, struct response *response,
                       const struct tools *tools, const struct vote_see *see)
{
    struct votes_plan plan;
    enum err e = votes_plan_find(see->db, see->vote.id, request->arena, &plan);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "the vote has no plan");
    if (e) return problem_from_err(request->problem, e, NULL);
    vote_json_plan(response_json(response), &see->vote, &plan, see->staff, tools->actor->id);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

/* What somebody earns is for those whom it concerns, and only once it holds. */
enum err api_vote_plan_get(struct request *request, struct response *response, struct tools *tools)
{
    struct vote_see see;
    enum err e = vote_see_person(request, tools, &see);
    if (e) return e;
    bool holds = see.vote.state == VOTES_closed && see.vote.outcome == VOTES_adopted;
    if (!see.staff && !see.elector)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "the plan is for those who may vote here");
    if (!see.staff && !holds)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "no plan has been adopted");
    return answer(request, response, tools, &see);
}

enum err api_vote_plan_put(struct request *request, struct response *response, struct tools *tools)
{
    struct vote_see see;
    struct votes_plan plan;
    struct why why = {""};
    int64_t version = 0;
    enum err e = vote_see_staff(request, tools, &see);
    if (!e) e = vote_form_plan(request, &version, &plan);
    if (e) return e;
    e = votes_plan_put(see.db, see.vote.id, version, &plan, tools->actor->id, request->arena, &why);
    if (!e) e = votes_find(see.db, see.vote.id, request->arena, &see.vote);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer(request, response, tools, &see);
}

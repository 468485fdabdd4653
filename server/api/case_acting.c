#include "server/api/case_acting.h"

#include "geo/base/clock.h"
#include "server/api/case_match.h"
#include "server/auth.h"

enum err case_acting_find(struct request *request, struct tools *tools, enum cases_verb verb,
                          struct case_acting *w)
{
    enum err e = api_crs_read(request, tools, &w->crs);
    if (!e) e = case_answer_find(request, tools, &w->of);
    if (e) return e;
    w->acting.public_id = w->of.found.public_id;
    w->acting.verb = verb;
    w->acting.actor = (struct cases_actor){w->of.as, tools->actor ? tools->actor->id : 0};
    w->acting.now_ms = clock_utc_ms();
    return ERR_OK;
}

enum err case_acting_begin(struct request *request, struct tools *tools, enum cases_verb verb,
                           enum rights right, struct case_acting *w)
{
    const struct cases_case *found = &w->of.found;
    enum err e = case_acting_find(request, tools, verb, w);
    if (e) return e;
    if (right != RIGHTS_COUNT && !auth_may(tools, right, found->area_id, found->kind))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "the report lies in an area that is not yours");
    return case_match_read(request, found, &w->acting);
}

enum err case_acting_finish(struct request *request, struct response *response, struct tools *tools,
                            struct case_acting *w)
{
    struct cases_acted acted;
    struct why why = {""};
    enum err e = cases_act(w->of.db, NULL, tools->service->kinds, &w->acting, NULL, request->arena,
                           &acted, &why);
    if (e) return case_match_refused(request, w->of.db, &w->acting, e, &why);
    return case_answer_write(request, response, tools, &w->crs, &w->of, &acted.now);
}

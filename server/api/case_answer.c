#include "server/api/case_answer.h"

#include "geo/base/clock.h"
#include "server/api/report_json.h"
#include "server/auth.h"

enum err case_answer_find(struct request *request, struct tools *tools, struct case_answer *a)
{
    struct why why = {""};
    const char *id = request_arg(request, "id");
    *a = (struct case_answer){.staff = false};
    enum err e = tools_db(tools, &a->db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = secrets_is_public_id(id) ? cases_get(a->db, id, request->arena, &a->found) : ERR_NOTFOUND;
    if (!e) {
        a->kind = kinds_find(tools->service->kinds, a->found.kind);
        a->staff = auth_is_staff(tools, a->found.area_id, a->found.kind);
        if ((!a->kind || a->kind->is_private) && !a->staff) e = ERR_NOTFOUND;
    }
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such report");
    return problem_from_err(request->problem, e, NULL);
}

enum err case_answer_own(struct request *request, struct tools *tools, struct case_answer *a)
{
    enum err e = case_answer_find(request, tools, a);
    if (e || a->staff) return e;
    return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                       "the report lies in an area that is not yours");
}

enum err case_answer_write(struct request *request, struct response *response,
                           const struct tools *tools, const struct api_crs *crs,
                           const struct case_answer *a, const struct cases_case *c)
{
    int64_t now_ms = clock_utc_ms();
    struct report_json how = {
        .crs = crs,
        .snapshot = tools->snapshot,
        .kind = a->kind,
        .for_staff = a->staff,
        .now_ms = now_ms,
        .near_ms = a->kind ? cases_due_near(tools->service->kinds, a->kind, now_ms) : now_ms};
    enum err e = cases_history(a->db, c->id, request->arena, &how.events, &how.event_count);
    if (e) return e;
    report_json_write(response_json(response), &how, c);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

#include "server/api/case_answer.h"

#include "data/cases_sender.h"
#include "data/cases_support.h"
#include "geo/base/clock.h"
#include "server/api/case_match.h"
#include "server/api/look.h"
#include "server/api/report_json.h"
#include "server/auth.h"

/* Whoever sent a case that repeats this one is with it. */
static enum err follow(struct request *request, const struct tools *tools, struct case_answer *a)
{
    bool repeats = false;
    enum err e = cases_sender_repeats(a->db, a->found.id, request->headers.case_token,
                                      tools->actor ? tools->actor->id : 0, &repeats);
    if (repeats) a->as |= KINDS_JOINER;
    return e;
}

enum err case_answer_see(struct request *request, struct tools *tools, const char *id,
                         struct case_answer *a)
{
    struct why why = {""};
    *a = (struct case_answer){.staff = false};
    enum err e = tools_db(tools, &a->db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = secrets_is_public_id(id) ? cases_get(a->db, id, request->arena, &a->found) : ERR_NOTFOUND;
    if (!e) {
        a->kind = kinds_find(tools->service->kinds, a->found.kind);
        a->staff = auth_may(tools, RIGHTS_see, a->found.area_id, a->found.kind);
        e = cases_sender_is(a->db, &a->found, request->headers.case_token,
                            tools->actor ? tools->actor->id : 0, &a->as);
        if (!e && a->kind && !a->kind->is_private && !a->as) e = follow(request, tools, a);
        a->sender = a->staff || a->as;
        if (a->staff) a->as |= auth_roles(tools, a->found.area_id, a->found.kind);
        if (!e && (!a->kind || a->kind->is_private) && !a->sender) e = ERR_NOTFOUND;
    }
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such report");
    return problem_from_err(request->problem, e, NULL);
}

enum err case_answer_find(struct request *request, struct tools *tools, struct case_answer *a)
{
    enum err e = case_answer_see(request, tools, request_arg(request, "id"), a);
    return !e && a->staff ? look_note(request, tools, a->db, &a->found, 1) : e;
}

enum err case_answer_other(struct request *request, const struct tools *tools,
                           const struct case_answer *a, enum problem_kind otherwise,
                           const char *parameter, const char *id)
{
    struct cases_case other = {0};
    if (!id || !id[0]) return ERR_OK;
    enum err e =
        secrets_is_public_id(id) ? cases_get(a->db, id, request->arena, &other) : ERR_NOTFOUND;
    if (e && e != ERR_NOTFOUND) return problem_from_err(request->problem, e, NULL);
    const struct kinds_kind *kind = e ? NULL : kinds_find(tools->service->kinds, other.kind);
    bool seen = !e && ((kind && !kind->is_private) ||
                       auth_may(tools, RIGHTS_see, other.area_id, other.kind));
    if (seen) return ERR_OK;
    return problem_say(request->problem, otherwise, parameter, "there is no such report");
}

enum err case_answer_own(struct request *request, struct tools *tools, struct case_answer *a)
{
    enum err e = case_answer_find(request, tools, a);
    if (e || a->staff) return e;
    return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                       "the report lies in an area that is not yours");
}

enum err case_answer_pass(struct db *db, const struct kinds_kind *kind, struct photo_pass_key *pass,
                          struct photo_json *how)
{
    enum err e = photo_pass_key(db, pass);
    how->is_private = !kind || kind->is_private;
    if (!e) how->pass = pass;
    return e;
}

enum err case_answer_write(struct request *request, struct response *response,
                           const struct tools *tools, const struct api_crs *crs,
                           const struct case_answer *a, const struct cases_case *c)
{
    int64_t now_ms = clock_utc_ms();
    struct photo_pass_key pass;
    struct photo_reuse *reused = NULL;
    bool supported = false;
    struct report_json how = {.crs = crs,
                              .snapshot = tools->snapshot,
                              .kind = a->kind,
                              .as = a->as,
                              .token = a->token,
                              .photos = {.now_ms = now_ms},
                              .tools = tools,
                              .now_ms = now_ms,
                              .near_ms = cases_due_near(tools->service->kinds, a->kind, now_ms)};
    enum err e = cases_history(a->db, c->id, request->arena, &how.events, &how.event_count);
    if (!e) e = case_answer_pass(a->db, a->kind, &pass, &how.photos);
    if (!e && a->staff)
        e = photo_reuse_find(a->db, c->id, request->arena, &reused, &how.reused_count);
    if (!e && a->kind && a->kind->support && tools->actor && !tools->actor->by_key) {
        how.supported = &supported;
        e = cases_support_is(a->db, c->id, tools->actor->id, &supported);
    }
    if (e) return e;
    how.reused = reused;
    report_json_write(response_json(response), &how, c);
    response->tag_stem = case_match_stem(request->arena, c);
    response_header(response, "Cache-Control", "private, no-cache");
    response_header(response, "Vary", "Authorization, Case-Token, Cookie");
    return ERR_OK;
}

#include "server/api/api_privacy.h"

#include "data/cases_forget.h"
#include "data/cases_mine.h"
#include "data/people_forget.h"
#include "geo/base/clock.h"
#include "server/api/api_ballots.h"
#include "server/api/api_comments.h"
#include "server/api/api_deeds.h"
#include "server/api/api_inbox.h"
#include "server/api/api_lessons.h"
#include "server/api/api_memberships.h"
#include "server/api/api_offers.h"
#include "server/api/api_page.h"
#include "server/api/api_pictures.h"
#include "server/api/api_points_mine.h"
#include "server/api/api_posts.h"
#include "server/api/api_profile.h"
#include "server/api/api_proposals.h"
#include "server/api/api_redemptions.h"
#include "server/api/api_signups.h"
#include "server/api/api_stories.h"
#include "server/api/api_time.h"
#include "server/api/case_answer.h"
#include "server/api/person_json.h"
#include "server/api/report_json.h"
#include "server/csrf.h"

enum { PAGE_DEFAULT = 20, PAGE_MAX = 100 };

/* ---- what is kept ---------------------------------------------------------------------------- */

struct exporting {
    struct db *db;
    struct api_crs crs;
    struct api_page page;
    struct cases_mine mine[PAGE_MAX + 1];
    size_t count;
};

static enum err write_sessions(struct jsonw *json, struct request *request,
                               const struct tools *tools, struct db *db)
{
    size_t count = 0;
    struct people_seen *sessions =
        arena_calloc(request->arena, PEOPLE_SESSIONS_LISTED, sizeof *sessions);
    if (!sessions) return ERR_NOMEM;
    enum err e = people_sessions(db, tools->actor, &tools->service->policy, clock_utc_ms(),
                                 sessions, PEOPLE_SESSIONS_LISTED, &count);
    if (e) return e;
    jsonw_key(json, "sessions");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "device", sessions[i].device);
        api_time_write(json, "created_at", sessions[i].made_ms);
        api_time_write(json, "seen_at", sessions[i].seen_ms);
        jsonw_key_bool(json, "current", sessions[i].current);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    return ERR_OK;
}

/* As its sender, or one who joined it, is shown it. */
static enum err write_report(struct jsonw *json, struct request *request, const struct tools *tools,
                             const struct exporting *x, const struct cases_mine *mine)
{
    int64_t now_ms = clock_utc_ms();
    struct photo_pass_key pass;
    struct cases_case c;
    enum err e = cases_get(x->db, mine->public_id, request->arena, &c);
    if (e) return e;
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, c.kind);
    struct report_json how = {.crs = &x->crs,
                              .snapshot = tools->snapshot,
                              .kind = kind,
                              .as = mine->sent ? KINDS_REPORTER : KINDS_JOINER,
                              .photos = {.now_ms = now_ms},
                              .now_ms = now_ms,
                              .near_ms = cases_due_near(tools->service->kinds, kind, now_ms)};
    e = cases_history(x->db, c.id, request->arena, &how.events, &how.event_count);
    if (!e) e = case_answer_pass(x->db, kind, &pass, &how.photos);
    if (e) return e;
    jsonw_object(json);
    jsonw_key_string(json, "as", mine->sent ? "reporter" : "joiner");
    jsonw_key(json, "report");
    report_json_write(json, &how, &c);
    jsonw_object_end(json);
    return ERR_OK;
}

static enum err write_page(struct request *request, struct response *response, struct tools *tools,
                           struct exporting *x)
{
    struct jsonw *json = response_json(response);
    bool more = x->count > (size_t)x->page.limit;
    size_t shown = more ? (size_t)x->page.limit : x->count;
    const char *next = more ? api_page_next(request, response, x->mine[shown - 1].id, 0) : NULL;
    jsonw_object(json);
    jsonw_key(json, "person");
    jsonw_object(json);
    person_json_members(json, tools->actor);
    enum err e = api_profile_members(request, json, tools, x->db, true);
    jsonw_object_end(json);
    if (!e) e = write_sessions(json, request, tools, x->db);
    jsonw_key(json, "reports");
    jsonw_array(json);
    for (size_t i = 0; i < shown && !e; i++)
        e = write_report(json, request, tools, x, &x->mine[i]);
    jsonw_array_end(json);
    if (!e) e = api_points_mine_export(request, json, tools, x->db);
    if (!e) e = api_redemptions_export(request, json, tools, x->db);
    if (!e) e = api_ballots_export(request, json, tools, x->db);
    if (!e) e = api_signups_export(request, json, tools, &x->crs, x->db);
    if (!e) e = api_deeds_export(request, json, tools, x->db);
    if (!e) e = api_stories_export(request, json, tools, x->db);
    if (!e) e = api_inbox_export(request, json, tools, x->db);
    if (!e) e = api_memberships_export(request, json, tools, x->db);
    if (!e) e = api_offers_export(request, json, tools, x->db);
    if (!e) e = api_pictures_export(request, json, tools, x->db);
    if (!e) e = api_proposals_export(request, json, tools, x->db);
    if (!e) e = api_comments_export(request, json, tools, x->db);
    if (!e) e = api_posts_export(request, json, tools, x->db);
    if (!e) e = api_lessons_export(request, json, tools, x->db);
    api_crs_write_name(json, &x->crs);
    api_page_write(json, next);
    jsonw_object_end(json);
    return e;
}

enum err api_privacy_export(struct request *request, struct response *response, struct tools *tools)
{
    struct why why = {""};
    struct exporting *x = arena_calloc(request->arena, 1, sizeof *x);
    if (!x) return ERR_NOMEM;
    x->page.limit = PAGE_DEFAULT;
    enum err e = api_crs_read(request, tools, &x->crs);
    if (!e) e = api_page_read(request, PAGE_MAX, &x->page);
    if (e) return e;
    e = tools_db(tools, &x->db, &why);
    if (!e)
        e = cases_mine_find(x->db, tools->actor->id, x->page.has_cursor ? x->page.after[0] : 0,
                            x->mine, (size_t)x->page.limit + 1, &x->count);
    if (!e) e = write_page(request, response, tools, x);
    if (e) return problem_from_err(request->problem, e, &why);
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "Content-Disposition", "attachment; filename=\"yizhan-export.json\"");
    return ERR_OK;
}

/* ---- an end to it ---------------------------------------------------------------------------- */

enum err api_privacy_leave(struct request *request, struct response *response, struct tools *tools)
{
    struct why why = {""};
    struct db *db;
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person; an administrator can revoke it");
    enum err e = tools_db(tools, &db, &why);
    if (!e)
        e = people_forget(db, tools->service->dir, tools->service->kinds, tools->actor,
                          clock_utc_ms(), &why);
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "sign in again first: an account is deleted in a session that is at "
                           "most %d minutes old",
                           PEOPLE_FORGET_FRESH_S / 60);
    if (e) return problem_from_err(request->problem, e, &why);
    if (tools->by_cookie)
        response_header(response, "Set-Cookie", csrf_set_cookie(request, tools, ""));
    response->status = 204;
    return ERR_OK;
}

enum err api_privacy_forget(struct request *request, struct response *response, struct tools *tools)
{
    struct why why = {""};
    struct case_answer a;
    enum err e = case_answer_find(request, tools, &a);
    if (e) return e;
    const struct cases_forgetting forgetting = {.public_id = a.found.public_id,
                                                .token = request->headers.case_token,
                                                .person = tools->actor ? tools->actor->id : 0,
                                                .now_ms = clock_utc_ms()};
    e = cases_forget_mine(a.db, tools->service->dir, tools->service->kinds, &forgetting,
                          request->arena, &why);
    if (e == ERR_DENIED)
        return problem_say(request->problem,
                           tools->actor ? PROBLEM_FORBIDDEN : PROBLEM_UNAUTHENTICATED, NULL,
                           "the report is not yours: send its token as Case-Token");
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

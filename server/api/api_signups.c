#include "server/api/api_signups.h"

#include "data/signups_join.h"
#include "geo/base/clock.h"
#include "server/api/activity_find.h"
#include "server/api/activity_json.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"

enum { LIST_MAX = 100, EXPORTED = 100 };

static const char folder[] = "/v1/me/signups/";

/* ---- one of one's own ------------------------------------------------------------------------ */

static enum err write_own(struct jsonw *json, struct tools *tools, const struct api_crs *crs,
                          struct db *db, struct arena *arena, const struct signups_signup *s)
{
    struct activities_activity activity;
    const struct activity_json how = {.crs = crs, .tools = tools, .distance_m = -1, .brief = true};
    enum err e = activities_find(db, s->activity, arena, &activity);
    if (!e) activity_json_signup(json, s, &how, &activity, false);
    return e;
}

static enum err answer_one(struct request *request, struct response *response, struct tools *tools,
                           struct db *db, const char *public_id)
{
    struct signups_signup found;
    struct api_crs crs;
    enum err e = api_crs_read(request, tools, &crs);
    if (e) return e;
    e = signups_find(db, public_id, request->arena, &found);
    if (!e && found.person != tools->actor->id) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no such sign-up of yours");
    if (!e) e = write_own(response_json(response), tools, &crs, db, request->arena, &found);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_signups_get(struct request *request, struct response *response, struct tools *tools)
{
    struct db *db;
    enum err e = activity_find_own_db(request, tools, &db);
    return e ? e : answer_one(request, response, tools, db, request_arg(request, "id"));
}

enum err api_signups_cancel(struct request *request, struct response *response, struct tools *tools)
{
    const char *id = request_arg(request, "id");
    struct why why = {""};
    struct db *db;
    enum err e = activity_find_own_db(request, tools, &db);
    if (e) return e;
    e = signups_join_cancel(db, id, tools->actor->id, clock_utc_ms(), &why);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer_one(request, response, tools, db, id);
}

/* ---- signing up ------------------------------------------------------------------------------ */

/* Nothing is kept but which it is: how it stands is read when it is asked for. */
static enum err render(void *user, struct buf *body)
{
    (void)user, (void)body;
    return ERR_OK;
}

/* Whether the request came before: then `*subject` is what it made. */
static enum err look_up(struct request *request, const struct tools *tools, struct db *db,
                        int64_t activity, struct answers_reply *reply, const char **subject)
{
    struct idempotency_answer kept;
    bool done = false;
    const char *what =
        arena_printf(request->arena, "POST /v1/activities/%lld/signup", (long long)activity);
    if (!what) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = api_once_read_body(request, tools, what, "", &reply->request);
    if (!e) e = api_once_find(request, db, &reply->request, &kept, &done);
    if (done) *subject = kept.subject;
    return e;
}

enum err api_signups_make(struct request *request, struct response *response, struct tools *tools)
{
    struct signups_wish wish = {.person = tools->actor->id, .now_ms = clock_utc_ms()};
    struct answers_reply reply = {.status = 201, .render = render};
    struct activities_activity activity;
    struct idempotency_answer answer;
    struct why why = {""};
    const char *subject = NULL;
    struct db *db;
    enum err e = activity_find_own_db(request, tools, &db);
    if (!e) e = activity_find(request, tools, &db, &activity);
    wish.activity = e ? 0 : activity.id;
    if (!e) e = look_up(request, tools, db, wish.activity, &reply, &subject);
    if (e) return e;
    if (!subject) {
        e = signups_join_make(db, tools->service->activities, &wish, &reply, request->arena,
                              &answer, &why);
        if (e) return problem_from_err(request->problem, e, &why);
        subject = answer.subject;
    }
    e = answer_one(request, response, tools, db, subject);
    if (e) return e;
    response->status = 201;
    response_header(response, "Location", arena_printf(request->arena, "%s%s", folder, subject));
    return ERR_OK;
}

/* ---- all of one's own ------------------------------------------------------------------------ */

static enum err write_list(struct jsonw *json, struct tools *tools, const struct api_crs *crs,
                           struct db *db, struct arena *arena, const struct signups_signup *list,
                           size_t count)
{
    enum err e = ERR_OK;
    jsonw_key(json, "signups");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        e = write_own(json, tools, crs, db, arena, &list[i]);
    jsonw_array_end(json);
    return e;
}

enum err api_signups_list(struct request *request, struct response *response, struct tools *tools)
{
    struct signups_filter filter = {.person = tools->actor->id, .state = -1};
    const char *state = request_query(request, "state"), *next = NULL;
    const struct signups_signup *list = NULL;
    enum signups_state wanted;
    struct api_page page;
    struct api_crs crs;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = activity_find_own_db(request, tools, &db);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (!e && state && signups_state_find(state, &wanted))
        e = problem_say(request->problem, PROBLEM_PARAMETER, "state", "there is no such state");
    if (e) return e;
    if (state) filter.state = (int)wanted;
    filter.cursor = page.has_cursor ? page.after[0] : 0;
    filter.limit = (size_t)page.limit;
    e = signups_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    e = write_list(json, tools, &crs, db, request->arena, list, count);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_signups_export(struct request *request, struct jsonw *json, struct tools *tools,
                            const struct api_crs *crs, struct db *db)
{
    const struct signups_filter filter = {
        .person = tools->actor->id, .state = -1, .limit = EXPORTED};
    const struct signups_signup *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = signups_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return e;
    jsonw_key(json, "signups");
    jsonw_object(json);
    e = write_list(json, tools, crs, db, request->arena, list, count);
    if (!e && more)
        e = api_page_later(request->arena, "/v1/me/signups", EXPORTED, list[count - 1].id, &next);
    api_page_write(json, next);
    jsonw_object_end(json);
    return e;
}

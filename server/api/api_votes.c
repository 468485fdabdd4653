#include "server/api/api_votes.h"
#include "server/api/api_db.h"

#include "data/branches.h"
#include "data/votes_people.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/area_right.h"
#include "server/api/vote_form.h"
#include "server/api/vote_json.h"
#include "server/api/vote_see.h"
#include "server/auth.h"
#include "server/body.h"

enum { LIST_MAX = 50 };

static const char folder[] = "/v1/votes/";

/* ---- reading --------------------------------------------------------------------------------- */

static enum err read_filter(struct request *request, const struct tools *tools,
                            struct votes_filter *filter)
{
    bool limited = false;
    int state = -1;
    enum err e = request_bool(request, "mine", &filter->mine);
    if (!e) e = request_word(request, "state", votes_states, &state);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &filter->area_id);
    if (e) return e;
    if (state >= 0) filter->state = votes_states[state];
    if (!tools->actor) return ERR_OK;
    if (!tools->actor->by_key) filter->person = tools->actor->id;
    e = auth_areas(tools, RIGHTS_votes, vote_see_kind, request->arena, &limited, &filter->areas,
                   &filter->area_count);
    filter->everywhere = !e && !limited;
    if (filter->area_count > VOTES_AREAS_MAX) filter->area_count = VOTES_AREAS_MAX;
    return problem_from_err(request->problem, e, NULL);
}

static enum err write_listed(struct request *request, struct jsonw *json, const struct tools *tools,
                             struct db *db, const struct votes_filter *filter,
                             const struct votes_vote *vote)
{
    struct votes_elector me;
    struct vote_json how = {.for_staff =
                                auth_may(tools, RIGHTS_votes, vote->area_id, vote_see_kind)};
    enum err e = filter->person ? votes_electors_find(db, vote, filter->person, request->arena, &me)
                                : ERR_NOTFOUND;
    if (e && e != ERR_NOTFOUND) return e;
    if (!e) how.me = &me;
    vote_json_write(json, vote, &how);
    return ERR_OK;
}

enum err api_votes_list(struct request *request, struct response *response, struct tools *tools)
{
    struct votes_filter filter = {.person = 0};
    struct votes_vote *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = read_filter(request, tools, &filter);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    filter.before = page.has_cursor ? page.after[0] : 0;
    filter.limit = (size_t)page.limit;
    e = votes_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "votes");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        e = write_listed(request, json, tools, db, &filter, &list[i]);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return problem_from_err(request->problem, e, NULL);
}

/* One with all that the caller may see of it. */
static enum err write_one(struct request *request, struct jsonw *json, const struct vote_see *see)
{
    const struct votes_vote *vote = &see->vote;
    int64_t *counts[VOTES_QUESTIONS_MAX], turnout = 0;
    struct vote_json how = {.for_staff = see->staff, .me = see->elector ? &see->me : NULL};
    enum err e = ERR_OK;
    if (see->staff && vote->state == VOTES_draft && vote->electorate == VOTES_people)
        e = votes_people_of(see->db, vote->id, request->arena, &how.people, &how.people_count);
    if (!e && see->staff && vote->state == VOTES_open) {
        e = votes_electors_voted(see->db, vote->id, &turnout);
        how.turnout = &turnout;
    }
    if (!e && vote->state == VOTES_closed && vote->outcome != VOTES_too_few) {
        e = votes_counts(see->db, vote, request->arena, &counts);
        how.counts = counts;
    }
    if (!e) vote_json_write(json, vote, &how);
    return e;
}

static enum err answer_one(struct request *request, struct response *response,
                           const struct vote_see *see)
{
    enum err e = write_one(request, response_json(response), see);
    response_header(response, "Cache-Control", "private, no-cache");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_votes_get(struct request *request, struct response *response, struct tools *tools)
{
    struct vote_see see;
    enum err e = vote_see_find(request, tools, &see);
    return e ? e : answer_one(request, response, &see);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A branch's vote is where the branch is. */
static enum err find_area(struct request *request, struct db *db, struct votes_draft *draft)
{
    struct branches_branch branch;
    if (draft->vote.electorate != VOTES_branch || !draft->vote.branch_id) return ERR_OK;
    enum err e = branches_find(db, draft->vote.branch_id, request->arena, &branch);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_PARAMETER, "branch_id",
                           "there is no such branch");
    if (!e) draft->vote.area_id = branch.area_id;
    return problem_from_err(request->problem, e, NULL);
}

static enum err read_form(struct request *request, const struct tools *tools, struct db *db,
                          bool is_new, struct votes_draft *draft)
{
    enum err e = vote_form_draft(request, is_new, draft);
    if (!e) e = find_area(request, db, draft);
    if (e) return e;
    int64_t area_id = draft->vote.area_id;
    if (area_id && areaset_by_id(tools->snapshot->areas, area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    draft->asker = tools->actor->id;
    return area_right_in(request, tools, RIGHTS_votes, area_id, vote_see_kind, "the vote");
}

struct made {
    struct request *request;
    struct vote_see see;
};

static enum err render(void *user, struct buf *body)
{
    struct made *made = user;
    struct jsonw json;
    jsonw_init(&json, body);
    /* Inside of the transaction, by what is at hand: whom to ask is in the request. */
    const struct vote_json how = {.for_staff = true};
    vote_json_write(&json, &made->see.vote, &how);
    return body->err;
}

enum err api_votes_create(struct request *request, struct response *response, struct tools *tools)
{
    struct votes_draft draft = {.vote = {.id = 0}};
    struct made made = {.request = request};
    struct answers_reply reply = {.status = 201, .render = render, .user = &made};
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = read_form(request, tools, db, true, &draft);
    if (!e) e = api_once_read_body(request, tools, "POST /v1/votes", "", &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = votes_draft_create(db, &draft, tools->actor->id, &reply, clock_utc_ms(), request->arena,
                           &made.see.vote, &answer, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return api_once_answer(request, response, folder, &answer);
}

enum err api_votes_put(struct request *request, struct response *response, struct tools *tools)
{
    struct vote_see see;
    struct why why = {""};
    enum err e = vote_see_staff(request, tools, &see);
    if (e) return e;
    struct votes_draft draft = {.vote = see.vote};
    e = read_form(request, tools, see.db, false, &draft);
    if (e) return e;
    e = votes_draft_change(see.db, &draft, clock_utc_ms(), request->arena, &see.vote, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer_one(request, response, &see);
}

enum err api_votes_delete(struct request *request, struct response *response, struct tools *tools)
{
    struct votes_act act = {.by = tools->actor->id,
                            .now_ms = clock_utc_ms(),
                            .reason = request_query(request, "reason"),
                            .route = tools->rule->pattern};
    struct vote_see see;
    struct why why = {""};
    bool gone = false;
    enum err e = vote_see_staff(request, tools, &see);
    if (!e) e = request_version(request, &act.version);
    if (e) return e;
    act.id = see.vote.id;
    e = votes_draft_remove(see.db, &act, request->arena, &gone, &why);
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "reason", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

enum err api_votes_open(struct request *request, struct response *response, struct tools *tools)
{
    struct votes_act act = {
        .by = tools->actor->id, .now_ms = clock_utc_ms(), .route = tools->rule->pattern};
    const struct body_field fields[] = {BODY_VERSION(&act.version)};
    struct vote_see see;
    struct why why = {""};
    enum err e = vote_see_staff(request, tools, &see);
    if (!e) e = body_read(request, fields, 1);
    if (e) return e;
    /* Sent again, with its answer lost: it is open as its sender saw it. */
    if (see.vote.state == VOTES_open && see.vote.version == act.version + 1)
        return answer_one(request, response, &see);
    act.id = see.vote.id;
    e = votes_draft_open(see.db, &act, request->arena, &see.vote, &why);
    if (!e && see.vote.secret && !tools->service->options->secret_key)
        log_say(tools->service->log, APP_LOG_WARN,
                "a secret vote opens, and the key of its ballots lies beside them: name another "
                "place for it by secret_key (docs/votes.md)");
    if (!e && tools->actor && !tools->actor->by_key) {
        enum err mine =
            votes_electors_find(see.db, &see.vote, tools->actor->id, request->arena, &see.me);
        see.elector = mine == ERR_OK;
    }
    if (e) return problem_from_err(request->problem, e, &why);
    return answer_one(request, response, &see);
}

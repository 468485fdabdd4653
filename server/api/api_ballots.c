#include "server/api/api_ballots.h"

#include "data/idempotency.h"
#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/vote_form.h"
#include "server/api/vote_json.h"
#include "server/api/vote_see.h"

enum { LIST_MAX = 200, EXPORTED = 100 };

/* ---- voting ---------------------------------------------------------------------------------- */

/* Of a ballot no answer is kept under its key, which would say what it was and when: the store
 * knows the request again by itself (votes_ballot.h). */
static enum err read_once(struct request *request, const char **once)
{
    *once = request->headers.idempotency_key;
    if (!*once || idempotency_key_ok(*once)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "Idempotency-Key",
                       "must be 1 to %d visible ASCII characters", IDEMPOTENCY_KEY_MAX);
}

static enum err refuse(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL, "%s", why->text);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "%s", why->text);
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "answers", "%s", why->text);
    return problem_from_err(request->problem, e, why);
}

enum err api_ballots_cast(struct request *request, struct response *response, struct tools *tools)
{
    struct votes_casting casting = {
        .person = tools->actor->id, .key = tools->service->seal_key, .now_ms = clock_utc_ms()};
    struct vote_see see;
    struct why why = {""};
    enum err e = vote_see_person(request, tools, &see);
    if (!e) e = read_once(request, &casting.once);
    if (!e) e = vote_form_ballot(request, &casting.answers, &casting.answer_count);
    if (e) return e;
    casting.vote = see.vote.id;
    e = votes_ballot_cast(see.db, &casting, request->arena, &why);
    if (e) return refuse(request, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_int(json, "vote", see.vote.id);
    jsonw_key_bool(json, "voted", true);
    jsonw_object_end(json);
    response->status = 201;
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

/* ---- who has --------------------------------------------------------------------------------- */

static void write_name(struct jsonw *json, const struct votes_elector *elector, bool or_login)
{
    bool has_name = elector->name[0] != '\0';
    jsonw_key_string(json, "name", !has_name && or_login ? elector->login : elector->name);
}

/* A page of electors, each written by `write`. */
static enum err answer_page(struct request *request, struct response *response,
                            const struct vote_see *see, const bool *voted, const char *key,
                            enum err (*write)(struct jsonw *json, const struct vote_see *see,
                                              const struct votes_elector *elector,
                                              struct arena *arena))
{
    struct votes_electors_filter filter = {.voted = voted};
    const struct votes_elector *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    filter.after = page.has_cursor ? page.after[0] : 0;
    filter.limit = (size_t)page.limit;
    e = votes_electors_list(see->db, &see->vote, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, key);
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++) {
        jsonw_object(json);
        e = write(json, see, &list[i], request->arena);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

static enum err write_elector(struct jsonw *json, const struct vote_see *see,
                              const struct votes_elector *elector, struct arena *arena)
{
    (void)arena;
    if (elector->person) jsonw_key_int(json, "person", elector->person);
    if (see->names) write_name(json, elector, true);
    jsonw_key_bool(json, "voted", elector->voted);
    return ERR_OK;
}

enum err api_ballots_electors(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct vote_see see;
    bool voted = false;
    enum err e = vote_see_staff(request, tools, &see);
    if (!e) e = request_bool(request, "voted", &voted);
    if (!e) e = vote_see_note(request, tools, &see);
    if (e) return e;
    return answer_page(request, response, &see, request_query(request, "voted") ? &voted : NULL,
                       "electors", write_elector);
}

static enum err write_ballot(struct jsonw *json, const struct vote_see *see,
                             const struct votes_elector *elector, struct arena *arena)
{
    if (elector->person && see->staff) jsonw_key_int(json, "person", elector->person);
    if (see->elector || see->names) write_name(json, elector, see->names);
    return elector->ballot ? vote_json_answers(json, &see->vote, elector->ballot, arena) : ERR_OK;
}

enum err api_ballots_list(struct request *request, struct response *response, struct tools *tools)
{
    static const bool voted = true;
    struct vote_see see;
    enum err e = vote_see_person(request, tools, &see);
    if (e) return e;
    if (!see.staff && !see.elector)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "who voted what is for those who may vote here");
    if (see.vote.secret)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "the vote is secret: nobody knows who voted what");
    if (see.vote.state != VOTES_closed)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "nobody is shown ballots before the vote is closed");
    if (!see.elector) e = vote_see_note(request, tools, &see);
    if (e) return e;
    return answer_page(request, response, &see, &voted, "ballots", write_ballot);
}

enum err api_ballots_remind(struct request *request, struct response *response, struct tools *tools)
{
    struct vote_see see;
    struct why why = {""};
    int64_t reminded_ms = 0;
    enum err e = vote_see_staff(request, tools, &see);
    if (e) return e;
    e = votes_electors_remind(see.db, see.vote.id, clock_utc_ms(), request->arena, &reminded_ms,
                              &why);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    api_time_write(json, "reminded_at", reminded_ms);
    jsonw_object_end(json);
    return ERR_OK;
}

/* ---- what is kept of somebody ---------------------------------------------------------------- */

static enum err write_mine(struct request *request, struct jsonw *json, const struct tools *tools,
                           struct db *db, const struct votes_vote *vote)
{
    struct votes_elector me;
    enum err e = votes_electors_find(db, vote, tools->actor->id, request->arena, &me);
    if (e) return e;
    jsonw_object(json);
    jsonw_key_int(json, "id", vote->id);
    jsonw_key_string(json, "title", vote->title);
    jsonw_key_string(json, "state", votes_states[vote->state]);
    jsonw_key_bool(json, "secret", vote->secret);
    jsonw_key_bool(json, "voted", me.voted);
    if (me.ballot) e = vote_json_answers(json, vote, me.ballot, request->arena);
    jsonw_object_end(json);
    return e;
}

enum err api_ballots_export(struct request *request, struct jsonw *json, const struct tools *tools,
                            struct db *db)
{
    const struct votes_filter filter = {
        .person = tools->actor->id, .mine = true, .limit = EXPORTED};
    struct votes_vote *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = votes_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return e;
    jsonw_key(json, "votes");
    jsonw_object(json);
    jsonw_key(json, "votes");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        e = write_mine(request, json, tools, db, &list[i]);
    jsonw_array_end(json);
    if (!e && more)
        e = api_page_later(request->arena, "/v1/votes?mine=true", 50, list[count - 1].id, &next);
    api_page_write(json, next);
    jsonw_object_end(json);
    return e;
}

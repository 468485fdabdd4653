#include "server/api/event_ask.h"

#include "data/cases_sender.h"
#include "data/news_verbs.h"
#include "geo/base/clock.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>

/* A browser that comes back asks with the address it had first; the header is what it saw last. */
static enum err read_place(struct request *request, struct hub_place *place)
{
    const char *seen = request->headers.last_event_id;
    place->given = request_query(request, "after") != NULL;
    enum err e = request_int(request, "after", 0, INT64_MAX, &place->after);
    if (e || !seen || !seen[0]) return e;
    if (!text_int(seen, strlen(seen), 0, INT64_MAX, &place->after))
        return problem_say(request->problem, PROBLEM_PARAMETER, "Last-Event-ID",
                           "must be a number that an event had as its id");
    place->given = true;
    return ERR_OK;
}

static enum err find_case(struct request *request, struct tools *tools, const char *report,
                          struct audience *audience)
{
    struct cases_case found = {0};
    struct why why = {""};
    struct db *db;
    enum err e = tools_db(tools, &db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = secrets_is_public_id(report) ? cases_get(db, report, request->arena, &found) : ERR_NOTFOUND;
    if (!e)
        e = cases_sender_is(db, &found, request->headers.case_token,
                            tools->actor ? tools->actor->id : 0, &audience->as);
    if (!e) {
        struct event event = {.item = {.case_id = found.id, .reporter = found.reporter},
                              .json = (char *)""};
        (void)snprintf(event.item.kind, sizeof event.item.kind, "%s", found.kind);
        (void)snprintf(event.item.verb, sizeof event.item.verb, "created");
        event_chain_fill(tools->snapshot->areas, found.area_id, &event.here);
        audience->of = AUDIENCE_CASE;
        audience->case_id = found.id;
        if (!audience_told(audience, &event)) e = ERR_NOTFOUND;
    }
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "report",
                           "there is no such report");
    return problem_from_err(request->problem, e, NULL);
}

static enum err read_word(struct request *request, const char *name, char word[NEWS_CODE_SIZE])
{
    const char *text = request_query(request, name);
    if (text && (!text[0] || strlen(text) >= NEWS_CODE_SIZE))
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "is unknown; /v1/categories lists what there is");
    (void)snprintf(word, NEWS_CODE_SIZE, "%s", text ? text : "");
    return ERR_OK;
}

enum err event_ask_verb(struct request *request)
{
    char text[400] = "";
    size_t len = 0;
    const char *name;
    for (size_t i = 0; (name = news_verbs_at(i)) && len < sizeof text; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? ", " : "", name);
    return problem_say(request->problem, PROBLEM_PARAMETER, "verb", "must be one of %s", text);
}

static enum err read_queue(struct request *request, struct tools *tools, struct audience *audience)
{
    const struct kinds *kinds = tools->service->kinds;
    if (!tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL,
                           "sign in to hear of a queue, or name a report");
    if (!audience_has_queue(tools->actor))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "queues are for staff; report= and mine=true are for who sent a report");
    enum err e = read_word(request, "kind", audience->kind);
    if (!e) e = read_word(request, "category", audience->category);
    if (!e) e = read_word(request, "verb", audience->verb);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &audience->area_id);
    if (e) return e;
    if (audience->verb[0] && !news_verbs_has(audience->verb)) return event_ask_verb(request);
    if (audience->kind[0] && !kinds_find(kinds, audience->kind))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind", "there is no such kind");
    if (audience->area_id && areaset_by_id(tools->snapshot->areas, audience->area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    return ERR_OK;
}

/* Filters are for queues; a case and what one sent are few enough. */
static enum err refuse_filters(struct request *request, const char *beside)
{
    static const char *const filters[] = {"kind", "category", "verb", "area"};
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (request_query(request, filters[i]))
            return problem_say(request->problem, PROBLEM_PARAMETER, filters[i],
                               "does not go with %s", beside);
    return ERR_OK;
}

enum err event_ask_read(struct request *request, struct tools *tools, struct audience *audience,
                        struct hub_place *place)
{
    const char *report = request_query(request, "report");
    bool mine = false;
    *audience = (struct audience){0};
    *place = (struct hub_place){0};
    enum err e = audience_init(audience, tools->service->kinds, tools->actor);
    if (e) return problem_from_err(request->problem, e, NULL);
    e = read_place(request, place);
    if (!e) e = request_bool(request, "mine", &mine);
    if (!e && (report || mine)) e = refuse_filters(request, report ? "report" : "mine");
    if (e) return e;
    if (report && mine)
        return problem_say(request->problem, PROBLEM_PARAMETER, "mine", "does not go with report");
    if (report) return find_case(request, tools, report, audience);
    if (!mine) return read_queue(request, tools, audience);
    audience->of = AUDIENCE_MINE;
    if (tools->actor) return ERR_OK;
    return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL,
                       "sign in to hear of your reports, or name one with report=");
}

static bool are_same(const struct people_actor *a, const struct people_actor *b)
{
    bool same = a->id == b->id && a->grant_count == b->grant_count;
    for (size_t i = 0; same && i < a->grant_count; i++)
        same = a->grants[i].role == b->grants[i].role &&
               a->grants[i].area_id == b->grants[i].area_id &&
               strcmp(a->grants[i].kind, b->grants[i].kind) == 0;
    return same;
}

enum err event_ask_again(struct request *request, struct tools *tools, bool *same)
{
    struct people_actor now = {0};
    struct why why = {""};
    struct db *db;
    *same = true;
    if (!tools->actor) return ERR_OK;
    enum err e = tools_db(tools, &db, &why);
    if (!e)
        e = people_recognise(db, tools->token, &tools->service->policy, clock_utc_ms(),
                             request->arena, &now);
    if (e == ERR_DENIED) {
        *same = false;
        return ERR_OK;
    }
    if (e) return problem_from_err(request->problem, e, &why);
    *same = are_same(tools->actor, &now);
    return ERR_OK;
}

#include "server/api/api_events.h"

#include "geo/base/clock.h"
#include "server/api/event_ask.h"
#include "server/api/event_past.h"
#include "server/auth.h"

enum { WAIT_MAX_S = 25, ROUNDS_MAX = 8 };

/* One who asks, until there is a seat or an answer. */
struct asking {
    struct audience audience;
    struct event_past past;
    struct hub_wish wish;
    struct hub_seat *seat;
    bool done; /* the answer is there already, without a seat */
};

static enum err refuse(struct request *request, enum hub_sat sat)
{
    request->problem->retry_after_s = sat == HUB_CLOSED ? 1 : 30;
    switch (sat) {
    case HUB_FULL_ADDRESS:
        return problem_say(request->problem, PROBLEM_TOO_MANY, NULL,
                           "as many as may wait at one address are waiting: end one of them");
    case HUB_FULL_PERSON:
        return problem_say(request->problem, PROBLEM_TOO_MANY, NULL,
                           "you are waiting in %d places already: end one of them",
                           HUB_PERSON_SEATS);
    case HUB_FULL:
        return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                           "as many are waiting for news as the server takes");
    default:
        return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                           "news are not told at the moment");
    }
}

/* Who stands where nothing is told of any more, or nothing has happened yet, begins anew. */
static void begin_anew(struct asking *a, struct hub *hub, struct response *response)
{
    struct hub_figures figures;
    hub_figures(hub, &figures);
    a->wish.place.after = figures.last;
    if (!a->wish.poll) {
        event_put_reset(&a->past.out, figures.last);
        return;
    }
    event_poll_begin(&response->body);
    event_poll_end(&response->body, figures.last, false, true);
    a->done = true;
}

/* What is older than the ring is read from the database, up to where the ring begins. */
static enum err catch_up(struct request *request, struct response *response, struct tools *tools,
                         struct asking *a, int64_t floor)
{
    struct why why = {""};
    struct db *db;
    enum err e = tools_db(tools, &db, &why);
    if (!e)
        e = event_past_read(db, tools->snapshot->areas, &a->audience, floor, &a->wish.place.after,
                            &a->past);
    if (!e && !a->past.lost) e = audit_add_all(db, a->past.looks, a->past.look_count);
    a->past.look_count = 0;
    if (e) return problem_from_err(request->problem, e, &why);
    if (a->past.lost) {
        buf_reset(&a->past.out);
        begin_anew(a, tools->service->hub, response);
    } else if (a->wish.poll && (a->past.count || a->past.more)) {
        event_poll_begin(&response->body);
        buf_put(&response->body, a->past.out.bytes, a->past.out.len);
        event_poll_end(&response->body, a->wish.place.after, true, false);
        a->done = true;
    }
    return a->past.out.err;
}

static enum err sit(struct request *request, struct response *response, struct tools *tools,
                    struct asking *a)
{
    struct hub *hub = tools->service->hub;
    enum hub_sat sat = HUB_OLDER;
    int64_t floor = 0;
    enum err e = ERR_OK;
    for (int round = 0; round < ROUNDS_MAX && !e && !a->done && !a->seat; round++) {
        a->wish.before = &a->past.out;
        e = hub_seat_take(hub, &a->wish, clock_ms(), &sat, &a->seat, &floor);
        if (e) return problem_from_err(request->problem, e, NULL);
        if (sat == HUB_OLDER)
            e = catch_up(request, response, tools, a, floor);
        else if (sat == HUB_AHEAD)
            begin_anew(a, hub, response);
        else if (sat != HUB_SAT)
            return refuse(request, sat);
    }
    if (!e && !a->done && !a->seat) return refuse(request, HUB_CLOSED);
    return e;
}

/* A right may have been taken away after it was read and before the seat was there to be ended. */
static enum err follow(struct request *request, struct response *response, struct tools *tools,
                       struct asking *a)
{
    bool same = true;
    enum err e = event_ask_again(request, tools, &same);
    if (!e && !same)
        e = problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL,
                        "your rights have just changed: try again");
    if (e) {
        hub_seat_leave(a->seat);
        return e;
    }
    response_follow(response, a->wish.poll ? "application/json" : "text/event-stream",
                    hub_seat_stream(a->seat), a->seat, hub_seat_leave);
    return ERR_OK;
}

static enum err ask(struct request *request, struct response *response, struct tools *tools,
                    bool poll)
{
    struct asking a = {
        .wish = {.audience = &a.audience, .address = request->address, .poll = poll}};
    int64_t wait_s = WAIT_MAX_S;
    event_past_init(&a.past, poll);
    enum err e = event_ask_read(request, tools, &a.audience, &a.wish.place);
    if (!e) e = request_int(request, "wait", 0, WAIT_MAX_S, &wait_s);
    a.wish.wait_ms = wait_s * 1000;
    if (tools->actor) a.wish.token = tools->actor->token;
    if (!e) e = sit(request, response, tools, &a);
    if (!e && a.seat) e = follow(request, response, tools, &a);
    if (!e && a.done) {
        response->content_type = "application/json";
        response->no_etag = true;
        response_header(response, "Cache-Control", "no-store");
    }
    event_past_fini(&a.past);
    audience_fini(&a.audience);
    return e;
}

enum err api_events_stream(struct request *request, struct response *response, struct tools *tools)
{
    return ask(request, response, tools, false);
}

enum err api_events_poll(struct request *request, struct response *response, struct tools *tools)
{
    return ask(request, response, tools, true);
}

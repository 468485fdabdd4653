#include "server/dispatch.h"

#include "geo/base/pace.h"
#include "server/auth.h"
#include "server/courier.h"
#include "server/herald.h"
#include "server/router.h"
#include "server/watcher.h"

#include <stdio.h>
#include <string.h>

static void limit_request(struct service *service, struct exchange *x, enum limit_class class)
{
    struct limit_state state;
    struct request_address who = x->request.address;
    char text[LIMIT_TEXT_SIZE];
    /* Who guesses is counted by where they are, whatever they bring. */
    struct tools *tools = class == LIMIT_SIGN_IN ? NULL : tools_get(service);
    bool own = tools && auth_counted(&x->request, tools, x->began_ns, &who);
    if (own && class == LIMIT_WRITE) class = LIMIT_OWN_WRITE;
    bool taken = limit_take(service->limit, class, &who, x->began_ns, &state);
    /* Who is far from the limit is not bothered with it. */
    if (state.remaining < state.quota - state.quota / 2) {
        limit_text(class, &state, text);
        response_header(&x->response, "RateLimit-Policy", state.policy);
        response_header(&x->response, "RateLimit", arena_strdup(&x->arena, text));
    }
    if (taken) return;
    x->problem = (struct problem){.retry_after_s = state.wait_s}; /* whatever else is wrong */
    problem_tell(&x->problem, PROBLEM_TOO_MANY, NULL, "%u a minute are taken from one %s",
                 state.quota, own ? "account" : "address");
}

/* The lane of the table; but an event loop does nothing that is long, and never waits for PROJ to
 * open a reference system. */
static struct worker_pool *choose_lane(const struct service *service, const struct exchange *x)
{
    const char *crs = request_query(&x->request, "crs");
    bool is_long = x->rule->is_long && x->rule->is_long(&x->request);
    if (x->rule->where == ROUTER_INLINE && (is_long || (crs && crs_is_slow(crs))))
        return service->lanes[ROUTER_COMPUTE];
    return service->lanes[x->rule->where];
}

/* Whether the answer is at hand, so that no lane is needed. */
static bool recall(struct service *service, struct exchange *x)
{
    struct tools *tools = x->rule->recall && !x->problem.kind ? tools_get(service) : NULL;
    if (!tools) return false;
    tools->snapshot = snapshot_enter(tools->reader);
    bool recalled = tools->snapshot && x->rule->recall(&x->request, &x->response, tools);
    tools->snapshot = NULL;
    snapshot_leave(tools->reader);
    return recalled;
}

/* Of an event loop, whose threads are the HTTP library's. */
static void keep_pace(void)
{
    static _Thread_local bool is_prompt;
    if (!is_prompt) pace_prompt();
    is_prompt = true;
    pace_turn();
}

static void begin(void *user, struct exchange *x)
{
    struct service *service = user;
    keep_pace();
    enum limit_class class = LIMIT_READ;
    (void)request_parse(&x->request, x->target);
    x->shape = router_shape(routes, routes_count, x->request.path);
    if (!x->problem.kind) x->rule = router_find(routes, routes_count, &x->request, &x->allow);
    if (x->rule) {
        class = x->rule->counted_as;
        x->shape = x->rule->shape;
        x->body_max = x->rule->body_bytes;
        x->lane = choose_lane(service, x);
        (void)router_admit(x->rule, &x->request);
        x->is_recalled = recall(service, x);
        if (x->is_recalled) x->lane = NULL;
    }
    limit_request(service, x, class);
}

static void run_handler(struct service *service, struct exchange *x)
{
    struct tools *tools = tools_get(service);
    if (!tools) {
        (void)problem_from_err(&x->problem, ERR_NOMEM, NULL);
        return;
    }
    tools->snapshot = snapshot_enter(tools->reader);
    enum err e = ERR_OK;
    if (!tools->snapshot && x->rule->needs_data)
        e = problem_say(&x->problem, PROBLEM_UNAVAILABLE, NULL, "the data is still being loaded");
    if (!e) e = auth_admit(x->rule, &x->request, tools);
    if (!e) e = x->rule->handle(&x->request, &x->response, tools);
    if (e) (void)problem_from_err(&x->problem, e, NULL);
    /* What was written shows at once, not at the next look. */
    bool waited = x->rule->where == ROUTER_STORE || x->rule->where == ROUTER_PHOTO;
    bool wrote = !e && x->rule->method != REQUEST_GET && waited;
    if (wrote && service->watcher) watcher_poke(service->watcher);
    if (wrote && service->herald) herald_poke(service->herald);
    if (wrote && service->courier) courier_poke(service->courier);
    tools->snapshot = NULL;
    tools->actor = NULL;
    snapshot_leave(tools->reader);
}

static void preflight(struct exchange *x)
{
    struct response *r = &x->response;
    r->status = 204;
    response_header(r, "Allow", x->allow);
    response_header(r, "Access-Control-Allow-Methods", x->allow);
    response_header(r, "Access-Control-Allow-Headers",
                    "Authorization, Case-Token, Content-Type, Idempotency-Key, If-Match, "
                    "If-None-Match, Last-Event-ID");
    response_header(r, "Access-Control-Max-Age", "86400");
}

static void answer(void *user, struct exchange *x, bool cancelled)
{
    struct response *r = &x->response;
    if (!x->problem.kind && !cancelled) {
        if (!x->rule)
            preflight(x);
        else if (!x->is_recalled)
            run_handler(user, x);
    }
    response_finish(r, &x->request, x->shape, x->id);
    response_header(r, "Access-Control-Allow-Origin", "*");
    if (x->request.headers.origin)
        response_header(r, "Access-Control-Expose-Headers",
                        "Content-Crs, ETag, Link, Location, Retry-After, RateLimit, "
                        "RateLimit-Policy");
    response_header(r, "X-Content-Type-Options", "nosniff");
}

static void done(void *user, struct exchange *x)
{
    struct service *service = user;
    uint64_t since = x->ready_ns ? x->ready_ns : x->began_ns;
    double seconds = (double)(x->done_ns - since) * 1e-9;
    size_t route = x->rule ? (size_t)(x->rule - routes) : routes_count;
    bool answered = x->response.status != 0;
    bool waited = x->response.stream != NULL; /* for news, not for the server */
    metrics_count(service->metrics, route, x->response.status, waited ? -1 : seconds);
    log_request(service->log, &(struct log_request){
                                  .id = x->id,
                                  .method = x->request.method == REQUEST_OTHER ? "?" : x->method,
                                  .route = x->rule ? x->rule->pattern : "-",
                                  .status = x->response.status,
                                  .ms = seconds * 1e3,
                                  .bytes_in = x->bytes_in,
                                  .bytes_out = x->bytes_out,
                                  .problem = !answered         ? "broken-off"
                                             : x->problem.kind ? problem_name(&x->problem)
                                                               : "",
                                  .cause = x->problem.cause});
}

struct http_hooks dispatch_hooks(struct service *service)
{
    return (struct http_hooks){service, begin, answer, done};
}

enum err dispatch_metrics(struct metrics **metrics)
{
    const char *labels[ROUTES_MAX + 1];
    for (size_t i = 0; i < routes_count; i++)
        labels[i] = routes[i].pattern;
    labels[routes_count] = "-";
    return metrics_new(labels, routes_count + 1, metrics);
}

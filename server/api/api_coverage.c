#include "server/api/api_coverage.h"

#include "geo/base/clock.h"
#include "server/anchoring.h"
#include "server/api/gap_json.h"
#include "server/api/gap_points.h"

#include <stdlib.h>
#include <string.h>

enum { PATIENCE_S = 20, RETRY_S = 5, MAX_STATES = 5000000, LATTICE = 8000 };

/* One request at work. */
struct covering {
    struct request *request;
    struct tools *tools;
    struct gap_query query;
    struct gap_answer answer;
    struct gap_goals goals;
    struct demand *demand;
    struct snap_ground ground;
    struct reach *reach;
    struct progress progress;
    uint64_t until_ns;
};

static bool keep_going(void *user, const char *stage, uint64_t done, uint64_t total)
{
    const struct covering *c = user;
    (void)stage, (void)done, (void)total;
    return clock_ns() < c->until_ns && !atomic_load(&c->tools->service->stopping);
}

static enum err measure(struct covering *c, size_t area_count, struct coverage *coverage)
{
    struct gap_query *q = &c->query;
    struct coverage_query ask = {.graph = c->ground.graph,
                                 .reach = q->reach,
                                 .areas = q->areas,
                                 .area_count = area_count,
                                 .demand = c->demand,
                                 .progress = &c->progress};
    ask.reach.ends = c->goals.ends;
    ask.reach.end_count = c->goals.count;
    return coverage_find(c->reach, &ask, coverage);
}

static enum err draw(struct covering *c)
{
    const struct polygon *area = c->query.areas[0];
    enum err e = ERR_OK;
    for (size_t l = 0; l < c->query.reach.limit_count && !e; l++) {
        const struct polygon *covered = c->answer.found.covered[l];
        if (c->query.show_out) e = polygon_outside(area, covered, &c->answer.out[l]);
        if (!e && c->query.show_in) e = polygon_inside(area, covered, &c->answer.in[l]);
    }
    return e;
}

/* ---- suggestions ---- */

/* Who is to be brought within reach: as asked; of surface, what lies by the streets. */
static enum err find_demand(struct covering *c, struct demand **own)
{
    struct demand_point *points;
    size_t count;
    double step_m;
    if (c->demand) return ERR_OK;
    enum err e = demand_lattice(c->query.areas[0], LATTICE, &points, &count, &step_m);
    if (e) return e;
    e = demand_new(&c->ground, points, count, REACH_MARGIN_M, &c->progress, own);
    free(points);
    return e;
}

static enum err add_goal(struct covering *c, const struct siting_place *place)
{
    struct gap_goals *g = &c->goals;
    size_t size = g->count + place->end_count;
    struct network_end *more = realloc(g->ends, size * sizeof *more);
    if (!more) return ERR_NOMEM;
    memcpy(more + g->count, place->ends, place->end_count * sizeof *more);
    g->ends = more;
    g->count = g->size = size;
    return ERR_OK;
}

static enum err suggest(struct covering *c)
{
    struct demand *own = NULL;
    const struct gap_query *q = &c->query;
    enum err e = find_demand(c, &own);
    struct siting_query siting = {.ground = &c->ground,
                                  .metric = q->reach.metric,
                                  .bar = q->reach.bar,
                                  .ends = c->goals.ends,
                                  .end_count = c->goals.count,
                                  .area = q->areas[0],
                                  .radius_m = anchoring_radius_m,
                                  .demand = own ? own : c->demand,
                                  .limit_ms = q->reach.limits_ms[0],
                                  .states_max = MAX_STATES,
                                  .wanted = q->suggest,
                                  .candidate_max = SITING_CANDIDATES,
                                  .progress = &c->progress};
    if (!e) e = siting_find(c->reach, &siting, &c->answer.siting);
    demand_free(own);
    for (size_t s = 0; s < c->answer.siting.count && !e; s++) {
        e = add_goal(c, &c->answer.siting.places[s]);
        if (!e) e = measure(c, 1, &c->answer.after[s]);
    }
    return e;
}

/* ---- the request ---- */

static enum err refuse(struct covering *c, enum err e)
{
    struct problem *problem = c->request->problem;
    if (problem->kind) return e; /* it is told already */
    if (e == ERR_LIMIT)
        return problem_say(problem, PROBLEM_CONTENT, "limits",
                           "looking so far takes too long; ask for less time or a smaller area");
    if (e == ERR_CANCELLED && atomic_load(&c->tools->service->stopping))
        return problem_say(problem, PROBLEM_UNAVAILABLE, NULL, "the server is stopping");
    if (e == ERR_CANCELLED)
        return problem_say(problem, PROBLEM_CONTENT, NULL,
                           "this takes longer than %d s; ask for a smaller area, fewer limits or "
                           "no suggestions",
                           PATIENCE_S);
    return e;
}

static enum err work(struct covering *c)
{
    struct gap_query *q = &c->query;
    q->reach.states_max = MAX_STATES;
    c->until_ns = clock_ns() + PATIENCE_S * UINT64_C(1000000000);
    c->progress = (struct progress){keep_going, c};
    c->ground = (struct snap_ground){roads_graph(c->tools->snapshot->roads), q->reach.metric->view,
                                     q->reach.bar, &c->tools->heap};
    enum err e = tools_reach(c->tools, &c->reach);
    if (!e) e = gap_points_goals(c->request, c->tools, q, &c->goals);
    if (!e) e = gap_points_demand(c->request, c->tools, q, &c->ground, &c->progress, &c->demand);
    c->answer.places = c->goals.places;
    if (!e) e = measure(c, q->area_count, &c->answer.found);
    if (!e) e = draw(c);
    if (!e && q->suggest) e = suggest(c);
    return e;
}

static enum err answer(struct covering *c, struct response *response)
{
    enum err e = gap_query_read(c->request, c->tools, &c->query);
    if (!e) {
        e = work(c);
        if (e) e = refuse(c, e);
    }
    if (!e) gap_json_write(response, &c->query, &c->answer);
    gap_json_fini(&c->answer);
    gap_query_fini(&c->query);
    demand_free(c->demand);
    free(c->goals.ends);
    return e;
}

/* Some of the lane's threads are left to others at any time. */
static bool begin(struct service *service)
{
    unsigned at_once = service->cores > 2 ? service->cores / 2 : 1;
    if (atomic_fetch_add(&service->covering, 1) < at_once) return true;
    atomic_fetch_sub(&service->covering, 1);
    return false;
}

enum err api_coverage_find(struct request *request, struct response *response, struct tools *tools)
{
    struct covering *c = arena_calloc(request->arena, 1, sizeof *c);
    if (!c) return ERR_NOMEM;
    c->request = request;
    c->tools = tools;
    if (!begin(tools->service)) {
        request->problem->retry_after_s = RETRY_S;
        return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                           "coverage is being looked at for others: ask again in a moment");
    }
    enum err e = answer(c, response);
    atomic_fetch_sub(&tools->service->covering, 1);
    return e;
}

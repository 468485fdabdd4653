#include "geo/road/step.h"

#include "geo/road/heading.h"
#include "geo/road/maneuver.h"
#include "geo/space/geodesic.h"

#include <math.h>
#include <string.h>

/* Less than this at either end of a path is not worth a step of its own. */
static const double crumb_m = 1.0;
/* Nearer than this the place is on the road, not beside it. */
static const double beside_m = 2.0;

struct stepping {
    const struct leg_path *path;
    struct arena *arena;
    const struct route_leg *leg;
    struct route_step *steps;
    struct route_intersection *crossings;
    size_t step_count, crossing_count, first_arc, last_arc;
    struct maneuver_arm *arms; /* of the junction looked at */
    uint32_t arm_room;
};

static int find_arm(const struct maneuver_arm *arms, uint16_t count, uint32_t half)
{
    for (uint16_t i = 0; i < count; i++)
        if (arms[i].half == half) return i;
    return -1;
}

/* Adds the junction behind arc `i` of the path. */
static enum err add_crossing(struct stepping *s, size_t i, uint16_t count)
{
    const struct network *net = s->path->view.net;
    uint16_t *bearings = arena_alloc(s->arena, count * sizeof *bearings);
    bool *entry = arena_alloc(s->arena, count * sizeof *entry);
    if (!bearings || !entry) return ERR_NOMEM;
    for (uint16_t k = 0; k < count; k++) {
        bearings[k] = s->arms[k].bearing;
        entry[k] = s->arms[k].entry;
    }
    uint32_t point = s->leg->stretches[i + 1].point;
    s->crossings[s->crossing_count++] = (struct route_intersection){
        .at = s->leg->points[point],
        .bearing_count = count,
        .bearings = bearings,
        .entry = entry,
        .in = find_arm(s->arms, count, net->arc_half[s->path->arcs[i]] ^ 1),
        .out = find_arm(s->arms, count, net->arc_half[s->path->arcs[i + 1]]),
        .point = point};
    return ERR_OK;
}

/* The lone crossing at either end of a leg. */
static enum err add_end(struct stepping *s, int bearing, uint32_t point, bool departing)
{
    uint16_t *bearings = arena_alloc(s->arena, sizeof *bearings);
    bool *entry = arena_alloc(s->arena, sizeof *entry);
    if (!bearings || !entry) return ERR_NOMEM;
    bearings[0] = (uint16_t)(departing ? bearing : (bearing + 180) % 360);
    entry[0] = true;
    s->crossings[s->crossing_count++] = (struct route_intersection){.at = s->leg->points[point],
                                                                    .bearing_count = 1,
                                                                    .bearings = bearings,
                                                                    .entry = entry,
                                                                    .in = departing ? -1 : 0,
                                                                    .out = departing ? 0 : -1,
                                                                    .point = point};
    return ERR_OK;
}

static struct route_step *begin_step(struct stepping *s, uint32_t arc, uint32_t point)
{
    const struct network *net = s->path->view.net;
    const struct network_edge *edge = &net->edges[net->arc_half[arc] >> 1];
    struct route_step *step = &s->steps[s->step_count++];
    *step =
        (struct route_step){.name = net->text + edge->name,
                            .ref = net->text + edge->ref,
                            .mode = (enum route_mode)(s->path->view.arc_flags[arc] & NETWORK_MODE),
                            .modifier = ROUTE_STRAIGHT,
                            .first_point = point,
                            .last_point = point,
                            .intersections = &s->crossings[s->crossing_count]};
    return step;
}

/* A street that has no name at its beginning may have one further on. */
static void lend_name(struct stepping *s, struct route_step *step, uint32_t arc)
{
    const struct network *net = s->path->view.net;
    const struct network_edge *edge = &net->edges[net->arc_half[arc] >> 1];
    if (!step->name[0]) step->name = net->text + edge->name;
    if (!step->ref[0]) step->ref = net->text + edge->ref;
}

static void add_travel(const struct stepping *s, struct route_step *step, size_t i)
{
    const struct route_stretch *stretch = &s->leg->stretches[i];
    step->distance_m += stretch->distance_m;
    step->duration_s += (double)(stretch->ms + stretch->turn_ms) / 1000;
    step->cost_s += (double)stretch->cost_ms / 1000;
}

static int bearing_between(const struct route_leg *leg, uint32_t a, uint32_t b)
{
    return maneuver_bearing(geodesic_bearing_deg(leg->points[a], leg->points[b]));
}

/* Counts exits from entering a roundabout behind arc `i` to where the path leaves it; 0 when it
 * ends inside. */
static int count_exits(const struct stepping *s, size_t i)
{
    const struct network *net = s->path->view.net;
    int exits = 0;
    for (size_t k = i + 1; k < s->last_arc; k++) {
        uint32_t next = net->arc_half[s->path->arcs[k + 1]] >> 1;
        if (!(net->edges[next].flags & NETWORK_ROUNDABOUT)) return exits + 1;
        exits += maneuver_exits(&s->path->view, s->path->arcs[k]);
    }
    return 0;
}

/* The arms at the end of an arc. */
static enum err look(struct stepping *s, uint32_t arc, uint16_t *count)
{
    uint32_t most = maneuver_most_arms(s->path->view.net, arc);
    if (!s->arms || most > s->arm_room) {
        s->arms = arena_alloc(s->arena, most * sizeof *s->arms);
        if (!s->arms) return ERR_NOMEM;
        s->arm_room = most;
    }
    *count = maneuver_look(&s->path->view, arc, s->arms);
    return ERR_OK;
}

static enum err pass_junction(struct stepping *s, size_t i)
{
    const uint32_t *arcs = s->path->arcs;
    uint16_t arm_count;
    enum err e = look(s, arcs[i], &arm_count);
    if (e) return e;
    struct maneuver m = maneuver_at(&s->path->view, arcs[i], arcs[i + 1], s->arms, arm_count);
    struct route_step *step = &s->steps[s->step_count - 1];
    if (m.needed) {
        int exit_number =
            step->type == ROUTE_ROUNDABOUT && m.type == ROUTE_EXIT_ROUNDABOUT ? step->exit : 0;
        step = begin_step(s, arcs[i + 1], s->leg->stretches[i + 1].point);
        step->type = m.type;
        step->modifier = m.modifier;
        step->bearing_before = m.bearing_before;
        step->bearing_after = m.bearing_after;
        step->exit = m.type == ROUTE_ROUNDABOUT ? count_exits(s, i) : exit_number;
    }
    if (!m.needed && arm_count < 3) return ERR_OK;
    step->intersection_count++;
    return add_crossing(s, i, arm_count);
}

static enum err depart(struct stepping *s)
{
    struct route_step *step = begin_step(s, s->path->arcs[s->first_arc], 0);
    step->type = ROUTE_DEPART;
    step->bearing_after = bearing_between(s->leg, 0, 1);
    step->intersection_count = 1;
    for (size_t i = 0; i < s->first_arc; i++)
        add_travel(s, step, i);
    return add_end(s, step->bearing_after, 0, true);
}

/* On which side the place lies of one who arrives. */
static enum route_modifier arrival_side(const struct stepping *s, int bearing)
{
    if (geodesic_distance_m(s->path->to, s->path->asked_to) < beside_m) return ROUTE_STRAIGHT;
    double change = heading_change(bearing, geodesic_bearing_deg(s->path->to, s->path->asked_to));
    return change > 0 ? ROUTE_RIGHT : ROUTE_LEFT;
}

static enum err arrive(struct stepping *s)
{
    uint32_t last = (uint32_t)s->leg->point_count - 1;
    struct route_step *step = begin_step(s, s->path->arcs[s->last_arc], last);
    step->type = ROUTE_ARRIVE;
    step->bearing_before = bearing_between(s->leg, last - 1, last);
    step->modifier = arrival_side(s, step->bearing_before);
    step->intersection_count = 1;
    return add_end(s, step->bearing_before, last, false);
}

/* The names of the two streets that the leg stays on longest, in the order of travel. */
static enum err summarize(struct stepping *s, struct route_leg *leg)
{
    size_t best[2] = {SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < s->step_count; i++) {
        const struct route_step *step = &s->steps[i];
        if (!step->name[0]) continue;
        if (best[0] == SIZE_MAX || step->distance_m > s->steps[best[0]].distance_m) {
            if (best[0] != SIZE_MAX && strcmp(step->name, s->steps[best[0]].name) != 0)
                best[1] = best[0];
            best[0] = i;
        } else if (strcmp(step->name, s->steps[best[0]].name) != 0 &&
                   (best[1] == SIZE_MAX || step->distance_m > s->steps[best[1]].distance_m)) {
            best[1] = i;
        }
    }
    if (best[0] == SIZE_MAX) return ERR_OK;
    leg->summary = s->steps[best[0]].name;
    if (best[1] == SIZE_MAX) return ERR_OK;
    bool swap = best[1] < best[0];
    leg->summary =
        arena_printf(s->arena, "%s, %s", s->steps[best[swap]].name, s->steps[best[!swap]].name);
    return leg->summary ? ERR_OK : ERR_NOMEM;
}

/* Crumbs at either end take no part in the steps: their metres go to the neighbour. */
static void skip_crumbs(struct stepping *s)
{
    s->last_arc = s->path->arc_count - 1;
    if (s->last_arc > 0 && s->leg->stretches[0].distance_m < crumb_m) s->first_arc = 1;
    if (s->last_arc > s->first_arc && s->leg->stretches[s->last_arc].distance_m < crumb_m)
        s->last_arc--;
}

enum err step_make(const struct leg_path *path, struct arena *arena, struct route_leg *leg)
{
    size_t count = path->arc_count;
    struct stepping s = {.path = path, .arena = arena, .leg = leg};
    s.steps = arena_calloc(arena, count + 2, sizeof *s.steps);
    s.crossings = arena_calloc(arena, count + 2, sizeof *s.crossings);
    if (!s.steps || !s.crossings) return ERR_NOMEM;
    skip_crumbs(&s);
    enum err e = depart(&s);
    for (size_t i = s.first_arc; !e && i < count; i++) {
        struct route_step *step = &s.steps[s.step_count - 1];
        lend_name(&s, step, path->arcs[i <= s.last_arc ? i : s.last_arc]);
        add_travel(&s, step, i);
        if (i < s.last_arc) e = pass_junction(&s, i);
    }
    for (size_t i = 0; i + 1 < s.step_count; i++)
        s.steps[i].last_point = s.steps[i + 1].first_point;
    if (!e) {
        s.steps[s.step_count - 1].last_point = (uint32_t)leg->point_count - 1;
        e = arrive(&s);
    }
    if (!e) e = summarize(&s, leg);
    leg->steps = s.steps;
    leg->step_count = s.step_count;
    return e;
}

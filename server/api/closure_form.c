#include "server/api/closure_form.h"

#include "geo/road/cover.h"
#include "server/api/api_road.h"
#include "server/api/api_time.h"
#include "server/body.h"

#include <math.h>
#include <string.h>

enum { PROFILES_MAX = 16, RADIUS_MIN_M = 1 };

struct sent {
    struct body_geometry geometry;
    struct body_words profiles;
    const char *effect, *from, *to, *reason, *report, *crs;
    double radius_m, factor; /* NAN: not given */
    int64_t version;
};

static enum err bad(struct request *request, const char *member, const char *detail)
{
    return problem_say(request->problem, PROBLEM_PARAMETER, member, "%s", detail);
}

static enum err read_sent(struct request *request, bool is_new, struct sent *s)
{
    *s = (struct sent){
        .radius_m = (double)NAN, .factor = (double)NAN, .effect = "", .reason = "", .report = ""};
    const struct body_field fields[] = {
        {.name = "geometry",
         .type = BODY_GEOMETRY,
         .required = true,
         .max = CLOSURES_POINTS_MAX,
         .geometry = &s->geometry},
        {.name = "effect", .type = BODY_TEXT, .required = true, .max = 40, .text = &s->effect},
        {.name = "radius_m", .type = BODY_REAL, .real = &s->radius_m},
        {.name = "factor", .type = BODY_REAL, .real = &s->factor},
        {.name = "profiles", .type = BODY_WORDS, .max = PROFILES_MAX, .words = &s->profiles},
        {.name = "from", .type = BODY_TEXT, .max = 40, .text = &s->from},
        {.name = "to", .type = BODY_TEXT, .max = 40, .text = &s->to},
        {.name = "reason", .type = BODY_TEXT, .max = CLOSURES_REASON_MAX, .text = &s->reason},
        {.name = "report", .type = BODY_TEXT, .max = 40, .text = &s->report},
        {.name = "crs", .type = BODY_TEXT, .max = 200, .text = &s->crs},
        BODY_VERSION(&s->version)};
    size_t count = sizeof fields / sizeof *fields;
    return body_read(request, fields, is_new ? count - 1 : count);
}

/* The systems named by the body or by the query; not by both. */
static enum err read_crs(struct request *request, struct tools *tools, const struct sent *s,
                         struct closure_form *form)
{
    bool in_query = request_query(request, "crs") || request_query(request, "coord_type") ||
                    request_query(request, "ret_coordtype");
    enum err e = ERR_OK;
    if (s->crs && in_query) return bad(request, "crs", "give it in the body or in the address");
    if (s->crs)
        e = api_crs_take(request, tools, s->crs, NULL, NULL, &form->crs);
    else
        e = api_crs_read(request, tools, &form->crs);
    if (e) return e;
    form->hash_key =
        arena_printf(request->arena, "%s %s", crs_name(form->crs.in), crs_name(form->crs.out));
    return form->hash_key ? ERR_OK : problem_from_err(request->problem, ERR_NOMEM, NULL);
}

static enum err read_shape(struct request *request, const struct sent *s, struct closure_form *form)
{
    static const enum cover_kind kinds[] = {
        [BODY_POINT] = COVER_DISC, [BODY_LINE] = COVER_LINE, [BODY_POLYGON] = COVER_POLYGON};
    const struct body_geometry *g = &s->geometry;
    struct why why = {""};
    enum err e =
        api_crs_inward(request, &form->crs, "geometry/coordinates", g->points, g->point_count);
    if (e) return e;
    if (g->shape == BODY_POINT &&
        !(s->radius_m >= RADIUS_MIN_M && s->radius_m <= CLOSURES_RADIUS_MAX_M))
        return problem_say(request->problem, PROBLEM_PARAMETER, "radius_m",
                           "a point needs a radius from %d to %d m", RADIUS_MIN_M,
                           CLOSURES_RADIUS_MAX_M);
    if (g->shape != BODY_POINT && !isnan(s->radius_m))
        return bad(request, "radius_m", "belongs to a point; a line or polygon has none");
    form->terms.shape = (struct cover_shape){.kind = kinds[g->shape],
                                             .points = g->points,
                                             .point_count = g->point_count,
                                             .ring_starts = g->ring_starts,
                                             .ring_count = g->ring_count,
                                             .radius_m = s->radius_m};
    e = cover_check(&form->terms.shape, &why);
    return e ? bad(request, "geometry/coordinates", why.text) : ERR_OK;
}

static enum err read_effect(struct request *request, const struct sent *s,
                            struct closure_form *form)
{
    form->terms.factor = (double)INFINITY;
    if (strcmp(s->effect, "closed") == 0) {
        if (isnan(s->factor)) return ERR_OK;
        return bad(request, "factor", "belongs to the effect slowed; what is closed has none");
    }
    if (strcmp(s->effect, "slowed") != 0)
        return bad(request, "effect", "must be one of: closed slowed");
    if (!(s->factor >= closures_factor_min && s->factor <= CLOSURES_FACTOR_MAX))
        return problem_say(request->problem, PROBLEM_PARAMETER, "factor",
                           "must be from %g to %d: so many times the time is needed",
                           closures_factor_min, CLOSURES_FACTOR_MAX);
    form->terms.factor = s->factor;
    return ERR_OK;
}

/* Held against the road file: a misspelt profile would leave the street open to it. */
static enum err read_profiles(struct request *request, const struct tools *tools,
                              const struct sent *s, struct closure_form *form)
{
    const struct graph *graph = NULL;
    const char *words = "";
    if (s->profiles.count) {
        enum err e = api_road_graph(request, tools, &graph);
        if (e) return e;
    }
    for (size_t i = 0; i < s->profiles.count; i++) {
        const char *name = s->profiles.items[i];
        const char *path = arena_printf(request->arena, "profiles/%zu", i);
        if (graph_profile_find(graph, name) < 0)
            return problem_say(request->problem, PROBLEM_PARAMETER, path,
                               "there is no profile \"%.64s\"; /v1/categories lists them", name);
        for (size_t j = 0; j < i; j++)
            if (strcmp(s->profiles.items[j], name) == 0)
                return bad(request, path, "was named before");
        words = arena_printf(request->arena, "%s%s%s", words, i ? " " : "", name);
        if (!words) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    }
    form->terms.profiles = words;
    return ERR_OK;
}

static enum err read_times(struct request *request, const struct sent *s,
                           const struct closures_closure *old, int64_t now_ms,
                           struct closure_form *form)
{
    struct closures_terms *terms = &form->terms;
    terms->from_ms = old ? old->terms.from_ms : now_ms;
    terms->to_ms = INT64_MAX;
    enum err e = api_time_member(request, "from", s->from, &terms->from_ms);
    if (!e) e = api_time_member(request, "to", s->to, &terms->to_ms);
    if (e) return e;
    if (terms->to_ms <= now_ms)
        return bad(request, "to", "has passed; to end a closure, delete it");
    if (terms->to_ms <= terms->from_ms) return bad(request, "to", "must be later than from");
    return ERR_OK;
}

enum err closure_form_read(struct request *request, struct tools *tools,
                           const struct closures_closure *old, int64_t now_ms,
                           struct closure_form *form)
{
    struct sent *s = arena_alloc(request->arena, sizeof *s);
    if (!s) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    *form = (struct closure_form){0};
    enum err e = read_sent(request, !old, s);
    if (!e) e = request_bool(request, "dry_run", &form->dry_run);
    if (!e) e = read_crs(request, tools, s, form);
    if (!e) e = read_shape(request, s, form);
    if (!e) e = read_effect(request, s, form);
    if (!e) e = read_profiles(request, tools, s, form);
    if (!e) e = read_times(request, s, old, now_ms, form);
    form->terms.reason = s->reason;
    form->report = s->report;
    form->version = s->version;
    return e;
}

#include "server/api/api_case_links.h"

#include "data/cases_links.h"
#include "data/cases_similar.h"
#include "geo/base/clock.h"
#include "server/api/api_time.h"
#include "server/api/case_acting.h"
#include "server/api/case_match.h"
#include "server/api/look.h"
#include "server/api/report_json.h"
#include "server/auth.h"
#include "server/body.h"

#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    struct request *request;
    struct tools *tools;
    struct api_crs crs;
    struct case_answer of;
    struct photo_pass_key pass;
    int64_t now_ms;
    struct cases_case original;
    bool has_original;
    const struct cases_link *duplicates, *links;
    size_t duplicate_count, link_count;
    const struct cases_similar *similar;
    size_t similar_count;
    struct cases_case *shown; /* those that the caller sees as staff, for the audit trail */
    size_t shown_count;
};

/* Whether a case beside the one that was asked for may be shown: its staff see it, and of a public
 * kind everybody whom an id was told. */
static bool may_see(const struct reading *r, const struct cases_case *c)
{
    const struct kinds_kind *kind = kinds_find(r->tools->service->kinds, c->kind);
    return (kind && !kind->is_private) || auth_may(r->tools, RIGHTS_see, c->area_id, c->kind);
}

static void note(struct reading *r, const struct cases_case *c)
{
    if (may_see(r, c)) r->shown[r->shown_count++] = *c;
}

static enum err find_similar(struct reading *r)
{
    const struct cases_case *c = &r->of.found;
    const struct kinds_category *category =
        r->of.kind ? kinds_category(r->of.kind, c->category) : NULL;
    if (!category || !c->has_position) return ERR_OK;
    return cases_similar_find(r->of.db, r->of.kind, category, c->at, c->id, r->request->arena,
                              &r->similar, &r->similar_count);
}

static enum err find_all(struct reading *r)
{
    const struct cases_case *c = &r->of.found;
    struct arena *arena = r->request->arena;
    enum err e = ERR_OK;
    r->has_original = c->duplicate_of[0];
    if (r->has_original) e = cases_get(r->of.db, c->duplicate_of, arena, &r->original);
    if (!e) e = cases_links_duplicates(r->of.db, c->id, arena, &r->duplicates, &r->duplicate_count);
    if (!e) e = cases_links_of(r->of.db, c->id, arena, &r->links, &r->link_count);
    if (!e) e = find_similar(r);
    if (e) return problem_from_err(r->request->problem, e, NULL);
    size_t most = 1 + r->duplicate_count + r->link_count + r->similar_count;
    r->shown = arena_calloc(arena, most, sizeof *r->shown);
    if (!r->shown) return problem_from_err(r->request->problem, ERR_NOMEM, NULL);
    if (r->has_original) note(r, &r->original);
    for (size_t i = 0; i < r->duplicate_count; i++)
        note(r, &r->duplicates[i].other);
    for (size_t i = 0; i < r->link_count; i++)
        note(r, &r->links[i].other);
    for (size_t i = 0; i < r->similar_count; i++)
        note(r, &r->similar[i].found);
    return look_note(r->request, r->tools, r->of.db, r->shown, r->shown_count);
}

/* As its staff are shown it, where the caller is; else as everybody is. */
static enum err put(struct reading *r, struct jsonw *json, const struct cases_case *c)
{
    const struct kinds_kind *kind = kinds_find(r->tools->service->kinds, c->kind);
    bool staff = auth_may(r->tools, RIGHTS_see, c->area_id, c->kind);
    struct report_json how = {.crs = &r->crs,
                              .snapshot = r->tools->snapshot,
                              .kind = kind,
                              .as = staff ? auth_roles(r->tools, c->area_id, c->kind) : 0,
                              .photos = {.now_ms = r->now_ms},
                              .now_ms = r->now_ms,
                              .near_ms = cases_due_near(r->tools->service->kinds, kind, r->now_ms)};
    enum err e = case_answer_pass(r->of.db, kind, &r->pass, &how.photos);
    if (!e) report_json_write(json, &how, c);
    return e;
}

static enum err put_links(struct reading *r, struct jsonw *json, const char *name,
                          const struct cases_link *links, size_t count)
{
    enum err e = ERR_OK;
    jsonw_key(json, name);
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        if (may_see(r, &links[i].other)) e = put(r, json, &links[i].other);
    jsonw_array_end(json);
    return e;
}

static enum err put_similar(struct reading *r, struct jsonw *json)
{
    enum err e = ERR_OK;
    jsonw_key(json, "similar");
    jsonw_array(json);
    for (size_t i = 0; i < r->similar_count && !e; i++) {
        if (!may_see(r, &r->similar[i].found)) continue;
        jsonw_object(json);
        jsonw_key_number(json, "distance_m", r->similar[i].distance_m, 1);
        jsonw_key(json, "report");
        e = put(r, json, &r->similar[i].found);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    return e;
}

/* Why and since when, in the order of `linked`. */
static void put_reasons(const struct reading *r, struct jsonw *json)
{
    jsonw_key(json, "links");
    jsonw_array(json);
    for (size_t i = 0; i < r->link_count; i++) {
        const struct cases_link *link = &r->links[i];
        if (!may_see(r, &link->other)) continue;
        jsonw_object(json);
        jsonw_key_string(json, "id", link->other.public_id);
        api_time_write(json, "at", link->at_ms);
        if (link->reason[0]) jsonw_key_string(json, "reason", link->reason);
        if (link->person) jsonw_key_int(json, "person_id", link->person);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static enum err write(struct reading *r, struct response *response)
{
    struct jsonw *json = response_json(response);
    enum err e = ERR_OK;
    jsonw_object(json);
    jsonw_key(json, "original");
    if (r->has_original && may_see(r, &r->original))
        e = put(r, json, &r->original);
    else
        jsonw_null(json);
    if (!e) e = put_links(r, json, "duplicates", r->duplicates, r->duplicate_count);
    if (!e) e = put_links(r, json, "linked", r->links, r->link_count);
    put_reasons(r, json);
    if (!e) e = put_similar(r, json);
    api_crs_write_name(json, &r->crs);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return problem_from_err(r->request->problem, e, NULL);
}

enum err api_case_links_list(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct reading *r = arena_calloc(request->arena, 1, sizeof *r);
    if (!r) return ERR_NOMEM;
    r->request = request;
    r->tools = tools;
    r->now_ms = clock_utc_ms();
    enum err e = api_crs_read(request, tools, &r->crs);
    if (!e) e = case_answer_own(request, tools, &r->of);
    if (!e) e = find_all(r);
    return e ? e : write(r, response);
}

/* ---- changing -------------------------------------------------------------------------------- */

static enum err link_or_not(struct request *request, struct response *response, struct tools *tools,
                            struct case_acting *w, enum cases_verb verb)
{
    enum err e;
    const char *other = request_arg(request, "other");
    w->acting.strict = w->acting.version != 0;
    if ((e = case_acting_begin(request, tools, verb, RIGHTS_merge, w))) return e;
    if ((e = case_answer_other(request, tools, &w->of, PROBLEM_NOT_FOUND, "other", other)))
        return e;
    w->acting.to = other;
    return case_acting_finish(request, response, tools, w);
}

enum err api_case_links_add(struct request *request, struct response *response, struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    const struct body_field fields[] = {
        {.name = "version",
         .type = BODY_INT,
         .min = 1,
         .max = INT64_MAX,
         .number = &w.acting.version},
        {.name = "reason", .type = BODY_TEXT, .max = CASES_REASON_MAX, .text = &w.acting.reason}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    return e ? e : link_or_not(request, response, tools, &w, CASES_linked);
}

enum err api_case_links_remove(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    enum err e = request_int(request, "version", 1, INT64_MAX, &w.acting.version);
    return e ? e : link_or_not(request, response, tools, &w, CASES_unlinked);
}

/* The state that means "it repeats another one", which this caller can move the case to. */
static const char *repeating(const struct case_answer *a)
{
    const struct kinds_kind *kind = a->kind;
    for (size_t i = 0; kind && i < kind->move_count; i++) {
        const struct kinds_move *m = &kind->moves[i];
        if (m->link && m->by & a->as && strcmp(kind->states[m->from].code, a->found.state) == 0)
            return kind->states[m->to].code;
    }
    return NULL;
}

enum err api_case_links_merge(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    struct cases_acting *a = &w.acting;
    const struct body_field fields[] = {
        {.name = "into",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = 40,
         .text = &a->duplicate_of},
        {.name = "version",
         .type = BODY_INT,
         .required = !request->headers.if_match,
         .min = 1,
         .max = INT64_MAX,
         .number = &a->version},
        {.name = "reason", .type = BODY_TEXT, .max = CASES_REASON_MAX, .text = &a->reason}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = case_acting_begin(request, tools, CASES_moved, RIGHTS_merge, &w);
    if (!e)
        e = case_answer_other(request, tools, &w.of, PROBLEM_PARAMETER, "into", a->duplicate_of);
    if (e) return e;
    a->to = repeating(&w.of);
    if (!a->to)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "a report that is %s cannot be merged into another one by you",
                           w.of.found.state);
    return case_acting_finish(request, response, tools, &w);
}

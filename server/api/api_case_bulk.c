#include "server/api/api_case_bulk.h"

#include "data/cases_bulk.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_time.h"
#include "server/api/assignee_right.h"
#include "server/api/case_answer.h"
#include "server/api/look.h"
#include "server/auth.h"
#include "server/body.h"

#include <string.h>

/* Members of the body beside reports and act. */
enum member { STATE, REASON, TEXT, DUE_AT, DUPLICATE_OF, PERSON, UNIT, AREA, CATEGORY, PRIORITY };
enum { MEMBERS = PRIORITY + 1, NONE = INT32_MIN };

/* What each act is: who may, which members it owes, and which it takes besides. */
static const struct {
    const char *name;
    enum cases_verb verb;
    enum rights right;
    unsigned owes, takes;
} acts[] = {
    {"state", CASES_moved, RIGHTS_move, 1 << STATE,
     1 << REASON | 1 << DUE_AT | 1 << DUPLICATE_OF | 1 << PERSON | 1 << UNIT},
    {"assignment", CASES_assigned, RIGHTS_assign, 0, 1 << PERSON | 1 << UNIT | 1 << REASON},
    {"area", CASES_transferred, RIGHTS_assign, 1 << AREA | 1 << REASON, 0},
    {"category", CASES_recategorised, RIGHTS_assign, 1 << CATEGORY, 1 << REASON},
    {"priority", CASES_prioritised, RIGHTS_assign, 1 << PRIORITY, 1 << REASON},
    {"note", CASES_noted, RIGHTS_note, 1 << TEXT, 0},
};
enum { ACTS = sizeof acts / sizeof *acts };

struct bulk {
    struct request *request;
    struct tools *tools;
    int act; /* of acts */
    struct cases_acting acting;
    struct body_versions reports;
    struct cases_bulk_item *items;
    struct problem *problems; /* of each item */
};

/* ---- what is asked --------------------------------------------------------------------------- */

static enum err find_act(struct bulk *b, const char *name)
{
    for (b->act = 0; b->act < ACTS; b->act++)
        if (strcmp(acts[b->act].name, name) == 0) {
            b->acting.verb = acts[b->act].verb;
            return ERR_OK;
        }
    return problem_say(b->request->problem, PROBLEM_PARAMETER, "act",
                       "must be one of: state assignment area category priority note");
}

/* Nothing is missing, and nothing there that another act takes. */
static enum err check_members(struct bulk *b, unsigned given)
{
    static const char *const names[MEMBERS] = {
        [STATE] = "state",       [REASON] = "reason",    [TEXT] = "text",
        [DUE_AT] = "due_at",     [PERSON] = "person_id", [DUPLICATE_OF] = "duplicate_of",
        [UNIT] = "unit",         [AREA] = "area_id",     [CATEGORY] = "category",
        [PRIORITY] = "priority",
    };
    unsigned owed = acts[b->act].owes, taken = owed | acts[b->act].takes;
    for (int m = 0; m < MEMBERS; m++) {
        if (owed >> m & 1 && !(given >> m & 1))
            return problem_say(b->request->problem, PROBLEM_PARAMETER, names[m], "is missing");
        if (given >> m & 1 && !(taken >> m & 1))
            return problem_say(b->request->problem, PROBLEM_PARAMETER, names[m],
                               "has no place in the act \"%s\"", acts[b->act].name);
    }
    return ERR_OK;
}

static enum err check_twice(struct bulk *b)
{
    for (size_t i = 0; i < b->reports.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(b->reports.items[i].id, b->reports.items[j].id) == 0)
                return problem_say(b->request->problem, PROBLEM_PARAMETER,
                                   arena_printf(b->request->arena, "reports/%zu", i),
                                   "is there twice");
    return ERR_OK;
}

static enum err read_body(struct bulk *b)
{
    struct cases_acting *a = &b->acting;
    const char *act = NULL, *state = NULL, *reason = NULL, *text = NULL, *due_at = NULL,
               *category = NULL;
    int64_t priority = NONE;
    const struct body_field fields[] = {
        {.name = "reports",
         .type = BODY_VERSIONS,
         .required = true,
         .min = 1,
         .max = CASES_BULK_MAX,
         .versions = &b->reports},
        {.name = "act", .type = BODY_TEXT, .required = true, .max = 40, .text = &act},
        {.name = "state", .type = BODY_TEXT, .min = 1, .max = 40, .text = &state},
        {.name = "reason", .type = BODY_TEXT, .max = CASES_REASON_MAX, .text = &reason},
        {.name = "text", .type = BODY_TEXT, .min = 1, .max = CASES_REASON_MAX, .text = &text},
        {.name = "due_at", .type = BODY_TEXT, .max = 40, .text = &due_at},
        {.name = "duplicate_of", .type = BODY_TEXT, .max = 40, .text = &a->duplicate_of},
        {.name = "person_id", .type = BODY_INT, .min = 1, .max = INT64_MAX, .number = &a->assignee},
        {.name = "unit", .type = BODY_TEXT, .max = CASES_UNIT_MAX, .text = &a->unit},
        {.name = "area_id", .type = BODY_INT, .min = 1, .max = INT64_MAX, .number = &a->area_id},
        {.name = "category", .type = BODY_TEXT, .min = 1, .max = 40, .text = &category},
        {.name = "priority", .type = BODY_INT, .min = -1, .max = 2, .number = &priority}};
    enum err e = body_read(b->request, fields, sizeof fields / sizeof *fields);
    if (!e) e = find_act(b, act);
    if (e) return e;
    bool given[MEMBERS] = {[STATE] = state,
                           [REASON] = reason,
                           [TEXT] = text,
                           [DUE_AT] = due_at,
                           [DUPLICATE_OF] = a->duplicate_of,
                           [PERSON] = a->assignee,
                           [UNIT] = a->unit,
                           [AREA] = a->area_id,
                           [CATEGORY] = category,
                           [PRIORITY] = priority != NONE};
    unsigned bits = 0;
    for (int m = 0; m < MEMBERS; m++)
        bits |= (unsigned)given[m] << m;
    if ((e = check_members(b, bits)) || (e = check_twice(b))) return e;
    a->to = state ? state : category;
    a->reason = text ? text : reason;
    a->priority = priority == NONE ? 0 : (int)priority;
    if (a->area_id && areaset_by_id(b->tools->snapshot->areas, a->area_id) < 0)
        return problem_say(b->request->problem, PROBLEM_PARAMETER, "area_id",
                           "there is no such area");
    return api_time_member(b->request, "due_at", due_at, &a->due_ms);
}

/* ---- who may --------------------------------------------------------------------------------- */

/* Whether the caller may do this to one case; what speaks against it is noted in `one->problem`. */
static enum err admit(struct bulk *b, struct request *one, const char *id, struct case_answer *of)
{
    enum err e = case_answer_see(one, b->tools, id, of);
    if (e) return e;
    if (!auth_may(b->tools, acts[b->act].right, of->found.area_id, of->found.kind))
        return problem_say(one->problem, PROBLEM_FORBIDDEN, NULL,
                           "the report lies in an area that is not yours");
    if (b->acting.verb == CASES_moved && (!of->kind || !kinds_state(of->kind, b->acting.to)))
        return problem_say(one->problem, PROBLEM_PARAMETER, "state",
                           "is unknown; /v1/kinds lists the states");
    e = case_answer_other(one, b->tools, of, PROBLEM_PARAMETER, "duplicate_of",
                          b->acting.duplicate_of);
    return e ? e : assignee_right_owner(one, b->tools, of, &b->acting);
}

/* Each on its own: what one is refused for says nothing of the others. */
static enum err admit_each(struct bulk *b)
{
    size_t count = b->reports.count, seen = 0;
    struct cases_case *shown = arena_calloc(b->request->arena, count, sizeof *shown);
    struct db *db = NULL;
    if (!shown) return problem_from_err(b->request->problem, ERR_NOMEM, NULL);
    for (size_t i = 0; i < count; i++) {
        struct cases_bulk_item *item = &b->items[i];
        struct request one = *b->request;
        struct case_answer of;
        one.problem = &b->problems[i];
        item->acting = b->acting;
        item->acting.public_id = b->reports.items[i].id;
        item->acting.version = b->reports.items[i].version;
        item->acting.now_ms = clock_utc_ms();
        item->refused = admit(b, &one, b->reports.items[i].id, &of) != ERR_OK;
        item->acting.actor = (struct cases_actor){of.as, b->tools->actor->id};
        item->acting.strict = true; /* a note, too, is for what was seen */
        if (problem_status(one.problem, PROBLEM_JSON) >= 500) {
            *b->request->problem = *one.problem;
            return ERR_INVALID;
        }
        item->is_known = item->refused && one.problem->kind != PROBLEM_NOT_FOUND;
        if (item->is_known) item->now = of.found;
        if (of.staff && one.problem->kind != PROBLEM_NOT_FOUND) shown[seen++] = of.found;
        db = of.db;
    }
    return look_note(b->request, b->tools, db, shown, seen);
}

/* ---- what became of it ----------------------------------------------------------------------- */

static bool is_done(const struct cases_bulk_item *item)
{
    return !item->refused && !item->e;
}

static void write_one(const struct bulk *b, size_t i, struct jsonw *json)
{
    const struct cases_bulk_item *item = &b->items[i];
    struct problem *problem = &b->problems[i];
    bool done = is_done(item);
    jsonw_object(json);
    jsonw_key_string(json, "id", item->acting.public_id);
    jsonw_key_bool(json, "ok", done);
    if (!done) {
        if (!item->refused) (void)problem_from_err(problem, item->e, &item->why);
        jsonw_key_int(json, "status", problem_status(problem, PROBLEM_JSON));
        if (problem->parameter[0]) jsonw_key_string(json, "parameter", problem->parameter);
        jsonw_key_string(json, "detail", problem->detail);
    }
    if (item->is_known) {
        jsonw_key_int(json, "version", item->now.version);
        jsonw_key_string(json, "state", item->now.state);
    }
    jsonw_object_end(json);
}

static enum err render(void *user, struct buf *body)
{
    const struct bulk *b = user;
    struct jsonw json;
    size_t done = 0;
    for (size_t i = 0; i < b->reports.count; i++)
        done += is_done(&b->items[i]);
    jsonw_init(&json, body);
    jsonw_object(&json);
    jsonw_key_int(&json, "done", (int64_t)done);
    jsonw_key_int(&json, "refused", (int64_t)(b->reports.count - done));
    jsonw_key(&json, "results");
    jsonw_array(&json);
    for (size_t i = 0; i < b->reports.count; i++)
        write_one(b, i, &json);
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    return body->err;
}

enum err api_case_bulk(struct request *request, struct response *response, struct tools *tools)
{
    struct bulk b = {.request = request, .tools = tools};
    struct cases_bulk_reply reply = {.status = 200, .render = render, .user = &b};
    struct idempotency_answer answer = {0};
    struct why why = {""};
    struct db *db;
    enum err e = read_body(&b);
    if (!e) e = api_once_read_body(request, tools, "POST /v1/reports/bulk", "", &reply.request);
    if (e) return e;
    b.items = arena_calloc(request->arena, b.reports.count, sizeof *b.items);
    b.problems = arena_calloc(request->arena, b.reports.count, sizeof *b.problems);
    if (!b.items || !b.problems) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    if ((e = admit_each(&b))) return e;
    if ((e = tools_db(tools, &db, &why))) return problem_from_err(request->problem, e, &why);
    e = cases_bulk_act(db, tools->service->kinds, b.items, b.reports.count, &reply, request->arena,
                       &answer, &why);
    if (e == ERR_CONFLICT) return api_once_refuse(request);
    if (e) return problem_from_err(request->problem, e, &why);
    (void)response_json(response);
    response->status = answer.status;
    buf_put(&response->body, answer.body, answer.len);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

#include "server/api/api_case_acts.h"

#include "data/cases_act.h"
#include "geo/base/clock.h"
#include "server/api/api_time.h"
#include "server/api/assignee_right.h"
#include "server/api/case_acting.h"
#include "server/api/case_match.h"
#include "server/api/case_send.h"
#include "server/auth.h"
#include "server/body.h"

/* Owed, unless If-Match says it. */
#define VERSION(at)                                                                                \
    {                                                                                              \
        .name = "version", .type = BODY_INT, .required = !request->headers.if_match, .min = 1,     \
        .max = INT64_MAX, .number = (at)                                                           \
    }
#define REASON(at)                                                                                 \
    {                                                                                              \
        .name = "reason", .type = BODY_TEXT, .max = CASES_REASON_MAX, .text = (at)                 \
    }

#define OWNER_FIELDS(a)                                                                            \
    {.name = "person_id", .type = BODY_INT, .min = 1, .max = INT64_MAX, .number = &(a)->assignee}, \
    {                                                                                              \
        .name = "unit", .type = BODY_TEXT, .max = CASES_UNIT_MAX, .text = &(a)->unit               \
    }

/* ---- moving ---------------------------------------------------------------------------------- */

static enum err read_move(struct request *request, struct cases_acting *moving)
{
    const char *due_at = NULL;
    int64_t rating = 0;
    const struct body_field fields[] = {
        {.name = "state",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = 40,
         .text = &moving->to},
        {.name = "version",
         .type = BODY_INT,
         .min = 1,
         .max = INT64_MAX,
         .number = &moving->version},
        REASON(&moving->reason),
        {.name = "duplicate_of", .type = BODY_TEXT, .max = 40, .text = &moving->duplicate_of},
        OWNER_FIELDS(moving),
        {.name = "rating", .type = BODY_INT, .min = 1, .max = 5, .number = &rating},
        {.name = "due_at", .type = BODY_TEXT, .max = 40, .text = &due_at}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    moving->rating = (int)rating;
    return e ? e : api_time_member(request, "due_at", due_at, &moving->due_ms);
}

enum err api_case_acts_move(struct request *request, struct response *response, struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    enum err e = read_move(request, &w.acting);
    if (!e) e = case_acting_find(request, tools, CASES_moved, &w);
    if (e) return e;
    if (!w.of.sender)
        return problem_say(request->problem,
                           tools->actor ? PROBLEM_FORBIDDEN : PROBLEM_UNAUTHENTICATED, NULL,
                           "the report is neither yours (send its token as Case-Token) nor in an "
                           "area of yours");
    e = case_match_read(request, &w.of.found, &w.acting);
    if (!e)
        e = case_answer_other(request, tools, &w.of, PROBLEM_PARAMETER, "duplicate_of",
                              w.acting.duplicate_of);
    if (e) return e;
    if (w.of.staff && !w.acting.version)
        return problem_say(request->problem, PROBLEM_PARAMETER, "version", "is missing");
    if (!w.of.kind || !kinds_state(w.of.kind, w.acting.to))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           "is unknown; /v1/kinds lists the states");
    e = assignee_right_owner(request, tools, &w.of, &w.acting);
    return e ? e : case_acting_finish(request, response, tools, &w);
}

/* ---- among staff ----------------------------------------------------------------------------- */

enum err api_case_acts_assign(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    struct cases_acting *a = &w.acting;
    const struct body_field fields[] = {VERSION(&a->version), OWNER_FIELDS(a), REASON(&a->reason)};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = case_acting_begin(request, tools, CASES_assigned, RIGHTS_assign, &w);
    if (!e) e = assignee_right_check(request, tools, &w.of, a->assignee);
    return e ? e : case_acting_finish(request, response, tools, &w);
}

enum err api_case_acts_transfer(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    struct cases_acting *a = &w.acting;
    const struct body_field fields[] = {VERSION(&a->version),
                                        {.name = "area_id",
                                         .type = BODY_INT,
                                         .required = true,
                                         .min = 1,
                                         .max = INT64_MAX,
                                         .number = &a->area_id},
                                        {.name = "reason",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = CASES_REASON_MAX,
                                         .text = &a->reason}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = case_acting_begin(request, tools, CASES_transferred, RIGHTS_assign, &w);
    if (e) return e;
    if (areaset_by_id(tools->snapshot->areas, a->area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    return case_acting_finish(request, response, tools, &w);
}

enum err api_case_acts_recategorise(struct request *request, struct response *response,
                                    struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    struct cases_acting *a = &w.acting;
    const struct body_field fields[] = {VERSION(&a->version),
                                        {.name = "category",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = 40,
                                         .text = &a->to},
                                        REASON(&a->reason)};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = case_acting_begin(request, tools, CASES_recategorised, RIGHTS_assign, &w);
    return e ? e : case_acting_finish(request, response, tools, &w);
}

enum err api_case_acts_prioritise(struct request *request, struct response *response,
                                  struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    int64_t priority = 0;
    const struct body_field fields[] = {VERSION(&w.acting.version),
                                        {.name = "priority",
                                         .type = BODY_INT,
                                         .required = true,
                                         .min = -1,
                                         .max = 2,
                                         .number = &priority},
                                        REASON(&w.acting.reason)};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    w.acting.priority = (int)priority;
    if (!e) e = case_acting_begin(request, tools, CASES_prioritised, RIGHTS_assign, &w);
    return e ? e : case_acting_finish(request, response, tools, &w);
}

/* ---- by who sent it -------------------------------------------------------------------------- */

enum err api_case_acts_edit(struct request *request, struct response *response, struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    struct cases_acting *a = &w.acting;
    const struct body_field fields[] = {VERSION(&a->version),
                                        {.name = "description",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = CASES_DESCRIPTION_MAX,
                                         .text = &a->description}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = case_acting_begin(request, tools, CASES_edited, RIGHTS_COUNT, &w);
    if (e) return e;
    if (!(w.of.as & KINDS_REPORTER))
        return problem_say(request->problem,
                           tools->actor ? PROBLEM_FORBIDDEN : PROBLEM_UNAUTHENTICATED, NULL,
                           "the report is not yours: send its token as Case-Token");
    return case_acting_finish(request, response, tools, &w);
}

/* ---- joining --------------------------------------------------------------------------------- */

enum err api_case_acts_join(struct request *request, struct response *response, struct tools *tools)
{
    struct case_acting w = {.acting = {.to = NULL}};
    struct cases_acted acted;
    struct why why = {""};
    enum err e = case_acting_begin(request, tools, CASES_joined, RIGHTS_COUNT, &w);
    if (e) return e;
    w.acting.voice = case_send_who(request, tools);
    if (!w.acting.voice) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    e = cases_act(w.of.db, NULL, tools->service->kinds, &w.acting, NULL, request->arena, &acted,
                  &why);
    if (e) return case_match_refused(request, w.of.db, &w.acting, e, &why);
    w.of.token = acted.token;
    w.of.as |= KINDS_JOINER;
    w.of.sender = true;
    response->status = 201;
    return case_answer_write(request, response, tools, &w.crs, &w.of, &acted.now);
}

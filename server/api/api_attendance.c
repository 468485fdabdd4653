#include "server/api/api_attendance.h"

#include "data/activity_code.h"
#include "data/signups_attend.h"
#include "geo/base/clock.h"
#include "server/api/activity_find.h"
#include "server/api/activity_json.h"
#include "server/api/api_base.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/body.h"
#include "server/qr.h"

#include <math.h>
#include <string.h>

enum { LIST_MAX = 100, TYPED_MAX = 60, CODE_MAX = 40 };

static struct activities_rules rules_of(const struct tools *tools)
{
    return (struct activities_rules){tools->service->activities, tools->service->points};
}

static enum err answer_signup(struct response *response, const struct signups_signup *s,
                              bool for_staff)
{
    activity_json_signup(response_json(response), s, NULL, NULL, for_staff);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

static enum err fail(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "signup", "%s", why->text);
    return problem_from_err(request->problem, e, why);
}

/* ---- one's own ------------------------------------------------------------------------------- */

/* By a position, or by the code that is shown there. */
static enum err read_arrival(struct request *request, struct tools *tools,
                             struct signups_arrival *in)
{
    struct coord at = {NAN, NAN};
    double accuracy_m = NAN;
    struct api_crs crs;
    const struct body_field fields[] = {
        {.name = "location", .type = BODY_PAIR, .pair = &at},
        {.name = "accuracy_m", .type = BODY_REAL, .real = &accuracy_m},
        {.name = "code", .type = BODY_TEXT, .min = 1, .max = TYPED_MAX, .text = &in->code}};
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    in->way = in->code ? ACTIVITY_CODE : ACTIVITY_POSITION;
    if (in->code && !isnan(at.lon))
        return problem_say(request->problem, PROBLEM_PARAMETER, "location",
                           "stands beside a code: send one of them");
    if (in->code) return ERR_OK;
    if (isnan(at.lon))
        return problem_say(request->problem, PROBLEM_PARAMETER, "location",
                           "is missing: send where you are, or the code that is shown there");
    if (!(accuracy_m >= 0 && accuracy_m <= 1e6))
        return problem_say(request->problem, PROBLEM_PARAMETER, "accuracy_m",
                           "is owed: what the position may be off, in metres");
    e = api_crs_inward(request, &crs, "location", &at, 1);
    in->at = at;
    in->accuracy_m = accuracy_m;
    return e;
}

enum err api_attendance_arrive(struct request *request, struct response *response,
                               struct tools *tools)
{
    const struct activities_rules rules = rules_of(tools);
    struct signups_arrival in = {.public_id = request_arg(request, "id"),
                                 .person = tools->actor->id,
                                 .key = tools->service->seal_key,
                                 .now_ms = clock_utc_ms()};
    struct signups_signup found;
    struct why why = {""};
    struct db *db;
    enum err e = activity_find_own_db(request, tools, &db);
    if (!e) e = read_arrival(request, tools, &in);
    if (e) return e;
    e = signups_attend_check_in(db, &rules, &in, request->arena, &found, &why);
    return e ? fail(request, e, &why) : answer_signup(response, &found, false);
}

/* ---- for who runs it ------------------------------------------------------------------------- */

enum err api_attendance_list(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct signups_filter filter = {.state = -1};
    const char *state = request_query(request, "state"), *next = NULL;
    const struct signups_signup *list = NULL;
    enum signups_state wanted = SIGNUPS_signed;
    struct activities_activity activity;
    struct api_page page;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = activity_find_run(request, tools, &db, &activity);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (!e && state && signups_state_find(state, &wanted))
        e = problem_say(request->problem, PROBLEM_PARAMETER, "state", "there is no such state");
    if (e) return e;
    if (state) filter.state = (int)wanted;
    filter.activity = activity.id;
    filter.cursor = page.has_cursor ? page.after[0] : 0;
    filter.limit = (size_t)page.limit;
    e = signups_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "signups");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        activity_json_signup(json, &list[i], NULL, NULL, true);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_attendance_check_in(struct request *request, struct response *response,
                                 struct tools *tools)
{
    const struct activities_rules rules = rules_of(tools);
    struct signups_arrival in = {.public_id = request_arg(request, "signup"),
                                 .by = tools->actor->id,
                                 .way = ACTIVITY_STAFF,
                                 .now_ms = clock_utc_ms()};
    struct activities_activity activity;
    struct signups_signup found;
    struct why why = {""};
    struct db *db;
    enum err e = activity_find_run(request, tools, &db, &activity);
    if (e) return e;
    in.activity = activity.id;
    e = signups_attend_check_in(db, &rules, &in, request->arena, &found, &why);
    return e ? fail(request, e, &why) : answer_signup(response, &found, true);
}

static enum err read_number(struct request *request, const struct body_node *node, size_t i,
                            void *user)
{
    struct signups_number *n = &((struct signups_number *)user)[i];
    const struct body_field fields[] = {{.name = "code",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = CODE_MAX,
                                         .text = &n->code},
                                        {.name = "number",
                                         .type = BODY_INT,
                                         .required = true,
                                         .max = ACTIVITY_KINDS_NUMBER_MAX,
                                         .number = &n->number}};
    return body_object(request, node, fields, sizeof fields / sizeof *fields);
}

static enum err read_verdict(struct request *request, struct signups_verdict *v)
{
    struct signups_number *numbers =
        arena_calloc(request->arena, ACTIVITY_KINDS_NUMBERS, sizeof *numbers);
    struct body_list list = {.each = read_number, .user = numbers};
    const char *state = NULL;
    const struct body_field fields[] = {
        {.name = "state", .type = BODY_TEXT, .required = true, .max = CODE_MAX, .text = &state},
        {.name = "reason", .type = BODY_TEXT, .max = ACTIVITIES_REASON_MAX, .text = &v->reason},
        {.name = "tally", .type = BODY_LIST, .max = ACTIVITY_KINDS_NUMBERS, .list = &list},
        BODY_VERSION(&v->version)};
    if (!numbers) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    v->numbers = numbers;
    v->number_count = list.count;
    v->confirmed = strcmp(state, "confirmed") == 0;
    if (v->confirmed || strcmp(state, "refused") == 0) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                       "must be confirmed or refused");
}

enum err api_attendance_judge(struct request *request, struct response *response,
                              struct tools *tools)
{
    const struct activities_rules rules = rules_of(tools);
    struct signups_verdict verdict = {.public_id = request_arg(request, "signup"),
                                      .by = tools->actor->id,
                                      .reason = "",
                                      .now_ms = clock_utc_ms()};
    struct activities_activity activity;
    struct signups_signup found;
    struct why why = {""};
    struct db *db;
    enum err e = activity_find_run(request, tools, &db, &activity);
    if (!e) e = read_verdict(request, &verdict);
    if (e) return e;
    verdict.activity = activity.id;
    e = signups_attend_judge(db, &rules, &verdict, request->arena, &found, &why);
    return e ? fail(request, e, &why) : answer_signup(response, &found, true);
}

/* ---- the code -------------------------------------------------------------------------------- */

/* The code that is good now, and the address that its picture leads to. */
static enum err find_code(struct request *request, struct tools *tools, struct activity_code *code,
                          const char **url)
{
    struct activities_activity activity;
    struct db *db;
    enum err e = activity_find_run(request, tools, &db, &activity);
    if (e) return e;
    const struct activity_kinds_kind *kind =
        activity_kinds_find(tools->service->activities, activity.kind);
    if (!kind || !(kind->check_in >> ACTIVITY_CODE & 1))
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "one does not check in to it by code");
    activity_code_now(tools->service->seal_key, activity.id, kind, clock_utc_ms(), code);
    const char *base = api_base_url(request, tools);
    *url = base ? arena_printf(request->arena, "%s/activities/%lld?code=%s", base,
                               (long long)activity.id, code->code)
                : NULL;
    return *url ? ERR_OK : problem_from_err(request->problem, ERR_NOMEM, NULL);
}

enum err api_attendance_code(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct activity_code code;
    const char *url = NULL;
    enum err e = find_code(request, tools, &code, &url);
    if (e) return e;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_string(json, "code", code.code);
    jsonw_key_string(json, "url", url);
    if (code.until_ms) api_time_write(json, "until", code.until_ms);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_attendance_qr(struct request *request, struct response *response, struct tools *tools)
{
    struct activity_code code;
    const char *url = NULL;
    enum err e = find_code(request, tools, &code, &url);
    if (e) return e;
    e = qr_svg(url, &response->body);
    if (e) return problem_from_err(request->problem, e, NULL);
    response->content_type = "image/svg+xml";
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

#include "server/api/api_activity_edit.h"
#include "server/api/api_db.h"

#include "data/activities_write.h"
#include "data/branches.h"
#include "geo/base/clock.h"
#include "server/api/activity_find.h"
#include "server/api/activity_json.h"
#include "server/api/api_once.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/body.h"

#include <math.h>

enum { CODE_MAX = 40, TIME_MAX = 40 };

static const char folder[] = "/v1/activities/";

/* ---- the form -------------------------------------------------------------------------------- */

/* What came, before it is known to be right. */
struct form {
    struct activities_activity *a;
    struct api_crs crs;
    struct coord location; /* NAN: not given */
    const char *from, *to, *until, *state;
    struct body_words pictures;
    struct activities_shown shown;
    bool shows; /* pictures were named */
};

#define TEXT(field, low, high, owed, at)                                                           \
    {                                                                                              \
        .name = (field), .type = BODY_TEXT, .required = (owed), .min = (low), .max = (high),       \
        .text = (at)                                                                               \
    }
#define NUMBER(field, low, high, at)                                                               \
    {                                                                                              \
        .name = (field), .type = BODY_INT, .min = (low), .max = (high), .number = (at)             \
    }

static enum err read_body(struct request *request, bool is_new, struct form *f)
{
    struct activities_activity *a = f->a;
    const struct body_field fields[] = {
        TEXT("kind", 1, CODE_MAX, true, &a->kind),
        TEXT("title", 1, ACTIVITIES_TITLE_MAX, true, &a->title),
        TEXT("title_en", 0, ACTIVITIES_TITLE_MAX, false, &a->title_en),
        TEXT("text", 0, ACTIVITIES_BODY_MAX, false, &a->body),
        TEXT("address", 0, ACTIVITIES_ADDRESS_MAX, false, &a->address),
        TEXT("from", 0, TIME_MAX, true, &f->from),
        TEXT("to", 0, TIME_MAX, true, &f->to),
        TEXT("sign_up_until", 0, TIME_MAX, false, &f->until),
        {.name = "location", .type = BODY_PAIR, .pair = &f->location},
        NUMBER("place_id", 1, INT64_MAX, &a->place_id),
        NUMBER("area_id", 1, INT64_MAX, &a->area_id),
        NUMBER("branch_id", 1, INT64_MAX, &a->branch_id),
        NUMBER("seats", 0, ACTIVITIES_SEATS_MAX, &a->seats),
        NUMBER("points", 0, POINTS_RULES_MAX, &a->points),
        {.name = "pictures", .type = BODY_WORDS, .max = PICTURES_MAX, .words = &f->pictures},
        is_new ? (struct body_field)TEXT("state", 1, CODE_MAX, false, &f->state)
               : (struct body_field)BODY_VERSION(&a->version)};
    return body_read(request, fields, sizeof fields / sizeof *fields);
}

/* Where it is: a place, or a point; and with that, whose area. */
static enum err take_where(struct request *request, const struct tools *tools, struct form *f)
{
    struct activities_activity *a = f->a;
    const struct placeset *places = tools->snapshot->places;
    bool given = !isnan(f->location.lon);
    if (a->place_id && given)
        return problem_say(request->problem, PROBLEM_PARAMETER, "location",
                           "is the place's: name one of place_id and location");
    if (given) {
        enum err e = api_crs_inward(request, &f->crs, "location", &f->location, 1);
        if (e) return e;
        a->at = f->location;
    }
    if (a->place_id) {
        int64_t i = placeset_by_id(places, a->place_id);
        if (i < 0)
            return problem_say(request->problem, PROBLEM_PARAMETER, "place_id",
                               "there is no such place");
        a->at = coord_from_e7(placeset_coord(places, (uint32_t)i));
    }
    a->has_position = given || a->place_id;
    if (!a->area_id && a->has_position) a->area_id = area_right_of(tools->snapshot->areas, a->at);
    if (a->area_id && areaset_by_id(tools->snapshot->areas, a->area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    return ERR_OK;
}

static enum err take_rest(struct request *request, struct form *f)
{
    struct activities_activity *a = f->a;
    enum err e = api_time_member(request, "from", f->from, &a->from_ms);
    if (!e) e = api_time_member(request, "to", f->to, &a->to_ms);
    a->until_ms = a->from_ms;
    if (!e) e = api_time_member(request, "sign_up_until", f->until, &a->until_ms);
    if (e) return e;
    f->shows = f->pictures.items != NULL;
    f->shown.ids = f->pictures.items;
    f->shown.count = f->pictures.count;
    if (!f->state) return ERR_OK;
    e = activities_state_find(f->state, &a->state);
    if (!e && (a->state == ACTIVITIES_draft || a->state == ACTIVITIES_open)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "state", "must be draft or open");
}

/* Reads the form into `f->a`, of which only id and created_by are set. */
static enum err read_form(struct request *request, struct tools *tools, bool is_new, struct form *f)
{
    struct activities_activity *a = f->a;
    *a = (struct activities_activity){.id = a->id,
                                      .created_by = a->created_by,
                                      .title_en = "",
                                      .body = "",
                                      .address = "",
                                      .reason = "",
                                      .points = -1};
    f->location = (struct coord){NAN, NAN};
    f->shown.by = tools->actor->id;
    enum err e = api_crs_read(request, tools, &f->crs);
    if (!e) e = read_body(request, is_new, f);
    if (!e) e = take_where(request, tools, f);
    if (!e) e = take_rest(request, f);
    if (e) return e;
    const struct activity_kinds_kind *kind =
        activity_kinds_find(tools->service->activities, a->kind);
    if (a->points < 0)
        a->points = kind && kind->points && tools->service->points ? kind->amount : 0;
    return area_right_in(request, tools, RIGHTS_activities, a->area_id, activity_find_kind,
                         "the activity");
}

/* Whose members alone may sign up: of a branch that is theirs to publish for. `was` is what it was
 * before; that there is such a branch is asked where it is written. */
static enum err may_for_branch(struct request *request, const struct tools *tools, struct db *db,
                               int64_t was, const struct activities_activity *a)
{
    struct branches_branch branch;
    if (!a->branch_id || a->branch_id == was) return ERR_OK;
    enum err e = branches_find(db, a->branch_id, request->arena, &branch);
    if (e == ERR_NOTFOUND) return ERR_OK;
    if (e) return problem_from_err(request->problem, e, NULL);
    return area_right_in(request, tools, RIGHTS_activities, branch.area_id, activity_find_kind,
                         "the branch");
}

static struct activities_rules rules_of(const struct tools *tools)
{
    return (struct activities_rules){tools->service->activities, tools->service->points};
}

/* ---- making and changing --------------------------------------------------------------------- */

struct rendering {
    struct activity_json how;
    struct activities_activity activity;
};

static enum err render(void *user, struct buf *body)
{
    const struct rendering *r = user;
    struct jsonw json;
    jsonw_init(&json, body);
    activity_json_write(&json, &r->how, &r->activity);
    return body->err;
}

static struct activity_json shown_to_staff(struct tools *tools, const struct api_crs *crs)
{
    return (struct activity_json){.crs = crs, .tools = tools, .distance_m = -1, .for_staff = true};
}

/* What the same body means something else with. */
static const char *systems_of(const struct request *request)
{
    const char *crs = request_query(request, "crs"), *in = request_query(request, "coord_type");
    const char *out = request_query(request, "ret_coordtype");
    return arena_printf(request->arena, "%s %s %s", crs ? crs : "", in ? in : "", out ? out : "");
}

enum err api_activity_edit_create(struct request *request, struct response *response,
                                  struct tools *tools)
{
    struct rendering r = {.activity = {.created_by = tools->actor->id}};
    struct form f = {.a = &r.activity};
    struct answers_reply reply = {.status = 201, .render = render, .user = &r};
    const struct activities_rules rules = rules_of(tools);
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = read_form(request, tools, true, &f);
    r.how = shown_to_staff(tools, &f.crs);
    if (!e) e = api_db(request, tools, &db);
    if (!e) e = may_for_branch(request, tools, db, 0, &r.activity);
    const char *more = e ? NULL : systems_of(request);
    if (!e && !more) e = problem_from_err(request->problem, ERR_NOMEM, NULL);
    if (!e) e = api_once_read_body(request, tools, "POST /v1/activities", more, &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = activities_write_create(db, &rules, f.shows ? &f.shown : NULL, &reply, clock_utc_ms(),
                                request->arena, &r.activity, &answer, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return api_once_answer(request, response, folder, &answer);
}

enum err api_activity_edit_put(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct activities_activity now, activity;
    struct form f = {.a = &activity};
    const struct activities_rules rules = rules_of(tools);
    struct why why = {""};
    struct db *db;
    enum err e = activity_find_run(request, tools, &db, &now);
    if (e) return e;
    activity = now;
    e = read_form(request, tools, false, &f);
    if (!e) e = may_for_branch(request, tools, db, now.branch_id, &activity);
    if (e) return e;
    e = activities_write_change(db, &rules, f.shows ? &f.shown : NULL, clock_utc_ms(),
                                request->arena, &activity, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    const struct activity_json how = shown_to_staff(tools, &f.crs);
    activity_json_write(response_json(response), &how, &activity);
    return ERR_OK;
}

/* ---- its state ------------------------------------------------------------------------------- */

enum err api_activity_edit_state(struct request *request, struct response *response,
                                 struct tools *tools)
{
    struct activities_move move = {.by = tools->actor->id, .reason = "", .now_ms = clock_utc_ms()};
    const struct activities_rules rules = rules_of(tools);
    struct activities_activity activity;
    struct why why = {""};
    struct api_crs crs;
    const char *to = NULL;
    struct db *db;
    const struct body_field fields[] = {
        TEXT("state", 1, CODE_MAX, true, &to),
        TEXT("reason", 0, ACTIVITIES_REASON_MAX, false, &move.reason), BODY_VERSION(&move.version)};
    enum err e = activity_find_run(request, tools, &db, &activity);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e && activities_state_find(to, &move.to))
        e = problem_say(request->problem, PROBLEM_PARAMETER, "state",
                        "must be open, closed, done or cancelled");
    if (e) return e;
    move.id = activity.id;
    e = activities_write_move(db, &rules, &move, request->arena, &activity, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    const struct activity_json how = shown_to_staff(tools, &crs);
    activity_json_write(response_json(response), &how, &activity);
    return ERR_OK;
}

enum err api_activity_edit_delete(struct request *request, struct response *response,
                                  struct tools *tools)
{
    struct activities_activity activity;
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = activity_find_run(request, tools, &db, &activity);
    if (!e) e = request_version(request, &version);
    if (e) return e;
    e = activities_write_delete(db, activity.id, version, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

#include "server/api/api_rewards.h"
#include "server/api/api_db.h"

#include "data/rewards.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/api_points_mine.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/api/reward_json.h"
#include "server/auth.h"
#include "server/body.h"

enum { LIST_MAX = 100, CODE_MAX = 40, TIME_MAX = 40, CODE_DAYS = 30 };

static const char kind_code[] = "reward"; /* what a grant for rewards alone is for */
static const char folder[] = "/v1/rewards/";

static bool is_staff(const struct tools *tools, const struct rewards_reward *reward)
{
    return auth_may(tools, RIGHTS_rewards, reward->area_id, kind_code);
}

static enum err may(struct request *request, const struct tools *tools, int64_t area_id)
{
    return area_right_in(request, tools, RIGHTS_rewards, area_id, kind_code, "the reward");
}

static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct rewards_reward *found)
{
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_db(request, tools, db);
    if (e) return e;
    e = rewards_find(*db, id, request->arena, found);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such reward");
    return problem_from_err(request->problem, e, NULL);
}

/* ---- reading --------------------------------------------------------------------------------- */

enum err api_rewards_list(struct request *request, struct response *response, struct tools *tools)
{
    struct rewards_filter filter = {.now_ms = clock_utc_ms()};
    const struct rewards_reward *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false, all = false;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = request_bool(request, "all", &all);
    if (!e) e = api_points_mine_kind(request, tools, &filter.kind);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    filter.only_open = !all;
    filter.before = page.has_cursor ? page.after[0] : 0;
    filter.limit = (size_t)page.limit;
    e = rewards_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "rewards");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        reward_json_write(json, &list[i], is_staff(tools, &list[i]));
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_rewards_get(struct request *request, struct response *response, struct tools *tools)
{
    struct rewards_reward found;
    struct db *db;
    enum err e = find(request, tools, &db, &found);
    if (e) return e;
    reward_json_write(response_json(response), &found, is_staff(tools, &found));
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

#define NUMBER(field, low, high, owed, at)                                                         \
    {                                                                                              \
        .name = (field), .type = BODY_INT, .required = (owed), .min = (low), .max = (high),        \
        .number = (at)                                                                             \
    }
#define TEXT(field, high, owed, at)                                                                \
    {                                                                                              \
        .name = (field), .type = BODY_TEXT, .required = (owed), .max = (high), .text = (at)        \
    }

static enum err read_form(struct request *request, const struct tools *tools, bool is_new,
                          struct rewards_reward *r)
{
    const char *from = NULL, *to = NULL;
    *r = (struct rewards_reward){.id = r->id,
                                 .name_en = "",
                                 .description = "",
                                 .from_ms = is_new ? clock_utc_ms() : r->from_ms,
                                 .code_days = CODE_DAYS};
    const struct body_field fields[] = {
        TEXT("name", REWARDS_NAME_MAX, true, &r->name),
        TEXT("name_en", REWARDS_NAME_MAX, false, &r->name_en),
        TEXT("description", REWARDS_DESCRIPTION_MAX, false, &r->description),
        TEXT("kind", CODE_MAX, true, &r->kind),
        NUMBER("cost", 1, POINTS_RULES_MAX, true, &r->cost),
        NUMBER("supply", 0, REWARDS_SUPPLY_MAX, true, &r->supply),
        TEXT("from", TIME_MAX, false, &from),
        TEXT("to", TIME_MAX, false, &to),
        NUMBER("code_days", 1, REWARDS_CODE_DAYS_MAX, false, &r->code_days),
        NUMBER("per_person", 0, REWARDS_SUPPLY_MAX, false, &r->per_person),
        NUMBER("area_id", 1, INT64_MAX, false, &r->area_id),
        BODY_VERSION(&r->version)};
    size_t count = sizeof fields / sizeof *fields;
    enum err e = body_read(request, fields, is_new ? count - 1 : count);
    if (!e) e = api_time_member(request, "from", from, &r->from_ms);
    if (!e) e = api_time_member(request, "to", to, &r->to_ms);
    if (e) return e;
    if (r->area_id && areaset_by_id(tools->snapshot->areas, r->area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    return may(request, tools, r->area_id);
}

static enum err render(void *user, struct buf *body)
{
    struct jsonw json;
    jsonw_init(&json, body);
    reward_json_write(&json, user, true);
    return body->err;
}

enum err api_rewards_create(struct request *request, struct response *response, struct tools *tools)
{
    struct rewards_reward reward = {.id = 0};
    struct answers_reply reply = {.status = 201, .render = render, .user = &reward};
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = read_form(request, tools, true, &reward);
    if (!e) e = api_db(request, tools, &db);
    if (!e) e = api_once_read_body(request, tools, "POST /v1/rewards", "", &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = rewards_create(db, tools->service->points, tools->actor->id, &reply, clock_utc_ms(),
                       request->arena, &reward, &answer, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return api_once_answer(request, response, folder, &answer);
}

enum err api_rewards_put(struct request *request, struct response *response, struct tools *tools)
{
    struct rewards_reward now, reward;
    struct why why = {""};
    struct db *db;
    enum err e = find(request, tools, &db, &now);
    if (!e) e = may(request, tools, now.area_id);
    reward = now;
    if (!e) e = read_form(request, tools, false, &reward);
    if (e) return e;
    e = rewards_change(db, tools->service->points, clock_utc_ms(), request->arena, &reward, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    reward_json_write(response_json(response), &reward, true);
    return ERR_OK;
}

enum err api_rewards_delete(struct request *request, struct response *response, struct tools *tools)
{
    struct rewards_reward now;
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = find(request, tools, &db, &now);
    if (!e) e = may(request, tools, now.area_id);
    if (!e) e = request_version(request, &version);
    if (e) return e;
    e = rewards_end(db, now.id, version, clock_utc_ms(), &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

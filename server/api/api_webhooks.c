#include "server/api/api_webhooks.h"
#include "server/api/api_db.h"

#include "data/news_verbs.h"
#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/event_ask.h"
#include "server/api/webhook_json.h"
#include "server/auth.h"
#include "server/body.h"
#include "server/post.h"

#include <stdio.h>
#include <string.h>

enum { LIST_MAX = 100, CODE_MAX = 40 };

/* ---- who may --------------------------------------------------------------------------------- */

/* Whose they see: 0 for everybody's. */
static int64_t owner(const struct tools *tools)
{
    const struct people_actor *actor = tools->actor;
    for (size_t i = 0; i < actor->grant_count; i++)
        if (actor->grants[i].role == PEOPLE_city_admin && actor->grants[i].area_id == 0) return 0;
    return actor->id;
}

static enum err find(struct request *request, struct tools *tools, struct db **db,
                     const struct webhooks_hook **hook)
{
    size_t count = 0;
    int64_t id = 0;
    enum err e = api_db(request, tools, db);
    if (!e) e = request_id(request, "id", &id);
    if (e) return e;
    e = id > 0 ? webhooks_list(*db, owner(tools), id, request->arena, hook, &count) : ERR_OK;
    if (e) return problem_from_err(request->problem, e, NULL);
    if (count) return ERR_OK;
    return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such webhook");
}

/* ---- webhooks -------------------------------------------------------------------------------- */

static enum err check_filters(struct request *request, const struct tools *tools,
                              const struct webhooks_hook *hook)
{
    if (hook->kind[0] && !kinds_find(tools->service->kinds, hook->kind))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind", "there is no such kind");
    if (hook->verb[0] && !news_verbs_has(hook->verb)) return event_ask_verb(request);
    if (hook->area_id && areaset_by_id(tools->snapshot->areas, hook->area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    return ERR_OK;
}

static enum err read_form(struct request *request, const struct tools *tools,
                          struct webhooks_hook *hook)
{
    struct why why = {""};
    const struct body_field fields[] = {
        {.name = "url",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = WEBHOOKS_URL_MAX,
         .text = &hook->url},
        {.name = "kind", .type = BODY_TEXT, .max = CODE_MAX, .text = &hook->kind},
        {.name = "category", .type = BODY_TEXT, .max = CODE_MAX, .text = &hook->category},
        {.name = "verb", .type = BODY_TEXT, .max = CODE_MAX, .text = &hook->verb},
        {.name = "area_id",
         .type = BODY_INT,
         .min = 1,
         .max = INT64_MAX,
         .number = &hook->area_id}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    e = post_check(hook->url, tools->service->options->webhooks_inside, &why);
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "url", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, NULL);
    return check_filters(request, tools, hook);
}

enum err api_webhooks_create(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct webhooks_hook hook = {.kind = "",
                                 .category = "",
                                 .verb = "",
                                 .person = tools->actor->id,
                                 .created_ms = clock_utc_ms()};
    char secret[SECRETS_TOKEN_SIZE];
    struct why why = {""};
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = read_form(request, tools, &hook);
    if (e) return e;
    const unsigned char *key = tools->actor->by_key ? tools->actor->token : NULL;
    e = webhooks_add(db, &hook, key, secret, &hook.id, &why);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL, "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    webhook_json_write(response_json(response), &hook, secret);
    response->status = 201;
    response_header(response, "Location",
                    arena_printf(request->arena, "/v1/webhooks/%lld", (long long)hook.id));
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_webhooks_list(struct request *request, struct response *response, struct tools *tools)
{
    const struct webhooks_hook *hooks = NULL;
    size_t count = 0;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (e) return e;
    e = webhooks_list(db, owner(tools), 0, request->arena, &hooks, &count);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "webhooks");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        webhook_json_write(json, &hooks[i], NULL);
    jsonw_array_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_webhooks_get(struct request *request, struct response *response, struct tools *tools)
{
    const struct webhooks_hook *hook = NULL;
    struct db *db;
    enum err e = find(request, tools, &db, &hook);
    if (e) return e;
    webhook_json_write(response_json(response), hook, NULL);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_webhooks_delete(struct request *request, struct response *response,
                             struct tools *tools)
{
    const struct webhooks_hook *hook = NULL;
    struct db *db;
    enum err e = find(request, tools, &db, &hook);
    if (e) return e;
    e = webhooks_end(db, hook->id, clock_utc_ms());
    if (e && e != ERR_NOTFOUND) return problem_from_err(request->problem, e, NULL);
    response->status = 204;
    return ERR_OK;
}

/* ---- deliveries ------------------------------------------------------------------------------ */

static void write_deliveries(struct response *response, const struct deliveries_delivery *list,
                             size_t count, const char *next)
{
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "deliveries");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        webhook_json_delivery(json, &list[i]);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
}

enum err api_webhooks_deliveries(struct request *request, struct response *response,
                                 struct tools *tools)
{
    static const char *const words[] = {"waiting", "done", "dead", "dropped", "any", NULL};
    const struct webhooks_hook *hook = NULL;
    const struct deliveries_delivery *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    int state = DELIVERIES_STATES;
    struct db *db;
    enum err e = find(request, tools, &db, &hook);
    if (!e) e = request_word(request, "state", words, &state);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = deliveries_list(db, hook->id, (enum deliveries_state)state,
                        page.has_cursor ? page.after[0] : 0, (size_t)page.limit, request->arena,
                        &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    write_deliveries(response, list, count, next);
    return ERR_OK;
}

enum err api_webhooks_retry(struct request *request, struct response *response, struct tools *tools)
{
    const struct webhooks_hook *hook = NULL;
    int64_t delivery = 0, count = 0;
    struct db *db;
    enum err e = find(request, tools, &db, &hook);
    bool one = request_arg(request, "delivery") != NULL;
    if (!e && one) e = request_id(request, "delivery", &delivery);
    if (e) return e;
    if (!one || delivery > 0) e = deliveries_again(db, hook->id, delivery, clock_utc_ms(), &count);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (one && !count)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "delivery",
                           "there is no such delivery that is dead");
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_int(json, "retried", count);
    jsonw_object_end(json);
    response->status = 202;
    return ERR_OK;
}

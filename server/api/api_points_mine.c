#include "server/api/api_points_mine.h"
#include "server/api/api_db.h"

#include "data/points_rank.h"
#include "geo/base/clock.h"
#include "geo/base/text.h"
#include "geo/base/zone.h"
#include "server/api/api_page.h"
#include "server/api/label_json.h"
#include "server/api/points_json.h"
#include "server/body.h"

#include <stdio.h>
#include <time.h>

enum { LIST_MAX = 200, DATE_SIZE = 16, EXPORTED = 100, DAY_S = 86400 };

enum err api_points_mine_kind(struct request *request, const struct tools *tools, const char **kind)
{
    const char *text = request_query(request, "kind");
    if (!text) return ERR_OK;
    if (!points_rules_find(tools->service->points, text))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "there are no such points: /v1/points/rules lists them");
    *kind = text;
    return ERR_OK;
}

/* ---- the rules ------------------------------------------------------------------------------- */

static void write_states(struct jsonw *json, const char *key, const char *const *states)
{
    jsonw_key(json, key);
    jsonw_array(json);
    for (; *states; states++)
        jsonw_string(json, *states);
    jsonw_array_end(json);
}

static void write_rule(struct jsonw *json, const struct points_rule *rule)
{
    jsonw_object(json);
    jsonw_key_string(json, "kind", rule->kind);
    write_states(json, "pending", rule->pending);
    write_states(json, "settled", rule->settled);
    write_states(json, "void", rule->voided);
    for (int s = 0; s < POINTS_SHARES; s++)
        jsonw_key_int(json, points_share_name((enum points_share)s), rule->amounts[s]);
    jsonw_key(json, "categories");
    jsonw_object(json);
    for (size_t i = 0; i < rule->category_count; i++)
        jsonw_key_int(json, rule->categories[i].code, rule->categories[i].amount);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_bounds(struct jsonw *json, const char *name, const struct points_bounds *bounds)
{
    if (!bounds->most) return;
    jsonw_key(json, name);
    jsonw_object(json);
    jsonw_key_int(json, "most", bounds->most);
    if (bounds->day_cap) jsonw_key_int(json, "day_cap", bounds->day_cap);
    if (bounds->week_cap) jsonw_key_int(json, "week_cap", bounds->week_cap);
    jsonw_object_end(json);
}

enum err api_points_mine_rules(struct request *request, struct response *response,
                               struct tools *tools)
{
    const struct points_rules *rules = tools->service->points;
    struct jsonw *json = response_json(response);
    (void)request;
    jsonw_object(json);
    jsonw_key(json, "points");
    jsonw_array(json);
    for (size_t i = 0; i < points_rules_count(rules); i++) {
        const struct points_kind *kind = points_rules_at(rules, i);
        jsonw_object(json);
        jsonw_key_string(json, "kind", kind->code);
        label_json_write(json, "label", kind->label.zh, kind->label.en);
        if (kind->day_cap) jsonw_key_int(json, "day_cap", kind->day_cap);
        if (kind->week_cap) jsonw_key_int(json, "week_cap", kind->week_cap);
        jsonw_key_int(json, "hand_max", kind->hand_max);
        jsonw_key_int(json, "hand_day", kind->hand_day);
        for (int s = 0; s < POINTS_SOURCES; s++)
            write_bounds(json, points_source_name((enum points_source)s), &kind->bounds[s]);
        jsonw_key(json, "cases");
        jsonw_array(json);
        for (size_t j = 0; j < kind->rule_count; j++)
            write_rule(json, &kind->rules[j]);
        jsonw_array_end(json);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}

/* ---- the statement --------------------------------------------------------------------------- */

enum err api_points_mine_list(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct points_filter filter = {.person = tools->actor->id};
    const struct points_entry *entries = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = api_points_mine_kind(request, tools, &filter.kind);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    filter.limit = (size_t)page.limit;
    filter.before = page.has_cursor ? page.after[0] : 0;
    e = points_list(db, &filter, request->arena, &entries, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, entries[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    e = points_json_balances(json, tools->service->points, db, tools->actor->id);
    if (e) return problem_from_err(request->problem, e, NULL);
    points_json_entries(json, entries, count, false);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

static void write_name(struct jsonw *json, const struct points_name *name)
{
    jsonw_object(json);
    jsonw_key(json, "name");
    if (name->name[0])
        jsonw_string(json, name->name);
    else
        jsonw_null(json);
    jsonw_key_bool(json, "hidden", name->hidden);
    jsonw_object_end(json);
}

enum err api_points_mine_export(struct request *request, struct jsonw *json,
                                const struct tools *tools, struct db *db)
{
    const struct points_filter filter = {.person = tools->actor->id, .limit = EXPORTED};
    const struct points_entry *entries = NULL;
    struct points_name name;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = points_list(db, &filter, request->arena, &entries, &count, &more);
    if (!e) e = points_rank_name(db, tools->actor->id, request->arena, &name);
    if (e) return e;
    jsonw_key(json, "points");
    jsonw_object(json);
    e = points_json_balances(json, tools->service->points, db, tools->actor->id);
    points_json_entries(json, entries, count, false);
    jsonw_key(json, "ranking");
    write_name(json, &name);
    if (!e && more)
        e = api_page_later(request->arena, "/v1/me/points", EXPORTED, entries[count - 1].id, &next);
    api_page_write(json, next);
    jsonw_object_end(json);
    return e;
}

/* ---- the name -------------------------------------------------------------------------------- */

static enum err answer_name(struct request *request, struct response *response,
                            const struct tools *tools, struct db *db)
{
    struct points_name name;
    enum err e = points_rank_name(db, tools->actor->id, request->arena, &name);
    if (e) return problem_from_err(request->problem, e, NULL);
    write_name(response_json(response), &name);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_points_mine_name(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct db *db;
    enum err e = api_db(request, tools, &db);
    return e ? e : answer_name(request, response, tools, db);
}

enum err api_points_mine_set_name(struct request *request, struct response *response,
                                  struct tools *tools)
{
    struct points_name name = {.name = ""};
    const struct body_field fields[] = {
        {.name = "name", .type = BODY_TEXT, .max = POINTS_NAME_MAX, .text = &name.name},
        {.name = "hidden", .type = BODY_BOOL, .flag = &name.hidden}};
    struct db *db;
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it is in no ranking");
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    size_t len = strlen(name.name);
    text_trim(&name.name, &len);
    if (!text_visible(name.name, len)) len = 0; /* no name */
    name.name = arena_strndup(request->arena, name.name, len);
    e = name.name ? points_rank_set_name(db, tools->actor->id, &name) : ERR_NOMEM;
    if (e) return problem_from_err(request->problem, e, NULL);
    return answer_name(request, response, tools, db);
}

/* ---- the ranking ----------------------------------------------------------------------------- */

static enum err read_ranking(struct request *request, const struct tools *tools,
                             struct points_ranking *ranking)
{
    static const char *const words[] = {"week", "month", "year", NULL};
    int period = POINTS_WEEK;
    enum err e = request_word(request, "period", words, &period);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &ranking->area_id);
    if (e) return e;
    if (ranking->area_id && areaset_by_id(tools->snapshot->areas, ranking->area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    if (!points_rules_count(tools->service->points))
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "kind", "there are no points here");
    ranking->kind = points_rules_at(tools->service->points, 0)->code;
    if (points_rules_find(tools->service->points, "service")) ranking->kind = "service";
    e = api_points_mine_kind(request, tools, &ranking->kind);
    ranking->period = (enum points_period)period;
    ranking->start = points_period_start(ranking->period, zone_time_of(clock_utc_ms()).day);
    return e;
}

static void write_head(struct jsonw *json, const struct points_ranking *ranking)
{
    time_t seconds = (time_t)(ranking->start * DAY_S);
    char date[DATE_SIZE] = "";
    struct tm tm;
    if (gmtime_r(&seconds, &tm)) (void)strftime(date, sizeof date, "%Y-%m-%d", &tm);
    jsonw_key_string(json, "period", points_period_name(ranking->period));
    jsonw_key_string(json, "from", date);
    jsonw_key_string(json, "kind", ranking->kind);
    if (ranking->area_id) jsonw_key_int(json, "area_id", ranking->area_id);
}

static void write_ranked(struct jsonw *json, const struct points_ranked *ranked, bool is_me)
{
    jsonw_object(json);
    jsonw_key_int(json, "rank", ranked->rank);
    jsonw_key_int(json, "points", ranked->earned);
    jsonw_key(json, "name");
    if (ranked->name[0])
        jsonw_string(json, ranked->name);
    else
        jsonw_null(json);
    jsonw_key_bool(json, "me", is_me);
    jsonw_object_end(json);
}

/* Where the caller stands, on whatever page. */
static enum err write_me(struct jsonw *json, const struct tools *tools, struct db *db,
                         const struct points_ranking *ranking)
{
    struct points_ranked own;
    enum err e = tools->actor ? points_rank_of(db, ranking, tools->actor->id, &own) : ERR_NOTFOUND;
    if (e && e != ERR_NOTFOUND) return e;
    jsonw_key(json, "me");
    if (e) {
        jsonw_null(json);
        return ERR_OK;
    }
    jsonw_object(json);
    jsonw_key_int(json, "rank", own.rank);
    jsonw_key_int(json, "points", own.earned);
    jsonw_object_end(json);
    return ERR_OK;
}

enum err api_points_mine_ranking(struct request *request, struct response *response,
                                 struct tools *tools)
{
    struct points_ranking ranking = {.area_id = 0};
    const struct points_ranked *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = read_ranking(request, tools, &ranking);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    /* A place, not a person: a number would tell who is who in two rankings. */
    int64_t skip = page.has_cursor && page.after[0] > 0 ? page.after[0] : 0;
    e = points_rank_list(db, &ranking, skip, (size_t)page.limit, request->arena, &list, &count,
                         &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, skip + (int64_t)count, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    write_head(json, &ranking);
    jsonw_key(json, "ranking");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_ranked(json, &list[i], tools->actor && tools->actor->id == list[i].person);
    jsonw_array_end(json);
    e = write_me(json, tools, db, &ranking);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return problem_from_err(request->problem, e, NULL);
}

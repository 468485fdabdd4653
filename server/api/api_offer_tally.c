#include "server/api/api_offer_tally.h"
#include "server/api/api_db.h"

#include "data/offers_tally.h"
#include "geo/base/clock.h"
#include "geo/base/moment.h"
#include "geo/base/text.h"
#include "geo/base/zone.h"
#include "server/api/activity_find.h"
#include "server/api/offer_find.h"
#include "server/auth.h"

#include <string.h>

static const char *const bys[OFFERS_TALLY_BYS + 1] = {"none", "kind", "area", "month", NULL};

/* Whose offers the caller keeps, as a list for the statement. */
static enum err read_areas(struct request *request, const struct tools *tools, const char **areas)
{
    const int64_t *ids = NULL;
    size_t count = 0;
    bool limited = true;
    struct activity_find_list list;
    enum err e =
        auth_areas(tools, RIGHTS_offers, offer_find_kind, request->arena, &limited, &ids, &count);
    if (e || !limited) return problem_from_err(request->problem, e, NULL);
    activity_find_begin(&list);
    for (size_t i = 0; i < count; i++)
        jsonw_int(&list.json, ids[i]);
    return problem_from_err(request->problem, activity_find_end(&list, request->arena, areas),
                            NULL);
}

/* The local day of a moment; of the one before it where that is what it ends. */
static enum err read_day(struct request *request, const char *name, int64_t before, int64_t *day)
{
    const char *text = request_query(request, name);
    int64_t ms = 0;
    if (!text) return ERR_OK;
    if (!moment_read(text, &ms))
        return problem_say(
            request->problem, PROBLEM_PARAMETER, name,
            "must be a time with its offset, like 2026-11-24T00:00:00+08:00 (RFC 3339)");
    *day = zone_time_of(ms - before).day;
    return ERR_OK;
}

static enum err read_filter(struct request *request, const struct tools *tools,
                            struct offers_tally_filter *f)
{
    int by = OFFERS_TALLY_NONE;
    f->kind = request_query(request, "kind");
    if (f->kind && !offers_kinds_find(tools->service->offers, f->kind))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "there are no offers of this kind: GET /v1/offers/kinds lists them");
    enum err e = request_word(request, "by", bys, &by);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &f->area_id);
    if (!e && f->area_id && areaset_by_id(tools->snapshot->areas, f->area_id) < 0)
        e = problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    if (!e) e = read_day(request, "from", 0, &f->from_day);
    if (!e) e = read_day(request, "to", 1, &f->to_day);
    if (!e) e = read_areas(request, tools, &f->areas);
    f->by = (enum offers_tally_by)by;
    return e;
}

static void write_sums(struct jsonw *json, const struct offers_tally *t)
{
    jsonw_key_int(json, "used", t->used);
    jsonw_key_int(json, "offers", t->offers);
    jsonw_key_int(json, "merchants", t->merchants);
}

static void write_key(struct jsonw *json, enum offers_tally_by by, const char *key)
{
    int64_t id = 0;
    if (by != OFFERS_TALLY_AREA)
        jsonw_key_string(json, bys[by], key);
    else if (text_int(key, strlen(key), 1, INT64_MAX, &id))
        jsonw_key_int(json, "area_id", id);
}

static void write_all(struct jsonw *json, enum offers_tally_by by, const struct offers_tally *total,
                      const struct offers_tally *groups, size_t count)
{
    jsonw_object(json);
    jsonw_key(json, "total");
    jsonw_object(json);
    write_sums(json, total);
    jsonw_object_end(json);
    jsonw_key(json, "groups");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        write_key(json, by, groups[i].key);
        write_sums(json, &groups[i]);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
}

enum err api_offer_tally_get(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct offers_tally_filter filter = {.to_day = zone_time_of(clock_utc_ms()).day};
    const struct offers_tally *groups = NULL;
    struct offers_tally total;
    size_t count = 0;
    struct db *db;
    enum err e = read_filter(request, tools, &filter);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    e = offers_tally_read(db, &filter, request->arena, &total, &groups, &count);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_PARAMETER, "by",
                           "makes more than %d groups: ask for less", OFFERS_TALLY_GROUPS);
    if (e) return problem_from_err(request->problem, e, NULL);
    write_all(response_json(response), filter.by, &total, groups, count);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

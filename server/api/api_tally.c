#include "server/api/api_tally.h"
#include "server/api/api_db.h"

#include "data/activities_tally.h"
#include "geo/base/clock.h"
#include "geo/base/moment.h"
#include "geo/base/text.h"
#include "server/api/activity_find.h"
#include "server/api/api_time.h"
#include "server/api/label_json.h"

#include <string.h>

/* The label of a number is that of the first kind that counts it. */
static const struct activity_kinds_number *number_of(const struct activity_kinds *kinds,
                                                     const char *code)
{
    for (size_t i = 0; i < activity_kinds_count(kinds); i++) {
        const struct activity_kinds_number *n =
            activity_kinds_number(activity_kinds_at(kinds, i), code);
        if (n) return n;
    }
    return NULL;
}

static void write_sums(struct jsonw *json, const struct activity_kinds *kinds,
                       const struct activities_tally *t)
{
    jsonw_key_int(json, "activities", t->activities);
    jsonw_key_int(json, "signed_up", t->signed_up);
    jsonw_key_int(json, "attended", t->attended);
    jsonw_key_int(json, "confirmed", t->confirmed);
    jsonw_key(json, "tally");
    jsonw_array(json);
    for (size_t i = 0; i < t->number_count; i++) {
        const struct activity_kinds_number *n = number_of(kinds, t->numbers[i].code);
        jsonw_object(json);
        jsonw_key_string(json, "code", t->numbers[i].code);
        if (n) label_json_write(json, "label", n->label.zh, n->label.en);
        jsonw_key_int(json, "number", t->numbers[i].number);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_key(struct jsonw *json, enum activities_tally_by by,
                      const struct activities_tally *t)
{
    int64_t id = 0;
    if (by != ACTIVITIES_TALLY_AREA)
        jsonw_key_string(json, activities_tally_by_name(by), t->key);
    else if (text_int(t->key, strlen(t->key), 1, INT64_MAX, &id))
        jsonw_key_int(json, "area_id", id);
}

static enum err read_time(struct request *request, const char *name, int64_t *ms)
{
    const char *text = request_query(request, name);
    if (!text || moment_read(text, ms)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name,
                       "must be a time with its offset, like 2026-11-24T08:00:00+08:00 (RFC 3339)");
}

static enum err read_filter(struct request *request, const struct tools *tools,
                            struct activities_tally_filter *f)
{
    static const char *const words[] = {"none", "kind", "area", "month", NULL};
    int by = ACTIVITIES_TALLY_NONE;
    f->kind = request_query(request, "kind");
    if (f->kind && !activity_kinds_find(tools->service->activities, f->kind))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "there is no such kind; /v1/activities/kinds lists them");
    enum err e = request_word(request, "by", words, &by);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &f->area_id);
    if (!e && f->area_id && areaset_by_id(tools->snapshot->areas, f->area_id) < 0)
        e = problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    if (!e) e = read_time(request, "from", &f->from_ms);
    if (!e) e = read_time(request, "to", &f->to_ms);
    f->by = (enum activities_tally_by)by;
    return e;
}

enum err api_tally_get(struct request *request, struct response *response, struct tools *tools)
{
    const struct activity_kinds *kinds = tools->service->activities;
    int64_t now_ms = clock_utc_ms();
    struct activities_tally_filter filter = {.to_ms = now_ms};
    const struct activities_tally *groups = NULL;
    struct activities_tally total;
    size_t count = 0;
    struct db *db;
    enum err e = read_filter(request, tools, &filter);
    if (filter.to_ms > now_ms) filter.to_ms = now_ms; /* what has not begun is not counted */
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    e = activities_tally_read(db, &filter, request->arena, &total, &groups, &count);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_PARAMETER, "by",
                           "makes more than %d groups: ask for less", ACTIVITIES_TALLY_GROUPS);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "total");
    jsonw_object(json);
    write_sums(json, kinds, &total);
    jsonw_object_end(json);
    jsonw_key(json, "groups");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        write_key(json, filter.by, &groups[i]);
        write_sums(json, kinds, &groups[i]);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}

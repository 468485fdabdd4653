#include "server/api/api_statistics.h"

#include "data/cases_branch.h"
#include "data/cases_figures.h"
#include "geo/base/clock.h"
#include "geo/base/text.h"
#include "server/api/api_time.h"
#include "server/api/label_json.h"
#include "server/api/report_query.h"

#include <string.h>

/* 数字化城市管理: the steps that states of kinds name by number. */
static const struct kinds_label steps[CASES_LIFE_STEPS + 1] = {
    {"挂起", "Paused"},           {"信息收集", "Information"}, {"案卷建立", "Filing"},
    {"任务派遣", "Dispatch"},     {"任务处理", "Handling"},    {"处理反馈", "Feedback"},
    {"核查结案", "Verification"}, {"综合评价", "Evaluation"},
};

/* A share of what is there to share; null where nothing is. */
static void write_rate(struct jsonw *json, const char *key, int64_t part, int64_t of)
{
    jsonw_key(json, key);
    if (of)
        jsonw_number(json, (double)part / (double)of, 4);
    else
        jsonw_null(json);
}

static void write_median(struct jsonw *json, const struct cases_figures *f, int step)
{
    jsonw_object(json);
    if (step) jsonw_key_int(json, "step", step);
    label_json_write(json, "label", steps[step].zh, steps[step].en);
    jsonw_key(json, "median");
    if (f->median_of[step])
        jsonw_number(json, f->median_h[step], 2);
    else
        jsonw_null(json);
    jsonw_key_int(json, "cases", f->median_of[step]);
    jsonw_object_end(json);
}

static void write_figures(struct jsonw *json, const struct cases_figures *f)
{
    const struct {
        const char *key;
        int64_t value;
    } counts[] = {{"received", f->received},
                  {"open", f->open},
                  {"closed", f->received - f->open},
                  {"solved", f->solved},
                  {"refused", f->refused},
                  {"duplicates", f->duplicates},
                  {"withdrawn", f->withdrawn},
                  {"overdue", f->overdue},
                  {"paused", f->paused},
                  {"reopened", f->reopened},
                  {"taken_up", f->taken_up},
                  {"taken_up_in_time", f->taken_up_in_time},
                  {"response_owed", f->response_owed},
                  {"solution_owed", f->solution_owed},
                  {"in_time", f->in_time},
                  {"on_time_owed", f->on_time_owed},
                  {"rated", f->rated},
                  {"satisfied", f->satisfied},
                  {"adopted", f->adopted},
                  {"decided", f->decided},
                  {"answered_in_time", f->answered_in_time},
                  {"answer_owed", f->answer_owed},
                  {"supports", f->supports}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        jsonw_key_int(json, counts[i].key, counts[i].value);
    write_rate(json, "response_rate", f->taken_up_in_time, f->response_owed);
    write_rate(json, "solution_rate", f->solved, f->solution_owed);
    write_rate(json, "satisfaction", f->satisfied, f->rated);
    write_rate(json, "on_time_rate", f->in_time, f->on_time_owed);
    write_rate(json, "adoption_rate", f->adopted, f->decided);
    write_rate(json, "answer_rate", f->answered_in_time, f->answer_owed);
    jsonw_key(json, "hours");
    jsonw_array(json);
    for (int step = 1; step <= CASES_LIFE_STEPS; step++)
        write_median(json, f, step);
    jsonw_array_end(json);
    jsonw_key(json, "paused_hours");
    write_median(json, f, 0);
}

/* What a row is called, where that is not its key. */
static void write_label(struct jsonw *json, const struct tools *tools,
                        const struct kinds_kind *kind, enum cases_figures_by by, const char *key)
{
    const struct kinds_category *category =
        by == CASES_BY_CATEGORY ? kinds_category(kind, key) : NULL;
    int64_t id = 0;
    if (category) label_json_write(json, "label", category->label.zh, category->label.en);
    bool is_area = by == CASES_BY_AREA || by == CASES_BY_BRANCH;
    if (!is_area || !text_int(key, strlen(key), 1, INT64_MAX, &id)) return;
    long i = areaset_by_id(tools->snapshot->areas, id);
    if (i < 0) return;
    const struct area *area = areaset_at(tools->snapshot->areas, (size_t)i);
    label_json_write(json, "label", area->name, area->name_en);
}

struct asked {
    struct cases_filter filter;
    const struct kinds_kind *kind;
    enum cases_figures_by by;
    int64_t now_ms;
};

/* Which answer for a row. */
static enum err write_branches(struct jsonw *json, struct db *db, struct arena *arena,
                               const char *key)
{
    const struct cases_branch_name *names = NULL;
    size_t count = 0;
    int64_t area = 0;
    (void)text_int(key, strlen(key), 1, INT64_MAX, &area);
    enum err e = cases_branch_names(db, area, arena, &names, &count);
    if (e) return e;
    jsonw_key(json, "branches");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        jsonw_key_int(json, "id", names[i].id);
        jsonw_key_string(json, "name", names[i].name);
        if (names[i].name_en[0]) jsonw_key_string(json, "name_en", names[i].name_en);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    return ERR_OK;
}

static enum err write_all(struct jsonw *json, const struct tools *tools, struct db *db,
                          struct arena *arena, const struct asked *asked,
                          const struct cases_figures *total, const struct cases_figures_row *rows,
                          size_t count)
{
    enum err e = ERR_OK;
    jsonw_object(json);
    jsonw_key_string(json, "kind", asked->kind->code);
    api_time_write(json, "at", asked->now_ms);
    jsonw_key(json, "total");
    jsonw_object(json);
    write_figures(json, total);
    jsonw_object_end(json);
    jsonw_key(json, "rows");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "key", rows[i].key);
        write_label(json, tools, asked->kind, asked->by, rows[i].key);
        if (asked->by == CASES_BY_BRANCH) e = write_branches(json, db, arena, rows[i].key);
        write_figures(json, &rows[i].figures);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
    return e;
}

static enum err answer(struct request *request, struct response *response, struct tools *tools,
                       struct asked *asked)
{
    struct cases_figures total;
    const struct cases_figures_row *rows = NULL;
    size_t count = 0;
    struct why why = {""};
    struct db *db;
    enum err e = tools_db(tools, &db, &why);
    asked->now_ms = clock_utc_ms();
    if (!e)
        e = cases_figures_find(db, &asked->filter, tools->service->kinds, asked->by, asked->now_ms,
                               request->arena, &total, &rows, &count, &why);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONTENT, "from", "%s",
                           why.text[0] ? why.text : "your areas are too many: name one (area)");
    if (e) return problem_from_err(request->problem, e, &why);
    e = write_all(response_json(response), tools, db, request->arena, asked, &total, rows, count);
    return problem_from_err(request->problem, e, NULL);
}

enum err api_statistics_get(struct request *request, struct response *response, struct tools *tools)
{
    static const char *const words[] = {"none", "area",   "category", "month",
                                        "unit", "branch", NULL};
    struct asked asked = {.kind = NULL};
    int by = CASES_BY_NONE;
    enum err e = request_word(request, "by", words, &by);
    if (!e) e = report_query_read(request, tools, RIGHTS_statistics, &asked.kind, &asked.filter);
    if (e) return e;
    asked.by = (enum cases_figures_by)by;
    response_header(response, "Cache-Control", "private, no-cache");
    return answer(request, response, tools, &asked);
}

enum err api_statistics_results(struct request *request, struct response *response,
                                struct tools *tools)
{
    static const char *const words[] = {"none", "area", "category", "month", "branch", NULL};
    static const enum cases_figures_by bys[] = {CASES_BY_NONE, CASES_BY_AREA, CASES_BY_CATEGORY,
                                                CASES_BY_MONTH, CASES_BY_BRANCH};
    struct asked asked = {.kind = NULL};
    int by = 0;
    enum err e = request_word(request, "by", words, &by);
    if (!e) e = report_query_open(request, tools, &asked.kind, &asked.filter);
    if (e) return e;
    asked.by = bys[by];
    /* What was not filed, or waits to be, counts as well: a share that left it out would be ours.
     */
    asked.filter.only_listed = false;
    response_header(response, "Cache-Control", "public, max-age=60");
    return answer(request, response, tools, &asked);
}

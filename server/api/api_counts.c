#include "server/api/api_counts.h"

#include "data/cases_counts.h"
#include "geo/base/clock.h"
#include "server/api/report_query.h"

#include <string.h>

struct sums {
    int64_t total, open, overdue, near, nobody;
};

static void add(struct sums *sums, const struct kinds_kind *kind, const struct cases_count *c)
{
    const struct kinds_state *state = kinds_state(kind, c->state);
    sums->total += c->count;
    if (!state || !state->open) return;
    sums->open += c->count;
    if (c->overdue && !state->paused) sums->overdue += c->count;
    if (c->near && !state->paused) sums->near += c->count;
    if (c->nobody) sums->nobody += c->count;
}

/* One that is no longer described is counted in the total alone. */
static void write_by(struct jsonw *json, const char *key, const char *const *codes, size_t n,
                     bool by_state, const struct cases_count *counts, size_t count)
{
    jsonw_key(json, key);
    jsonw_object(json);
    for (size_t i = 0; i < n; i++) {
        int64_t sum = 0;
        for (size_t j = 0; j < count; j++)
            if (strcmp(codes[i], by_state ? counts[j].state : counts[j].category) == 0)
                sum += counts[j].count;
        if (sum) jsonw_key_int(json, codes[i], sum);
    }
    jsonw_object_end(json);
}

static enum err write_all(struct arena *arena, struct jsonw *json, const struct kinds_kind *kind,
                          const struct cases_count *counts, size_t count)
{
    struct sums sums = {0};
    const char **codes =
        arena_calloc(arena, kind->state_count + kind->category_count, sizeof *codes);
    if (!codes) return ERR_NOMEM;
    for (size_t i = 0; i < kind->state_count; i++)
        codes[i] = kind->states[i].code;
    for (size_t i = 0; i < kind->category_count; i++)
        codes[kind->state_count + i] = kind->categories[i].code;
    for (size_t i = 0; i < count; i++)
        add(&sums, kind, &counts[i]);
    jsonw_object(json);
    jsonw_key_int(json, "total", sums.total);
    jsonw_key_int(json, "open", sums.open);
    jsonw_key_int(json, "overdue", sums.overdue);
    jsonw_key_int(json, "near", sums.near);
    jsonw_key_int(json, "unassigned", sums.nobody);
    write_by(json, "states", codes, kind->state_count, true, counts, count);
    write_by(json, "categories", codes + kind->state_count, kind->category_count, false, counts,
             count);
    jsonw_object_end(json);
    return ERR_OK;
}

enum err api_counts_get(struct request *request, struct response *response, struct tools *tools)
{
    struct cases_filter filter;
    const struct kinds_kind *kind = NULL;
    const struct cases_count *counts = NULL;
    size_t count = 0;
    int64_t now_ms = clock_utc_ms();
    struct why why = {""};
    struct db *db;
    enum err e = report_query_read(request, tools, RIGHTS_see, &kind, &filter);
    if (e) return e;
    if (kind->is_private && filter.text)
        return problem_say(request->problem, PROBLEM_PARAMETER, "text",
                           "is not counted in a private kind: each look at such a case is kept; "
                           "list them instead");
    e = tools_db(tools, &db, &why);
    if (!e)
        e = cases_counts_find(db, &filter, tools->service->kinds, now_ms,
                              cases_due_near(tools->service->kinds, kind, now_ms), request->arena,
                              &counts, &count);
    if (e) return problem_from_err(request->problem, e, &why);
    response_header(response, "Cache-Control", "private, no-cache");
    return write_all(request->arena, response_json(response), kind, counts, count);
}

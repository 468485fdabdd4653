#include "server/api/report_query.h"

#include "geo/base/clock.h"
#include "geo/base/moment.h"
#include "geo/base/text.h"
#include "server/api/area_right.h"
#include "server/auth.h"

#include <string.h>

/* What `wanted` leaves of the caller's areas. One area stands for all below it, so that is the
 * wanted one itself where the caller may see all of it, and else those of the caller within it. */
static enum err cut_areas(struct request *request, const struct areaset *areas, int64_t wanted,
                          struct cases_filter *filter)
{
    bool whole = !filter->areas_limited;
    size_t n = 0;
    int64_t *ids = arena_calloc(request->arena, filter->area_count + 1, sizeof *ids);
    if (!ids) return ERR_NOMEM;
    for (size_t i = 0; i < filter->area_count && !whole; i++) {
        whole = area_right_within(areas, wanted, filter->area_ids[i]);
        if (area_right_within(areas, filter->area_ids[i], wanted)) ids[n++] = filter->area_ids[i];
    }
    if (whole) {
        ids[0] = wanted;
        n = 1;
    }
    filter->areas_limited = true;
    filter->area_ids = ids;
    filter->area_count = n;
    return ERR_OK;
}

static enum err read_areas(struct request *request, struct tools *tools, enum rights right,
                           struct cases_filter *filter)
{
    const struct areaset *areas = tools->snapshot->areas;
    int64_t wanted = 0;
    enum err e = request_int(request, "area", 1, INT64_MAX, &wanted);
    if (!e)
        e = auth_areas(tools, right, filter->kind, request->arena, &filter->areas_limited,
                       &filter->area_ids, &filter->area_count);
    if (e || !wanted) return e;
    if (areaset_by_id(areas, wanted) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    return cut_areas(request, areas, wanted, filter);
}

/* Which kind of case, by its code. */
static enum err read_kind(struct request *request, const struct tools *tools, const char *otherwise,
                          const struct kinds_kind **kind)
{
    const char *code = request_query(request, "kind");
    *kind = kinds_find(tools->service->kinds, code ? code : otherwise);
    if (*kind) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                       "there is no such kind; /v1/kinds lists them");
}

static enum err read_words(struct request *request, const struct kinds_kind *kind,
                           struct cases_filter *filter)
{
    filter->kind = kind->code;
    filter->state = request_query(request, "state");
    filter->category = request_query(request, "category");
    if (filter->state && !kinds_state(kind, filter->state))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           "is unknown; /v1/kinds lists the states");
    if (filter->category && !kinds_category(kind, filter->category))
        return problem_say(request->problem, PROBLEM_PARAMETER, "category",
                           "is unknown; /v1/kinds lists what there is");
    enum err e = request_bool(request, "open", &filter->only_open);
    return e ? e : request_int(request, "place", 1, INT64_MAX, &filter->place);
}

/* `due=overdue`, or `near`: not yet, but soon. */
static enum err read_due(struct request *request, const struct tools *tools,
                         const struct kinds_kind *kind, struct cases_filter *filter)
{
    static const char *const words[] = {"any", "overdue", "near", NULL};
    enum { ANY, OVERDUE };
    int64_t now_ms = clock_utc_ms();
    int due = ANY;
    enum err e = request_word(request, "due", words, &due);
    if (e || due == ANY) return e;
    filter->only_open = true;
    filter->due_after_ms = due == OVERDUE ? 0 : now_ms;
    filter->due_upto_ms =
        due == OVERDUE ? now_ms : cases_due_near(tools->service->kinds, kind, now_ms);
    return ERR_OK;
}

/* `answer=late`, or `near`: they wait for one, not yet too long; so soon that a quarter of their
 * time is left. */
static enum err read_answer(struct request *request, const struct kinds_kind *kind,
                            struct cases_filter *filter)
{
    static const char *const words[] = {"any", "late", "near", NULL};
    enum { ANY, LATE };
    enum { QUARTER_MS = 15000 }; /* of a minute */
    int64_t now_ms = clock_utc_ms();
    int answer = ANY;
    enum err e = request_word(request, "answer", words, &answer);
    if (e || answer == ANY) return e;
    filter->only_open = true;
    filter->answer_after_ms = answer == LATE ? 0 : now_ms;
    filter->answer_upto_ms = answer == LATE ? now_ms : now_ms + kind->answer_min * QUARTER_MS;
    return ERR_OK;
}

/* `assignee=me`, `none`, or a person's id. */
static enum err read_assignee(struct request *request, const struct tools *tools,
                              struct cases_filter *filter)
{
    const char *who = request_query(request, "assignee");
    if (!who) return ERR_OK;
    if (strcmp(who, "none") == 0)
        filter->nobody = true;
    else if (strcmp(who, "me") == 0)
        filter->assignee = tools->actor->id;
    else if (!text_int(who, strlen(who), 1, INT64_MAX, &filter->assignee))
        return problem_say(request->problem, PROBLEM_PARAMETER, "assignee",
                           "must be me, none, or the id of a person");
    return ERR_OK;
}

static enum err read_flags(struct request *request, struct cases_filter *filter)
{
    static const char *const words[] = {"reused", "joined", "inaccurate"};
    const char *rest = request_query(request, "flags"), *word;
    size_t len, i;
    while (rest && request_next(&rest, ',', &word, &len)) {
        for (i = 0; i < sizeof words / sizeof *words; i++)
            if (strlen(words[i]) == len && memcmp(words[i], word, len) == 0) break;
        if (i == sizeof words / sizeof *words)
            return problem_say(request->problem, PROBLEM_PARAMETER, "flags",
                               "must be some of reused, joined, inaccurate");
        filter->flags |= 1u << i;
    }
    return ERR_OK;
}

static enum err read_bounded(struct request *request, const char *name, size_t max,
                             const char **text)
{
    const char *given = request_query(request, name);
    if (!given) return ERR_OK;
    size_t n = text_utf8_count(given, strlen(given));
    if (n < 1 || n > max)
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "must be 1 to %zu characters long", max);
    *text = given;
    return ERR_OK;
}

static enum err read_moment(struct request *request, const char *name, int64_t *ms)
{
    const char *given = request_query(request, name);
    if (!given || (moment_read(given, ms) && *ms > 0)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name,
                       "must be a moment like 2026-11-01T00:00:00Z; a plus sign is written %%2B");
}

static enum err read_work(struct request *request, const struct tools *tools,
                          struct cases_filter *filter)
{
    int64_t priority = 0;
    filter->by_priority = request_query(request, "priority") != NULL;
    enum err e = request_int(request, "priority", -1, 2, &priority);
    filter->priority = (int)priority;
    if (!e) e = read_assignee(request, tools, filter);
    if (!e) e = read_bounded(request, "unit", CASES_UNIT_MAX, &filter->unit);
    if (!e) e = read_bounded(request, "text", CASES_TEXT_MAX, &filter->text);
    if (!e) e = read_flags(request, filter);
    if (!e) e = read_moment(request, "from", &filter->created_from_ms);
    return e ? e : read_moment(request, "to", &filter->created_before_ms);
}

enum err report_query_read(struct request *request, struct tools *tools, enum rights right,
                           const struct kinds_kind **kind, struct cases_filter *filter)
{
    *filter = (struct cases_filter){.sort = CASES_NEWEST};
    enum err e = read_kind(request, tools, "report", kind);
    if (!e) e = read_words(request, *kind, filter);
    if (!e) e = read_due(request, tools, *kind, filter);
    if (!e) e = read_answer(request, *kind, filter);
    if (!e) e = read_work(request, tools, filter);
    return e ? e : read_areas(request, tools, right, filter);
}

enum err report_query_open(struct request *request, struct tools *tools,
                           const struct kinds_kind **kind, struct cases_filter *filter)
{
    int64_t *area = arena_calloc(request->arena, 1, sizeof *area);
    if (!area) return ERR_NOMEM;
    *filter = (struct cases_filter){.sort = CASES_NEWEST, .only_listed = true};
    enum err e = read_kind(request, tools, "proposal", kind);
    if (e) return e;
    if (!(*kind)->public)
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "is not listed for everybody; /v1/kinds says which are");
    e = read_words(request, *kind, filter);
    if (!e) e = read_moment(request, "from", &filter->created_from_ms);
    if (!e) e = read_moment(request, "to", &filter->created_before_ms);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, area);
    if (e || !*area) return e;
    if (areaset_by_id(tools->snapshot->areas, *area) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    filter->areas_limited = true;
    filter->area_ids = area;
    filter->area_count = 1;
    return ERR_OK;
}

enum err report_query_sort(struct request *request, struct cases_filter *filter)
{
    static const char *const sorts[] = {"oldest", "newest", "due", "priority", NULL};
    int sort = CASES_NEWEST;
    enum err e = request_word(request, "sort", sorts, &sort);
    if (!e) filter->sort = (enum cases_sort)sort;
    return e;
}

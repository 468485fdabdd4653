#include "server/api/api_calendar.h"

#include "data/signups.h"
#include "server/api/activity_find.h"
#include "server/api/api_base.h"
#include "server/ical.h"

#include <string.h>

enum { MINE_MAX = 500 };

static const char *where_of(const struct tools *tools, const struct activities_activity *a)
{
    int64_t i = a->place_id ? placeset_by_id(tools->snapshot->places, a->place_id) : -1;
    if (a->address[0] || i < 0) return a->address;
    return placeset_at(tools->snapshot->places, (uint32_t)i).name;
}

/* `base` is "https://map.example.org": what stands behind the slashes makes the id nobody else's.
 */
static enum err make_event(struct request *request, const struct tools *tools, const char *base,
                           const struct activities_activity *a, struct ical_event *event)
{
    const struct activity_kinds_kind *kind =
        activity_kinds_find(tools->service->activities, a->kind);
    const char *host = strstr(base, "//");
    *event = (struct ical_event){
        .uid = arena_printf(request->arena, "activity-%lld@%s", (long long)a->id,
                            host ? host + 2 : base),
        .title = a->title,
        .text = a->body,
        .where = where_of(tools, a),
        .url = arena_printf(request->arena, "%s/activities/%lld", base, (long long)a->id),
        .category = kind ? kind->label.zh : a->kind,
        .has_position = a->has_position,
        .at = a->at,
        .from_ms = a->from_ms,
        .to_ms = a->to_ms,
        .created_ms = a->created_ms,
        .updated_ms = a->updated_ms,
        .sequence = a->version - 1,
        .status = a->state == ACTIVITIES_cancelled ? ICAL_CANCELLED : ICAL_CONFIRMED};
    return event->uid && event->url ? ERR_OK : ERR_NOMEM;
}

static enum err answer(struct request *request, struct response *response,
                       const struct ical_event *events, size_t count)
{
    enum err e = ical_write(events, count, &response->body);
    if (e) return problem_from_err(request->problem, e, NULL);
    response->content_type = "text/calendar; charset=utf-8";
    response_header(response, "Content-Disposition", "attachment; filename=\"yizhan.ics\"");
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_calendar_one(struct request *request, struct response *response, struct tools *tools)
{
    struct activities_activity activity;
    struct ical_event event;
    struct db *db;
    enum err e = activity_find(request, tools, &db, &activity);
    if (e) return e;
    const char *base = api_base_url(request, tools);
    e = base ? make_event(request, tools, base, &activity, &event) : ERR_NOMEM;
    return e ? problem_from_err(request->problem, e, NULL) : answer(request, response, &event, 1);
}

/* What one did not take back, and what was cancelled, so that it goes from the calendar. */
static enum err take(struct request *request, const struct tools *tools, struct db *db,
                     const char *base, const struct signups_signup *s, struct ical_event *event,
                     bool *taken)
{
    struct activities_activity activity;
    enum err e = activities_find(db, s->activity, request->arena, &activity);
    if (e) return e;
    *taken = s->state != SIGNUPS_refused &&
             (s->state != SIGNUPS_cancelled || activity.state == ACTIVITIES_cancelled);
    if (!*taken) return ERR_OK;
    e = make_event(request, tools, base, &activity, event);
    if (!e && s->state == SIGNUPS_waiting) event->status = ICAL_TENTATIVE;
    return e;
}

enum err api_calendar_mine(struct request *request, struct response *response, struct tools *tools)
{
    const struct signups_filter filter = {
        .person = tools->actor->id, .state = -1, .limit = MINE_MAX};
    const struct signups_signup *list = NULL;
    struct ical_event *events = arena_calloc(request->arena, MINE_MAX, sizeof *events);
    const char *base = api_base_url(request, tools);
    size_t count = 0, n = 0;
    bool more = false, taken = false;
    struct db *db;
    enum err e = activity_find_own_db(request, tools, &db);
    if (e) return e;
    e = events && base ? signups_list(db, &filter, request->arena, &list, &count, &more)
                       : ERR_NOMEM;
    for (size_t i = 0; i < count && !e; i++) {
        e = take(request, tools, db, base, &list[i], &events[n], &taken);
        if (e) break;
        for (size_t j = 0; j < n && taken; j++) /* one signed up again: the later one stands */
            taken = strcmp(events[j].uid, events[n].uid) != 0;
        if (taken) n++;
    }
    return e ? problem_from_err(request->problem, e, NULL) : answer(request, response, events, n);
}

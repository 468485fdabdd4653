#include "server/api/api_place_history.h"

#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/place_right.h"
#include "server/api/place_work.h"

#include <string.h>

enum { LIST_MAX = 200 };

/* Whoever works here sees all of it. The public sees what was done and when, and to which fields,
 * but neither by whom, nor why (that is written among colleagues), nor what stood there before: a
 * phone number was perhaps taken off for a reason. That riders were there is nobody's business. */
static void write_event(struct jsonw *json, const struct places_event *event, bool for_staff)
{
    jsonw_object(json);
    jsonw_key_int(json, "version", event->version);
    jsonw_key_string(json, "verb", event->verb);
    api_time_write(json, "at", event->at_ms);
    jsonw_key_string(json, "actor", event->actor);
    if (for_staff && event->person) jsonw_key_int(json, "person_id", event->person);
    if (for_staff && event->reason[0]) jsonw_key_string(json, "reason", event->reason);
    if (for_staff) {
        jsonw_key(json, "changes");
        jsonw_raw(json, event->changes, strlen(event->changes));
    }
    jsonw_object_end(json);
}

static bool is_public(const struct places_event *event)
{
    return strcmp(event->actor, "rider") != 0;
}

static void write_list(struct response *response, const struct places_event *events, size_t count,
                       bool for_staff, const char *next)
{
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "history");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        if (for_staff || is_public(&events[i])) write_event(json, &events[i], for_staff);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
}

enum err api_place_history_list(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct place_work work;
    struct api_page page;
    const struct places_event *events = NULL;
    const char *next = NULL;
    size_t count = 0;
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (!e) e = place_work_find(request, tools, &work);
    if (e) return e;
    bool for_staff = place_right_at(tools, work.old.at);
    if (!for_staff && (work.old.removed || work.old.vanished))
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such place");
    /* One more tells whether there is more. */
    e = places_history(work.db, work.old.id, page.has_cursor ? page.after[0] : 0,
                       (uint32_t)page.limit + 1, request->arena, &events, &count);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (count > (size_t)page.limit)
        next = api_page_next(request, response, events[--count - 1].id, 0);
    write_list(response, events, count, for_staff, next);
    return ERR_OK;
}

#include "server/api/open311_ask.h"

#include "geo/base/clock.h"
#include "server/api/api_time.h"
#include "server/auth.h"
#include "server/negotiate.h"

#include <string.h>

enum { PAGE_MAX = 1000000, RADIUS_MAX_M = 100000 };
static const int64_t span_ms = INT64_C(90) * 24 * 3600 * 1000;

/* "An empty parameter is an absent one", GeoReport v2. */
static void drop_empty(struct request *request)
{
    size_t n = 0;
    for (size_t i = 0; i < request->query_count; i++)
        if (request->query[i].value[0]) request->query[n++] = request->query[i];
    request->query_count = n;
}

const struct kinds_kind *open311_ask_kind(struct request *request, const struct tools *tools)
{
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, OPEN311_KIND);
    drop_empty(request);
    if (kind && !kind->is_private) return kind;
    problem_tell(request->problem, PROBLEM_NOT_FOUND, NULL, "no services are offered here");
    return NULL;
}

bool open311_ask_is_xml(const struct request *request)
{
    size_t len = strlen(request->path);
    return len > 4 && strcmp(request->path + len - 4, ".xml") == 0;
}

void open311_ask_answer(const struct request *request, struct response *response, struct tree *tree)
{
    response_tree(response, open311_ask_is_xml(request), tree);
}

enum err open311_ask_lang(struct request *request, bool *english)
{
    static const char *const words[] = {"zh", "en", NULL};
    int lang = negotiate_language(request->headers.accept_language, words);
    enum err e = request_word(request, "lang", words, &lang);
    if (!e) *english = lang == 1;
    return e;
}

const char *open311_ask_label(const struct kinds_label *label, bool english)
{
    return english ? label->en : label->zh;
}

bool open311_ask_shown(const struct kinds_kind *kind, const struct kinds_state *state)
{
    return state->step > 0 && state != &kind->states[kind->first_state];
}

const char *open311_ask_status(const struct kinds_kind *kind, const char *state)
{
    const struct kinds_state *found = kinds_state(kind, state);
    return found && found->open ? "open" : "closed";
}

/* When a request changed last; whoever asks for that alone is told of it however old it is. */
static enum err read_changed(struct request *request, struct cases_published *filter)
{
    const char *from = request_query(request, "updated_after"),
               *upto = request_query(request, "updated_before");
    filter->by_update = from || upto;
    filter->changed_upto_ms = INT64_MAX;
    enum err e = api_time_member(request, "updated_after", from, &filter->changed_from_ms);
    if (!e) e = api_time_member(request, "updated_before", upto, &filter->changed_upto_ms);
    if (e || filter->changed_from_ms <= filter->changed_upto_ms) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "updated_after",
                       "lies behind updated_before");
}

/* One end that is missing lies 90 days from the other, or now; named ones and those that changed
 * are asked for without. */
static enum err read_span(struct request *request, struct cases_published *filter)
{
    const char *from = request_query(request, "start_date"),
               *upto = request_query(request, "end_date");
    filter->upto_ms = clock_utc_ms();
    enum err e = api_time_member(request, "end_date", upto, &filter->upto_ms);
    filter->from_ms = filter->upto_ms - span_ms;
    if (!from && !upto && (filter->by_update || filter->id_count)) filter->from_ms = 0;
    if (!e) e = api_time_member(request, "start_date", from, &filter->from_ms);
    if (e || filter->from_ms <= filter->upto_ms) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "start_date", "lies behind end_date");
}

/* Around a point: all three or none. */
static enum err read_near(struct request *request, struct cases_published *filter)
{
    static const char *const names[] = {"lat", "long", "radius"};
    bool some = false;
    for (size_t i = 0; i < 3; i++)
        some = some || request_query(request, names[i]);
    for (size_t i = 0; i < 3 && some; i++)
        if (!request_query(request, names[i]))
            return problem_say(request->problem, PROBLEM_PARAMETER, names[i],
                               "is missing: lat, long and radius, in metres, go together");
    enum err e = request_number(request, "lat", -90, 90, &filter->at.lat);
    if (!e) e = request_number(request, "long", -180, 180, &filter->at.lon);
    return e ? e : request_number(request, "radius", 1, RADIUS_MAX_M, &filter->radius_m);
}

enum err open311_ask_ids(struct request *request, const char *const **ids, size_t *count)
{
    const char *rest = request_query(request, "service_request_id"), *item;
    const char **list = arena_calloc(request->arena, CASES_PUBLISHED_IDS, sizeof *list);
    size_t len, n = 0;
    if (!list) return ERR_NOMEM;
    while (rest && request_next(&rest, ',', &item, &len)) {
        if (n == CASES_PUBLISHED_IDS)
            return problem_say(request->problem, PROBLEM_PARAMETER, "service_request_id",
                               "names more than %d", CASES_PUBLISHED_IDS);
        list[n] = arena_strndup(request->arena, item, len);
        if (!list[n++]) return ERR_NOMEM;
    }
    *ids = list;
    *count = n;
    return ERR_OK;
}

static enum err read_page(struct request *request, struct cases_published *filter)
{
    int64_t page = 1, size = CASES_PUBLISHED_LIMIT;
    enum err e = request_int(request, "page", 1, PAGE_MAX, &page);
    if (!e) e = request_int(request, "page_size", 1, CASES_PUBLISHED_LIMIT, &size);
    filter->limit = (uint32_t)size;
    filter->skip = (page - 1) * size;
    return e;
}

/* `status` names one or, behind commas, more. */
static enum err read_status(struct request *request, bool *open, bool *closed)
{
    const char *rest = request_query(request, "status"), *item;
    size_t len;
    *open = *closed = !rest;
    while (rest && request_next(&rest, ',', &item, &len)) {
        bool is_open = len == 4 && memcmp(item, "open", len) == 0;
        bool is_closed = len == 6 && memcmp(item, "closed", len) == 0;
        *open = *open || is_open;
        *closed = *closed || is_closed;
        if (!is_open && !is_closed)
            return problem_say(request->problem, PROBLEM_PARAMETER, "status",
                               "must be open or closed");
    }
    return ERR_OK;
}

static enum err read_states(struct request *request, const struct kinds_kind *kind,
                            struct cases_published *filter)
{
    bool open, closed;
    enum err e = read_status(request, &open, &closed);
    if (e) return e;
    const char **states = arena_calloc(request->arena, kind->state_count + 1, sizeof *states);
    if (!states) return ERR_NOMEM;
    for (size_t i = 0; i < kind->state_count; i++) {
        const struct kinds_state *state = &kind->states[i];
        if (open311_ask_shown(kind, state) && (state->open ? open : closed))
            states[filter->state_count++] = state->code;
    }
    filter->states = states;
    return ERR_OK;
}

enum err open311_ask_filter(struct request *request, const struct kinds_kind *kind,
                            struct cases_published *filter)
{
    *filter = (struct cases_published){.kind = kind->code,
                                       .category = request_query(request, "service_code")};
    if (filter->category && !kinds_category(kind, filter->category))
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "service_code",
                           "is unknown; services lists what there is");
    enum err e = open311_ask_ids(request, &filter->ids, &filter->id_count);
    if (!e) e = read_changed(request, filter);
    if (!e) e = read_near(request, filter);
    if (!e) e = read_span(request, filter);
    if (!e) e = read_page(request, filter);
    return e ? e : read_states(request, kind, filter);
}

enum err open311_ask_key(struct request *request, struct tools *tools,
                         const struct photo_form *form)
{
    const char *key = photo_form_value(form, "api_key");
    if (!key) key = request_query(request, "api_key");
    return key && key[0] ? auth_key(request, tools, key) : ERR_OK;
}

enum err open311_ask_media(struct request *request, const struct photo_form *form)
{
    if (!photo_form_value(form, "media_url")) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "media_url",
                       "is not fetched: send the photo itself, as a file `media` of "
                       "multipart/form-data");
}

void open311_ask_time(struct tree *tree, const char *name, int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    tree_text(tree, name, ms && clock_text(ms, text) ? text : NULL);
}

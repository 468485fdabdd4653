#include "server/api/api_views.h"

#include "data/views.h"
#include "geo/base/clock.h"
#include "geo/base/text.h"
#include "server/api/report_query.h"
#include "server/api/share_right.h"
#include "server/auth.h"
#include "server/body.h"

#include <string.h>

enum { QUERY_MEMBERS = 20 };

/* ---- what is asked for ----------------------------------------------------------------------- */

/* What the queue's own reader says against it, told of the member. */
static enum err tell(struct request *request, const struct problem *problem, enum err e)
{
    const char *path = arena_printf(request->arena, "query/%s", problem->parameter);
    if (!path || problem->kind == PROBLEM_NONE)
        return problem_from_err(request->problem, path ? e : ERR_NOMEM, NULL);
    return problem_say(request->problem, problem->kind, problem->parameter[0] ? path : "query",
                       "%s", problem->detail);
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) return true;
    return false;
}

/* Reads the members as if they had come as the queue's query. */
static enum err check_query(struct request *request, struct tools *tools,
                            const struct body_texts *texts, const char **kind)
{
    const struct kinds_kind *of = NULL;
    struct cases_filter filter;
    struct problem problem = {.kind = PROBLEM_NONE};
    struct request *asked = arena_alloc(request->arena, sizeof *asked);
    if (!asked) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    *asked = *request;
    asked->problem = &problem;
    asked->query_count = 0;
    asked->names = 0;
    for (size_t i = 0; i < texts->count; i++) {
        const struct body_text *text = &texts->items[i];
        if (has_control(text->value))
            return problem_say(request->problem, PROBLEM_PARAMETER, "query",
                               "must have no control characters");
        asked->query[asked->query_count++] = (struct request_pair){text->name, text->value};
        asked->names |= request_bit(text->name);
    }
    enum err e = request_allow(asked, REPORT_QUERY " sort");
    if (!e) e = report_query_read(asked, tools, RIGHTS_see, &of, &filter);
    if (!e) e = report_query_sort(asked, &filter);
    if (e) return tell(request, &problem, e);
    *kind = of->code;
    return ERR_OK;
}

static enum err write_query(struct request *request, const struct body_texts *texts,
                            const char **query)
{
    struct buf out;
    struct jsonw json;
    buf_init(&out, (size_t)64 * 1024);
    jsonw_init(&json, &out);
    jsonw_object(&json);
    for (size_t i = 0; i < texts->count; i++)
        jsonw_key_string(&json, texts->items[i].name, texts->items[i].value);
    jsonw_object_end(&json);
    bool fits = !out.err && out.len <= VIEWS_QUERY_MAX;
    const char *made = fits ? arena_strndup(request->arena, out.bytes, out.len) : NULL;
    buf_fini(&out);
    if (!fits)
        return problem_say(request->problem, PROBLEM_PARAMETER, "query", "is longer than %d bytes",
                           VIEWS_QUERY_MAX);
    if (!made) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    *query = made;
    return ERR_OK;
}

/* A new one has no version yet. */
static enum err read_form(struct request *request, struct tools *tools, struct views_view *view,
                          bool is_new)
{
    struct body_texts texts = {0};
    const struct body_field fields[] = {
        {.name = "name",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = VIEWS_NAME_MAX,
         .text = &view->name},
        {.name = "query",
         .type = BODY_TEXTS,
         .required = true,
         .max = QUERY_MEMBERS,
         .texts = &texts},
        {.name = "shared", .type = BODY_BOOL, .flag = &view->shared},
        {.name = "area_id", .type = BODY_INT, .min = 1, .max = INT64_MAX, .number = &view->area_id},
        BODY_VERSION(&view->version)};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields - is_new);
    if (!e && has_control(view->name))
        e = problem_say(request->problem, PROBLEM_PARAMETER, "name",
                        "must have no control characters");
    if (!e) e = check_query(request, tools, &texts, &view->kind);
    if (!e) e = write_query(request, &texts, &view->query);
    if (e) return e;
    if (!view->shared && view->area_id)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id",
                           "says with whom a view is shared: add shared, or leave it out");
    return view->shared ? share_right_need(request, tools, view->area_id, view->kind, "a view")
                        : ERR_OK;
}

/* ---- answering ------------------------------------------------------------------------------- */

static void write_view(struct jsonw *json, const struct tools *tools, const struct views_view *v)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", v->id);
    jsonw_key_string(json, "name", v->name);
    jsonw_key(json, "query");
    jsonw_raw(json, v->query, strlen(v->query));
    jsonw_key_bool(json, "shared", v->shared);
    if (v->area_id) jsonw_key_int(json, "area_id", v->area_id);
    jsonw_key_bool(json, "mine", v->person == tools->actor->id);
    jsonw_key_int(json, "version", v->version);
    jsonw_object_end(json);
}

static bool shows(void *user, const struct views_view *view)
{
    return share_right_near(user, RIGHTS_see, view->area_id, view->kind);
}

enum err api_views_list(struct request *request, struct response *response, struct tools *tools)
{
    const struct views_view *views = NULL;
    size_t count = 0;
    struct why why = {""};
    struct db *db;
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = views_list(db, tools->actor->id, shows, tools, request->arena, &views, &count);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "views");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_view(json, tools, &views[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

static enum err fail(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL, "%s", why->text);
    return problem_from_err(request->problem, e, why);
}

enum err api_views_create(struct request *request, struct response *response, struct tools *tools)
{
    struct views_view view = {.person = tools->actor->id, .version = 1};
    struct why why = {""};
    struct db *db;
    enum err e = read_form(request, tools, &view, true);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e) e = views_add(db, &view, clock_utc_ms(), &view.id, &why);
    if (e) return fail(request, e, &why);
    write_view(response_json(response), tools, &view);
    response->status = 201;
    return ERR_OK;
}

/* The view of the path, where the caller is shown it. */
static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct views_view *view)
{
    struct why why = {""};
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (e) return e;
    e = tools_db(tools, db, &why);
    if (!e) e = views_get(*db, id, request->arena, view);
    if (e && e != ERR_NOTFOUND) return problem_from_err(request->problem, e, &why);
    if (!e && (view->person == tools->actor->id || (view->shared && shows(tools, view))))
        return ERR_OK;
    return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such view");
}

enum err api_views_put(struct request *request, struct response *response, struct tools *tools)
{
    struct views_view old = {.id = 0}, view = {.person = tools->actor->id};
    struct why why = {""};
    struct db *db;
    enum err e = find(request, tools, &db, &old);
    if (e) return e;
    if (old.person != tools->actor->id)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "the view is another's: save one of your own");
    view.id = old.id;
    e = read_form(request, tools, &view, false);
    if (e) return e;
    e = views_put(db, &view, clock_utc_ms(), &why);
    if (e) return fail(request, e, &why);
    view.version++;
    write_view(response_json(response), tools, &view);
    return ERR_OK;
}

enum err api_views_delete(struct request *request, struct response *response, struct tools *tools)
{
    struct views_view view = {.id = 0};
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = request_int(request, "version", 1, INT64_MAX, &version);
    if (!e) e = find(request, tools, &db, &view);
    if (e) return e;
    if (view.person != tools->actor->id && !auth_may(tools, RIGHTS_share, view.area_id, view.kind))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "the view is another's, in an area where you do not share any");
    if (!version) return problem_say(request->problem, PROBLEM_PARAMETER, "version", "is missing");
    e = views_delete(db, view.id, version, &why);
    if (e) return fail(request, e, &why);
    response->status = 204;
    return ERR_OK;
}

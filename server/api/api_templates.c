#include "server/api/api_templates.h"

#include "data/templates.h"
#include "geo/base/clock.h"
#include "server/api/area_right.h"
#include "server/api/share_right.h"
#include "server/auth.h"
#include "server/body.h"

/* ---- reading --------------------------------------------------------------------------------- */

static enum err check_codes(struct request *request, const struct tools *tools, const char *kind,
                            const char *state)
{
    const struct kinds_kind *of = kind ? kinds_find(tools->service->kinds, kind) : NULL;
    if (kind && !of)
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "there is no such kind; /v1/kinds lists them");
    if (state && state[0] && (!of || !kinds_state(of, state)))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           of ? "is unknown; /v1/kinds lists the states"
                              : "is of a kind: name that, too");
    return ERR_OK;
}

static enum err read_form(struct request *request, const struct tools *tools,
                          struct templates_template *t, bool is_new)
{
    struct why why = {""};
    const struct body_field fields[] = {
        {.name = "kind",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = 40,
         .text = &t->kind},
        {.name = "name",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = TEMPLATES_NAME_MAX,
         .text = &t->name},
        {.name = "text",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = TEMPLATES_TEXT_MAX,
         .text = &t->text},
        {.name = "state", .type = BODY_TEXT, .max = 40, .text = &t->state},
        {.name = "area_id", .type = BODY_INT, .min = 1, .max = INT64_MAX, .number = &t->area_id},
        BODY_VERSION(&t->version)};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields - is_new);
    if (!e) e = check_codes(request, tools, t->kind, t->state);
    if (e) return e;
    if (templates_check(t->text, &why))
        return problem_say(request->problem, PROBLEM_PARAMETER, "text", "%s", why.text);
    return share_right_need(request, tools, t->area_id, t->kind, "a template");
}

/* ---- answering ------------------------------------------------------------------------------- */

static void write_template(struct jsonw *json, const struct tools *tools,
                           const struct templates_template *t)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", t->id);
    jsonw_key_string(json, "kind", t->kind);
    if (t->state[0]) jsonw_key_string(json, "state", t->state);
    if (t->area_id) jsonw_key_int(json, "area_id", t->area_id);
    jsonw_key_string(json, "name", t->name);
    jsonw_key_string(json, "text", t->text);
    jsonw_key_bool(json, "yours", auth_may(tools, RIGHTS_share, t->area_id, t->kind));
    jsonw_key_int(json, "version", t->version);
    jsonw_object_end(json);
}

struct asking {
    const struct tools *tools;
    int64_t area; /* 0: any */
};

/* Whether it is for those who work where the caller does, and for cases of the area asked for. */
static bool shows(void *user, const struct templates_template *t)
{
    const struct asking *a = user;
    const struct areaset *areas = a->tools->snapshot->areas;
    if (a->area && t->area_id && !area_right_within(areas, a->area, t->area_id)) return false;
    return share_right_near(a->tools, RIGHTS_note, t->area_id, t->kind) ||
           share_right_near(a->tools, RIGHTS_share, t->area_id, t->kind);
}

enum err api_templates_list(struct request *request, struct response *response, struct tools *tools)
{
    const char *kind = request_query(request, "kind"), *state = request_query(request, "state");
    const struct templates_template *list = NULL;
    struct asking asking = {.tools = tools};
    size_t count = 0;
    struct why why = {""};
    struct db *db;
    enum err e = check_codes(request, tools, kind, state);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &asking.area);
    if (!e && asking.area && areaset_by_id(tools->snapshot->areas, asking.area) < 0)
        e = problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e) e = templates_list(db, kind, state, shows, &asking, request->arena, &list, &count);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "templates");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_template(json, tools, &list[i]);
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

enum err api_templates_create(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct templates_template one = {.state = "", .version = 1};
    struct why why = {""};
    struct db *db;
    enum err e = read_form(request, tools, &one, true);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e) e = templates_add(db, &one, clock_utc_ms(), &one.id, &why);
    if (e) return fail(request, e, &why);
    write_template(response_json(response), tools, &one);
    response->status = 201;
    return ERR_OK;
}

/* The template of the path, where the caller is shown it and keeps it. */
static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct templates_template *one)
{
    struct asking asking = {.tools = tools};
    struct why why = {""};
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (e) return e;
    e = tools_db(tools, db, &why);
    if (!e) e = templates_get(*db, id, request->arena, one);
    if (e && e != ERR_NOTFOUND) return problem_from_err(request->problem, e, &why);
    if (e || !shows(&asking, one))
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such template");
    if (auth_may(tools, RIGHTS_share, one->area_id, one->kind)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                       "the template is kept by those who may %s where it is for",
                       rights_words(RIGHTS_share));
}

enum err api_templates_put(struct request *request, struct response *response, struct tools *tools)
{
    struct templates_template old = {.id = 0}, one = {.state = ""};
    struct why why = {""};
    struct db *db;
    enum err e = find(request, tools, &db, &old);
    if (!e) e = read_form(request, tools, &one, false);
    if (e) return e;
    one.id = old.id;
    e = templates_put(db, &one, clock_utc_ms(), &why);
    if (e) return fail(request, e, &why);
    one.version++;
    write_template(response_json(response), tools, &one);
    return ERR_OK;
}

enum err api_templates_delete(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct templates_template one = {.id = 0};
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = request_int(request, "version", 1, INT64_MAX, &version);
    if (!e) e = find(request, tools, &db, &one);
    if (e) return e;
    if (!version) return problem_say(request->problem, PROBLEM_PARAMETER, "version", "is missing");
    e = templates_delete(db, one.id, version, &why);
    if (e) return fail(request, e, &why);
    response->status = 204;
    return ERR_OK;
}

#include "server/api/api_people.h"

#include "data/people_page.h"
#include "data/rights.h"
#include "server/api/account.h"
#include "server/api/api_page.h"
#include "server/body.h"

#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

/* Whether a text is 1 to PEOPLE_PAGE_MAX whole numbers with a comma between two of them. */
static bool is_ids(const char *text)
{
    for (int left = PEOPLE_PAGE_MAX; left; left--) {
        size_t digits = strspn(text, "0123456789");
        if (!digits || digits > 18 || text[0] == '0') return false;
        text += digits;
        if (!*text) return true;
        if (*text++ != ',') return false;
    }
    return false;
}

static enum err read_filter(struct request *request, const struct tools *tools,
                            struct people_filter *filter)
{
    struct api_page page;
    enum people_role role;
    enum err e = api_page_read(request, PEOPLE_PAGE_MAX, &page);
    if (e) return e;
    *filter = (struct people_filter){.text = request_query(request, "text"),
                                     .ids = request_query(request, "ids"),
                                     .role = request_query(request, "role"),
                                     .by_state = request_query(request, "disabled") != NULL,
                                     .after = page.has_cursor ? page.after[0] : 0,
                                     .limit = page.limit};
    if (filter->text && (!filter->text[0] || strlen(filter->text) > 200))
        return problem_say(request->problem, PROBLEM_PARAMETER, "text",
                           "must be 1 to 200 bytes long");
    if (filter->ids && !is_ids(filter->ids))
        return problem_say(request->problem, PROBLEM_PARAMETER, "ids",
                           "must be at most %d numbers with commas between them", PEOPLE_PAGE_MAX);
    if (filter->role && people_role_find(filter->role, &role))
        return problem_say(request->problem, PROBLEM_PARAMETER, "role", "there is no such role");
    e = request_bool(request, "disabled", &filter->is_off);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &filter->area_id);
    if (e || !filter->area_id || areaset_by_id(tools->snapshot->areas, filter->area_id) >= 0)
        return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
}

enum err api_people_list(struct request *request, struct response *response, struct tools *tools)
{
    struct people_filter filter;
    const struct people_told *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct account a;
    enum err e = account_begin(request, tools, &a);
    if (!e) e = read_filter(request, tools, &filter);
    if (e) return e;
    e = people_page(a.db, &a.by, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "people");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        account_write(json, &list[i], NULL);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_people_get(struct request *request, struct response *response, struct tools *tools)
{
    struct account a;
    enum err e = account_find(request, tools, &a);
    return e ? e : account_answer(request, response, &a, NULL);
}

/* ---- roles ----------------------------------------------------------------------------------- */

struct asked_grant {
    const char *role;
    struct people_grant grant;
};

#define GRANT_FIELDS(asked, owed)                                                                  \
    {.name = "role",                                                                               \
     .type = BODY_TEXT,                                                                            \
     .required = (owed),                                                                           \
     .min = 1,                                                                                     \
     .max = 40,                                                                                    \
     .text = &(asked).role},                                                                       \
        {.name = "area_id",                                                                        \
         .type = BODY_INT,                                                                         \
         .min = 1,                                                                                 \
         .max = INT64_MAX,                                                                         \
         .number = &(asked).grant.area_id},                                                        \
    {                                                                                              \
        .name = "kind", .type = BODY_TEXT, .max = 40, .text = &(asked).grant.kind                  \
    }

static enum err check_grant(struct request *request, const struct tools *tools,
                            struct asked_grant *asked)
{
    const struct people_grant *grant = &asked->grant;
    if (!asked->role && (grant->area_id || grant->kind[0]))
        return problem_say(request->problem, PROBLEM_PARAMETER, "role", "is missing");
    if (asked->role && people_role_find(asked->role, &asked->grant.role))
        return problem_say(request->problem, PROBLEM_PARAMETER, "role", "there is no such role");
    if (grant->area_id && areaset_by_id(tools->snapshot->areas, grant->area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    if (rights_kind(tools->service->kinds, grant->kind)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                       "there is no such kind; /v1/kinds lists them, and there are closure, place, "
                       "points and reward");
}

enum err api_people_grant(struct request *request, struct response *response, struct tools *tools)
{
    struct asked_grant asked = {.grant = {.kind = ""}};
    struct why why = {""};
    struct account a;
    const struct body_field fields[] = {GRANT_FIELDS(asked, true)};
    enum err e = account_find(request, tools, &a);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = check_grant(request, tools, &asked);
    if (e) return e;
    e = people_grant(a.db, &a.by, a.told.id, &asked.grant, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 201;
    return account_answer(request, response, &a, NULL);
}

enum err api_people_ungrant(struct request *request, struct response *response, struct tools *tools)
{
    struct why why = {""};
    int64_t grant = 0;
    struct account a;
    enum err e = account_find(request, tools, &a);
    if (!e) e = request_id(request, "grant", &grant);
    if (e) return e;
    e = people_ungrant(a.db, &a.by, a.told.id, grant, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

/* ---- adding and changing --------------------------------------------------------------------- */

enum err api_people_create(struct request *request, struct response *response, struct tools *tools)
{
    struct asked_grant asked = {.grant = {.kind = ""}};
    const char *login = NULL, *name = NULL, *password = NULL;
    char made[24];
    struct why why = {""};
    struct account a;
    const struct body_field fields[] = {
        {.name = "login", .type = BODY_TEXT, .required = true, .min = 1, .max = 64, .text = &login},
        {.name = "name", .type = BODY_TEXT, .min = 1, .max = 100, .text = &name},
        ACCOUNT_PASSWORD(&password),
        GRANT_FIELDS(asked, false)};
    enum err e = account_begin(request, tools, &a);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e && name) e = account_check_name(request, name);
    if (!e) e = check_grant(request, tools, &asked);
    if (e) return e;
    bool by_key = asked.role && asked.grant.role == PEOPLE_integrator;
    if (by_key && password)
        return problem_say(request->problem, PROBLEM_PARAMETER, "password",
                           "an integrator comes with a key and has none");
    if (!password && !by_key) secrets_password(made);
    const char *shown = !password && !by_key ? made : NULL;
    e = people_add(a.db, &a.by, asked.role ? &asked.grant : NULL, login, name ? name : login,
                   shown ? shown : password, &a.told.id, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 201;
    response_header(response, "Location",
                    arena_printf(request->arena, "/v1/people/%lld", (long long)a.told.id));
    e = account_answer(request, response, &a, shown);
    explicit_bzero(made, sizeof made);
    return e;
}

enum err api_people_put(struct request *request, struct response *response, struct tools *tools)
{
    struct people_put put = {.name = NULL};
    const char *name = NULL;
    bool on = false, off = true;
    struct why why = {""};
    struct account a;
    /* Read twice: absent is told from false by what it leaves alone. */
    const struct body_field fields[] = {
        {.name = "name", .type = BODY_TEXT, .min = 1, .max = 100, .text = &name},
        {.name = "disabled", .type = BODY_BOOL, .flag = &on}};
    const struct body_field again[] = {
        {.name = "name", .type = BODY_TEXT, .min = 1, .max = 100, .text = &name},
        {.name = "disabled", .type = BODY_BOOL, .flag = &off}};
    enum err e = account_find(request, tools, &a);
    if (!e) e = body_read(request, fields, 2);
    if (!e) e = body_read(request, again, 2);
    if (!e && name) e = account_check_name(request, name);
    if (e) return e;
    put = (struct people_put){.name = name, .sets_disabled = on == off, .disabled = on};
    if (!name && !put.sets_disabled)
        return problem_say(request->problem, PROBLEM_BODY, NULL, "name a name, disabled or both");
    e = people_put(a.db, &a.by, a.told.id, &put, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return account_answer(request, response, &a, NULL);
}

#include "server/api/api_assignees.h"

#include "data/cases_units.h"
#include "data/people_page.h"
#include "server/api/area_right.h"
#include "server/api/assignee_right.h"

#include <string.h>

struct asking {
    const struct tools *tools;
    const struct case_answer *of;
};

static unsigned roles_there(void *user, const struct people_grant *grant)
{
    const struct asking *a = user;
    const struct people_actor alone = {.grants = grant, .grant_count = 1};
    return assignee_right_roles(a->tools, a->of, &alone);
}

static void write_people(struct jsonw *json, const struct people_worker *people, size_t count)
{
    jsonw_key(json, "people");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        jsonw_key_int(json, "id", people[i].id);
        jsonw_key_string(json, "name", people[i].name);
        jsonw_key(json, "roles");
        jsonw_array(json);
        for (int role = 0; role < PEOPLE_ROLE_COUNT; role++)
            if (people[i].roles & 1u << role)
                jsonw_string(json, people_role_name((enum people_role)role));
        jsonw_array_end(json);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

/* Whether a unit was written already: for a category before, or as one in use. */
static bool is_old(const struct kinds_kind *kind, size_t upto, const char *unit)
{
    for (size_t i = 0; i < upto; i++)
        if (strcmp(kind->categories[i].unit, unit) == 0) return true;
    return false;
}

static void write_units(struct jsonw *json, const struct kinds_kind *kind, const char **used,
                        size_t count)
{
    size_t categories = kind ? kind->category_count : 0;
    jsonw_key(json, "units");
    jsonw_array(json);
    for (size_t i = 0; i < categories; i++)
        if (kind->categories[i].unit[0] && !is_old(kind, i, kind->categories[i].unit))
            jsonw_string(json, kind->categories[i].unit);
    for (size_t i = 0; i < count; i++)
        if (!kind || !is_old(kind, categories, used[i])) jsonw_string(json, used[i]);
    jsonw_array_end(json);
}

enum err api_assignees_list(struct request *request, struct response *response, struct tools *tools)
{
    struct case_answer of;
    struct asking asking = {tools, &of};
    const struct people_worker *people = NULL;
    const char **units = NULL;
    size_t count = 0, unit_count = 0;
    bool more = false;
    enum err e = case_answer_find(request, tools, &of);
    if (!e)
        e = area_right_in(request, tools, RIGHTS_assign, of.found.area_id, of.found.kind,
                          "the report");
    if (e) return e;
    e = people_page_workers(of.db, roles_there, &asking, request->arena, &people, &count, &more);
    if (!e)
        e = cases_units(of.db, of.found.area_id, of.found.kind, request->arena, &units,
                        &unit_count);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    write_people(json, people, count);
    write_units(json, of.kind, units, unit_count);
    jsonw_key_bool(json, "more", more);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

#include "server/api/import_right.h"

#include "server/api/area_right.h"
#include "server/auth.h"

#include <string.h>

static const char kind_code[] = "place"; /* as place_right.c has it */

bool import_right_sees_all(const struct tools *tools)
{
    return rights_may(tools->actor, RIGHTS_borders, NULL, 0, kind_code);
}

/* Whether there is any place that the caller may bring in. */
static bool may_somewhere(const struct people_actor *actor)
{
    for (size_t i = 0; i < actor->grant_count; i++)
        if (rights_may(actor, RIGHTS_imports, &actor->grants[i].area_id, 1, kind_code)) return true;
    return false;
}

static enum err check_source(struct request *request, const struct import_right *right,
                             const char *source)
{
    if (strcmp(source, "local") == 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "source",
                           "\"local\" is for places that are made by hand; give another name");
    if (strcmp(source, "osm") == 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "source",
                           "\"osm\" is what the extract brings; give another name");
    if (right->by_key && strcmp(source, right->tools->actor->login) != 0)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, "source",
                           "a key brings in the source \"%s\" alone", right->tools->actor->login);
    return ERR_OK;
}

enum err import_right_read(struct request *request, const struct tools *tools,
                           enum import_ogr_kind kind, const char *source,
                           struct import_right *right)
{
    struct import_right made = {.tools = tools, .by_key = tools->actor->by_key};
    made.everywhere = rights_may(tools->actor, RIGHTS_imports, NULL, 0, kind_code);
    if (kind == IMPORT_OGR_AREAS && (made.by_key || !import_right_sees_all(tools)))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, "kind",
                           "areas decide who may do what: they are for city administrators");
    if (!may_somewhere(tools->actor))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           made.by_key ? "the key has no grant for the kind \"place\""
                                       : "bringing in lists is for staff of an area");
    enum err e = check_source(request, &made, source);
    if (!e) *right = made;
    return e;
}

bool import_right_may(const struct import_right *right, struct coord at)
{
    const struct areaset *areas = right->tools->snapshot->areas;
    return right->everywhere ||
           auth_may(right->tools, RIGHTS_imports, area_right_of(areas, at), kind_code);
}

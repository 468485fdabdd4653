#include "server/api/import_right.h"

#include "server/api/area_right.h"
#include "server/api/place_right.h"
#include "server/auth.h"

#include <string.h>

static const char kind_code[] = "place"; /* as place_right.c has it */

enum { CITY = 1 << PEOPLE_city_admin, CHAIN_MAX = 16 };

/* A key is worth no more than what it was given for: "every kind" is not meant to write. */
static bool key_may(const struct people_actor *actor, const int64_t *areas, size_t count)
{
    for (size_t i = 0; i < actor->grant_count; i++) {
        const struct people_grant *grant = &actor->grants[i];
        if (grant->role != PEOPLE_integrator || strcmp(grant->kind, kind_code) != 0) continue;
        if (!grant->area_id) return true;
        for (size_t k = 0; k < count; k++)
            if (areas[k] == grant->area_id) return true;
    }
    return false;
}

bool import_right_sees_all(const struct tools *tools)
{
    return people_may(tools->actor, CITY, NULL, 0, kind_code);
}

/* Whether there is any place that the caller may bring in. */
static bool may_somewhere(const struct import_right *right)
{
    const struct people_actor *actor = right->tools->actor;
    for (size_t i = 0; i < actor->grant_count; i++) {
        const int64_t *area = &actor->grants[i].area_id;
        if (right->by_key ? key_may(actor, area, 1)
                          : people_may(actor, AUTH_STAFF, area, 1, kind_code))
            return true;
    }
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
    made.everywhere = made.by_key ? key_may(tools->actor, NULL, 0)
                                  : people_may(tools->actor, AUTH_STAFF, NULL, 0, kind_code);
    if (kind == IMPORT_OGR_AREAS && (made.by_key || !import_right_sees_all(tools)))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, "kind",
                           "areas decide who may do what: they are for city administrators");
    if (!may_somewhere(&made))
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
    int64_t chain[CHAIN_MAX];
    size_t n = 0;
    if (right->everywhere) return true;
    if (!right->by_key) return place_right_at(right->tools, at);
    for (int64_t id = area_right_of(areas, at); id && n < CHAIN_MAX;) {
        long i = areaset_by_id(areas, id);
        chain[n++] = id;
        id = i < 0 ? 0 : areaset_at(areas, (size_t)i)->parent_id;
    }
    return key_may(right->tools->actor, chain, n);
}

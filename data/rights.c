#include "data/rights.h"

#include "data/kinds.h"

#include <string.h>

static const struct {
    const char *name, *words;
    unsigned roles;
} rows[RIGHTS_COUNT] = {
#define RIGHTS_ROW(name, roles, words) {#name, words, roles},
    RIGHTS_LIST(RIGHTS_ROW)
#undef RIGHTS_ROW
};

const char *rights_name(enum rights right)
{
    return rows[right].name;
}

const char *rights_words(enum rights right)
{
    return rows[right].words;
}

unsigned rights_roles(enum rights right)
{
    return rows[right].roles;
}

/* The kinds of cases that go to the branches of the union. The first is nobody else's. */
static const char *const branch_kinds[] = {"difficulty", "opinion", "proposal"};
/* What a branch does besides cases. */
static const char *const community_kinds[] = {"points", "reward", "post", "activity",
                                              "vote",   "member", "offer"};
static const char *const other_kinds[] = {"", "closure", "place"};

#define IS_ONE_OF(list, kind) is_one_of(list, sizeof(list) / sizeof *(list), kind)

static bool is_one_of(const char *const *list, size_t count, const char *kind)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], kind) == 0) return true;
    return false;
}

bool rights_kind(const struct kinds *kinds, const char *kind)
{
    return IS_ONE_OF(other_kinds, kind) || IS_ONE_OF(community_kinds, kind) ||
           kinds_find(kinds, kind) != NULL;
}

bool rights_covers(const struct people_grant *grant, const char *kind)
{
    if (!people_kind_covers(grant->kind, kind)) return false;
    switch (grant->role) {
    case PEOPLE_branch_staff:
        return IS_ONE_OF(branch_kinds, kind) || IS_ONE_OF(community_kinds, kind);
    case PEOPLE_integrator:
        return grant->kind[0] != '\0';
    case PEOPLE_city_admin:
        return true;
    default:
        return grant->kind[0] || strcmp(kind, branch_kinds[0]) != 0;
    }
}

static bool reaches(const struct people_grant *grant, const int64_t *area_ids, size_t area_count)
{
    bool is_there = grant->area_id == 0;
    for (size_t i = 0; i < area_count && !is_there; i++)
        is_there = area_ids[i] == grant->area_id;
    return is_there;
}

unsigned rights_held(const struct people_actor *actor, const int64_t *area_ids, size_t area_count,
                     const char *kind)
{
    unsigned held = 0;
    for (size_t i = 0; actor && i < actor->grant_count; i++)
        if (rights_covers(&actor->grants[i], kind) &&
            reaches(&actor->grants[i], area_ids, area_count))
            held |= 1u << actor->grants[i].role;
    return held;
}

bool rights_may(const struct people_actor *actor, enum rights right, const int64_t *area_ids,
                size_t area_count, const char *kind)
{
    return (rights_held(actor, area_ids, area_count, kind) & rows[right].roles) != 0;
}

bool rights_anywhere(const struct people_actor *actor, enum rights right)
{
    for (size_t i = 0; actor && i < actor->grant_count; i++) {
        const struct people_grant *grant = &actor->grants[i];
        bool is_empty = grant->role == PEOPLE_integrator && !grant->kind[0];
        if (!is_empty && (rows[right].roles & 1u << grant->role)) return true;
    }
    return false;
}

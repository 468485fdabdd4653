/* Who asks, and whether they may: bearer tokens, roles by area. Not on event
 * loops. */
#ifndef YZ_SERVER_AUTH_H
#define YZ_SERVER_AUTH_H

#include "server/router.h"
#include "server/tools.h"

/* The roles that work on reports, as bits for people_may. */
enum {
    AUTH_STAFF = 1 << PEOPLE_handler | 1 << PEOPLE_area_staff | 1 << PEOPLE_area_lead |
                 1 << PEOPLE_city_admin
};

/* The token of an `Authorization: Bearer` header; NULL when there is none. */
const char *auth_token(const struct request *request);

/* Recognises the caller as the rule asks and sets `tools->actor`. Notes 401, 403, and 429 for an
 * address that guesses. */
enum err auth_admit(const struct router_rule *rule, struct request *request, struct tools *tools);

/* Whether the caller is staff for a case of this kind in this area. */
bool auth_is_staff(const struct tools *tools, int64_t area_id, const char *kind);

/* Where the caller may see cases of this kind: `*limited` false means everywhere; else in the areas
 * granted, which stand for all below them too. */
enum err auth_areas(const struct tools *tools, const char *kind, struct arena *arena, bool *limited,
                    const int64_t **ids, size_t *count);

#endif

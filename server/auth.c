#include "server/auth.h"
#include "geo/base/clock.h"

#include <string.h>
#include <strings.h>

enum { CHAIN_MAX = 16 };

const char *auth_token(const struct request *request)
{
    const char *header = request->headers.authorization;
    if (!header || strncasecmp(header, "Bearer ", 7) != 0) return NULL;
    header += 7;
    while (*header == ' ')
        header++;
    return *header ? header : NULL;
}

static bool works_anywhere(const struct people_actor *actor)
{
    for (size_t i = 0; i < actor->grant_count; i++)
        if (AUTH_STAFF & (1u << actor->grants[i].role)) return true;
    return false;
}

/* A wrong token counts against its address as a wrong password does. */
static enum err refuse_token(struct request *request, struct tools *tools)
{
    struct limit_state state;
    if (limit_take(tools->service->limit, LIMIT_SIGN_IN, &request->address, clock_ns(), &state))
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "Authorization",
                           "the token is unknown, ended or expired: sign in again");
    request->problem->retry_after_s = state.wait_s;
    return problem_say(request->problem, PROBLEM_TOO_MANY, NULL,
                       "too many wrong tokens came from this address");
}

static enum err recognise(struct request *request, struct tools *tools, const char *token)
{
    struct why why = {""};
    struct db *db;
    struct people_actor *actor = arena_calloc(request->arena, 1, sizeof *actor);
    if (!actor) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = people_recognise(db, token, clock_utc_ms(), request->arena, actor);
    if (e == ERR_DENIED) return refuse_token(request, tools);
    if (e) return problem_from_err(request->problem, e, &why);
    tools->actor = actor;
    return ERR_OK;
}

enum err auth_admit(const struct router_rule *rule, struct request *request, struct tools *tools)
{
    const char *token = auth_token(request);
    tools->actor = NULL;
    if (rule->who == ROUTER_ANYONE) return ERR_OK;
    if (request->headers.authorization && !token)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "Authorization",
                           "must be: Bearer TOKEN");
    if (token) {
        enum err e = recognise(request, tools, token);
        if (e) return e;
    }
    if (rule->who == ROUTER_MAYBE) return ERR_OK;
    if (!tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL,
                           "send the token of a session or a key as Authorization: Bearer TOKEN");
    if (rule->who == ROUTER_STAFF && !works_anywhere(tools->actor))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL, "this is for staff");
    return ERR_OK;
}

/* An area and those above it, finest first. A circle in the data ends at CHAIN_MAX. */
static size_t area_chain(const struct areaset *areas, int64_t id, int64_t chain[CHAIN_MAX])
{
    size_t n = 0;
    while (id && n < CHAIN_MAX) {
        long i = areaset_by_id(areas, id);
        chain[n++] = id;
        id = i < 0 ? 0 : areaset_at(areas, (size_t)i)->parent_id;
    }
    return n;
}

bool auth_is_staff(const struct tools *tools, int64_t area_id, const char *kind)
{
    int64_t chain[CHAIN_MAX];
    if (!tools->actor || !tools->snapshot) return false;
    size_t n = area_chain(tools->snapshot->areas, area_id, chain);
    return people_may(tools->actor, AUTH_STAFF, chain, n, kind);
}

enum err auth_areas(const struct tools *tools, const char *kind, struct arena *arena, bool *limited,
                    const int64_t **ids, size_t *count)
{
    const struct people_actor *actor = tools->actor;
    size_t n = 0;
    int64_t *list = arena_calloc(arena, actor->grant_count + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    for (size_t i = 0; i < actor->grant_count; i++) {
        const int64_t *area = &actor->grants[i].area_id;
        const struct people_actor alone = {.grants = &actor->grants[i], .grant_count = 1};
        if (*area && people_may(&alone, AUTH_STAFF, area, 1, kind)) list[n++] = *area;
    }
    *limited = !people_may(actor, AUTH_STAFF, NULL, 0, kind);
    *ids = list;
    *count = n;
    return ERR_OK;
}

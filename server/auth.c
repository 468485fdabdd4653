#include "server/auth.h"

#include "data/audit.h"
#include "geo/base/clock.h"
#include "server/csrf.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { CHAIN_MAX = 16, SEEN_MS = 60 * 1000 };

/* The token of an `Authorization: Bearer` header; NULL when there is none. */
static const char *bearer(const struct request *request)
{
    const char *header = request->headers.authorization;
    if (!header || strncasecmp(header, "Bearer ", 7) != 0) return NULL;
    header += 7;
    while (*header == ' ')
        header++;
    return *header ? header : NULL;
}

bool auth_counted(const struct request *request, struct tools *tools, uint64_t now_ns,
                  struct request_address *account)
{
    char cookie[SECRETS_TOKEN_SIZE];
    unsigned char hash[SECRETS_HASH_BYTES];
    const char *token = bearer(request);
    if (!token && request->headers.cookie && csrf_cookie(request, tools, cookie)) token = cookie;
    if (!token) return false;
    secrets_sha256(token, strlen(token), hash);
    int64_t person = known_person(tools->service->known, hash, now_ns);
    if (person) *account = limit_account(person);
    return person != 0;
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

/* Noted now and then: each time would be a write for each read. A disk that takes nothing does not
 * keep people from reading. */
static void note_seen(struct db *db, const struct people_actor *actor, int64_t now_ms)
{
    if (!actor->by_key && now_ms - actor->seen_ms >= SEEN_MS)
        (void)people_session_seen(db, actor, now_ms);
}

/* ERR_DENIED, unnoted, for a token that is worth nothing. */
static enum err recognise(struct request *request, struct tools *tools, const char *token)
{
    struct why why = {""};
    struct db *db;
    int64_t now_ms = clock_utc_ms();
    struct people_actor *actor = arena_calloc(request->arena, 1, sizeof *actor);
    if (!actor) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = people_recognise(db, token, &tools->service->policy, now_ms, request->arena, actor);
    if (e == ERR_DENIED) {
        unsigned char hash[SECRETS_HASH_BYTES];
        secrets_sha256(token, strlen(token), hash);
        known_forget(tools->service->known, hash);
        return e;
    }
    if (e) return problem_from_err(request->problem, e, &why);
    known_note(tools->service->known, actor->token, actor->id, clock_ns());
    note_seen(db, actor, now_ms);
    tools->actor = actor;
    tools->token = token;
    return ERR_OK;
}

enum err auth_key(struct request *request, struct tools *tools, const char *key)
{
    enum err e = recognise(request, tools, key);
    if (e == ERR_DENIED) return refuse_token(request, tools);
    if (!e && !tools->actor->by_key)
        e = problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "api_key",
                        "must be a key (yizhan key add), not a session's token");
    if (e) tools->actor = NULL;
    return e;
}

static bool changes_nothing(const struct request *request)
{
    return request->method == REQUEST_GET || request->method == REQUEST_HEAD;
}

static enum err admit_cookie(const struct router_rule *rule, struct request *request,
                             struct tools *tools, const char *token)
{
    bool owed = rule->who != ROUTER_MAYBE;
    if (!owed && !changes_nothing(request) && !request->headers.csrf_token) return ERR_OK;
    enum err e = recognise(request, tools, token);
    if (e == ERR_DENIED) return owed ? refuse_token(request, tools) : ERR_OK;
    tools->by_cookie = !e;
    return e || changes_nothing(request) ? e : csrf_check(request, tools, token);
}

static enum err identify(const struct router_rule *rule, struct request *request,
                         struct tools *tools)
{
    const char *token = bearer(request);
    char *cookie = arena_alloc(request->arena, SECRETS_TOKEN_SIZE);
    if (!cookie) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    if (request->headers.authorization && !token)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "Authorization",
                           "must be: Bearer TOKEN");
    if (!token)
        return csrf_cookie(request, tools, cookie) ? admit_cookie(rule, request, tools, cookie)
                                                   : ERR_OK;
    enum err e = recognise(request, tools, token);
    return e == ERR_DENIED ? refuse_token(request, tools) : e;
}

/* Whose role owes a second factor and who has none may see to that, and to nothing else. */
static enum err need_factor(const struct router_rule *rule, struct request *request,
                            struct tools *tools)
{
    static const char *const own[] = {"/v1/me", "/v1/sessions"};
    const struct people_actor *actor = tools->actor;
    bool owed = false;
    if (!actor || actor->by_key || actor->has_second_factor) return ERR_OK;
    for (size_t i = 0; i < actor->grant_count; i++)
        owed = owed || tools->service->policy.second_factor & 1u << actor->grants[i].role;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strncmp(rule->pattern, own[i], strlen(own[i])) == 0) owed = false;
    if (!owed) return ERR_OK;
    tools->actor = NULL;
    if (rule->who == ROUTER_MAYBE) return ERR_OK;
    return problem_say(request->problem, PROBLEM_ENROL, NULL,
                       "your role needs a second factor: POST /v1/me/totp begins it");
}

/* The right somewhere; where exactly is for the handler, which knows the thing that is asked for.
 */
static enum err need(struct request *request, const struct tools *tools, enum rights right)
{
    char roles[160] = "";
    size_t used = 0;
    if (rights_anywhere(tools->actor, right)) return ERR_OK;
    for (int i = 0; i < PEOPLE_ROLE_COUNT; i++) {
        const char *name = people_role_name((enum people_role)i);
        if (!(rights_roles(right) & 1u << i) || used + strlen(name) + 3 > sizeof roles) continue;
        int n = snprintf(roles + used, sizeof roles - used, "%s%s", used ? ", " : "", name);
        used += (size_t)n;
    }
    return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                       "this is for those who may %s: %s", rights_words(right), roles);
}

static enum err note_export(const struct router_rule *rule, struct request *request,
                            struct tools *tools)
{
    struct why why = {""};
    struct db *db;
    const struct audit_row row = {.verb = AUDIT_exported,
                                  .person = tools->actor->id,
                                  .route = rule->pattern,
                                  .at_ms = clock_utc_ms()};
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = audit_add_all(db, &row, 1);
    return e ? problem_from_err(request->problem, e, &why) : ERR_OK;
}

enum err auth_admit(const struct router_rule *rule, struct request *request, struct tools *tools)
{
    tools->actor = NULL;
    tools->token = NULL;
    tools->by_cookie = false;
    tools->rule = rule;
    if (rule->who == ROUTER_ANYONE) return ERR_OK;
    enum err e = identify(rule, request, tools);
    if (!e) e = need_factor(rule, request, tools);
    if (e || rule->who == ROUTER_MAYBE) return e;
    if (!tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, NULL,
                           "send the token of a session or a key as Authorization: Bearer TOKEN, "
                           "or the cookie of a session");
    if (rule->who >= ROUTER_RIGHTS)
        e = need(request, tools, (enum rights)(rule->who - ROUTER_RIGHTS));
    return !e && rule->who == ROUTER_export ? note_export(rule, request, tools) : e;
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

unsigned auth_roles_of(const struct tools *tools, const struct people_actor *actor, int64_t area_id,
                       const char *kind)
{
    int64_t chain[CHAIN_MAX];
    if (!actor || !tools->snapshot) return 0;
    size_t n = area_chain(tools->snapshot->areas, area_id, chain);
    return rights_held(actor, chain, n, kind);
}

unsigned auth_roles(const struct tools *tools, int64_t area_id, const char *kind)
{
    return auth_roles_of(tools, tools->actor, area_id, kind);
}

bool auth_may(const struct tools *tools, enum rights right, int64_t area_id, const char *kind)
{
    return (auth_roles(tools, area_id, kind) & rights_roles(right)) != 0;
}

enum err auth_areas(const struct tools *tools, enum rights right, const char *kind,
                    struct arena *arena, bool *limited, const int64_t **ids, size_t *count)
{
    const struct people_actor *actor = tools->actor;
    size_t n = 0;
    int64_t *list = arena_calloc(arena, actor->grant_count + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    for (size_t i = 0; i < actor->grant_count; i++) {
        const int64_t *area = &actor->grants[i].area_id;
        const struct people_actor alone = {.grants = &actor->grants[i], .grant_count = 1};
        if (*area && rights_may(&alone, right, area, 1, kind)) list[n++] = *area;
    }
    *limited = !rights_may(actor, right, NULL, 0, kind);
    *ids = list;
    *count = n;
    return ERR_OK;
}

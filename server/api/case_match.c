#include "server/api/case_match.h"

#include "geo/base/text.h"

#include <string.h>

static enum err refuse(struct request *request, const struct cases_case *now)
{
    struct problem *problem = request->problem;
    problem->present =
        arena_printf(request->arena, "{\"id\":\"%s\",\"state\":\"%s\",\"version\":%lld}",
                     now->public_id, now->state, (long long)now->version);
    return problem_say(problem, PROBLEM_PRECONDITION, "If-Match",
                       "somebody else was faster: the report is at version %lld and %s now",
                       (long long)now->version, now->state);
}

/* The version that an entity-tag begins with; 0: it is weak, or none of ours. */
static int64_t version_of(const char *tag, size_t len)
{
    int64_t version = 0;
    size_t i = 1;
    for (; i < len && tag[i] >= '0' && tag[i] <= '9' && version < INT64_MAX / 100; i++)
        version = version * 10 + (tag[i] - '0');
    return tag[0] == '"' && i > 1 && (tag[i] == '-' || tag[i] == '"') ? version : 0;
}

static bool is_tag(const char *tag, size_t len)
{
    if (len > 2 && tag[0] == 'W' && tag[1] == '/') tag += 2, len -= 2;
    return len >= 2 && tag[0] == '"' && tag[len - 1] == '"' && !memchr(tag + 1, '"', len - 2);
}

/* Whether one of the tags is of the version now, and whether one is of the body's. */
static enum err read_tags(struct request *request, int64_t now, int64_t body, bool *holds,
                          bool *agrees)
{
    const char *rest = request->headers.if_match, *item;
    size_t len;
    while (request_next(&rest, ',', &item, &len)) {
        text_trim(&item, &len);
        if (!is_tag(item, len))
            return problem_say(request->problem, PROBLEM_PARAMETER, "If-Match",
                               "must be * or entity-tags in quotes, as \"3\" or as GET gave it in "
                               "ETag");
        int64_t version = version_of(item, len);
        *holds |= version == now;
        *agrees |= version == body;
    }
    return ERR_OK;
}

enum err case_match_read(struct request *request, const struct cases_case *found,
                         struct cases_acting *acting)
{
    const char *header = request->headers.if_match;
    bool holds = false, agrees = acting->version == 0;
    if (!header) return ERR_OK;
    if (strcmp(header, "*") == 0) {
        if (!acting->version) acting->version = CASES_ANY_VERSION;
        return ERR_OK;
    }
    enum err e = read_tags(request, found->version, acting->version, &holds, &agrees);
    if (e) return e;
    if (!agrees)
        return problem_say(request->problem, PROBLEM_PARAMETER, "version",
                           "is another one than If-Match names");
    if (!holds) return refuse(request, found);
    acting->version = found->version;
    acting->strict = true;
    return ERR_OK;
}

enum err case_match_refused(struct request *request, struct db *db,
                            const struct cases_acting *acting, enum err e, const struct why *why)
{
    struct cases_case now = {0};
    if (e == ERR_CONFLICT && acting->strict && request->headers.if_match &&
        !cases_get(db, acting->public_id, request->arena, &now) && now.version != acting->version)
        return refuse(request, &now);
    return problem_from_err(request->problem, e, why);
}

const char *case_match_stem(struct arena *arena, const struct cases_case *c)
{
    return arena_printf(arena, "%lld", (long long)c->version);
}

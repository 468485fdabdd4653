#include "server/api/vote_see.h"
#include "server/api/api_db.h"

#include "data/audit.h"
#include "geo/base/clock.h"
#include "server/api/area_right.h"
#include "server/api/branch_right.h"
#include "server/auth.h"

const char vote_see_kind[] = "vote";

static enum err find(struct request *request, struct tools *tools, struct vote_see *see)
{
    int64_t id = 0;
    bool signed_in = tools->actor && !tools->actor->by_key;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_db(request, tools, &see->db);
    if (e) return e;
    e = votes_find(see->db, id, request->arena, &see->vote);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such vote");
    if (e) return problem_from_err(request->problem, e, NULL);
    int64_t area = see->vote.area_id;
    see->staff = auth_may(tools, RIGHTS_votes, area, vote_see_kind);
    see->names = see->staff && (auth_may(tools, RIGHTS_members, area, BRANCH_RIGHT_KIND) ||
                                auth_may(tools, RIGHTS_people, area, ""));
    if (!signed_in) return ERR_OK;
    e = votes_electors_find(see->db, &see->vote, tools->actor->id, request->arena, &see->me);
    see->elector = e == ERR_OK;
    return e == ERR_NOTFOUND ? ERR_OK : problem_from_err(request->problem, e, NULL);
}

static bool is_shown(const struct vote_see *see)
{
    if (see->staff) return true;
    return see->vote.state != VOTES_draft && (see->elector || see->vote.is_public);
}

enum err vote_see_find(struct request *request, struct tools *tools, struct vote_see *see)
{
    *see = (struct vote_see){.staff = false};
    enum err e = find(request, tools, see);
    if (e || is_shown(see)) return e;
    return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such vote");
}

enum err vote_see_person(struct request *request, struct tools *tools, struct vote_see *see)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it has no vote");
    return vote_see_find(request, tools, see);
}

enum err vote_see_staff(struct request *request, struct tools *tools, struct vote_see *see)
{
    enum err e = vote_see_find(request, tools, see);
    if (e || see->staff) return e;
    return area_right_in(request, tools, RIGHTS_votes, see->vote.area_id, vote_see_kind,
                         "the vote");
}

enum err vote_see_note(struct request *request, const struct tools *tools,
                       const struct vote_see *see)
{
    const struct audit_row row = {
        .verb = AUDIT_electors_read,
        .person = tools->actor->id,
        .area = see->vote.area_id,
        .route = tools->rule->pattern,
        .detail = arena_printf(request->arena, "vote %lld", (long long)see->vote.id),
        .at_ms = clock_utc_ms()};
    return problem_from_err(request->problem, audit_add_all(see->db, &row, 1), NULL);
}

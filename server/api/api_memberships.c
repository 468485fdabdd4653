#include "server/api/api_memberships.h"
#include "server/api/api_db.h"

#include "data/member_card.h"
#include "data/membership_join.h"
#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/branch_json.h"
#include "server/api/join_form.h"
#include "server/qr.h"

#include <string.h>

enum { LIST_MAX = 100, EXPORTED = 100, CARDS_MAX = 20 };

/* Of people: a key belongs to no branch. */
static enum err begin(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it belongs to no branch");
    return api_db(request, tools, db);
}

static enum err find(struct request *request, struct tools *tools, struct db *db,
                     struct memberships_membership *found)
{
    enum err e = memberships_find(db, request_arg(request, "id"), request->arena, found);
    if (!e && found->person != tools->actor->id) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no such membership of yours");
    return problem_from_err(request->problem, e, NULL);
}

/* With what was answered. Where secret.key is another by now that is lost, and the rest is shown.
 */
static enum err write(struct request *request, const struct tools *tools, struct db *db,
                      struct jsonw *json, const struct memberships_membership *m)
{
    struct branches_branch branch;
    struct membership_answers answers;
    enum err e = branches_find(db, m->branch, request->arena, &branch);
    if (e) return e;
    e = membership_answers_open(m, tools->service->seal_key, request->arena, &answers);
    if (e && e != ERR_CHECKSUM) return e;
    const struct branch_json_membership how = {
        .branch = &branch, .answers = e ? NULL : &answers, .arena = request->arena};
    branch_json_membership(json, &how, m);
    return ERR_OK;
}

static enum err answer(struct request *request, struct response *response,
                       const struct tools *tools, struct db *db,
                       const struct memberships_membership *m)
{
    enum err e = write(request, tools, db, response_json(response), m);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

static enum err write_list(struct request *request, struct jsonw *json, const struct tools *tools,
                           struct db *db, const struct memberships_membership *list, size_t count)
{
    enum err e = ERR_OK;
    jsonw_key(json, "memberships");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        e = write(request, tools, db, json, &list[i]);
    jsonw_array_end(json);
    return e;
}

enum err api_memberships_list(struct request *request, struct response *response,
                              struct tools *tools)
{
    const struct memberships_membership *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    const struct memberships_filter filter = {.person = tools->actor->id,
                                              .before = page.has_cursor ? page.after[0] : 0,
                                              .limit = (size_t)page.limit};
    e = memberships_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    e = write_list(request, json, tools, db, list, count);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_memberships_get(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct memberships_membership found;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = find(request, tools, db, &found);
    return e ? e : answer(request, response, tools, db, &found);
}

enum err api_memberships_put(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct memberships_membership now;
    struct branches_branch branch;
    struct membership_join_wish wish;
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = find(request, tools, db, &now);
    if (e) return e;
    e = branches_find(db, now.branch, request->arena, &branch);
    if (e) return problem_from_err(request->problem, e, NULL);
    e = join_form_read(request, tools, db, &branch, &version, &wish);
    if (e) return e;
    e = membership_join_change(db, now.public_id, version, &wish, request->arena, &now, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer(request, response, tools, db, &now);
}

enum err api_memberships_leave(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct memberships_membership now;
    struct why why = {""};
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (e) return e;
    e = membership_join_leave(db, request_arg(request, "id"), tools->actor->id, clock_utc_ms(),
                              request->arena, &now, &why);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer(request, response, tools, db, &now);
}

enum err api_memberships_export(struct request *request, struct jsonw *json,
                                const struct tools *tools, struct db *db)
{
    const struct memberships_membership *list = NULL;
    size_t count = 0;
    bool more = false;
    const struct memberships_filter filter = {.person = tools->actor->id, .limit = EXPORTED};
    const char *next = NULL;
    enum err e = memberships_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return e;
    jsonw_key(json, "memberships");
    jsonw_object(json);
    e = write_list(request, json, tools, db, list, count);
    if (!e && more)
        e = api_page_later(request->arena, "/v1/me/memberships", EXPORTED, list[count - 1].id,
                           &next);
    api_page_write(json, next);
    jsonw_object_end(json);
    return e;
}

/* ---- the card -------------------------------------------------------------------------------- */

static enum err write_card(struct request *request, const struct tools *tools, struct db *db,
                           struct jsonw *json, const struct memberships_membership *m)
{
    char code[MEMBER_CARD_SIZE];
    struct branches_branch branch;
    int64_t until_ms = 0;
    enum err e = branches_find(db, m->branch, request->arena, &branch);
    if (e) return e;
    member_card_code(tools->service->seal_key, m, clock_utc_ms(), code, &until_ms);
    jsonw_object(json);
    jsonw_key_string(json, "membership", m->public_id);
    jsonw_key(json, "branch");
    branch_json_write(json, &branch);
    api_time_write(json, "member_since", m->judged_ms);
    jsonw_key_string(json, "code", code);
    api_time_write(json, "until", until_ms);
    jsonw_object_end(json);
    return ERR_OK;
}

static enum err find_cards(struct tools *tools, struct db *db, struct arena *arena,
                           const struct memberships_membership **list, size_t *count)
{
    bool more = false;
    const struct memberships_filter filter = {.person = tools->actor->id,
                                              .state = memberships_state_name(MEMBERSHIPS_member),
                                              .limit = CARDS_MAX};
    return memberships_list(db, &filter, arena, list, count, &more);
}

enum err api_memberships_card(struct request *request, struct response *response,
                              struct tools *tools)
{
    const struct memberships_membership *list = NULL;
    size_t count = 0;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (e) return e;
    e = find_cards(tools, db, request->arena, &list, &count);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_int(json, "step_s", MEMBER_CARD_STEP_S);
    jsonw_key(json, "cards");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        e = write_card(request, tools, db, json, &list[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_memberships_card_qr(struct request *request, struct response *response,
                                 struct tools *tools)
{
    const struct memberships_membership *list = NULL, *found = NULL;
    const char *wanted = request_query(request, "membership");
    char code[MEMBER_CARD_SIZE];
    int64_t until_ms = 0;
    size_t count = 0;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (e) return e;
    e = find_cards(tools, db, request->arena, &list, &count);
    if (e) return problem_from_err(request->problem, e, NULL);
    for (size_t i = 0; i < count && !found; i++)
        if (!wanted || strcmp(list[i].public_id, wanted) == 0) found = &list[i];
    if (!found)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, wanted ? "membership" : NULL,
                           "you are no member, so there is no card: a branch's QR code leads to "
                           "its form");
    member_card_code(tools->service->seal_key, found, clock_utc_ms(), code, &until_ms);
    e = qr_svg(code, &response->body);
    if (e) return problem_from_err(request->problem, e, NULL);
    response->content_type = "image/svg+xml";
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

#include "server/api/api_join.h"
#include "server/api/api_db.h"

#include "data/membership_join.h"
#include "server/api/api_once.h"
#include "server/api/branch_json.h"
#include "server/api/join_form.h"

static const char folder[] = "/v1/me/memberships/";

/* The branch whose QR code it is, and which goes on. */
static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct branches_branch *found)
{
    struct why why = {""};
    enum err e = api_db(request, tools, db);
    if (e) return e;
    e = branches_find_code(*db, request_arg(request, "code"), request->arena, found);
    if (!e && found->ended_ms) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "code",
                           "no branch has this code: ask it for its present one");
    return problem_from_err(request->problem, e, &why);
}

enum err api_join_show(struct request *request, struct response *response, struct tools *tools)
{
    struct branches_branch branch;
    struct branches_form form;
    struct db *db;
    enum err e = find(request, tools, &db, &branch);
    if (e) return e;
    e = branches_form(db, branch.id, branch.form, request->arena, &form);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "branch");
    branch_json_write(json, &branch);
    branch_json_form(json, &form);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-cache");
    return ERR_OK;
}

struct rendering {
    struct branches_branch branch;
    struct memberships_membership made;
};

/* Without what was answered, which is kept sealed and nowhere else. */
static enum err render(void *user, struct buf *body)
{
    const struct rendering *r = user;
    const struct branch_json_membership how = {.branch = &r->branch};
    struct jsonw json;
    jsonw_init(&json, body);
    branch_json_membership(&json, &how, &r->made);
    return body->err;
}

/* A hash of the body alone could be guessed, name by name. */
static enum err read_once(struct request *request, const struct tools *tools,
                          const struct branches_branch *branch, struct idempotency *once)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    const char *what = arena_printf(request->arena, "POST /v1/join %lld", (long long)branch->id);
    if (!what) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    secrets_keyed(tools->service->seal_key, "join", request->body, request->body_len, hash);
    return api_once_read(request, tools, what, hash, "", once);
}

enum err api_join_apply(struct request *request, struct response *response, struct tools *tools)
{
    struct rendering made;
    struct answers_reply reply = {.status = 201, .render = render, .user = &made};
    struct membership_join_wish wish;
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it joins nothing");
    enum err e = find(request, tools, &db, &made.branch);
    if (!e) e = read_once(request, tools, &made.branch, &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = join_form_read(request, tools, db, &made.branch, NULL, &wish);
    if (e) return e;
    e = membership_join_apply(db, &wish, &reply, request->arena, &made.made, &answer, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return api_once_answer(request, response, folder, &answer);
}

#include "server/api/api_branches.h"
#include "server/api/api_db.h"

#include "data/branches_write.h"
#include "geo/base/clock.h"
#include "server/api/api_base.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/branch_form.h"
#include "server/api/branch_json.h"
#include "server/api/branch_right.h"
#include "server/body.h"
#include "server/qr.h"

enum { LIST_MAX = 100 };

static const char folder[] = "/v1/branches/";

/* ---- reading --------------------------------------------------------------------------------- */

enum err api_branches_list(struct request *request, struct response *response, struct tools *tools)
{
    struct branches_filter filter = {.area_id = 0};
    const struct branches_branch *list = NULL;
    struct api_page page;
    struct why why = {""};
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = request_bool(request, "all", &filter.ended);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &filter.area_id);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    filter.before = page.has_cursor ? page.after[0] : 0;
    filter.limit = (size_t)page.limit;
    e = tools_db(tools, &db, &why);
    if (!e) e = branches_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, &why);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "branches");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        branch_json_write(json, &list[i]);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    return ERR_OK;
}

/* The branch as it is now, for who keeps it. */
static enum err keep(struct request *request, const struct tools *tools, struct db *db,
                     const struct branches_branch *branch, struct branch_json_kept *kept)
{
    struct branches_form *form = arena_calloc(request->arena, 1, sizeof *form);
    *kept = (struct branch_json_kept){.branch = branch, .form = form};
    if (!form) return ERR_NOMEM;
    enum err e = branches_form(db, branch->id, branch->form, request->arena, form);
    if (!e) e = memberships_count(db, branch->id, MEMBERSHIPS_member, &kept->members);
    if (!e) e = memberships_count(db, branch->id, MEMBERSHIPS_waiting, &kept->waiting);
    kept->base = branch_json_link(request->arena, api_base_url(request, tools), branch);
    return e || kept->base ? e : ERR_NOMEM;
}

static enum err answer_kept(struct request *request, struct response *response,
                            const struct tools *tools, struct db *db,
                            const struct branches_branch *branch)
{
    struct branch_json_kept kept;
    enum err e = keep(request, tools, db, branch, &kept);
    if (e) return problem_from_err(request->problem, e, NULL);
    branch_json_write_kept(response_json(response), &kept);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_branches_get(struct request *request, struct response *response, struct tools *tools)
{
    struct branches_branch found;
    struct db *db;
    enum err e = branch_right_find(request, tools, &db, &found);
    if (e) return e;
    if (branch_right_is(tools, &found)) return answer_kept(request, response, tools, db, &found);
    branch_json_write(response_json(response), &found);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_branches_qr(struct request *request, struct response *response, struct tools *tools)
{
    struct branches_branch found;
    struct db *db;
    enum err e = branch_right_find(request, tools, &db, &found);
    if (!e) e = branch_right_may(request, tools, &found);
    if (e) return e;
    const char *link = branch_json_link(request->arena, api_base_url(request, tools), &found);
    e = link ? qr_svg(link, &response->body) : ERR_NOMEM;
    if (e) return problem_from_err(request->problem, e, NULL);
    response->content_type = "image/svg+xml";
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What a store refuses of what was sent. */
static enum err tell(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "place_id",
                           "there is no such place of a union branch");
    return problem_from_err(request->problem, e, why);
}

struct rendering {
    struct request *request;
    const struct tools *tools;
    struct branches_branch branch;
    struct branches_form form;
};

static enum err render(void *user, struct buf *body)
{
    struct rendering *r = user;
    struct branch_json_kept kept = {.branch = &r->branch, .form = &r->form};
    struct jsonw json;
    r->form.version = r->branch.form;
    kept.base = branch_json_link(r->request->arena, api_base_url(r->request, r->tools), &r->branch);
    if (!kept.base) return ERR_NOMEM;
    jsonw_init(&json, body);
    branch_json_write_kept(&json, &kept);
    return body->err;
}

enum err api_branches_create(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct rendering made = {.request = request, .tools = tools};
    struct answers_reply reply = {.status = 201, .render = render, .user = &made};
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = branch_form_read(request, tools, true, &made.branch, &made.form);
    if (!e) e = api_db(request, tools, &db);
    if (!e) e = api_once_read_body(request, tools, "POST /v1/branches", "", &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = branches_write_create(db, tools->actor->id, &made.form, &reply, clock_utc_ms(),
                              request->arena, &made.branch, &answer, &why);
    if (e) return tell(request, e, &why);
    return api_once_answer(request, response, folder, &answer);
}

enum err api_branches_put(struct request *request, struct response *response, struct tools *tools)
{
    struct branches_branch now, branch;
    struct branches_form form;
    struct why why = {""};
    struct db *db;
    enum err e = branch_right_find(request, tools, &db, &now);
    if (!e) e = branch_right_may(request, tools, &now);
    if (e) return e;
    branch = now;
    e = branch_form_read(request, tools, false, &branch, &form);
    if (e) return e;
    e = branches_write_change(db, &form, clock_utc_ms(), request->arena, &branch, &why);
    if (e) return tell(request, e, &why);
    return answer_kept(request, response, tools, db, &branch);
}

enum err api_branches_renew(struct request *request, struct response *response, struct tools *tools)
{
    struct branches_branch branch;
    struct why why = {""};
    int64_t version = 0;
    const struct body_field fields[] = {BODY_VERSION(&version)};
    struct db *db;
    enum err e = branch_right_find(request, tools, &db, &branch);
    if (!e) e = branch_right_may(request, tools, &branch);
    if (!e) e = body_read(request, fields, 1);
    if (e) return e;
    e = branches_write_renew(db, branch.id, version, clock_utc_ms(), request->arena, &branch, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer_kept(request, response, tools, db, &branch);
}

enum err api_branches_delete(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct branches_branch now;
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = branch_right_find(request, tools, &db, &now);
    if (!e) e = branch_right_may(request, tools, &now);
    if (!e) e = request_version(request, &version);
    if (e) return e;
    e = branches_write_end(db, tools->actor->id, now.id, version, clock_utc_ms(), &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

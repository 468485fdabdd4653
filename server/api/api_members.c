#include "server/api/api_members.h"
#include "server/api/api_db.h"

#include "data/audit.h"
#include "data/membership_export.h"
#include "data/membership_judge.h"
#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/branch_json.h"
#include "server/api/branch_right.h"
#include "server/api/card_check.h"
#include "server/body.h"

#include <string.h>

enum { LIST_MAX = 100, TEXT_MAX = 60 };

/* That the caller looks at members of a branch: before they are shown. */
static enum err note(struct request *request, const struct tools *tools, struct db *db,
                     const struct branches_branch *branch, enum audit_verb verb, int64_t person)
{
    const struct audit_row row = {.verb = verb,
                                  .person = tools->actor->id,
                                  .subject = person,
                                  .area = branch->area_id,
                                  .route = tools->rule->pattern,
                                  .detail = branch->name,
                                  .at_ms = clock_utc_ms()};
    return problem_from_err(request->problem, audit_add_all(db, &row, 1), NULL);
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* Whose answers, or account, have the text that is looked for. */
struct searching {
    const char *text;
    const unsigned char *key;
    struct arena arena;
};

static bool has_text(void *user, const struct memberships_membership *m)
{
    struct searching *s = user;
    struct membership_answers answers;
    bool has = strstr(m->login, s->text) || strstr(m->name, s->text);
    arena_reset(&s->arena);
    if (has || membership_answers_open(m, s->key, &s->arena, &answers)) return has;
    for (size_t i = 0; i < answers.count && !has; i++)
        has = strstr(answers.items[i].value, s->text) != NULL;
    return has;
}

static enum err read_filter(struct request *request, struct memberships_filter *filter,
                            struct searching *searching)
{
    const char *words[MEMBERSHIPS_STATE_COUNT + 1] = {NULL};
    struct api_page page;
    int state = -1;
    for (int i = 0; i < MEMBERSHIPS_STATE_COUNT; i++)
        words[i] = memberships_state_name((enum memberships_state)i);
    enum err e = request_word(request, "state", words, &state);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    searching->text = request_query(request, "text");
    if (searching->text && strlen(searching->text) > TEXT_MAX)
        return problem_say(request->problem, PROBLEM_PARAMETER, "text",
                           "must have at most %d bytes", TEXT_MAX);
    filter->state = state < 0 ? NULL : words[state];
    filter->before = page.has_cursor ? page.after[0] : 0;
    filter->limit = (size_t)page.limit;
    if (searching->text && searching->text[0]) filter->wanted = has_text;
    filter->user = searching;
    return ERR_OK;
}

/* A membership with its form and what was answered, in the request's arena. */
static enum err write(struct request *request, const struct tools *tools, struct db *db,
                      struct jsonw *json, const struct branches_branch *branch,
                      const struct memberships_membership *m, bool masked)
{
    struct membership_answers answers;
    struct branches_form form;
    enum err e = branches_form(db, m->branch, m->form, request->arena, &form);
    if (!e) e = membership_answers_open(m, tools->service->seal_key, request->arena, &answers);
    bool lost = e == ERR_CHECKSUM;
    if (e && !lost) return e;
    const struct branch_json_membership how = {.branch = branch,
                                               .answers = lost ? NULL : &answers,
                                               .form = &form,
                                               .for_staff = true,
                                               .masked = masked,
                                               .arena = request->arena};
    branch_json_membership(json, &how, m);
    return ERR_OK;
}

static enum err find_branch(struct request *request, struct tools *tools, struct db **db,
                            struct branches_branch *branch)
{
    enum err e = branch_right_find(request, tools, db, branch);
    return e ? e : branch_right_may(request, tools, branch);
}

enum err api_members_list(struct request *request, struct response *response, struct tools *tools)
{
    struct searching searching = {.key = tools->service->seal_key};
    struct memberships_filter filter = {.limit = 0};
    const struct memberships_membership *list = NULL;
    struct branches_branch branch;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = find_branch(request, tools, &db, &branch);
    if (!e) e = read_filter(request, &filter, &searching);
    if (!e) e = note(request, tools, db, &branch, AUDIT_members_read, 0);
    if (e) return e;
    filter.branch = branch.id;
    arena_init(&searching.arena, 0);
    e = memberships_list(db, &filter, request->arena, &list, &count, &more);
    arena_fini(&searching.arena);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "members");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        e = write(request, tools, db, json, &branch, &list[i], true);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_members_export(struct request *request, struct response *response, struct tools *tools)
{
    static const enum ogr_format formats[] = {OGR_CSV, OGR_XLSX};
    const char *const words[] = {ogr_format_name(OGR_CSV), ogr_format_name(OGR_XLSX), NULL};
    struct branches_branch branch;
    struct why why = {""};
    int which = 0;
    struct db *db;
    enum err e = find_branch(request, tools, &db, &branch);
    if (!e) e = request_word(request, "format", words, &which);
    if (!e) e = note(request, tools, db, &branch, AUDIT_exported, 0);
    if (e) return e;
    e = membership_export_write(db, &branch, tools->service->seal_key, formats[which],
                                request->arena, &response->body, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->content_type = ogr_format_media(formats[which]);
    response_header(response, "Content-Disposition",
                    arena_printf(request->arena, "attachment; filename=\"members-%lld.%s\"",
                                 (long long)branch.id, words[which]));
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

/* ---- one ------------------------------------------------------------------------------------- */

static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct branches_branch *branch, struct memberships_membership *found)
{
    enum err e = api_db(request, tools, db);
    if (e) return e;
    e = memberships_find(*db, request_arg(request, "id"), request->arena, found);
    if (!e) e = branches_find(*db, found->branch, request->arena, branch);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no such membership");
    if (e) return problem_from_err(request->problem, e, NULL);
    return branch_right_may(request, tools, branch);
}

static enum err answer(struct request *request, struct response *response,
                       const struct tools *tools, struct db *db,
                       const struct branches_branch *branch, const struct memberships_membership *m)
{
    enum err e = write(request, tools, db, response_json(response), branch, m, false);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_members_get(struct request *request, struct response *response, struct tools *tools)
{
    struct memberships_membership found;
    struct branches_branch branch;
    struct db *db;
    enum err e = find(request, tools, &db, &branch, &found);
    if (!e) e = note(request, tools, db, &branch, AUDIT_members_read, found.person);
    return e ? e : answer(request, response, tools, db, &branch, &found);
}

static enum err judge(struct request *request, struct response *response, struct tools *tools,
                      enum memberships_state to)
{
    struct membership_judge put = {
        .to = to, .by = tools->actor->id, .route = tools->rule->pattern, .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {BODY_VERSION(&put.version),
                                        {.name = "reason",
                                         .type = BODY_TEXT,
                                         .required = true,
                                         .min = 1,
                                         .max = MEMBERSHIP_JUDGE_REASON_MAX,
                                         .text = &put.reason}};
    struct memberships_membership now;
    struct branches_branch branch;
    struct why why = {""};
    struct db *db;
    enum err e = find(request, tools, &db, &branch, &now);
    if (!e) e = body_read(request, fields, to == MEMBERSHIPS_member ? 1 : 2);
    if (e) return e;
    put.public_id = now.public_id;
    e = membership_judge_put(db, &put, request->arena, &now, &why);
    if (e == ERR_DENIED)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL, "%s", why.text);
    if (e) return problem_from_err(request->problem, e, &why);
    return answer(request, response, tools, db, &branch, &now);
}

enum err api_members_approve(struct request *request, struct response *response,
                             struct tools *tools)
{
    return judge(request, response, tools, MEMBERSHIPS_member);
}

enum err api_members_refuse(struct request *request, struct response *response, struct tools *tools)
{
    return judge(request, response, tools, MEMBERSHIPS_refused);
}

enum err api_members_remove(struct request *request, struct response *response, struct tools *tools)
{
    return judge(request, response, tools, MEMBERSHIPS_removed);
}

/* ---- the card -------------------------------------------------------------------------------- */

enum err api_members_verify(struct request *request, struct response *response, struct tools *tools)
{
    struct member_card_check check = {
        .by = tools->actor->id, .key = tools->service->seal_key, .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {CARD_CHECK_CODE(&check.code)};
    struct memberships_membership found;
    struct branches_branch branch;
    struct branches_form form;
    struct why why = {""};
    struct db *db;
    enum err e = card_check_may(request, tools);
    if (!e) e = body_read(request, fields, 1);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    e = member_card_verify(db, &check, request->arena, &found, &why);
    if (e) return card_check_tell(request, e, &why);
    e = branches_find(db, found.branch, request->arena, &branch);
    if (!e) e = branches_form(db, found.branch, found.form, request->arena, &form);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_bool(json, "valid", true);
    e = card_check_write(request->arena, check.key, json,
                         &(struct card_check_told){&found, &branch, &form});
    api_time_write(json, "member_since", found.judged_ms);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return problem_from_err(request->problem, e, NULL);
}

#include "server/api/open311_updates.h"

#include "data/cases_act.h"
#include "geo/base/clock.h"
#include "geo/base/text.h"
#include "server/api/api_base.h"
#include "server/api/api_time.h"
#include "server/api/open311_ask.h"
#include "server/auth.h"

#include <string.h>

static const char *const names[] = {"service_request_id",
                                    "status",
                                    "updated_datetime",
                                    "description",
                                    "update_id",
                                    "api_key",
                                    "jurisdiction_id",
                                    "media_url",
                                    "email",
                                    "first_name",
                                    "last_name",
                                    "title",
                                    "account_id",
                                    "phone",
                                    "service_code",
                                    NULL};

/* ---- reading --------------------------------------------------------------------------------- */

static void write_update(struct tree *tree, const struct kinds_kind *kind, const char *media,
                         const struct cases_published_update *u)
{
    tree_record(tree, "request_update");
    tree_int(tree, "update_id", u->id);
    tree_text(tree, "service_request_id", u->public_id);
    tree_text(tree, "status", open311_ask_status(kind, u->state));
    tree_text(tree, "external_status_code", u->state);
    open311_ask_time(tree, "updated_datetime", u->at_ms);
    tree_text(tree, "description", u->reason);
    tree_text(tree, "media_url", media);
    tree_end(tree);
}

static enum err write_updates(struct request *request, struct tools *tools, struct tree *tree,
                              const struct kinds_kind *kind, struct db *db)
{
    struct cases_published filter;
    const struct cases_published_update *updates = NULL;
    size_t count = 0;
    const char *base = api_base_url(request, tools);
    enum err e = base ? open311_ask_filter(request, kind, &filter) : ERR_NOMEM;
    if (!e && filter.state_count)
        e = cases_published_updates(db, &filter, request->arena, &updates, &count);
    for (size_t i = 0; i < count && !e; i++) {
        const char *photo = updates[i].photo;
        const char *media =
            photo[0] ? arena_printf(request->arena, "%s/v1/photos/%s", base, photo) : NULL;
        write_update(tree, kind, media, &updates[i]);
    }
    return e;
}

enum err open311_updates_list(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct tree tree;
    struct why why = {""};
    struct db *db;
    const struct kinds_kind *kind = open311_ask_kind(request, tools);
    if (!kind) return ERR_INVALID;
    enum err e = tools_db(tools, &db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    open311_ask_answer(request, response, &tree);
    tree_list(&tree, "service_request_updates");
    e = write_updates(request, tools, &tree, kind, db);
    if (e) return problem_from_err(request->problem, e, NULL);
    tree_end(&tree);
    response_header(response, "Cache-Control", "no-cache");
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct updating {
    struct tools *tools;
    const struct kinds_kind *kind;
    struct photo_form form;
    struct db *db;
    struct cases_case of;
    struct cases_acting acting;
    struct photos_clean clean[PHOTO_FORM_PHOTOS];
    size_t clean_count;
    struct cases_acted acted;
};

static enum err find(struct request *request, struct updating *u)
{
    struct why why = {""};
    enum err e = photo_form_need(request, &u->form, "service_request_id");
    if (e) return e;
    const char *id = photo_form_value(&u->form, "service_request_id");
    if (!u->tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "api_key",
                           "is needed: whoever runs this server gives keys");
    e = tools_db(u->tools, &u->db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = secrets_is_public_id(id) ? cases_get(u->db, id, request->arena, &u->of) : ERR_NOTFOUND;
    if (!e && strcmp(u->of.kind, u->kind->code) != 0) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "service_request_id",
                           "there is no such request");
    if (e) return problem_from_err(request->problem, e, NULL);
    if (auth_may(u->tools, RIGHTS_move, u->of.area_id, u->of.kind)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_FORBIDDEN, "api_key",
                       "is not good for the area of this request");
}

/* The first move of the table that the actor may make to an open or a closed state that counts. */
static const char *move_to(const struct updating *u, bool open)
{
    for (size_t i = 0; i < u->kind->move_count; i++) {
        const struct kinds_move *move = &u->kind->moves[i];
        const struct kinds_state *to = &u->kind->states[move->to];
        if (strcmp(u->kind->states[move->from].code, u->of.state) == 0 && to->open == open &&
            to->step > 0 && move->by & u->acting.actor.as)
            return to->code;
    }
    return NULL;
}

/* OPEN and CLOSED are Open311's; any state of ours may be named, too. */
static enum err read_status(struct request *request, struct updating *u)
{
    const char *status = photo_form_value(&u->form, "status");
    const struct kinds_state *is = kinds_state(u->kind, u->of.state);
    if (!status || strcmp(status, u->of.state) == 0) return ERR_OK;
    bool open = text_same(status, "open"), closed = text_same(status, "closed") && is && !is->open;
    if ((open && is && is->open) || closed) return ERR_OK;
    if (!open && !text_same(status, "closed")) {
        u->acting.to = status;
        if (kinds_state(u->kind, status)) return ERR_OK;
        return problem_say(request->problem, PROBLEM_PARAMETER, "status",
                           "must be OPEN, CLOSED or a state of /v1/kinds");
    }
    u->acting.to = move_to(u, open);
    if (u->acting.to) return ERR_OK;
    return problem_say(request->problem, PROBLEM_CONFLICT, "status",
                       "a case that is %s cannot be made %s by this key", u->of.state,
                       open ? "open" : "closed");
}

static enum err read_form(struct request *request, struct updating *u)
{
    int64_t when = 0;
    struct cases_acting *a = &u->acting;
    u->form.names = names;
    enum err e = photo_form_read(request, &u->form);
    if (!e) e = open311_ask_key(request, u->tools, &u->form);
    if (!e) e = open311_ask_media(request, &u->form);
    if (!e) e = photo_form_text(request, &u->form, "description", CASES_REASON_MAX);
    if (!e)
        e = api_time_member(request, "updated_datetime",
                            photo_form_value(&u->form, "updated_datetime"), &when);
    if (!e) e = find(request, u);
    if (e) return e;
    a->public_id = u->of.public_id;
    a->version = u->of.version;
    a->actor =
        (struct cases_actor){auth_roles(u->tools, u->of.area_id, u->of.kind), u->tools->actor->id};
    a->reason = photo_form_value(&u->form, "description");
    a->now_ms = clock_utc_ms();
    e = read_status(request, u);
    a->verb = a->to ? CASES_moved : CASES_written;
    if (e || a->to || a->reason || u->form.photo_count) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "description",
                       "is missing, and the status stays what it is");
}

static enum err store(struct request *request, struct updating *u)
{
    const struct service *service = u->tools->service;
    struct why why = {""};
    u->acting.photos = u->clean;
    u->acting.photo_count = u->clean_count;
    enum err e = cases_act(u->db, service->dir, service->kinds, &u->acting, NULL, request->arena,
                           &u->acted, &why);
    return problem_from_err(request->problem, e, &why);
}

/* The id of the event that came last. */
static enum err answer(struct request *request, struct response *response, const struct updating *u)
{
    const struct cases_event *events = NULL;
    size_t count = 0;
    struct tree tree;
    enum err e = cases_history(u->db, u->of.id, request->arena, &events, &count);
    if (e) return problem_from_err(request->problem, e, NULL);
    response->status = 201;
    open311_ask_answer(request, response, &tree);
    tree_list(&tree, "service_request_updates");
    tree_record(&tree, "request_update");
    tree_int(&tree, "update_id", count ? events[count - 1].id : 0);
    tree_text(&tree, "service_request_id", u->of.public_id);
    tree_text(&tree, "account_id", NULL);
    tree_end(&tree);
    tree_end(&tree);
    return ERR_OK;
}

enum err open311_updates_create(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct updating *u = arena_calloc(request->arena, 1, sizeof *u);
    if (!u) return ERR_NOMEM;
    u->tools = tools;
    u->kind = open311_ask_kind(request, tools);
    if (!u->kind) return ERR_INVALID;
    enum err e = read_form(request, u);
    if (!e) e = photo_form_clean(request, tools, &u->form, u->clean, &u->clean_count);
    if (!e) e = store(request, u);
    for (size_t i = 0; i < u->clean_count; i++)
        photos_clean_fini(&u->clean[i]);
    return e ? e : answer(request, response, u);
}

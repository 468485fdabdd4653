#include "server/api/open311_send.h"

#include "server/api/api_once.h"
#include "server/api/area_right.h"
#include "server/api/case_send.h"
#include "server/api/open311_ask.h"
#include "server/api/report_form.h"
#include "server/auth.h"

/* Who sends is not kept: names, addresses and devices of people are read and forgotten. */
static const char *const names[] = {"service_code",
                                    "lat",
                                    "long",
                                    "address_string",
                                    "address_id",
                                    "description",
                                    "jurisdiction_id",
                                    "api_key",
                                    "media_url",
                                    "email",
                                    "device_id",
                                    "account_id",
                                    "first_name",
                                    "last_name",
                                    "phone",
                                    PHOTO_FORM_ATTRIBUTES,
                                    NULL};
_Static_assert(sizeof names / sizeof *names <= PHOTO_FORM_FIELDS + 1, "raise PHOTO_FORM_FIELDS");

struct sending {
    struct tools *tools;
    const struct request *request;
    const struct kinds_kind *kind;
    struct photo_form form;
    struct case_sending core;
};

static enum err read_position(struct request *request, struct sending *s)
{
    const struct photo_form *form = &s->form;
    bool some = photo_form_value(form, "lat") || photo_form_value(form, "long");
    bool owed = some || (s->kind->position && !photo_form_value(form, "address_string"));
    struct coord at = {0, 0};
    enum err e = ERR_OK;
    if (owed) e = photo_form_need(request, form, "lat");
    if (owed && !e) e = photo_form_need(request, form, "long");
    if (!e) e = photo_form_number(request, form, "lat", -90, 90, &at.lat);
    if (!e) e = photo_form_number(request, form, "long", -180, 180, &at.lon);
    if (e || !some) return e;
    s->core.fresh.has_position = true;
    s->core.fresh.at = at;
    s->core.fresh.area_id = area_right_of(s->tools->snapshot->areas, at);
    return ERR_OK;
}

/* Of a system with a key that is good there none is owed: it has its own ways to be sure. */
static enum err need_photo(struct request *request, const struct sending *s)
{
    unsigned roles = auth_roles(s->tools, s->core.fresh.area_id, s->kind->code);
    if (!s->kind->photo || s->form.photo_count || roles & KINDS_ROLE(integrator)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "media",
                       "at least one photo is needed, as a file of multipart/form-data, where no "
                       "api_key comes that is good for this area");
}

static enum err read_form(struct request *request, struct sending *s)
{
    struct photo_form *form = &s->form;
    form->names = names;
    enum err e = photo_form_read(request, form);
    if (!e) e = open311_ask_key(request, s->tools, form);
    if (!e) e = open311_ask_media(request, form);
    if (!e) e = report_form_check(request, form, s->kind, "service_code", &s->core.fresh.category);
    if (!e) e = read_position(request, s);
    if (!e) e = need_photo(request, s);
    if (!e) e = photo_form_text(request, form, "description", CASES_DESCRIPTION_MAX);
    if (!e) e = photo_form_text(request, form, "address_string", CASES_ADDRESS_MAX);
    if (e) return e;
    if (!s->kind->anonymous && !s->tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "api_key",
                           "is needed: this is not taken from somebody unknown");
    s->core.fresh.kind = s->kind->code;
    s->core.fresh.accuracy_m = -1;
    s->core.fresh.description = photo_form_value(form, "description");
    s->core.fresh.address = photo_form_value(form, "address_string");
    s->core.fresh.said = form->said;
    s->core.fresh.said_count = form->said_count;
    return ERR_OK;
}

static void write_answer(struct tree *tree, const struct cases_case *made, const char *token)
{
    tree_list(tree, "service_requests");
    tree_record(tree, "request");
    tree_text(tree, "service_request_id", made->public_id);
    tree_text(tree, "service_notice", NULL);
    tree_text(tree, "account_id", NULL);
    tree_text(tree, "case_token", token);
    tree_end(tree);
    tree_end(tree);
}

static enum err render(void *user, const struct cases_case *made, const char *token,
                       struct buf *body)
{
    const struct sending *s = user;
    struct tree tree;
    tree_begin(&tree, open311_ask_is_xml(s->request), body);
    write_answer(&tree, made, token);
    return body->err;
}

/* An answer that is kept has the format it had: the address belongs to its key. */
enum err open311_send_request(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct sending *s = arena_calloc(request->arena, 1, sizeof *s);
    if (!s) return ERR_NOMEM;
    s->tools = tools;
    s->request = request;
    s->kind = open311_ask_kind(request, tools);
    if (!s->kind) return ERR_INVALID;
    s->core = (struct case_sending){.form = &s->form, .render = render, .user = s};
    enum err e = read_form(request, s);
    if (!e) e = api_once_read(request, tools, request->path, s->form.hash, "", &s->core.key);
    if (!e) e = case_send_store(request, response, tools, &s->core);
    if (!e && !s->core.again) e = case_send_answer(request, response, &s->core);
    if (!e) response->content_type = tree_type(open311_ask_is_xml(request));
    return e;
}

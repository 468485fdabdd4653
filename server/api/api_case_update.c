#include "server/api/api_case_update.h"

#include "data/cases_act.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_time.h"
#include "server/api/assignee_right.h"
#include "server/api/case_answer.h"
#include "server/api/case_match.h"
#include "server/api/photo_form.h"
#include "server/api/report_json.h"

#include <math.h>
#include <string.h>

static const char *const names[] = {
    "text",         "note",   "state", "version",    "rating",
    "duplicate_of", "due_at", "crs",   "coord_type", PHOTO_FORM_ATTRIBUTES,
    "person_id",    "unit",   NULL};

static const char folder[] = "/v1/reports/";

struct updating {
    struct tools *tools;
    struct photo_form form;
    struct api_crs crs;
    struct case_answer of;
    struct cases_acting acting;
    struct idempotency key;
    struct photos_clean clean[PHOTO_FORM_PHOTOS];
    size_t clean_count;
    struct photo_pass_key pass;
    struct photo_json photos;
    struct cases_acted acted;
};

static enum err read_number(struct request *request, const struct photo_form *form,
                            const char *name, double max, double *value)
{
    enum err e = photo_form_number(request, form, name, 1, max, value);
    if (e || floor(*value) == *value) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, name, "must be a whole number");
}

static enum err read_note(struct request *request, const struct photo_form *form, bool *note)
{
    const char *text = photo_form_value(form, "note");
    *note = text && strcmp(text, "true") == 0;
    if (!text || *note || strcmp(text, "false") == 0) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "note", "must be true or false");
}

static enum err read_form(struct request *request, struct updating *u)
{
    const double versions = 9007199254740991.0; /* 2^53 - 1: all whole numbers below are exact */
    struct cases_acting *a = &u->acting;
    double version = 0, rating = 0, person = 0;
    bool note = false;
    u->form.names = names;
    enum err e = photo_form_read(request, &u->form);
    if (!e) e = photo_form_crs(request, u->tools, &u->form);
    if (!e) e = photo_form_text(request, &u->form, "text", CASES_REASON_MAX);
    if (!e) e = read_number(request, &u->form, "version", versions, &version);
    if (!e) e = read_number(request, &u->form, "rating", 5, &rating);
    if (!e) e = read_number(request, &u->form, "person_id", versions, &person);
    if (!e) e = photo_form_text(request, &u->form, "unit", CASES_UNIT_MAX);
    if (!e) e = read_note(request, &u->form, &note);
    if (e) return e;
    a->reason = photo_form_value(&u->form, "text");
    a->to = photo_form_value(&u->form, "state");
    a->duplicate_of = photo_form_value(&u->form, "duplicate_of");
    a->version = (int64_t)version;
    a->rating = (int)rating;
    a->assignee = (int64_t)person;
    a->unit = photo_form_value(&u->form, "unit");
    a->said = u->form.said;
    a->said_count = u->form.said_count;
    a->verb = a->to ? CASES_moved : note ? CASES_noted : CASES_written;
    if (!a->to && (a->assignee || a->unit))
        return problem_say(request->problem, PROBLEM_PARAMETER, a->unit ? "unit" : "person_id",
                           "goes with a move: PUT /v1/reports/{id}/assignment gives a report");
    if (a->to && note)
        return problem_say(request->problem, PROBLEM_PARAMETER, "note",
                           "a move is for all to see: write the note apart");
    return api_time_member(request, "due_at", photo_form_value(&u->form, "due_at"), &a->due_ms);
}

static enum err find(struct request *request, struct updating *u)
{
    struct tools *tools = u->tools;
    enum err e = case_answer_find(request, tools, &u->of);
    if (e) return e;
    if (!u->of.sender)
        return problem_say(request->problem,
                           tools->actor ? PROBLEM_FORBIDDEN : PROBLEM_UNAUTHENTICATED, NULL,
                           "the report is neither yours (send its token as Case-Token) nor in an "
                           "area of yours");
    if (u->of.staff && u->acting.to && !u->acting.version && !request->headers.if_match)
        return problem_say(request->problem, PROBLEM_PARAMETER, "version", "is missing");
    u->acting.public_id = u->of.found.public_id;
    u->acting.actor = (struct cases_actor){u->of.as, tools->actor ? tools->actor->id : 0};
    u->acting.now_ms = clock_utc_ms();
    u->photos = (struct photo_json){.now_ms = u->acting.now_ms};
    e = case_answer_pass(u->of.db, u->of.kind, &u->pass, &u->photos);
    return problem_from_err(request->problem, e, NULL);
}

static enum err render(void *user, const struct cases_case *made, const char *token,
                       struct buf *body)
{
    const struct updating *u = user;
    struct jsonw json;
    const struct report_json how = {.crs = &u->form.crs,
                                    .snapshot = u->tools->snapshot,
                                    .kind = u->of.kind,
                                    .photos = u->photos,
                                    .as = u->of.as};
    (void)token;
    jsonw_init(&json, body);
    report_json_write(&json, &how, made);
    return body->err;
}

/* Keys of one case and one sender are apart from all others. */
static enum err read_key(struct request *request, struct updating *u)
{
    const char *token = request->headers.case_token;
    const char *what =
        arena_printf(request->arena, "POST /v1/reports/%s/updates", u->of.found.public_id);
    if (!what) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    return api_once_read(request, u->tools, what, u->form.hash, token ? token : "", &u->key);
}

static enum err store(struct request *request, struct updating *u)
{
    const struct service *service = u->tools->service;
    const struct cases_reply reply = {
        .request = u->key, .status = 201, .render = render, .user = u};
    struct why why = {""};
    u->acting.photos = u->clean;
    u->acting.photo_count = u->clean_count;
    enum err e = cases_act(u->of.db, service->dir, service->kinds, &u->acting,
                           u->key.key ? &reply : NULL, request->arena, &u->acted, &why);
    return case_match_refused(request, u->of.db, &u->acting, e, &why);
}

static enum err answer(struct request *request, struct response *response, struct updating *u)
{
    if (u->acted.answer.len) return api_once_answer(request, response, folder, &u->acted.answer);
    response->status = 201;
    return case_answer_write(request, response, u->tools, &u->form.crs, &u->of, &u->acted.now);
}

enum err api_case_update_create(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct updating *u = arena_calloc(request->arena, 1, sizeof *u);
    bool done = false;
    if (!u) return ERR_NOMEM;
    u->tools = tools;
    enum err e = read_form(request, u);
    if (!e) e = find(request, u);
    if (!e) e = read_key(request, u);
    if (!e) e = api_once_look_up(request, response, u->of.db, folder, &u->key, &done);
    if (e || done) return e;
    /* What was answered before stands, whatever the version is now. */
    e = case_match_read(request, &u->of.found, &u->acting);
    if (!e)
        e = case_answer_other(request, tools, &u->of, PROBLEM_PARAMETER, "duplicate_of",
                              u->acting.duplicate_of);
    if (!e) e = assignee_right_owner(request, tools, &u->of, &u->acting);
    if (!e) e = photo_form_clean(request, tools, &u->form, u->clean, &u->clean_count);
    if (!e) e = store(request, u);
    for (size_t i = 0; i < u->clean_count; i++)
        photos_clean_fini(&u->clean[i]);
    return e ? e : answer(request, response, u);
}

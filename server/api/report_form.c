#include "server/api/report_form.h"

#include "data/feedback.h"
#include "geo/base/text.h"

#include <string.h>

static const char *const names[] = {
    "kind",        "category", "lon", "lat",        "accuracy",
    "description", "address",  "crs", "coord_type", PHOTO_FORM_ATTRIBUTES,
    "area_id",     NULL};

/* What of the kind's may be missing? A position only where an address comes instead. */
static enum err require(struct request *request, const struct report_form *form)
{
    const struct photo_form *sent = &form->sent;
    enum err e = ERR_OK;
    if (form->kind->position && !form->address) {
        e = photo_form_need(request, sent, "lon");
        if (!e) e = photo_form_need(request, sent, "lat");
    }
    if (e || sent->photo_count || !form->kind->photo) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "photo",
                       "at least one photo is needed");
}

/* Feedback is sent at its place. */
static enum err read_kind(struct request *request, const struct tools *tools,
                          struct report_form *form)
{
    const char *code = photo_form_value(&form->sent, "kind");
    form->kind = kinds_find(tools->service->kinds, code ? code : "report");
    if (form->kind && strcmp(form->kind->code, FEEDBACK_KIND) != 0) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                       "is unknown; /v1/kinds lists what there is");
}

enum err report_form_check(struct request *request, const struct photo_form *sent,
                           const struct kinds_kind *kind, const char *name,
                           const char **category_code)
{
    const char *code = photo_form_value(sent, name);
    if (!code) return photo_form_need(request, sent, name);
    const struct kinds_category *category = kinds_category(kind, code);
    if (!category)
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "is unknown; /v1/kinds lists what there is");
    if (category->phone)
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "is not taken here: call %s. %s; %s", category->phone,
                           category->redirect.zh, category->redirect.en);
    struct why why = {""};
    enum err e = kinds_check(category, sent->said, sent->said_count, &why);
    if (e)
        return problem_say(request->problem, PROBLEM_PARAMETER, PHOTO_FORM_ATTRIBUTES, "%s",
                           why.text);
    *category_code = category->code;
    return ERR_OK;
}

/* Whose it is to answer. Where something lies says that by itself. */
static enum err read_area(struct request *request, const struct tools *tools,
                          struct report_form *form)
{
    const char *text = photo_form_value(&form->sent, "area_id");
    if (!text) return ERR_OK;
    if (form->kind->position || form->has_position)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id",
                           "has no place beside a position, which lies in an area by itself");
    if (text_int(text, strlen(text), 1, INT64_MAX, &form->area_id) &&
        areaset_by_id(tools->snapshot->areas, form->area_id) >= 0)
        return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
}

enum err report_form_read(struct request *request, struct tools *tools, struct report_form *form)
{
    *form = (struct report_form){.accuracy_m = -1, .sent.names = names};
    struct photo_form *sent = &form->sent;
    enum err e = photo_form_read(request, sent);
    if (!e) e = read_kind(request, tools, form);
    if (e) return e;
    form->description = photo_form_value(sent, "description");
    form->address = photo_form_value(sent, "address");
    e = report_form_check(request, sent, form->kind, "category", &form->category);
    if (!e) e = require(request, form);
    if (!e) e = photo_form_crs(request, tools, sent);
    if (!e)
        e = photo_form_position(request, sent, &form->at, &form->accuracy_m, &form->has_position);
    if (!e) e = read_area(request, tools, form);
    if (!e) e = photo_form_text(request, sent, "description", CASES_DESCRIPTION_MAX);
    return e ? e : photo_form_text(request, sent, "address", CASES_ADDRESS_MAX);
}

#include "server/api/feedback_form.h"

#include <string.h>

static const char *const names[] = {"problem",     "amenity", "lon",        "lat", "accuracy",
                                    "description", "crs",     "coord_type", NULL};

static enum err check_problem(struct request *request, const struct tools *tools,
                              const struct feedback_form *form)
{
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, FEEDBACK_KIND);
    if (kind && kinds_category(kind, form->problem)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "problem",
                       "is unknown; /v1/categories lists what there is under feedback");
}

/* What goes with which problem: owed, or out of place. */
static enum err check_company(struct request *request, const struct feedback_form *form)
{
    bool facility = strcmp(form->problem, "missing_facility") == 0;
    if (facility && !form->amenity) return photo_form_need(request, &form->sent, "amenity");
    if (form->amenity && !facility)
        return problem_say(request->problem, PROBLEM_PARAMETER, "amenity",
                           "goes with problem=missing_facility");
    if (form->has_position && strcmp(form->problem, "moved") != 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "lon", "goes with problem=moved");
    if (strcmp(form->problem, "other") == 0)
        return photo_form_need(request, &form->sent, "description");
    return ERR_OK;
}

static enum err check_amenity(struct request *request, const struct tools *tools,
                              const char *amenity)
{
    if (!amenity || categories_amenity_find(tools->service->categories, amenity) >= 0)
        return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "amenity",
                       "is unknown; /v1/categories lists what there is");
}

enum err feedback_form_read(struct request *request, struct tools *tools,
                            struct feedback_form *form)
{
    *form = (struct feedback_form){.accuracy_m = -1, .sent.names = names};
    struct photo_form *sent = &form->sent;
    enum err e = photo_form_read(request, sent);
    if (!e) e = photo_form_need(request, sent, "problem");
    form->problem = photo_form_value(sent, "problem");
    form->description = photo_form_value(sent, "description");
    form->amenity = photo_form_value(sent, "amenity");
    if (!e) e = check_problem(request, tools, form);
    if (!e) e = photo_form_crs(request, tools, sent);
    if (!e)
        e = photo_form_position(request, sent, &form->at, &form->accuracy_m, &form->has_position);
    if (!e) e = photo_form_text(request, sent, "description", CASES_DESCRIPTION_MAX);
    if (!e) e = check_company(request, form);
    return e ? e : check_amenity(request, tools, form->amenity);
}

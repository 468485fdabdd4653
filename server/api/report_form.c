#include "server/api/report_form.h"

static const char *const names[] = {"category", "lon", "lat",        "accuracy", "description",
                                    "address",  "crs", "coord_type", NULL};

/* Something is owed: which field is missing? */
static enum err require(struct request *request, const struct report_form *form)
{
    static const char *const owed[] = {"category", "lon", "lat"};
    for (size_t i = 0; i < sizeof owed / sizeof *owed; i++) {
        enum err e = photo_form_need(request, &form->sent, owed[i]);
        if (e) return e;
    }
    if (form->sent.photo_count) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "photo",
                       "at least one photo is needed");
}

static enum err check_category(struct request *request, const struct tools *tools,
                               const char *category)
{
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, "report");
    if (kind && kinds_category(kind, category)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "category",
                       "is unknown; /v1/categories lists what there is under reports");
}

enum err report_form_read(struct request *request, struct tools *tools, struct report_form *form)
{
    bool given;
    *form = (struct report_form){.accuracy_m = -1, .sent.names = names};
    struct photo_form *sent = &form->sent;
    enum err e = photo_form_read(request, sent);
    if (!e) e = require(request, form);
    form->category = photo_form_value(sent, "category");
    form->description = photo_form_value(sent, "description");
    form->address = photo_form_value(sent, "address");
    if (!e) e = check_category(request, tools, form->category);
    if (!e) e = photo_form_crs(request, tools, sent);
    if (!e) e = photo_form_position(request, sent, &form->at, &form->accuracy_m, &given);
    if (!e) e = photo_form_text(request, sent, "description", CASES_DESCRIPTION_MAX);
    return e ? e : photo_form_text(request, sent, "address", CASES_ADDRESS_MAX);
}

#include "server/api/mend_form.h"

#include "server/body.h"

#include <math.h>
#include <string.h>

struct sent {
    const char *mend, *from, *to, *hours, *hours_self;
    struct coord location; /* NAN: not given */
    bool force;
};

static enum err read_sent(struct request *request, struct mend_form *form, struct sent *s)
{
    const struct body_field fields[] = {
        BODY_VERSION(&form->version),
        {.name = "mend", .type = BODY_TEXT, .required = true, .max = 40, .text = &s->mend},
        {.name = "state", .type = BODY_TEXT, .min = 1, .max = 40, .text = &form->state},
        {.name = "place_version",
         .type = BODY_INT,
         .required = true,
         .min = 1,
         .max = INT64_MAX,
         .number = &form->place_version},
        {.name = "from", .type = BODY_TEXT, .max = 40, .text = &s->from},
        {.name = "to", .type = BODY_TEXT, .max = 40, .text = &s->to},
        {.name = "reason", .type = BODY_TEXT, .max = PLACES_REASON_MAX, .text = &form->reason},
        {.name = "location", .type = BODY_PAIR, .pair = &s->location},
        {.name = "hours", .type = BODY_TEXT, .max = 600, .text = &s->hours},
        {.name = "hours_self", .type = BODY_TEXT, .max = 600, .text = &s->hours_self},
        {.name = "force", .type = BODY_BOOL, .flag = &s->force}};
    return body_read(request, fields, sizeof fields / sizeof *fields);
}

static enum err find_mend(struct request *request, const struct cases_case *c, const char *word,
                          enum feedback_mend *mend)
{
    for (int m = 0; m < FEEDBACK_MENDS; m++)
        if (strcmp(feedback_mend_name((enum feedback_mend)m), word) == 0 &&
            feedback_mends(c) >> m & 1) {
            *mend = (enum feedback_mend)m;
            return ERR_OK;
        }
    return problem_say(request->problem, PROBLEM_PARAMETER, "mend",
                       "does not go with what the case says; its `mends` lists what does");
}

/* Members that only one mending takes. */
static enum err refuse_strangers(struct request *request, const struct mend_form *form,
                                 const struct sent *s)
{
    const struct {
        const char *name;
        bool came;
        enum feedback_mend goes_with;
    } members[] = {{"from", s->from, FEEDBACK_CLOSE},
                   {"to", s->to, FEEDBACK_CLOSE},
                   {"location", !isnan(s->location.lon), FEEDBACK_MOVE},
                   {"hours", s->hours, FEEDBACK_HOURS},
                   {"hours_self", s->hours_self, FEEDBACK_HOURS}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].came && members[i].goes_with != form->mend)
            return problem_say(request->problem, PROBLEM_PARAMETER, members[i].name,
                               "goes with mend=%s", feedback_mend_name(members[i].goes_with));
    return ERR_OK;
}

static enum err take_closing(struct request *request, const struct sent *s, int64_t now_ms,
                             struct mend_form *form)
{
    if (!form->reason || !form->reason[0])
        return problem_say(request->problem, PROBLEM_PARAMETER, "reason",
                           "is missing: why it is closed, for everybody to read");
    return place_form_span(request, s->from, s->to, now_ms, &form->from_ms, &form->to_ms);
}

static enum err take_location(struct request *request, const struct api_crs *crs,
                              const struct cases_case *c, const struct sent *s,
                              struct mend_form *form)
{
    form->at = c->to;
    if (isnan(s->location.lon) && c->has_to) return ERR_OK;
    if (isnan(s->location.lon))
        return problem_say(request->problem, PROBLEM_PARAMETER, "location",
                           "is missing: the rider did not say where it is instead");
    form->at = s->location;
    return api_crs_inward(request, crs, "location", &form->at, 1);
}

static enum err take_hours(struct request *request, const struct sent *s, struct mend_form *form)
{
    const struct {
        enum places_field field;
        const char *text;
    } both[PLACE_FORM_WARNINGS] = {{PLACES_hours, s->hours}, {PLACES_hours_self, s->hours_self}};
    for (size_t i = 0; i < PLACE_FORM_WARNINGS; i++) {
        struct why why;
        if (!both[i].text) continue;
        enum err e = place_form_hours(request, places_field_name(both[i].field), both[i].text,
                                      s->force, &why);
        if (e) return e;
        form->fields |= 1u << both[i].field;
    }
    form->row.hours = s->hours;
    form->row.hours_self = s->hours_self;
    if (form->fields) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "hours", "is missing");
}

enum err mend_form_read(struct request *request, const struct api_crs *crs,
                        const struct cases_case *c, int64_t now_ms, struct mend_form *form)
{
    struct sent s = {.location = {(double)NAN, 0}};
    *form = (struct mend_form){.state = "handled"};
    enum err e = read_sent(request, form, &s);
    if (!e) e = find_mend(request, c, s.mend, &form->mend);
    if (!e) e = refuse_strangers(request, form, &s);
    if (e) return e;
    if (form->mend == FEEDBACK_CLOSE) return take_closing(request, &s, now_ms, form);
    if (form->mend == FEEDBACK_MOVE) return take_location(request, crs, c, &s, form);
    return form->mend == FEEDBACK_HOURS ? take_hours(request, &s, form) : ERR_OK;
}

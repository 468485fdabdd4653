#include "server/api/join_form.h"

#include "geo/base/clock.h"
#include "server/body.h"

static enum err blame(struct request *request, const char *code, const struct why *why)
{
    return problem_say(request->problem, PROBLEM_PARAMETER,
                       arena_printf(request->arena, "answers/%.40s", code), "%s", why->text);
}

static enum err read_answers(struct request *request, const struct body_texts *texts,
                             const struct branches_form *form, struct membership_answers *answers)
{
    for (size_t i = 0; i < texts->count; i++) {
        struct why why = {""};
        enum err e = membership_answers_add(answers, form, texts->items[i].name,
                                            texts->items[i].value, request->arena, &why);
        if (e == ERR_INVALID) return blame(request, texts->items[i].name, &why);
        if (e) return problem_from_err(request->problem, e, &why);
    }
    const struct branches_field *owed = membership_answers_owed(answers, form);
    const struct why missing = {"is missing"};
    return owed ? blame(request, owed->code, &missing) : ERR_OK;
}

enum err join_form_read(struct request *request, struct tools *tools, struct db *db,
                        const struct branches_branch *branch, int64_t *version,
                        struct membership_join_wish *wish)
{
    struct membership_answers *answers = arena_calloc(request->arena, 1, sizeof *answers);
    struct body_texts texts = {.count = 0};
    struct branches_form form;
    bool consents = false;
    int64_t seen = 0;
    *wish = (struct membership_join_wish){.branch = branch->id,
                                          .person = tools->actor->id,
                                          .answers = answers,
                                          .key = tools->service->seal_key,
                                          .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {
        {.name = "form",
         .type = BODY_INT,
         .required = true,
         .min = 1,
         .max = INT64_MAX,
         .number = &wish->form},
        {.name = "consent", .type = BODY_BOOL, .required = true, .flag = &consents},
        {.name = "answers",
         .type = BODY_TEXTS,
         .required = true,
         .max = BRANCHES_FIELDS_MAX,
         .texts = &texts},
        version ? (struct body_field)BODY_VERSION(&seen)
                : (struct body_field){.name = "move", .type = BODY_BOOL, .flag = &wish->moves}};
    if (!answers) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    if (!consents)
        return problem_say(request->problem, PROBLEM_PARAMETER, "consent",
                           "must be true: without consent nothing is taken");
    if (wish->form != branch->form)
        return problem_say(request->problem, PROBLEM_CONFLICT, "form",
                           "the form is at version %lld by now: show that one, and ask for consent "
                           "to it",
                           (long long)branch->form);
    e = branches_form(db, branch->id, branch->form, request->arena, &form);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (version) *version = seen;
    return read_answers(request, &texts, &form, answers);
}

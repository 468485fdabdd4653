#include "server/api/branch_form.h"

#include "data/branches_write.h"
#include "server/api/branch_right.h"
#include "server/body.h"

#include <string.h>

enum { TYPE_MAX = 20 };

struct fields {
    struct request *request;
    struct branches_field *items;
};

static enum err read_type(struct request *request, size_t i, const char *word,
                          enum branches_type *type)
{
    for (int k = 0; k < BRANCHES_TYPE_COUNT; k++)
        if (strcmp(word, branches_type_name((enum branches_type)k)) == 0) {
            *type = (enum branches_type)k;
            return ERR_OK;
        }
    return problem_say(request->problem, PROBLEM_PARAMETER,
                       arena_printf(request->arena, "fields/%zu/type", i),
                       "must be one of: name phone text number date choice");
}

static enum err read_field(struct request *request, const struct body_node *node, size_t i,
                           void *user)
{
    struct fields *fields = user;
    struct branches_field *f = &fields->items[i];
    const char *type = NULL;
    struct body_words choices = {.count = 0};
    *f = (struct branches_field){.label_en = ""};
    const struct body_field members[] = {
        {.name = "code",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = BRANCHES_CODE_MAX,
         .text = &f->code},
        {.name = "label",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = BRANCHES_LABEL_MAX,
         .text = &f->label},
        {.name = "label_en", .type = BODY_TEXT, .max = BRANCHES_LABEL_MAX, .text = &f->label_en},
        {.name = "type", .type = BODY_TEXT, .required = true, .max = TYPE_MAX, .text = &type},
        {.name = "required", .type = BODY_BOOL, .flag = &f->required},
        {.name = "choices", .type = BODY_WORDS, .max = BRANCHES_CHOICES_MAX, .words = &choices}};
    enum err e = body_object(request, node, members, sizeof members / sizeof *members);
    if (!e) e = read_type(request, i, type, &f->type);
    f->choices = choices.items;
    f->choice_count = choices.count;
    return e;
}

static enum err check(struct request *request, const struct branches_branch *branch,
                      const struct branches_form *form)
{
    const char *culprit = "";
    struct why why = {""};
    enum err e = branches_write_check(branch, form, request->arena, &culprit, &why);
    if (e) return problem_say(request->problem, PROBLEM_PARAMETER, culprit, "%s", why.text);
    return e;
}

enum err branch_form_read(struct request *request, const struct tools *tools, bool is_new,
                          struct branches_branch *branch, struct branches_form *form)
{
    struct fields list = {
        request, arena_calloc(request->arena, BRANCHES_FIELDS_MAX, sizeof(struct branches_field))};
    struct body_list fields = {.each = read_field, .user = &list};
    *branch = (struct branches_branch){.id = branch->id, .name_en = ""};
    *form = (struct branches_form){.consent = ""};
    const struct body_field members[] = {
        {.name = "name",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = BRANCHES_NAME_MAX,
         .text = &branch->name},
        {.name = "name_en", .type = BODY_TEXT, .max = BRANCHES_NAME_MAX, .text = &branch->name_en},
        {.name = "area_id",
         .type = BODY_INT,
         .min = 1,
         .max = INT64_MAX,
         .number = &branch->area_id},
        {.name = "place_id",
         .type = BODY_INT,
         .min = 1,
         .max = INT64_MAX,
         .number = &branch->place_id},
        {.name = "consent",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = BRANCHES_CONSENT_MAX,
         .text = &form->consent},
        {.name = "fields",
         .type = BODY_LIST,
         .required = true,
         .max = BRANCHES_FIELDS_MAX,
         .list = &fields},
        {.name = "alongside", .type = BODY_BOOL, .flag = &branch->alongside},
        BODY_VERSION(&branch->version)};
    const struct body_field later[] = {members[0], members[1], members[2], members[3],
                                       members[4], members[5], members[7]};
    if (!list.items) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = is_new ? body_read(request, members, sizeof members / sizeof *members - 1)
                        : body_read(request, later, sizeof later / sizeof *later);
    form->fields = list.items;
    form->field_count = fields.count;
    if (!e) e = check(request, branch, form);
    if (e) return e;
    if (branch->area_id && areaset_by_id(tools->snapshot->areas, branch->area_id) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
    return branch_right_may(request, tools, branch);
}

#include "server/api/open311_services.h"

#include "server/api/api_base.h"
#include "server/api/open311_ask.h"

#include <string.h>

/* When what the service offers changed last. */
static const char changeset[] = "2026-11-28T00:00:00Z";

static void write_endpoint(struct tree *tree, const char *url)
{
    static const char *const formats[] = {"text/xml", "application/json"};
    tree_record(tree, "endpoint");
    tree_text(tree, "specification", "http://wiki.open311.org/GeoReport_v2");
    tree_text(tree, "url", url);
    tree_text(tree, "changeset", changeset);
    tree_text(tree, "type", "production");
    tree_list(tree, "formats");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        tree_text(tree, "format", formats[i]);
    tree_end(tree);
    tree_end(tree);
}

enum err open311_services_discover(struct request *request, struct response *response,
                                   struct tools *tools)
{
    struct tree tree;
    const char *base = api_base_url(request, tools);
    const char *url = base ? arena_printf(request->arena, "%s/open311/v2", base) : NULL;
    if (!url) return ERR_NOMEM;
    open311_ask_answer(request, response, &tree);
    tree_record(&tree, "discovery");
    tree_text(&tree, "changeset", changeset);
    tree_text(&tree, "contact", "Whoever runs this server, at its address: ask there for a key.");
    tree_text(&tree, "key_service",
              "Reports are taken without a key. Whoever runs this server gives keys to systems "
              "that write on reports.");
    tree_list(&tree, "endpoints");
    write_endpoint(&tree, url);
    tree_end(&tree);
    tree_end(&tree);
    return ERR_OK;
}

/* What is not taken says where to turn instead. */
static const char *describe(struct request *request, const struct kinds_category *category,
                            bool english)
{
    const char *label = open311_ask_label(&category->label, english);
    if (!category->phone) return label;
    return arena_printf(request->arena,
                        english ? "%s: not taken here, call %s. %s"
                                : "%s：这里不受理，请拨打 %s。%s",
                        label, category->phone, open311_ask_label(&category->redirect, english));
}

static enum err write_service(struct request *request, struct tree *tree,
                              const struct kinds_kind *kind, const struct kinds_category *category,
                              bool english)
{
    const struct kinds_group *group = &kind->groups[category->group];
    const char *description = describe(request, category, english);
    if (!description) return ERR_NOMEM;
    tree_record(tree, "service");
    tree_text(tree, "service_code", category->code);
    tree_text(tree, "service_name", open311_ask_label(&category->label, english));
    tree_text(tree, "description", description);
    tree_bool(tree, "metadata", category->question_count > 0);
    tree_text(tree, "type", "realtime");
    tree_text(tree, "keywords", open311_ask_label(&category->label, !english));
    tree_text(tree, "group", open311_ask_label(&group->label, english));
    tree_end(tree);
    return ERR_OK;
}

enum err open311_services_list(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct tree tree;
    bool english = false;
    const struct kinds_kind *kind = open311_ask_kind(request, tools);
    if (!kind) return ERR_INVALID;
    enum err e = open311_ask_lang(request, &english);
    if (e) return e;
    open311_ask_answer(request, response, &tree);
    tree_list(&tree, "services");
    for (size_t i = 0; i < kind->category_count && !e; i++)
        e = write_service(request, &tree, kind, &kind->categories[i], english);
    tree_end(&tree);
    response_header(response, "Vary", "Accept-Language");
    return e;
}

static void write_values(struct tree *tree, const struct kinds_question *question, bool english)
{
    if (!question->value_count) return;
    tree_list(tree, "values");
    for (size_t i = 0; i < question->value_count; i++) {
        tree_record(tree, "value");
        tree_text(tree, "key", question->values[i].code);
        tree_text(tree, "name", open311_ask_label(&question->values[i].label, english));
        tree_end(tree);
    }
    tree_end(tree);
}

static const char *hint_of(const struct kinds_question *question)
{
    static const char *const hints[KINDS_ANSWERS] = {[KINDS_DATETIME] =
                                                         "YYYY-MM-DDThh:mm:ss+08:00"};
    return hints[question->type];
}

static void write_attribute(struct tree *tree, const struct kinds_question *question, size_t order,
                            bool english)
{
    tree_record(tree, "attribute");
    tree_bool(tree, "variable", true);
    tree_text(tree, "code", question->code);
    tree_text(tree, "datatype", kinds_answer_name(question->type));
    tree_bool(tree, "required", question->required);
    tree_text(tree, "datatype_description", hint_of(question));
    tree_int(tree, "order", (int64_t)order);
    tree_text(tree, "description", open311_ask_label(&question->label, english));
    write_values(tree, question, english);
    tree_end(tree);
}

enum err open311_services_define(struct request *request, struct response *response,
                                 struct tools *tools)
{
    struct tree tree;
    bool english = false;
    const struct kinds_kind *kind = open311_ask_kind(request, tools);
    if (!kind) return ERR_INVALID;
    enum err e = open311_ask_lang(request, &english);
    if (e) return e;
    const struct kinds_category *category = kinds_category(kind, request_arg(request, "code"));
    if (!category)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "service_code",
                           "is unknown; services lists what there is");
    open311_ask_answer(request, response, &tree);
    tree_record(&tree, "service_definition");
    tree_text(&tree, "service_code", category->code);
    tree_list(&tree, "attributes");
    for (size_t i = 0; i < category->question_count; i++)
        write_attribute(&tree, &category->questions[i], i + 1, english);
    tree_end(&tree);
    tree_end(&tree);
    response_header(response, "Vary", "Accept-Language");
    return ERR_OK;
}

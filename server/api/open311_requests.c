#include "server/api/open311_requests.h"

#include "server/api/api_base.h"
#include "server/api/open311_record.h"

#include <string.h>

static enum err begin(struct request *request, struct response *response, struct tools *tools,
                      struct tree *tree, struct open311_record *how)
{
    struct why why = {""};
    *how = (struct open311_record){.tree = tree,
                                   .kind = open311_ask_kind(request, tools),
                                   .tools = tools,
                                   .arena = request->arena,
                                   .base = api_base_url(request, tools)};
    if (!how->kind) return ERR_INVALID;
    if (!how->base) return ERR_NOMEM;
    enum err e = open311_ask_lang(request, &how->english);
    if (e) return e;
    e = tools_db(tools, &how->db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    open311_ask_answer(request, response, tree);
    tree_list(tree, "service_requests");
    return ERR_OK;
}

/* One that is of the kind; ERR_NOTFOUND, unnoted. */
static enum err find(const struct open311_record *how, const char *id, struct cases_case *found)
{
    if (!secrets_is_public_id(id)) return ERR_NOTFOUND;
    enum err e = cases_get(how->db, id, how->arena, found);
    return !e && strcmp(found->kind, how->kind->code) != 0 ? ERR_NOTFOUND : e;
}

/* Those named, as many as there are: an id is known to who sent it, or was listed. */
static enum err write_named(struct request *request, const struct open311_record *how)
{
    const char *const *ids = NULL;
    size_t count = 0;
    enum err e = open311_ask_ids(request, &ids, &count);
    for (size_t i = 0; i < count && !e; i++) {
        struct cases_case found = {0};
        e = find(how, ids[i], &found);
        if (e == ERR_NOTFOUND)
            e = ERR_OK;
        else if (!e)
            e = open311_record_write(how, &found);
    }
    return e;
}

static enum err write_page(struct request *request, const struct open311_record *how)
{
    struct cases_published filter;
    const struct cases_case *cases = NULL;
    size_t count = 0;
    enum err e = open311_ask_filter(request, how->kind, &filter);
    if (!e && filter.state_count)
        e = cases_published_list(how->db, &filter, request->arena, &cases, &count);
    for (size_t i = 0; i < count && !e; i++)
        e = open311_record_write(how, &cases[i]);
    return e;
}

enum err open311_requests_list(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct tree tree;
    struct open311_record how;
    enum err e = begin(request, response, tools, &tree, &how);
    if (!e)
        e = request_query(request, "service_request_id") ? write_named(request, &how)
                                                         : write_page(request, &how);
    if (e) return problem_from_err(request->problem, e, NULL);
    tree_end(&tree);
    response_header(response, "Vary", "Accept-Language");
    response_header(response, "Cache-Control", "no-cache");
    return ERR_OK;
}

static enum err not_found(struct request *request, enum err e, const char *what)
{
    if (e != ERR_NOTFOUND) return problem_from_err(request->problem, e, NULL);
    return problem_say(request->problem, PROBLEM_NOT_FOUND, what, "there is no such request");
}

enum err open311_requests_get(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct tree tree;
    struct open311_record how;
    struct cases_case found = {0};
    enum err e = begin(request, response, tools, &tree, &how);
    if (e) return e;
    e = find(&how, request_arg(request, "id"), &found);
    if (!e) e = open311_record_write(&how, &found);
    if (e) return not_found(request, e, "service_request_id");
    tree_end(&tree);
    response_header(response, "Vary", "Accept-Language");
    response_header(response, "Cache-Control", "no-cache");
    return ERR_OK;
}

enum err open311_requests_token(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct tree tree;
    struct open311_record how;
    struct cases_case found = {0};
    const char *token = request_arg(request, "id");
    enum err e = begin(request, response, tools, &tree, &how);
    if (e) return e;
    e = find(&how, token, &found);
    if (e) return not_found(request, e, "token");
    tree_record(&tree, "request");
    tree_text(&tree, "service_request_id", found.public_id);
    tree_text(&tree, "token", token);
    tree_end(&tree);
    tree_end(&tree);
    response_header(response, "Cache-Control", "no-cache");
    return ERR_OK;
}

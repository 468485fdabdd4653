#include "server/api/code_list.h"

enum err code_list_read(struct request *request, const char *name,
                        int (*find)(const struct categories *, const char *),
                        const struct categories *categories, uint64_t *bits)
{
    const char *rest = request_query(request, name), *item;
    size_t len;
    if (rest && !*rest)
        return problem_say(request->problem, PROBLEM_PARAMETER, name, "must not be empty");
    while (request_next(&rest, ',', &item, &len)) {
        const char *code = arena_strndup(request->arena, item, len);
        if (!code) return problem_from_err(request->problem, ERR_NOMEM, NULL);
        int index = find(categories, code);
        if (index < 0)
            return problem_say(request->problem, PROBLEM_PARAMETER, name,
                               "\"%s\" is unknown; /v1/categories lists what there is", code);
        *bits |= 1ull << index;
    }
    return ERR_OK;
}

#include "server/api/card_check.h"

#include "data/guesses.h"
#include "server/api/branch_json.h"
#include "server/auth.h"

enum err card_check_may(struct request *request, const struct tools *tools)
{
    static const char *const kinds[] = {"member", "offer"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bool limited = true;
        const int64_t *ids = NULL;
        size_t count = 0;
        enum err e =
            auth_areas(tools, RIGHTS_verify, kinds[i], request->arena, &limited, &ids, &count);
        if (e) return problem_from_err(request->problem, e, NULL);
        if (!limited || count) return ERR_OK;
    }
    return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                       "your roles are for other things than members and offers");
}

enum err card_check_tell(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "code", "%s", why->text);
    if (e == ERR_CONFLICT)
        return problem_say(request->problem, PROBLEM_CONFLICT, "code", "%s", why->text);
    if (e == ERR_LIMIT) request->problem->retry_after_s = GUESSES_LOCK_MIN * 60;
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_TOO_MANY, NULL, "%s", why->text);
    return problem_from_err(request->problem, e, why);
}

enum err card_check_write(struct arena *arena, const unsigned char *seal_key, struct jsonw *json,
                          const struct card_check_told *told)
{
    const struct branches_branch *branch = told->branch;
    struct membership_answers answers;
    enum err e = membership_answers_readable(told->member, seal_key, arena, &answers);
    if (e) return e;
    const char *name = membership_answers_mask_name(
        arena, membership_answers_name(told->member, told->form, &answers));
    if (!name) return ERR_NOMEM;
    jsonw_key(json, "branch");
    jsonw_object(json);
    jsonw_key_int(json, "id", branch->id);
    jsonw_key_string(json, "name", branch->name);
    if (branch->name_en[0]) jsonw_key_string(json, "name_en", branch->name_en);
    jsonw_object_end(json);
    jsonw_key_string(json, "name", name);
    return ERR_OK;
}

#include "server/api/activity_find.h"
#include "server/api/api_db.h"

#include "data/rights.h"
#include "server/api/area_right.h"
#include "server/auth.h"

const char activity_find_kind[] = "activity";

enum err activity_find_own_db(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it takes part in nothing");
    return api_db(request, tools, db);
}

bool activity_find_runs(const struct tools *tools, const struct activities_activity *a)
{
    return tools->actor && auth_may(tools, RIGHTS_activities, a->area_id, activity_find_kind);
}

enum err activity_find(struct request *request, struct tools *tools, struct db **db,
                       struct activities_activity *found)
{
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_db(request, tools, db);
    if (e) return e;
    e = activities_find(*db, id, request->arena, found);
    if (!e && found->state == ACTIVITIES_draft && !activity_find_runs(tools, found))
        e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such activity");
    return problem_from_err(request->problem, e, NULL);
}

enum err activity_find_run(struct request *request, struct tools *tools, struct db **db,
                           struct activities_activity *found)
{
    enum err e = activity_find(request, tools, db, found);
    return e ? e
             : area_right_in(request, tools, RIGHTS_activities, found->area_id, activity_find_kind,
                             "the activity");
}

/* ---- lists for statements -------------------------------------------------------------------- */

void activity_find_begin(struct activity_find_list *list)
{
    buf_init(&list->text, REQUEST_MAX_TARGET);
    jsonw_init(&list->json, &list->text);
    jsonw_array(&list->json);
}

enum err activity_find_end(struct activity_find_list *list, struct arena *arena, const char **text)
{
    jsonw_array_end(&list->json);
    const char *copy =
        list->text.err ? NULL : arena_strndup(arena, list->text.bytes, list->text.len);
    buf_fini(&list->text);
    if (!copy) return ERR_NOMEM;
    *text = copy;
    return ERR_OK;
}

enum err activity_find_areas(struct request *request, const struct tools *tools,
                             const char *parameter, const char **areas)
{
    const int64_t *ids = NULL;
    size_t count = 0;
    bool limited = true;
    struct activity_find_list list;
    if (!tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, parameter,
                           "what is not shown yet is for who runs it");
    if (!rights_anywhere(tools->actor, RIGHTS_activities))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, parameter,
                           "what is not shown yet is for those who may %s",
                           rights_words(RIGHTS_activities));
    enum err e = auth_areas(tools, RIGHTS_activities, activity_find_kind, request->arena, &limited,
                            &ids, &count);
    if (e || !limited) return problem_from_err(request->problem, e, NULL);
    activity_find_begin(&list);
    for (size_t i = 0; i < count; i++)
        jsonw_int(&list.json, ids[i]);
    return problem_from_err(request->problem, activity_find_end(&list, request->arena, areas),
                            NULL);
}

/* The activity, or the sign-up, that a request is about, and whether its caller runs it. */
#ifndef YZ_SERVER_API_ACTIVITY_FIND_H
#define YZ_SERVER_API_ACTIVITY_FIND_H

#include "data/signups.h"
#include "geo/base/jsonw.h"
#include "server/request.h"
#include "server/tools.h"

/* What a grant for activities alone is for. */
extern const char activity_find_kind[];

/* This thread's connection (api_db), for people alone: a key takes part in nothing. */
enum err activity_find_own_db(struct request *request, struct tools *tools, struct db **db);

bool activity_find_runs(const struct tools *tools, const struct activities_activity *a);

/* The activity of the path's `id`; a draft is there only for who runs it. Notes 404. */
enum err activity_find(struct request *request, struct tools *tools, struct db **db,
                       struct activities_activity *found);
/* The same for who runs it; notes 403, too. */
enum err activity_find_run(struct request *request, struct tools *tools, struct db **db,
                           struct activities_activity *found);

/* A JSON list of numbers or words, for a statement; `*list` is in the arena. */
struct activity_find_list {
    struct buf text;
    struct jsonw json;
};
void activity_find_begin(struct activity_find_list *list);
enum err activity_find_end(struct activity_find_list *list, struct arena *arena, const char **text);

/* The areas in which the caller runs activities, as such a list; left alone where that is
 * everywhere. Notes 401 and 403, naming the parameter that asks for what is for them alone. */
enum err activity_find_areas(struct request *request, const struct tools *tools,
                             const char *parameter, const char **areas);

#endif

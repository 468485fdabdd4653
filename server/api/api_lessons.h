/* Tries at the quizzes of lessons (data/quizzes.h): POST /v1/posts/{id}/attempts, GET
 * /v1/me/attempts, GET /v1/me/attempts/{id}. */
#ifndef YZ_SERVER_API_API_LESSONS_H
#define YZ_SERVER_API_API_LESSONS_H

#include "geo/base/jsonw.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_lessons_try(struct request *request, struct response *response, struct tools *tools);
enum err api_lessons_list(struct request *request, struct response *response, struct tools *tools);
enum err api_lessons_get(struct request *request, struct response *response, struct tools *tools);

/* The member `attempts` of all that is kept of the caller. */
enum err api_lessons_export(struct request *request, struct jsonw *json, const struct tools *tools,
                            struct db *db);

#endif

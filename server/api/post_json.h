/* Posts, their quizzes and tries at them as JSON. */
#ifndef YZ_SERVER_API_POST_JSON_H
#define YZ_SERVER_API_POST_JSON_H

#include "data/posts.h"
#include "geo/base/jsonw.h"

/* For whom. */
struct post_json {
    bool for_staff;                          /* with what only they need, and what is right */
    bool for_reader;                         /* whether they read it */
    const struct quizzes_standing *standing; /* theirs; NULL: not told */
};

/* As a list has it. */
void post_json_head(struct jsonw *json, const struct post_json *how, const struct posts_post *post);

/* All of it, its texts as HTML. ERR_NOMEM. */
enum err post_json_write(struct jsonw *json, const struct post_json *how,
                         const struct posts_post *post);

/* A try, with what is said to each answer; what is right only where no other try is left. */
void post_json_attempt(struct jsonw *json, const struct quizzes_attempt *attempt,
                       const struct quizzes_standing *standing,
                       const struct quizzes_question *questions, size_t count);

/* As a list has it. */
void post_json_attempt_head(struct jsonw *json, const struct quizzes_attempt *attempt);

#endif

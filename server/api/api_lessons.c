#include "server/api/api_lessons.h"
#include "server/api/api_db.h"

#include "data/posts.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/post_form.h"
#include "server/api/post_json.h"
#include "server/body.h"

enum { LIST_MAX = 100 };

static const char folder[] = "/v1/me/attempts/";

/* Of people: a key learns nothing. */
static enum err begin(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it passes no lessons");
    return api_db(request, tools, db);
}

/* ---- a try ----------------------------------------------------------------------------------- */

static enum err read_answer(struct request *request, const struct body_node *node, size_t i,
                            void *user)
{
    struct quizzes_trying *trying = user;
    struct body_words choices = {0};
    const struct body_field fields[] = {{.name = "choices",
                                         .type = BODY_WORDS,
                                         .required = true,
                                         .min = 1,
                                         .max = QUIZZES_OPTIONS_MAX,
                                         .words = &choices}};
    enum err e = body_object(request, node, fields, 1);
    trying->answers[i] = (struct quizzes_answer){choices.items, choices.count};
    return e;
}

/* Answers in the order of the questions. */
static enum err read_answers(struct request *request, struct quizzes_trying *trying)
{
    struct body_list list = {read_answer, trying, 0};
    const struct body_field fields[] = {{.name = "answers",
                                         .type = BODY_LIST,
                                         .required = true,
                                         .min = 1,
                                         .max = QUIZZES_QUESTIONS_MAX,
                                         .list = &list},
                                        {.name = "version",
                                         .type = BODY_INT,
                                         .min = 1,
                                         .max = INT64_MAX,
                                         .number = &trying->version}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    trying->count = list.count;
    return e;
}

static enum err render(void *user, struct buf *body)
{
    const struct quizzes_graded *g = user;
    struct jsonw json;
    jsonw_init(&json, body);
    post_json_attempt(&json, &g->attempt, &g->standing, g->questions, g->count);
    return body->err;
}

static enum err read_once(struct request *request, const struct tools *tools, int64_t post,
                          struct idempotency *key)
{
    const char *what =
        arena_printf(request->arena, "POST /v1/posts/%lld/attempts", (long long)post);
    if (!what) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    return api_once_read_body(request, tools, what, "", key);
}

/* Whether there is a quiz, before anything is said of the answers; what it asks is known in the
 * transaction. */
static enum err find_quiz(struct request *request, struct db *db, int64_t id)
{
    struct posts_post post;
    enum err e = posts_find(db, id, 0, request->arena, &post);
    if (!e && (!posts_is_shown(&post, clock_utc_ms()) || !post.tries)) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no such lesson with a quiz");
    return problem_from_err(request->problem, e, NULL);
}

static enum err refuse(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "%s", why->text);
    return post_form_refuse(request, e, why);
}

enum err api_lessons_try(struct request *request, struct response *response, struct tools *tools)
{
    struct quizzes_trying *trying = arena_calloc(request->arena, 1, sizeof *trying);
    struct quizzes_graded graded;
    struct answers_reply reply = {.status = 201, .render = render, .user = &graded};
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    if (!trying) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = request_id(request, "id", &trying->post);
    if (!e) e = begin(request, tools, &db);
    if (!e) e = read_once(request, tools, trying->post, &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = find_quiz(request, db, trying->post);
    if (!e) e = read_answers(request, trying);
    if (e) return e;
    trying->person = tools->actor->id;
    trying->now_ms = clock_utc_ms();
    trying->kinds = tools->service->posts;
    trying->rules = tools->service->points;
    e = quizzes_try(db, trying, &reply, request->arena, &graded, &answer, &why);
    return e ? refuse(request, e, &why) : api_once_answer(request, response, folder, &answer);
}

/* ---- what came of them ----------------------------------------------------------------------- */

enum err api_lessons_get(struct request *request, struct response *response, struct tools *tools)
{
    const struct quizzes_question *questions = NULL;
    struct quizzes_attempt attempt;
    struct quizzes_standing standing;
    size_t count = 0;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (e) return e;
    e = quizzes_find(db, tools->actor->id, request_arg(request, "id"), clock_utc_ms(),
                     request->arena, &attempt);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "you made no such try");
    if (!e) e = quizzes_standing(db, attempt.post, tools->actor->id, &standing);
    if (!e) e = quizzes_of(db, attempt.post, request->arena, &questions, &count);
    if (e) return problem_from_err(request->problem, e, NULL);
    post_json_attempt(response_json(response), &attempt, &standing, questions, count);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

static void write_list(struct jsonw *json, const struct quizzes_attempt *list, size_t count,
                       const char *next)
{
    jsonw_object(json);
    jsonw_key(json, "attempts");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        post_json_attempt_head(json, &list[i]);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
}

enum err api_lessons_list(struct request *request, struct response *response, struct tools *tools)
{
    const struct quizzes_attempt *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = quizzes_mine(db, tools->actor->id, clock_utc_ms(), page.has_cursor ? page.after[0] : 0,
                     (size_t)page.limit, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    write_list(response_json(response), list, count, next);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_lessons_export(struct request *request, struct jsonw *json, const struct tools *tools,
                            struct db *db)
{
    const struct quizzes_attempt *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = quizzes_mine(db, tools->actor->id, clock_utc_ms(), 0, LIST_MAX, request->arena,
                              &list, &count, &more);
    if (e) return e;
    if (more)
        e = api_page_later(request->arena, "/v1/me/attempts", LIST_MAX, list[count - 1].id, &next);
    jsonw_key(json, "attempts");
    write_list(json, list, count, next);
    return e;
}

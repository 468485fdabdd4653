#include "server/api/post_form.h"

#include "geo/base/clock.h"
#include "server/api/api_time.h"
#include "server/body.h"

#include <string.h>

enum { CODE_MAX = 40, TIME_MAX = 40 };

#define TEXT(field, high, owed, at)                                                                \
    {                                                                                              \
        .name = (field), .type = BODY_TEXT, .required = (owed), .max = (high), .text = (at)        \
    }
#define NUMBER(field, low, high, at)                                                               \
    {                                                                                              \
        .name = (field), .type = BODY_INT, .min = (low), .max = (high), .number = (at)             \
    }
#define FLAG(field, at)                                                                            \
    {                                                                                              \
        .name = (field), .type = BODY_BOOL, .flag = (at)                                           \
    }

/* What is read beside the post itself. */
struct form {
    struct posts_video *videos;
    struct quizzes_question *questions;
    struct body_ints areas;
    struct body_words pictures;
    const char *from, *until;
};

/* ---- lists ----------------------------------------------------------------------------------- */

static enum err read_video(struct request *request, const struct body_node *node, size_t i,
                           void *user)
{
    struct form *form = user;
    struct posts_video *video = &form->videos[i];
    *video = (struct posts_video){.title = ""};
    const struct body_field fields[] = {TEXT("url", POSTS_URL_MAX, true, &video->url),
                                        TEXT("title", POSTS_TITLE_MAX, false, &video->title)};
    return body_object(request, node, fields, sizeof fields / sizeof *fields);
}

static enum err take_options(struct quizzes_question *question, const struct body_words *options)
{
    for (size_t i = 0; i < options->count; i++)
        question->options[i] = options->items[i];
    question->option_count = options->count;
    return ERR_OK;
}

static enum err take_answer(struct request *request, struct quizzes_question *question, size_t i,
                            const struct body_words *answer)
{
    for (size_t k = 0; k < answer->count; k++) {
        size_t at = 0;
        if (!quizzes_code_of(question, answer->items[k], &at))
            return problem_say(
                request->problem, PROBLEM_PARAMETER,
                arena_printf(request->arena, "questions/%zu/answer/%zu", i, k),
                "must be the code of an option: a, b, c, ... in their order; or true or false");
        question->answer |= 1u << at;
    }
    return ERR_OK;
}

static enum err read_question(struct request *request, const struct body_node *node, size_t i,
                              void *user)
{
    struct form *form = user;
    struct quizzes_question *question = &form->questions[i];
    struct body_words options = {0}, answer = {0};
    const char *type = NULL;
    *question = (struct quizzes_question){.feedback = ""};
    const struct body_field fields[] = {
        TEXT("type", CODE_MAX, true, &type),
        TEXT("text", QUIZZES_TEXT_MAX, true, &question->text),
        TEXT("feedback", QUIZZES_TEXT_MAX, false, &question->feedback),
        {.name = "options", .type = BODY_WORDS, .max = QUIZZES_OPTIONS_MAX, .words = &options},
        {.name = "answer",
         .type = BODY_WORDS,
         .required = true,
         .min = 1,
         .max = QUIZZES_OPTIONS_MAX,
         .words = &answer}};
    enum err e = body_object(request, node, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    if (!quizzes_type_of(type, &question->type))
        return problem_say(request->problem, PROBLEM_PARAMETER,
                           arena_printf(request->arena, "questions/%zu/type", i),
                           "must be one of: single multiple true_false");
    e = take_options(question, &options);
    return e ? e : take_answer(request, question, i, &answer);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum err read_body(struct request *request, bool is_new, struct posts_post *p,
                          struct form *form)
{
    struct body_list videos = {read_video, form, 0}, questions = {read_question, form, 0};
    const struct body_field fields[] = {
        TEXT("kind", CODE_MAX, true, &p->kind),
        TEXT("title", POSTS_TITLE_MAX, true, &p->title),
        TEXT("title_en", POSTS_TITLE_MAX, false, &p->title_en),
        TEXT("body", MARKDOWN_MAX, false, &p->body),
        TEXT("body_en", MARKDOWN_MAX, false, &p->body_en),
        TEXT("author", POSTS_AUTHOR_MAX, false, &p->author),
        FLAG("pinned", &p->pinned),
        FLAG("draft", &p->draft),
        TEXT("from", TIME_MAX, false, &form->from),
        TEXT("until", TIME_MAX, false, &form->until),
        {.name = "area_ids", .type = BODY_INTS, .max = POSTS_AREAS_MAX, .ints = &form->areas},
        {.name = "pictures", .type = BODY_WORDS, .max = PICTURES_MAX, .words = &form->pictures},
        {.name = "videos", .type = BODY_LIST, .max = POSTS_VIDEOS_MAX, .list = &videos},
        {.name = "questions", .type = BODY_LIST, .max = QUIZZES_QUESTIONS_MAX, .list = &questions},
        NUMBER("tries", 1, POSTS_KINDS_TRIES_MAX, &p->tries),
        NUMBER("pass", 1, 100, &p->pass),
        NUMBER("points", 0, POINTS_RULES_MAX, &p->points),
        BODY_VERSION(&p->version)};
    size_t count = sizeof fields / sizeof *fields;
    enum err e = body_read(request, fields, is_new ? count - 1 : count);
    p->video_count = videos.count;
    p->question_count = questions.count;
    return e;
}

static enum err check_areas(struct request *request, const struct tools *tools,
                            const struct body_ints *areas)
{
    for (size_t i = 0; i < areas->count; i++)
        if (areaset_by_id(tools->snapshot->areas, areas->items[i]) < 0)
            return problem_say(request->problem, PROBLEM_PARAMETER,
                               arena_printf(request->arena, "area_ids/%zu", i),
                               "there is no such area");
    return ERR_OK;
}

enum err post_form_read(struct request *request, const struct tools *tools, bool is_new,
                        struct posts_post *post)
{
    struct form form = {0};
    struct posts_post p = {.id = post->id,
                           .title_en = "",
                           .body = "",
                           .body_en = "",
                           .author = "",
                           .from_ms = is_new ? clock_utc_ms() : post->from_ms,
                           .tries = -1,
                           .pass = -1,
                           .points = -1};
    form.videos = arena_calloc(request->arena, POSTS_VIDEOS_MAX, sizeof *form.videos);
    form.questions = arena_calloc(request->arena, QUIZZES_QUESTIONS_MAX, sizeof *form.questions);
    if (!form.videos || !form.questions) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = read_body(request, is_new, &p, &form);
    if (!e) e = api_time_member(request, "from", form.from, &p.from_ms);
    if (!e) e = api_time_member(request, "until", form.until, &p.until_ms);
    if (!e) e = check_areas(request, tools, &form.areas);
    if (e) return e;
    const struct posts_kind *kind = posts_kinds_find(tools->service->posts, p.kind);
    if (p.tries < 0) p.tries = kind ? kind->tries : 1;
    if (p.pass < 0) p.pass = kind ? kind->pass : 1;
    if (p.points < 0) p.points = kind ? kind->amount : 0;
    p.areas = form.areas.items;
    p.area_count = form.areas.count;
    p.picture_ids = form.pictures.items;
    p.picture_id_count = form.pictures.count;
    p.videos = form.videos;
    p.questions = form.questions;
    *post = p;
    return ERR_OK;
}

enum err post_form_refuse(struct request *request, enum err e, const struct why *why)
{
    const char *colon = strstr(why->text, ": ");
    if (e != ERR_INVALID || !colon) return problem_from_err(request->problem, e, why);
    const char *name = arena_strndup(request->arena, why->text, (size_t)(colon - why->text));
    return problem_say(request->problem, PROBLEM_PARAMETER, name, "%s", colon + 2);
}

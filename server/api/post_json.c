#include "server/api/post_json.h"

#include "server/api/api_time.h"
#include "server/api/picture_json.h"

#include <string.h>

enum { HTML_BYTES = 4 * 1024 * 1024 };

/* ---- a quiz ---------------------------------------------------------------------------------- */

static void write_answer(struct jsonw *json, const struct quizzes_question *question)
{
    jsonw_key(json, "answer");
    jsonw_array(json);
    for (size_t i = 0; i < quizzes_choices(question); i++)
        if (question->answer >> i & 1) jsonw_string(json, quizzes_code(question, i));
    jsonw_array_end(json);
}

static void write_question(struct jsonw *json, const struct quizzes_question *question,
                           bool for_staff)
{
    jsonw_object(json);
    jsonw_key_string(json, "type", quizzes_type_name(question->type));
    jsonw_key_string(json, "text", question->text);
    jsonw_key(json, "options");
    jsonw_array(json);
    for (size_t i = 0; i < question->option_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "code", quizzes_code(question, i));
        jsonw_key_string(json, "text", question->options[i]);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    if (for_staff) {
        write_answer(json, question);
        jsonw_key_string(json, "feedback", question->feedback);
    }
    jsonw_object_end(json);
}

/* `whole` with its questions. */
static void write_quiz(struct jsonw *json, const struct post_json *how,
                       const struct posts_post *post, bool whole)
{
    if (!post->tries) return;
    jsonw_key(json, "quiz");
    jsonw_object(json);
    jsonw_key_int(json, "tries", post->tries);
    jsonw_key_int(json, "pass", post->pass);
    jsonw_key_int(json, "points", post->points);
    if (how->standing) {
        int64_t left = how->standing->tries - how->standing->used;
        jsonw_key_int(json, "tries_left", how->standing->passed || left < 0 ? 0 : left);
        jsonw_key_bool(json, "passed", how->standing->passed);
    }
    if (whole) {
        jsonw_key(json, "questions");
        jsonw_array(json);
        for (size_t i = 0; i < post->question_count; i++)
            write_question(json, &post->questions[i], how->for_staff);
        jsonw_array_end(json);
    }
    jsonw_object_end(json);
}

/* ---- a post ---------------------------------------------------------------------------------- */

static void write_areas(struct jsonw *json, const struct posts_post *post)
{
    jsonw_key(json, "area_ids");
    jsonw_array(json);
    for (size_t i = 0; i < post->area_count; i++)
        jsonw_int(json, post->areas[i]);
    jsonw_array_end(json);
}

static void write_members(struct jsonw *json, const struct post_json *how,
                          const struct posts_post *post)
{
    jsonw_key_int(json, "id", post->id);
    jsonw_key_string(json, "kind", post->kind);
    jsonw_key_string(json, "title", post->title);
    if (post->title_en[0]) jsonw_key_string(json, "title_en", post->title_en);
    jsonw_key_string(json, "summary", post->summary);
    if (post->author[0]) jsonw_key_string(json, "author", post->author);
    jsonw_key_bool(json, "pinned", post->pinned);
    api_time_write(json, "from", post->from_ms);
    if (post->until_ms) api_time_write(json, "until", post->until_ms);
    write_areas(json, post);
    if (how->for_reader) jsonw_key_bool(json, "read", post->read);
    jsonw_key_int(json, "version", post->version);
    if (!how->for_staff) return;
    jsonw_key_bool(json, "draft", post->draft);
    if (post->story[0]) jsonw_key_string(json, "story", post->story);
    jsonw_key_int(json, "reads", post->reads);
}

void post_json_head(struct jsonw *json, const struct post_json *how, const struct posts_post *post)
{
    jsonw_object(json);
    write_members(json, how, post);
    write_quiz(json, how, post, false);
    jsonw_key_int(json, "picture_count", (int64_t)post->picture_count);
    jsonw_key_int(json, "video_count", (int64_t)post->video_count);
    if (post->picture_count) {
        jsonw_key(json, "picture");
        picture_json_write(json, &post->pictures[0], false);
    }
    jsonw_object_end(json);
}

static bool is_own(const void *user, const char *id)
{
    const struct posts_post *post = user;
    for (size_t i = 0; i < post->picture_count; i++)
        if (strcmp(post->pictures[i].public_id, id) == 0) return true;
    return false;
}

static enum err write_html(struct jsonw *json, const char *key, const struct posts_post *post,
                           const char *text)
{
    const struct markdown_pictures pictures = {is_own, post};
    struct buf html;
    buf_init(&html, HTML_BYTES);
    enum err e = markdown_html(text, strlen(text), &pictures, &html);
    if (!e) {
        jsonw_key(json, key);
        jsonw_string_n(json, html.len ? html.bytes : "", html.len);
    }
    buf_fini(&html);
    return e;
}

static void write_videos(struct jsonw *json, const struct posts_post *post)
{
    jsonw_key(json, "videos");
    jsonw_array(json);
    for (size_t i = 0; i < post->video_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "url", post->videos[i].url);
        if (post->videos[i].title[0]) jsonw_key_string(json, "title", post->videos[i].title);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

enum err post_json_write(struct jsonw *json, const struct post_json *how,
                         const struct posts_post *post)
{
    jsonw_object(json);
    write_members(json, how, post);
    enum err e = write_html(json, "html", post, post->body);
    if (!e && post->body_en[0]) e = write_html(json, "html_en", post, post->body_en);
    picture_json_list(json, post->pictures, post->picture_count);
    write_videos(json, post);
    write_quiz(json, how, post, true);
    if (how->for_staff) {
        jsonw_key_string(json, "body", post->body);
        if (post->body_en[0]) jsonw_key_string(json, "body_en", post->body_en);
    }
    jsonw_object_end(json);
    return e;
}

/* ---- a try ----------------------------------------------------------------------------------- */

static void write_attempt(struct jsonw *json, const struct quizzes_attempt *attempt)
{
    jsonw_key_string(json, "id", attempt->public_id);
    jsonw_key_int(json, "post", attempt->post);
    if (attempt->title[0]) jsonw_key_string(json, "title", attempt->title);
    jsonw_key_int(json, "number", attempt->number);
    jsonw_key_int(json, "right", attempt->right);
    jsonw_key_int(json, "total", attempt->total);
    jsonw_key_bool(json, "passed", attempt->passed);
    jsonw_key_int(json, "points", attempt->points);
    api_time_write(json, "made_at", attempt->made_ms);
}

void post_json_attempt_head(struct jsonw *json, const struct quizzes_attempt *attempt)
{
    jsonw_object(json);
    write_attempt(json, attempt);
    jsonw_object_end(json);
}

void post_json_attempt(struct jsonw *json, const struct quizzes_attempt *attempt,
                       const struct quizzes_standing *standing,
                       const struct quizzes_question *questions, size_t count)
{
    int64_t left = standing->tries - standing->used;
    bool is_over = standing->passed || left <= 0;
    jsonw_object(json);
    write_attempt(json, attempt);
    jsonw_key_int(json, "tries_left", is_over ? 0 : left);
    jsonw_key(json, "questions");
    jsonw_array(json);
    for (size_t i = 0; i < count && attempt->marks[i]; i++) {
        jsonw_object(json);
        jsonw_key_bool(json, "right", attempt->marks[i] == '1');
        if (questions[i].feedback[0]) jsonw_key_string(json, "feedback", questions[i].feedback);
        if (is_over) write_answer(json, &questions[i]);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
}

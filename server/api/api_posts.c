#include "server/api/api_posts.h"
#include "server/api/api_db.h"

#include "data/posts.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/area_right.h"
#include "server/api/label_json.h"
#include "server/api/post_form.h"
#include "server/api/post_json.h"
#include "server/auth.h"

enum { LIST_MAX = 100 };

static const char kind_code[] = "post"; /* what a grant for posts alone is for */
static const char folder[] = "/v1/posts/";

/* Whether the caller may write for all of its areas. */
static bool is_staff(const struct tools *tools, const struct posts_post *post)
{
    if (!post->area_count) return auth_may(tools, RIGHTS_posts, 0, kind_code);
    for (size_t i = 0; i < post->area_count; i++)
        if (!auth_may(tools, RIGHTS_posts, post->areas[i], kind_code)) return false;
    return true;
}

static enum err may(struct request *request, const struct tools *tools,
                    const struct posts_post *post)
{
    if (is_staff(tools, post)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                       post->area_count
                           ? "the post is for an area that is not yours"
                           : "the post is for everybody, and your areas are not all: name yours");
}

static int64_t reader_of(const struct tools *tools)
{
    return tools->actor && !tools->actor->by_key ? tools->actor->id : 0;
}

static enum err unknown(struct request *request)
{
    return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such post");
}

/* What cannot be read now exists for its staff alone. */
static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct posts_post *found)
{
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_db(request, tools, db);
    if (e) return e;
    e = posts_find(*db, id, reader_of(tools), request->arena, found);
    if (!e && !posts_is_shown(found, clock_utc_ms()) && !is_staff(tools, found)) e = ERR_NOTFOUND;
    return e == ERR_NOTFOUND ? unknown(request) : problem_from_err(request->problem, e, NULL);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void write_kind(struct jsonw *json, const struct posts_kind *kind)
{
    jsonw_object(json);
    jsonw_key_string(json, "code", kind->code);
    label_json_write(json, "label", kind->label.zh, kind->label.en);
    jsonw_key_int(json, "pictures", kind->pictures);
    jsonw_key_bool(json, "quiz", kind->quiz);
    if (kind->quiz) {
        jsonw_key_int(json, "tries", kind->tries);
        jsonw_key_int(json, "pass", kind->pass);
        if (kind->points) jsonw_key_string(json, "points", kind->points);
        jsonw_key_int(json, "amount", kind->amount);
        jsonw_key_int(json, "most", kind->most);
    }
    jsonw_object_end(json);
}

enum err api_posts_kinds(struct request *request, struct response *response, struct tools *tools)
{
    const struct posts_kinds *kinds = tools->service->posts;
    struct jsonw *json = response_json(response);
    (void)request;
    jsonw_object(json);
    jsonw_key(json, "kinds");
    jsonw_array(json);
    for (size_t i = 0; i < posts_kinds_count(kinds); i++)
        write_kind(json, posts_kinds_at(kinds, i));
    jsonw_array_end(json);
    jsonw_key(json, "video_hosts");
    jsonw_array(json);
    for (size_t i = 0; i < posts_kinds_host_count(kinds); i++)
        jsonw_string(json, posts_kinds_host(kinds, i));
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}

/* What cannot be read now is listed for staff of all its areas, and so is what readers sent. */
static enum err read_state(struct request *request, const struct tools *tools,
                           struct posts_filter *filter)
{
    static const char *const states[] = {"shown", "draft",    "coming", "over",
                                         "sent",  "returned", NULL};
    int state = POSTS_SHOWN;
    enum err e = request_word(request, "state", states, &state);
    if (e) return e;
    filter->state = (enum posts_state)state;
    if (filter->state == POSTS_SHOWN && !filter->story) return ERR_OK;
    const char *what = filter->story ? "story" : "state";
    if (!tools->actor)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, what,
                           "sign in: these are listed for who writes posts");
    e = auth_areas(tools, RIGHTS_posts, kind_code, request->arena, &filter->limited, &filter->mine,
                   &filter->mine_count);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (filter->limited && !filter->mine_count)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, what,
                           "these are listed for who writes posts");
    return ERR_OK;
}

static enum err read_filter(struct request *request, const struct tools *tools,
                            struct posts_filter *filter)
{
    enum err e = request_int(request, "area", 1, INT64_MAX, &filter->area);
    if (!e) e = request_bool(request, "unread", &filter->unread);
    if (!e) e = request_bool(request, "story", &filter->story);
    if (e) return e;
    filter->kind = request_query(request, "kind");
    filter->reader = reader_of(tools);
    if (filter->kind && !posts_kinds_find(tools->service->posts, filter->kind))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "there are no posts \"%s\": see GET /v1/posts/kinds", filter->kind);
    if (filter->area && areaset_by_id(tools->snapshot->areas, filter->area) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    if (filter->unread && !filter->reader)
        return problem_say(request->problem, PROBLEM_UNAUTHENTICATED, "unread",
                           "sign in: what nobody reads is not kept");
    return read_state(request, tools, filter);
}

enum err api_posts_list(struct request *request, struct response *response, struct tools *tools)
{
    struct posts_filter filter = {.now_ms = clock_utc_ms()};
    const struct posts_post *list = NULL;
    struct api_page page;
    const char *next = NULL;
    int64_t rank = 0, last = 0;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = read_filter(request, tools, &filter);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    filter.has_after = page.has_cursor;
    filter.after_rank = page.has_cursor ? page.after[0] : 0;
    filter.after_id = page.has_cursor ? page.after[1] : 0;
    filter.limit = (size_t)page.limit;
    e = posts_list(db, &filter, request->arena, &list, &count, &more, &rank, &last);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, rank, last);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "posts");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        const struct post_json how = {.for_staff = is_staff(tools, &list[i]),
                                      .for_reader = filter.reader != 0};
        post_json_head(json, &how, &list[i]);
    }
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_posts_get(struct request *request, struct response *response, struct tools *tools)
{
    struct quizzes_standing standing;
    struct post_json how = {.for_reader = reader_of(tools) != 0};
    struct posts_post found;
    struct db *db;
    enum err e = find(request, tools, &db, &found);
    if (e) return e;
    how.for_staff = is_staff(tools, &found);
    if (how.for_reader && found.tries) {
        e = quizzes_standing(db, found.id, reader_of(tools), &standing);
        how.standing = &standing;
    }
    if (!e) e = post_json_write(response_json(response), &how, &found);
    if (e) return problem_from_err(request->problem, e, NULL);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum err render(void *user, struct buf *body)
{
    const struct post_json how = {.for_staff = true};
    struct jsonw json;
    jsonw_init(&json, body);
    enum err e = post_json_write(&json, &how, user);
    return e ? e : body->err;
}

enum err api_posts_create(struct request *request, struct response *response, struct tools *tools)
{
    struct posts_post post = {.id = 0};
    struct answers_reply reply = {.status = 201, .render = render, .user = &post};
    struct idempotency_answer answer;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = post_form_read(request, tools, true, &post);
    if (!e) e = may(request, tools, &post);
    if (!e) e = api_db(request, tools, &db);
    if (!e) e = api_once_read_body(request, tools, "POST /v1/posts", "", &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = posts_create(db, tools->service->posts, tools->actor->id, &reply, clock_utc_ms(),
                     request->arena, &post, &answer, &why);
    return e ? post_form_refuse(request, e, &why)
             : api_once_answer(request, response, folder, &answer);
}

enum err api_posts_put(struct request *request, struct response *response, struct tools *tools)
{
    const struct post_json how = {.for_staff = true};
    struct posts_post now, post;
    struct why why = {""};
    struct db *db;
    enum err e = find(request, tools, &db, &now);
    if (!e) e = may(request, tools, &now);
    post = now;
    if (!e) e = post_form_read(request, tools, false, &post);
    if (!e) e = may(request, tools, &post);
    if (e) return e;
    e = posts_change(db, tools->service->posts, tools->actor->id, clock_utc_ms(), request->arena,
                     &post, &why);
    if (e) return post_form_refuse(request, e, &why);
    return problem_from_err(request->problem, post_json_write(response_json(response), &how, &post),
                            NULL);
}

enum err api_posts_delete(struct request *request, struct response *response, struct tools *tools)
{
    struct posts_post now;
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = find(request, tools, &db, &now);
    if (!e) e = may(request, tools, &now);
    if (!e) e = request_version(request, &version);
    if (e) return e;
    e = posts_remove(db, tools->service->dir, now.id, version, clock_utc_ms(), &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

/* ---- who read what --------------------------------------------------------------------------- */

enum err api_posts_read(struct request *request, struct response *response, struct tools *tools)
{
    int64_t id = 0;
    struct db *db;
    enum err e = request_id(request, "id", &id);
    if (!e && !reader_of(tools))
        e = problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                        "this is a key, not a person: it reads nothing");
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    e = posts_mark(db, id, tools->actor->id, clock_utc_ms());
    if (e == ERR_NOTFOUND) return unknown(request);
    if (e) return problem_from_err(request->problem, e, NULL);
    response->status = 204;
    return ERR_OK;
}

static void write_figures(struct jsonw *json, const struct posts_post *post,
                          const struct quizzes_figures *figures)
{
    jsonw_object(json);
    jsonw_key_int(json, "reads", post->reads);
    if (figures->count || figures->attempts) {
        jsonw_key(json, "quiz");
        jsonw_object(json);
        jsonw_key_int(json, "people", figures->people);
        jsonw_key_int(json, "attempts", figures->attempts);
        jsonw_key_int(json, "passed", figures->passed);
        jsonw_key(json, "first_right");
        jsonw_array(json);
        for (size_t i = 0; i < figures->count; i++)
            jsonw_int(json, figures->right[i]);
        jsonw_array_end(json);
        jsonw_object_end(json);
    }
    jsonw_object_end(json);
}

enum err api_posts_figures(struct request *request, struct response *response, struct tools *tools)
{
    struct quizzes_figures figures;
    struct posts_post found;
    struct db *db;
    enum err e = find(request, tools, &db, &found);
    if (!e) e = may(request, tools, &found);
    if (e) return e;
    e = quizzes_figures(db, found.id, &figures);
    if (e) return problem_from_err(request->problem, e, NULL);
    write_figures(response_json(response), &found, &figures);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

static void write_reads(struct jsonw *json, const struct posts_read *list, size_t count,
                        const char *next)
{
    jsonw_object(json);
    jsonw_key(json, "reads");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        jsonw_key_int(json, "post", list[i].post);
        if (list[i].title[0]) jsonw_key_string(json, "title", list[i].title);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
}

enum err api_posts_reads(struct request *request, struct response *response, struct tools *tools)
{
    const struct posts_read *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = posts_reads(db, tools->actor->id, clock_utc_ms(), page.has_cursor ? page.after[0] : 0,
                    (size_t)page.limit, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].post, 0);
    write_reads(response_json(response), list, count, next);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_posts_export(struct request *request, struct jsonw *json, const struct tools *tools,
                          struct db *db)
{
    const struct posts_read *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e = posts_reads(db, tools->actor->id, clock_utc_ms(), 0, LIST_MAX, request->arena,
                             &list, &count, &more);
    if (e) return e;
    if (more)
        e = api_page_later(request->arena, "/v1/me/reads", LIST_MAX, list[count - 1].post, &next);
    jsonw_key(json, "reads");
    write_reads(json, list, count, next);
    return e;
}

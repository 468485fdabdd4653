#include "server/api/api_stories.h"

#include "data/stories.h"
#include "geo/base/clock.h"
#include "server/api/api_db.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/api/picture_json.h"
#include "server/body.h"

#include <string.h>

enum { LIST_MAX = 100 };

static const char folder[] = "/v1/me/stories/";
static const char kind_code[] = "post"; /* what a grant for posts alone is for */

/* ---- answering ------------------------------------------------------------------------------- */

static void write_story(struct jsonw *json, const struct stories_story *s)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", s->id);
    jsonw_key_string(json, "state", stories_state_name(s->state));
    jsonw_key_string(json, "title", s->title);
    jsonw_key_string(json, "body", s->body);
    if (s->author[0]) jsonw_key_string(json, "author", s->author);
    if (s->area_id) jsonw_key_int(json, "area_id", s->area_id);
    if (s->reason[0]) jsonw_key_string(json, "reason", s->reason);
    picture_json_list(json, s->pictures, s->picture_count);
    api_time_write(json, "created_at", s->created_ms);
    api_time_write(json, "updated_at", s->updated_ms);
    jsonw_key_int(json, "version", s->version);
    jsonw_object_end(json);
}

static enum err answer(struct response *response, const struct stories_story *story)
{
    write_story(response_json(response), story);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

/* What the store refuses names the field that it begins with. */
static enum err tell(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "%s",
                           why->text[0] ? why->text : "there is no such story of yours");
    if (e != ERR_INVALID) return problem_from_err(request->problem, e, why);
    const char *name = arena_strndup(request->arena, why->text, strcspn(why->text, ": "));
    return problem_say(request->problem, PROBLEM_PARAMETER, name, "%s", why->text);
}

static enum err begin_own(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it has no stories");
    return api_db(request, tools, db);
}

/* ---- one's own ------------------------------------------------------------------------------- */

static enum err read_form(struct request *request, const struct tools *tools, bool is_new,
                          struct stories_sending *s)
{
    struct body_words pictures = {.count = 0};
    const struct body_field fields[] = {
        {.name = "title",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = POSTS_TITLE_MAX,
         .text = &s->title},
        {.name = "body",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = STORIES_BODY_MAX,
         .text = &s->body},
        {.name = "author", .type = BODY_TEXT, .max = POSTS_AUTHOR_MAX, .text = &s->author},
        {.name = "area_id",
         .type = BODY_INT,
         .required = true,
         .min = 1,
         .max = INT64_MAX,
         .number = &s->area_id},
        {.name = "pictures", .type = BODY_WORDS, .max = PICTURES_MAX, .words = &pictures},
        BODY_VERSION(&s->version)};
    size_t count = sizeof fields / sizeof *fields;
    s->author = "";
    enum err e = body_read(request, fields, is_new ? count - 1 : count);
    if (e) return e;
    s->pictures = pictures.items;
    s->picture_count = pictures.count;
    s->person = tools->actor->id;
    s->now_ms = clock_utc_ms();
    if (!posts_kinds_find(tools->service->posts, stories_kind))
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "there are no posts of the kind \"%s\" here", stories_kind);
    if (areaset_by_id(tools->snapshot->areas, s->area_id) >= 0) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "area_id", "there is no such area");
}

static enum err render(void *user, struct buf *body)
{
    struct jsonw json;
    jsonw_init(&json, body);
    write_story(&json, user);
    return body->err;
}

enum err api_stories_send(struct request *request, struct response *response, struct tools *tools)
{
    struct stories_sending sending = {.id = 0};
    struct stories_story story;
    struct answers_reply reply = {.status = 201, .render = render, .user = &story};
    struct idempotency_answer kept;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (!e) e = read_form(request, tools, true, &sending);
    if (!e) e = api_once_read_body(request, tools, "POST /v1/me/stories", "", &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = stories_send(db, &sending, &reply, request->arena, &story, &kept, &why);
    return e ? tell(request, e, &why) : api_once_answer(request, response, folder, &kept);
}

enum err api_stories_put(struct request *request, struct response *response, struct tools *tools)
{
    struct stories_sending sending = {.id = 0};
    struct stories_story story;
    const struct answers_reply reply = {.status = 200, .render = render, .user = &story};
    struct idempotency_answer kept;
    struct why why = {""};
    struct db *db;
    enum err e = request_id(request, "id", &sending.id);
    if (!e) e = begin_own(request, tools, &db);
    if (!e) e = stories_find(db, sending.id, tools->actor->id, request->arena, &story);
    if (e) return tell(request, e, &why);
    e = read_form(request, tools, false, &sending);
    if (e) return e;
    e = stories_send(db, &sending, &reply, request->arena, &story, &kept, &why);
    return e ? tell(request, e, &why) : answer(response, &story);
}

enum err api_stories_get(struct request *request, struct response *response, struct tools *tools)
{
    struct stories_story story;
    const struct why why = {""};
    int64_t id = 0;
    struct db *db;
    enum err e = request_id(request, "id", &id);
    if (!e) e = begin_own(request, tools, &db);
    if (e) return e;
    e = stories_find(db, id, tools->actor->id, request->arena, &story);
    return e ? tell(request, e, &why) : answer(response, &story);
}

enum err api_stories_delete(struct request *request, struct response *response, struct tools *tools)
{
    struct why why = {""};
    int64_t id = 0, version = 0;
    struct db *db;
    enum err e = request_id(request, "id", &id);
    if (!e) e = begin_own(request, tools, &db);
    if (!e) e = request_version(request, &version);
    if (e) return e;
    e = stories_take_back(db, tools->service->dir, id, version, tools->actor->id, &why);
    if (e) return tell(request, e, &why);
    response->status = 204;
    return ERR_OK;
}

enum err api_stories_list(struct request *request, struct response *response, struct tools *tools)
{
    const struct stories_story *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = stories_list(db, tools->actor->id, page.has_cursor ? page.after[0] : 0, (size_t)page.limit,
                     request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "stories");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_story(json, &list[i]);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_stories_export(struct request *request, struct jsonw *json, const struct tools *tools,
                            struct db *db)
{
    const struct stories_story *list = NULL;
    int64_t before = 0;
    size_t count = 0;
    bool more = true;
    enum err e = ERR_OK;
    jsonw_key(json, "stories");
    jsonw_array(json);
    while (more && !e) {
        e = stories_list(db, tools->actor->id, before, LIST_MAX, request->arena, &list, &count,
                         &more);
        for (size_t i = 0; i < count && !e; i++)
            write_story(json, &list[i]);
        if (!e && count) before = list[count - 1].id;
    }
    jsonw_array_end(json);
    return e;
}

/* ---- by staff -------------------------------------------------------------------------------- */

/* Whether the caller writes for all areas that the post is for by now. */
static enum err may(struct request *request, const struct tools *tools,
                    const struct posts_post *post)
{
    enum err e = post->area_count
                     ? ERR_OK
                     : area_right_in(request, tools, RIGHTS_posts, 0, kind_code, "the story");
    for (size_t i = 0; i < post->area_count && !e; i++)
        e = area_right_in(request, tools, RIGHTS_posts, post->areas[i], kind_code, "the story");
    return e;
}

enum err api_stories_judge(struct request *request, struct response *response, struct tools *tools)
{
    struct stories_judging judging = {
        .by = tools->actor->id, .reason = "", .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {
        {.name = "published", .type = BODY_BOOL, .required = true, .flag = &judging.published},
        {.name = "reason", .type = BODY_TEXT, .max = STORIES_REASON_MAX, .text = &judging.reason},
        BODY_VERSION(&judging.version)};
    struct posts_post post;
    struct why why = {"there is no such story"};
    struct db *db;
    enum err e = request_id(request, "id", &judging.id);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    e = posts_find(db, judging.id, 0, request->arena, &post);
    if (!e && !post.story[0]) e = ERR_NOTFOUND;
    if (e) return tell(request, e, &why);
    e = may(request, tools, &post);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    e = stories_judge(db, &judging, request->arena, &why);
    if (e) return tell(request, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_int(json, "id", judging.id);
    jsonw_key_string(json, "state",
                     stories_state_name(judging.published ? STORIES_published : STORIES_returned));
    jsonw_key_int(json, "version", judging.version + 1);
    jsonw_object_end(json);
    return ERR_OK;
}

#include "server/api/api_pictures.h"
#include "server/api/api_db.h"

#include "data/pictures_see.h"
#include "geo/base/clock.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/photo_file.h"
#include "server/api/photo_form.h"
#include "server/api/picture_json.h"

enum { LIST_MAX = 100 };

static const char folder[] = "/v1/pictures/";

static enum err begin_own(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it has no pictures");
    return api_db(request, tools, db);
}

/* ---- bringing -------------------------------------------------------------------------------- */

static enum err render(void *user, struct buf *body)
{
    struct jsonw json;
    jsonw_init(&json, body);
    picture_json_write(&json, user, true);
    return body->err;
}

static enum err read_form(struct request *request, struct photo_form *form)
{
    static const char *const none[] = {NULL};
    form->names = none;
    enum err e = photo_form_read(request, form);
    if (e || form->photo_count == 1) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "photo",
                       "one picture is sent at a time, as a part with a file name");
}

static enum err store(struct request *request, struct tools *tools, struct db *db,
                      const struct photos_clean *photo, struct answers_reply *reply,
                      struct idempotency_answer *answer)
{
    const struct pictures_new fresh = {
        .person = tools->actor->id, .now_ms = clock_utc_ms(), .photo = photo};
    struct pictures_picture made;
    struct why why = {""};
    reply->render = render;
    reply->user = &made;
    enum err e =
        pictures_add(db, tools->service->dir, &fresh, reply, request->arena, &made, answer, &why);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL, "%s", why.text);
    return problem_from_err(request->problem, e, &why);
}

enum err api_pictures_add(struct request *request, struct response *response, struct tools *tools)
{
    struct photo_form *form = arena_calloc(request->arena, 1, sizeof *form);
    struct answers_reply reply = {.status = 201};
    struct idempotency_answer answer;
    struct photos_clean photos[PHOTO_FORM_PHOTOS];
    size_t count = 0;
    bool done = false;
    struct db *db;
    if (!form) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = begin_own(request, tools, &db);
    if (!e) e = read_form(request, form);
    if (!e) e = api_once_read(request, tools, "POST /v1/pictures", form->hash, "", &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = photo_form_clean(request, tools, form, photos, &count);
    if (!e) e = store(request, tools, db, photos, &reply, &answer);
    for (size_t i = 0; i < count; i++)
        photos_clean_fini(&photos[i]);
    return e ? e : api_once_answer(request, response, folder, &answer);
}

/* ---- looking --------------------------------------------------------------------------------- */

static enum err unknown(struct request *request)
{
    return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such picture");
}

/* What is not shown yet, or any more, is looked at by those who make such. */
static bool is_staff(const struct tools *tools, const struct pictures_picture *picture)
{
    static const enum rights rights[PICTURES_OWNER_COUNT] = {[PICTURES_post] = RIGHTS_posts,
                                                             [PICTURES_deed] = RIGHTS_activities,
                                                             [PICTURES_activity] =
                                                                 RIGHTS_activities,
                                                             [PICTURES_reward] = RIGHTS_rewards,
                                                             [PICTURES_offer] = RIGHTS_offers};
    return tools->actor && !picture->is_loose &&
           rights_anywhere(tools->actor, rights[picture->owner]);
}

/* Whoever is looking: `*is_public`: as everybody may. ERR_NOTFOUND. */
static enum err judge(const struct tools *tools, struct db *db,
                      const struct pictures_picture *picture, bool *is_public)
{
    int64_t person = tools->actor ? tools->actor->id : 0;
    struct pictures_seen seen = {.by_all = false};
    enum err e = picture->is_loose ? ERR_OK : pictures_see(db, picture, clock_utc_ms(), &seen);
    if (e) return e;
    *is_public = seen.by_all;
    bool own = person && (picture->person == person || seen.whose == person);
    return seen.by_all || own || is_staff(tools, picture) ? ERR_OK : ERR_NOTFOUND;
}

/* It may be taken off at any time, so a browser asks again whether it may still show it. */
static enum err send(struct request *request, struct response *response, struct tools *tools,
                     enum photos_size size)
{
    const char *id = request_arg(request, "id");
    struct pictures_picture found;
    bool is_public = false;
    struct db *db;
    enum err e = api_db(request, tools, &db);
    if (e) return e;
    if (!secrets_is_public_id(id)) return unknown(request);
    e = pictures_find(db, id, request->arena, &found);
    if (!e) e = judge(tools, db, &found, &is_public);
    if (e == ERR_NOTFOUND) return unknown(request);
    if (e) return problem_from_err(request->problem, e, NULL);
    return photo_file_send(request, response, tools, found.blobs[size],
                           is_public ? "private, no-cache" : "private, no-store");
}

enum err api_pictures_large(struct request *request, struct response *response, struct tools *tools)
{
    return send(request, response, tools, PHOTOS_LARGE);
}

enum err api_pictures_middle(struct request *request, struct response *response,
                             struct tools *tools)
{
    return send(request, response, tools, PHOTOS_MIDDLE);
}

enum err api_pictures_small(struct request *request, struct response *response, struct tools *tools)
{
    return send(request, response, tools, PHOTOS_SMALL);
}

static void write_list(struct jsonw *json, const struct pictures_picture *list, size_t count,
                       const char *next)
{
    jsonw_object(json);
    jsonw_key(json, "pictures");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        picture_json_write(json, &list[i], true);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
}

enum err api_pictures_list(struct request *request, struct response *response, struct tools *tools)
{
    const struct pictures_picture *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = pictures_mine(db, tools->actor->id, page.has_cursor ? page.after[0] : 0, (size_t)page.limit,
                      request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    write_list(response_json(response), list, count, next);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_pictures_export(struct request *request, struct jsonw *json, const struct tools *tools,
                             struct db *db)
{
    const struct pictures_picture *list = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    enum err e =
        pictures_mine(db, tools->actor->id, 0, LIST_MAX, request->arena, &list, &count, &more);
    if (e) return e;
    if (more)
        e = api_page_later(request->arena, "/v1/pictures", LIST_MAX, list[count - 1].id, &next);
    jsonw_key(json, "pictures");
    write_list(json, list, count, next);
    return e;
}

/* ---- deleting -------------------------------------------------------------------------------- */

enum err api_pictures_remove(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct why why = {""};
    struct db *db;
    enum err e = begin_own(request, tools, &db);
    if (e) return e;
    e = pictures_remove(db, tools->service->dir, request_arg(request, "id"), tools->actor->id,
                        &why);
    if (e == ERR_NOTFOUND) return unknown(request);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

#include "server/api/api_place_photos.h"

#include "data/place_photos.h"
#include "server/api/api_once.h"
#include "server/api/photo_form.h"
#include "server/api/place_record.h"
#include "server/api/place_work.h"
#include "server/body.h"

static const char folder[] = "/v1/photos/";

struct adding {
    struct place_work work;
    struct photo_form form;
    struct idempotency key;
    struct photos_clean clean[PHOTO_FORM_PHOTOS];
    size_t clean_count;
    struct places_created created;
    int64_t open_feedback;
};

/* The answer, made inside the transaction so that it can be kept with the row. */
static enum err render(void *user, const struct places_row *made, struct buf *body)
{
    const struct adding *a = user;
    const struct place_record how = {.crs = &a->work.crs,
                                     .areas = a->work.tools->snapshot->areas,
                                     .open_feedback = a->open_feedback};
    struct jsonw json;
    jsonw_init(&json, body);
    place_record_write(&json, &how, made);
    return body->err;
}

static enum err store(struct request *request, struct adding *a)
{
    const struct places_reply reply = {
        .request = a->key, .status = 201, .render = render, .user = a};
    const struct place_photos_adding adding = {.place = a->work.old.id,
                                               .photos = a->clean,
                                               .count = a->clean_count,
                                               .by = &a->work.by,
                                               .reply = a->key.key ? &reply : NULL};
    struct why why = {""};
    enum err e = place_photos_add(a->work.db, a->work.tools->service->dir, &adding, request->arena,
                                  &a->created, &why);
    if (e == ERR_CONFLICT && a->key.key) return api_once_refuse(request);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONFLICT, "photo", "%s", why.text);
    return e ? place_work_refuse(request, &a->work, e, &why) : ERR_OK;
}

static enum err answer(struct request *request, struct response *response, struct adding *a)
{
    if (a->created.answer.len)
        return api_once_answer(request, response, folder, &a->created.answer);
    response->status = 201;
    return place_work_answer(response, &a->work, NULL, &a->created.made);
}

static enum err read_form(struct request *request, struct tools *tools, struct adding *a)
{
    static const char *const none[] = {NULL};
    const char *what =
        arena_printf(request->arena, "POST /v1/places/%lld/photos", (long long)a->work.old.id);
    a->form.names = none;
    enum err e = what ? photo_form_read(request, &a->form) : ERR_NOMEM;
    if (e) return e;
    if (!a->form.photo_count)
        return problem_say(request->problem, PROBLEM_PARAMETER, "photo",
                           "at least one photo is needed");
    e = api_once_read(request, tools, what, a->form.hash, "", &a->key);
    return e ? e
             : problem_from_err(request->problem,
                                feedback_open(a->work.db, tools->service->kinds, a->work.old.id,
                                              &a->open_feedback),
                                NULL);
}

enum err api_place_photos_add(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct adding *a = arena_calloc(request->arena, 1, sizeof *a);
    bool done = false;
    if (!a) return ERR_NOMEM;
    enum err e = place_work_own(request, tools, &a->work);
    if (!e) e = read_form(request, tools, a);
    if (!e) e = api_once_look_up(request, response, a->work.db, folder, &a->key, &done);
    if (e || done) return e;
    e = photo_form_clean(request, tools, &a->form, a->clean, &a->clean_count);
    if (!e) e = store(request, a);
    for (size_t i = 0; i < a->clean_count; i++)
        photos_clean_fini(&a->clean[i]);
    return e ? e : answer(request, response, a);
}

/* Public ids between single blanks; each is looked for among those of the place, so that nothing
 * else need be checked of it here but that it is one word. */
static enum err join(struct request *request, const struct body_words *words, const char **text)
{
    *text = "";
    for (size_t i = 0; i < words->count; i++) {
        if (!secrets_is_public_id(words->items[i]))
            return problem_say(request->problem, PROBLEM_PARAMETER, "photos",
                               "must be those that the place has, each once");
        *text = arena_printf(request->arena, "%s%s%s", *text, i ? " " : "", words->items[i]);
        if (!*text) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    }
    return ERR_OK;
}

enum err api_place_photos_order(struct request *request, struct response *response,
                                struct tools *tools)
{
    struct place_work work;
    struct places_row after;
    struct body_words words = {0};
    struct why why = {""};
    const char *order = "";
    int64_t version = 0;
    const struct body_field fields[] = {BODY_VERSION(&version),
                                        {.name = "photos",
                                         .type = BODY_WORDS,
                                         .required = true,
                                         .max = PLACE_PHOTOS_MAX,
                                         .words = &words}};
    enum err e = place_work_own(request, tools, &work);
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (!e) e = join(request, &words, &order);
    if (e) return e;
    e = place_photos_order(work.db, work.old.id, version, order, &work.by, request->arena, &after,
                           &why);
    if (e == ERR_INVALID)
        return problem_say(request->problem, PROBLEM_PARAMETER, "photos", "%s", why.text);
    return e ? place_work_refuse(request, &work, e, &why)
             : place_work_answer(response, &work, NULL, &after);
}

enum err api_place_photos_remove(struct request *request, struct response *response,
                                 struct tools *tools)
{
    struct place_work work;
    struct places_row after;
    struct why why = {""};
    enum err e = place_work_own(request, tools, &work);
    if (e) return e;
    e = place_photos_remove(work.db, work.old.id, request_arg(request, "photo"), &work.by,
                            request->arena, &after, &why);
    return e ? place_work_refuse(request, &work, e, &why)
             : place_work_answer(response, &work, NULL, &after);
}

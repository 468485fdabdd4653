#include "server/api/api_deeds.h"
#include "server/api/api_db.h"

#include "data/deeds.h"
#include "data/rights.h"
#include "geo/base/clock.h"
#include "server/api/activity_find.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/api/picture_json.h"
#include "server/auth.h"
#include "server/body.h"

enum { LIST_MAX = 100 };

/* ---- answering ------------------------------------------------------------------------------- */

/* `inside`: for its owner and for staff, with what is left to be said before it is shown. */
static void write_deed(struct jsonw *json, const struct deeds_deed *d, bool inside)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", d->id);
    jsonw_key(json, "activity");
    jsonw_object(json);
    jsonw_key_int(json, "id", d->activity);
    jsonw_key_string(json, "kind", d->kind);
    jsonw_key_string(json, "title", d->title);
    api_time_write(json, "from", d->from_ms);
    if (d->area_id) jsonw_key_int(json, "area_id", d->area_id);
    jsonw_object_end(json);
    jsonw_key_string(json, "words", d->words);
    if (d->name[0]) jsonw_key_string(json, "name", d->name);
    picture_json_list(json, d->pictures, d->picture_count);
    if (d->published_ms) api_time_write(json, "published_at", d->published_ms);
    if (inside) {
        jsonw_key_string(json, "signup", d->signup_id);
        jsonw_key_bool(json, "agreed", d->agreed_ms != 0);
    }
    jsonw_key_int(json, "version", d->version);
    jsonw_object_end(json);
}

static enum err answer(struct response *response, const struct deeds_deed *d, bool inside)
{
    write_deed(response_json(response), d, inside);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

static bool runs(const struct tools *tools, int64_t area_id)
{
    return tools->actor && auth_may(tools, RIGHTS_activities, area_id, activity_find_kind);
}

static enum err fail(struct request *request, enum err e, const struct why *why)
{
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "%s",
                           why->text[0] ? why->text : "there is no such deed");
    return problem_from_err(request->problem, e, why);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static enum err read_filter(struct request *request, const struct tools *tools,
                            struct deeds_filter *f)
{
    f->kind = request_query(request, "kind");
    if (f->kind && !activity_kinds_find(tools->service->activities, f->kind))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "there is no such kind; /v1/activities/kinds lists them");
    enum err e = request_int(request, "activity", 1, INT64_MAX, &f->activity);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &f->area_id);
    if (!e && f->area_id && areaset_by_id(tools->snapshot->areas, f->area_id) < 0)
        e = problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    if (!e) e = request_bool(request, "unpublished", &f->unpublished);
    return e || !f->unpublished ? e : activity_find_areas(request, tools, "unpublished", &f->areas);
}

enum err api_deeds_list(struct request *request, struct response *response, struct tools *tools)
{
    struct deeds_filter filter = {.unpublished = false};
    const struct deeds_deed *list = NULL;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct db *db;
    enum err e = read_filter(request, tools, &filter);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    filter.before = page.has_cursor ? page.after[0] : 0;
    filter.limit = (size_t)page.limit;
    e = deeds_list(db, &filter, request->arena, &list, &count, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more) next = api_page_next(request, response, list[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "deeds");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_deed(json, &list[i], runs(tools, list[i].area_id));
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* One that is published, or is the caller's to see. */
static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct deeds_deed *found)
{
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_db(request, tools, db);
    if (e) return e;
    e = deeds_find(*db, id, request->arena, found);
    if (!e && !found->published_ms && !runs(tools, found->area_id)) e = ERR_NOTFOUND;
    const struct why why = {""};
    return e ? fail(request, e, &why) : ERR_OK;
}

enum err api_deeds_get(struct request *request, struct response *response, struct tools *tools)
{
    struct deeds_deed found;
    struct db *db;
    enum err e = find(request, tools, &db, &found);
    return e ? e : answer(response, &found, runs(tools, found.area_id));
}

enum err api_deeds_publish(struct request *request, struct response *response, struct tools *tools)
{
    struct deeds_publishing p = {.by = tools->actor->id, .now_ms = clock_utc_ms()};
    const struct body_field fields[] = {
        {.name = "published", .type = BODY_BOOL, .required = true, .flag = &p.published},
        BODY_VERSION(&p.version)};
    struct deeds_deed found;
    struct why why = {""};
    struct db *db;
    enum err e = find(request, tools, &db, &found);
    if (!e)
        e = area_right_in(request, tools, RIGHTS_activities, found.area_id, activity_find_kind,
                          "the deed");
    if (!e) e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    p.id = found.id;
    e = deeds_publish(db, &p, request->arena, &found, &why);
    return e ? fail(request, e, &why) : answer(response, &found, true);
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum err read_words(struct request *request, struct deeds_writing *w,
                           struct activities_shown *shown)
{
    struct body_words pictures = {NULL, 0};
    const struct body_field fields[] = {
        {.name = "words",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = DEEDS_WORDS_MAX,
         .text = &w->words},
        {.name = "pictures", .type = BODY_WORDS, .max = PICTURES_MAX, .words = &pictures},
        {.name = "version", .type = BODY_INT, .max = INT64_MAX, .number = &w->version},
        {.name = "name", .type = BODY_TEXT, .max = DEEDS_NAME_MAX, .text = &w->name},
        {.name = "agreed", .type = BODY_BOOL, .flag = &w->agreed}};
    size_t count = sizeof fields / sizeof *fields;
    enum err e = body_read(request, fields, w->by_owner ? count : count - 2);
    shown->ids = pictures.items;
    shown->count = pictures.count;
    w->shown = pictures.items ? shown : NULL;
    return e;
}

/* The sign-up of a part of the path: of this activity (0: any), or of this person (0: anybody's).
 */
static enum err find_signup(struct request *request, struct db *db, const char *part,
                            int64_t activity, int64_t person, struct signups_signup *found)
{
    enum err e = signups_find(db, request_arg(request, part), request->arena, found);
    if (!e && ((activity && found->activity != activity) || (person && found->person != person)))
        e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, part, "there is no such sign-up");
    return problem_from_err(request->problem, e, NULL);
}

static enum err write(struct request *request, struct response *response, struct tools *tools,
                      struct db *db, struct deeds_writing w)
{
    struct activities_shown shown = {.by = tools->actor->id};
    struct deeds_deed deed;
    struct why why = {""};
    w.now_ms = clock_utc_ms();
    enum err e = read_words(request, &w, &shown);
    if (e) return e;
    e = deeds_write(db, tools->service->activities, &w, request->arena, &deed, &why);
    return e ? fail(request, e, &why) : answer(response, &deed, true);
}

enum err api_deeds_put(struct request *request, struct response *response, struct tools *tools)
{
    struct deeds_writing w = {.by_owner = false};
    struct activities_activity activity;
    struct signups_signup signup;
    struct db *db;
    enum err e = activity_find_run(request, tools, &db, &activity);
    if (!e) e = find_signup(request, db, "signup", activity.id, 0, &signup);
    if (e) return e;
    w.signup = signup.id;
    return write(request, response, tools, db, w);
}

static enum err find_mine(struct request *request, struct tools *tools, struct db **db,
                          struct signups_signup *signup)
{
    enum err e = activity_find_own_db(request, tools, db);
    return e ? e : find_signup(request, *db, "id", 0, tools->actor->id, signup);
}

enum err api_deeds_put_mine(struct request *request, struct response *response, struct tools *tools)
{
    struct deeds_writing w = {.by_owner = true, .agreed = true};
    struct signups_signup signup;
    struct db *db;
    enum err e = find_mine(request, tools, &db, &signup);
    if (e) return e;
    w.signup = signup.id;
    return write(request, response, tools, db, w);
}

enum err api_deeds_mine(struct request *request, struct response *response, struct tools *tools)
{
    struct signups_signup signup;
    const struct why why = {""};
    struct deeds_deed found;
    struct db *db;
    enum err e = find_mine(request, tools, &db, &signup);
    if (e) return e;
    e = deeds_of(db, signup.id, request->arena, &found);
    return e ? fail(request, e, &why) : answer(response, &found, true);
}

enum err api_deeds_delete_mine(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct signups_signup signup;
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = find_mine(request, tools, &db, &signup);
    if (!e) e = request_version(request, &version);
    if (e) return e;
    e = deeds_delete(db, signup.id, version, &why);
    if (e) return fail(request, e, &why);
    response->status = 204;
    return ERR_OK;
}

/* ---- all of one's own ------------------------------------------------------------------------ */

enum err api_deeds_export(struct request *request, struct jsonw *json, const struct tools *tools,
                          struct db *db)
{
    struct deeds_filter filter = {.person = tools->actor->id, .limit = LIST_MAX};
    enum err e = ERR_OK;
    bool more = true;
    jsonw_key(json, "deeds");
    jsonw_array(json);
    while (more && !e) {
        const struct deeds_deed *list = NULL;
        size_t count = 0;
        e = deeds_list(db, &filter, request->arena, &list, &count, &more);
        for (size_t i = 0; i < count && !e; i++)
            write_deed(json, &list[i], true);
        if (count) filter.before = list[count - 1].id;
    }
    jsonw_array_end(json);
    return e;
}

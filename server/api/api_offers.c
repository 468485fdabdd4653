#include "server/api/api_offers.h"
#include "server/api/api_db.h"

#include "data/offers_use.h"
#include "geo/base/clock.h"
#include "geo/base/zone.h"
#include "server/api/api_once.h"
#include "server/api/api_time.h"
#include "server/api/area_right.h"
#include "server/api/branch_json.h"
#include "server/api/card_check.h"
#include "server/api/label_json.h"
#include "server/api/offer_list.h"
#include "server/auth.h"
#include "server/body.h"

#include <string.h>

enum { TIME_MAX = 40, EXPORTED = 100, AGAIN_MIN = 10 /* of the next day */ };

static const char folder[] = "/v1/offers/";

static bool is_staff(const struct tools *tools, const struct offers_offer *offer)
{
    return auth_may(tools, RIGHTS_offers, offer->area_id, offer_find_kind);
}

static enum err may(struct request *request, const struct tools *tools, int64_t area_id)
{
    return area_right_in(request, tools, RIGHTS_offers, area_id, offer_find_kind, "the place");
}

static enum err find(struct request *request, struct tools *tools, struct db **db,
                     struct offers_offer *found)
{
    int64_t id = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_db(request, tools, db);
    if (e) return e;
    e = offers_find(*db, id, request->arena, found);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such offer");
    return problem_from_err(request->problem, e, NULL);
}

/* ---- reading --------------------------------------------------------------------------------- */

enum err api_offers_kinds(struct request *request, struct response *response, struct tools *tools)
{
    const struct offers_kinds *kinds = tools->service->offers;
    struct jsonw *json = response_json(response);
    (void)request;
    jsonw_object(json);
    jsonw_key(json, "kinds");
    jsonw_array(json);
    for (size_t i = 0; i < offers_kinds_count(kinds); i++) {
        const struct offers_kind *kind = offers_kinds_at(kinds, i);
        jsonw_object(json);
        jsonw_key_string(json, "code", kind->code);
        label_json_write(json, "label", kind->label.zh, kind->label.en);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}

enum err api_offers_list(struct request *request, struct response *response, struct tools *tools)
{
    struct offer_find wanted;
    struct api_crs crs;
    struct offer_list how = {request, NULL, {tools, &crs}};
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = offer_find_read(request, tools, &crs, &wanted);
    if (!e) e = api_db(request, tools, &how.db);
    if (e) return e;
    wanted.filter.now_ms = clock_utc_ms();
    response_header(response, "Cache-Control", "private, no-cache");
    if (wanted.is_map) return offer_list_map(response, &how, &wanted);
    return wanted.has_near ? offer_list_near(response, &how, &wanted)
                           : offer_list_newest(response, &how, &wanted);
}

/* As it is by now; with how often it was taken, for who keeps it. */
static enum err answer(struct request *request, struct response *response, struct tools *tools,
                       struct db *db, const struct offers_offer *offer)
{
    struct api_crs crs;
    const struct offer_json how = {tools, &crs};
    int64_t times[2] = {0, 0};
    bool staff = is_staff(tools, offer);
    enum err e = api_crs_read(request, tools, &crs);
    if (e) return e;
    if (staff)
        e = offers_count(db, offer->id, zone_time_of(clock_utc_ms()).day, &times[0], &times[1]);
    if (e) return problem_from_err(request->problem, e, NULL);
    offer_json_write(response_json(response), &how, offer, -1, staff ? times : NULL);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_offers_get(struct request *request, struct response *response, struct tools *tools)
{
    struct offers_offer found;
    struct db *db;
    enum err e = find(request, tools, &db, &found);
    return e ? e : answer(request, response, tools, db, &found);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The merchant must be on the map; where it lies says whose the offer is. */
static enum err place(struct request *request, const struct tools *tools, struct offers_offer *o)
{
    const struct placeset *places = tools->snapshot->places;
    int64_t i = placeset_by_id(places, o->place_id);
    int category = categories_find(tools->service->categories, "partner_merchant");
    if (i < 0 || category < 0 || placeset_category(places, (uint32_t)i) != (unsigned)category)
        return problem_say(request->problem, PROBLEM_PARAMETER, "place_id",
                           "there is no such place of the category partner_merchant");
    o->area_id =
        area_right_of(tools->snapshot->areas, coord_from_e7(placeset_coord(places, (uint32_t)i)));
    return may(request, tools, o->area_id);
}

#define TEXT(field, low, high, owed, at)                                                           \
    {                                                                                              \
        .name = (field), .type = BODY_TEXT, .required = (owed), .min = (low), .max = (high),       \
        .text = (at)                                                                               \
    }

static enum err read_form(struct request *request, const struct tools *tools, bool is_new,
                          struct offers_offer *o, struct offers_put *put)
{
    const char *from = NULL, *to = NULL;
    struct body_words pictures = {.count = 0};
    *o = (struct offers_offer){
        .id = o->id, .title_en = "", .terms = "", .from_ms = is_new ? clock_utc_ms() : o->from_ms};
    const struct body_field fields[] = {
        {.name = "place_id",
         .type = BODY_INT,
         .required = true,
         .min = 1,
         .max = INT64_MAX,
         .number = &o->place_id},
        TEXT("kind", 1, OFFERS_KINDS_CODE_MAX, true, &o->kind),
        TEXT("title", 1, OFFERS_TITLE_MAX, true, &o->title),
        TEXT("title_en", 0, OFFERS_TITLE_MAX, false, &o->title_en),
        TEXT("terms", 0, OFFERS_TERMS_MAX, false, &o->terms),
        {.name = "members_only", .type = BODY_BOOL, .flag = &o->members_only},
        {.name = "per_day", .type = BODY_INT, .max = OFFERS_PER_DAY_MAX, .number = &o->per_day},
        TEXT("from", 0, TIME_MAX, false, &from),
        TEXT("to", 0, TIME_MAX, false, &to),
        {.name = "pictures", .type = BODY_WORDS, .max = OFFERS_PICTURES_MAX, .words = &pictures},
        BODY_VERSION(&o->version)};
    size_t count = sizeof fields / sizeof *fields;
    enum err e = body_read(request, fields, is_new ? count - 1 : count);
    if (!e) e = api_time_member(request, "from", from, &o->from_ms);
    if (!e) e = api_time_member(request, "to", to, &o->to_ms);
    *put = (struct offers_put){.kinds = tools->service->offers,
                               .pictures = pictures.items,
                               .picture_count = pictures.count,
                               .by = tools->actor->id,
                               .now_ms = clock_utc_ms()};
    return e ? e : place(request, tools, o);
}

struct rendering {
    struct offer_json how;
    struct offers_offer offer;
};

static enum err render(void *user, struct buf *body)
{
    static const int64_t none[2] = {0, 0};
    const struct rendering *r = user;
    struct jsonw json;
    jsonw_init(&json, body);
    offer_json_write(&json, &r->how, &r->offer, -1, none);
    return body->err;
}

/* What the store refuses names the field that it begins with. */
static enum err tell(struct request *request, enum err e, const struct why *why)
{
    if (e != ERR_INVALID) return problem_from_err(request->problem, e, why);
    const char *name = arena_strndup(request->arena, why->text, strcspn(why->text, ": "));
    return problem_say(request->problem, PROBLEM_PARAMETER, name, "%s", why->text);
}

enum err api_offers_create(struct request *request, struct response *response, struct tools *tools)
{
    struct api_crs crs;
    struct rendering made = {.how = {tools, &crs}};
    struct answers_reply reply = {.status = 201, .render = render, .user = &made};
    struct idempotency_answer kept;
    struct offers_put put;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = read_form(request, tools, true, &made.offer, &put);
    if (!e) e = api_db(request, tools, &db);
    if (!e) e = api_once_read_body(request, tools, "POST /v1/offers", "", &reply.request);
    if (!e) e = api_once_look_up(request, response, db, folder, &reply.request, &done);
    if (e || done) return e;
    e = offers_create(db, &put, &reply, request->arena, &made.offer, &kept, &why);
    if (e) return tell(request, e, &why);
    return api_once_answer(request, response, folder, &kept);
}

enum err api_offers_put(struct request *request, struct response *response, struct tools *tools)
{
    struct offers_offer now, offer;
    struct offers_put put;
    struct why why = {""};
    struct db *db;
    enum err e = find(request, tools, &db, &now);
    if (!e) e = may(request, tools, now.area_id);
    if (e) return e;
    offer = now;
    e = read_form(request, tools, false, &offer, &put);
    if (e) return e;
    e = offers_change(db, &put, request->arena, &offer, &why);
    if (e) return tell(request, e, &why);
    return answer(request, response, tools, db, &offer);
}

enum err api_offers_delete(struct request *request, struct response *response, struct tools *tools)
{
    struct offers_offer now;
    struct why why = {""};
    int64_t version = 0;
    struct db *db;
    enum err e = find(request, tools, &db, &now);
    if (!e) e = may(request, tools, now.area_id);
    if (!e) e = request_version(request, &version);
    if (e) return e;
    e = offers_end(db, now.id, version, clock_utc_ms(), &why);
    if (e) return problem_from_err(request->problem, e, &why);
    response->status = 204;
    return ERR_OK;
}

/* ---- taking ---------------------------------------------------------------------------------- */

struct taking {
    struct arena *arena;
    const unsigned char *seal_key;
    const struct offers_offer *offer;
    struct offers_used used;
};

static enum err render_taken(void *user, struct buf *body)
{
    const struct taking *t = user;
    struct jsonw json;
    jsonw_init(&json, body);
    jsonw_object(&json);
    jsonw_key_int(&json, "offer", t->offer->id);
    jsonw_key_string(&json, "title", t->offer->title);
    jsonw_key_int(&json, "times_today", t->used.times);
    if (t->offer->per_day) jsonw_key_int(&json, "per_day", t->offer->per_day);
    const struct card_check_told told = {&t->used.member, &t->used.branch, &t->used.form};
    enum err e = card_check_write(t->arena, t->seal_key, &json, &told);
    jsonw_object_end(&json);
    return e ? e : body->err;
}

enum err api_offers_use(struct request *request, struct response *response, struct tools *tools)
{
    struct offers_offer offer;
    struct taking taking = {
        .arena = request->arena, .seal_key = tools->service->seal_key, .offer = &offer};
    struct answers_reply reply = {.status = 200, .render = render_taken, .user = &taking};
    struct offers_use use = {.card = {.by = tools->actor->id,
                                      .key = tools->service->seal_key,
                                      .now_ms = clock_utc_ms()}};
    const struct body_field fields[] = {CARD_CHECK_CODE(&use.card.code)};
    struct idempotency_answer kept;
    struct why why = {""};
    bool done = false;
    struct db *db;
    enum err e = find(request, tools, &db, &offer);
    if (!e)
        e = area_right_in(request, tools, RIGHTS_verify, offer.area_id, offer_find_kind,
                          "the offer");
    if (!e) e = body_read(request, fields, 1);
    if (e) return e;
    const char *what =
        arena_printf(request->arena, "POST /v1/offers/%lld/use", (long long)offer.id);
    if (!what) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    use.offer = offer.id;
    use.day = zone_time_of(use.card.now_ms).day;
    e = api_once_read_body(request, tools, what, "", &reply.request);
    if (!e) e = api_once_find(request, db, &reply.request, &kept, &done);
    if (e) return e;
    /* It names a member: no longer than who took what is known, and a code is good. */
    reply.request.until_ms = zone_utc_ms_of((int32_t)use.day + 1, AGAIN_MIN);
    if (!done) e = offers_use_take(db, &use, &reply, request->arena, &taking.used, &kept, &why);
    if (e) return card_check_tell(request, e, &why);
    (void)response_json(response);
    response->status = kept.status;
    buf_put(&response->body, kept.body, kept.len);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}

enum err api_offers_export(struct request *request, struct jsonw *json, const struct tools *tools,
                           struct db *db)
{
    struct offers_taken *taken = arena_calloc(request->arena, EXPORTED, sizeof *taken);
    size_t count = 0;
    if (!taken) return ERR_NOMEM;
    enum err e = offers_use_mine(db, tools->actor->id, request->arena, taken, EXPORTED, &count);
    if (e) return e;
    jsonw_key(json, "offers_taken");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        jsonw_key_int(json, "offer", taken[i].offer);
        jsonw_key_string(json, "title", taken[i].title);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    return ERR_OK;
}

#include "server/api/api_reports.h"

#include "data/blobs.h"
#include "geo/base/clock.h"
#include "server/api/api_area_json.h"
#include "server/api/api_once.h"
#include "server/api/api_page.h"
#include "server/api/area_right.h"
#include "server/api/report_form.h"
#include "server/api/report_json.h"
#include "server/auth.h"
#include "server/body.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 500, PICTURE_BYTES = 32 * 1024 * 1024 };

static const char kind_code[] = "report", folder[] = "/v1/reports/";

static const struct kinds_kind *kind_of(const struct tools *tools)
{
    return kinds_find(tools->service->kinds, kind_code);
}

/* ---- sending -------------------------------------------------------------------------------- */

struct sending {
    struct report_form form;
    struct photos_clean clean[REPORT_FORM_PHOTOS];
    size_t clean_count;
    struct tools *tools;
    struct cases_created created;
};

/* What an answer to this request was, is kept under: the form and the systems of its coordinates
 * and of the answer's, which the query may name. */
static enum err read_key(struct request *request, const struct tools *tools,
                         const struct report_form *form, struct idempotency *key)
{
    const char *systems =
        arena_printf(request->arena, "%s %s", crs_name(form->crs.in), crs_name(form->crs.out));
    if (!systems) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    return api_once_read(request, tools, "POST /v1/reports", form->hash, systems, key);
}

static enum err clean_photos(struct request *request, struct sending *s)
{
    struct photos_limits limits = photos_defaults;
    for (size_t i = 0; i < s->form.photo_count; i++) {
        const struct multipart_part *part = s->form.photos[i];
        struct why why = {""};
        enum err e = photos_clean(part->bytes, part->len, &limits, &s->clean[i], &why);
        if (!e) {
            s->clean_count++;
            continue;
        }
        if (e == ERR_NOMEM || e == ERR_BUSY) return problem_from_err(request->problem, e, &why);
        enum problem_kind kind = e == ERR_UNSUPPORTED ? PROBLEM_MEDIA
                                 : e == ERR_LIMIT     ? PROBLEM_TOO_LARGE
                                                      : PROBLEM_CONTENT;
        return problem_say(request->problem, kind, part->name, "%s",
                           why.text[0] ? why.text : err_text(e));
    }
    return ERR_OK;
}

/* The answer, made inside the transaction so that it can be kept with the row. */
static enum err render(void *user, const struct cases_case *made, struct buf *body)
{
    struct sending *s = user;
    struct jsonw json;
    const struct report_json how = {.crs = &s->form.crs, .areas = s->tools->snapshot->areas};
    jsonw_init(&json, body);
    report_json_write(&json, &how, made);
    return body->err;
}

static enum err store(struct request *request, struct db *db, const struct idempotency *key,
                      struct sending *s)
{
    const struct service *service = s->tools->service;
    const struct people_actor *actor = s->tools->actor;
    struct why why = {""};
    const struct cases_new fresh = {.kind = kind_code,
                                    .category = s->form.category,
                                    .has_position = true,
                                    .at = s->form.at,
                                    .accuracy_m = s->form.accuracy_m,
                                    .address = s->form.address,
                                    .description = s->form.description,
                                    .area_id = area_right_of(s->tools->snapshot->areas, s->form.at),
                                    .reporter = actor ? actor->id : 0,
                                    .photos = s->clean,
                                    .photo_count = s->clean_count,
                                    .now_ms = clock_utc_ms()};
    const struct cases_reply reply = {.request = *key, .status = 201, .render = render, .user = s};
    enum err e = cases_create(db, service->dir, service->kinds, &fresh, key->key ? &reply : NULL,
                              request->arena, &s->created, &why);
    if (e == ERR_CONFLICT && key->key) return api_once_refuse(request);
    return problem_from_err(request->problem, e, &why);
}

static enum err answer_created(struct request *request, struct response *response,
                               struct sending *s)
{
    if (s->created.answer.len)
        return api_once_answer(request, response, folder, &s->created.answer);
    (void)response_json(response);
    response->status = 201;
    response_header(response, "Location",
                    arena_printf(request->arena, "%s%s", folder, s->created.made.public_id));
    return render(s, &s->created.made, &response->body);
}

enum err api_reports_create(struct request *request, struct response *response, struct tools *tools)
{
    struct sending *s = arena_calloc(request->arena, 1, sizeof *s);
    struct idempotency key = {0};
    struct why why = {""};
    struct db *db;
    bool done = false;
    if (!s) return ERR_NOMEM;
    s->tools = tools;
    enum err e = report_form_read(request, tools, &s->form);
    if (!e) e = read_key(request, tools, &s->form, &key);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = api_once_look_up(request, response, db, folder, &key, &done);
    if (e || done) return e;
    e = clean_photos(request, s);
    if (!e) e = store(request, db, &key, s);
    for (size_t i = 0; i < s->clean_count; i++)
        photos_clean_fini(&s->clean[i]);
    return e ? e : answer_created(request, response, s);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* A report that the caller may see: private kinds are for staff of the area alone, and to others
 * they do not exist. */
static enum err fetch(struct request *request, struct tools *tools, struct db **db,
                      struct cases_case *found, bool *staff)
{
    struct why why = {""};
    const char *id = request_arg(request, "id");
    enum err e = tools_db(tools, db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = secrets_is_public_id(id) ? cases_get(*db, id, request->arena, found) : ERR_NOTFOUND;
    if (!e) {
        const struct kinds_kind *kind = kinds_find(tools->service->kinds, found->kind);
        *staff = auth_is_staff(tools, found->area_id, found->kind);
        if (strcmp(found->kind, kind_code) != 0 || (kind && kind->is_private && !*staff))
            e = ERR_NOTFOUND;
    }
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such report");
    return problem_from_err(request->problem, e, NULL);
}

static enum err write_one(struct request *request, struct response *response, struct tools *tools,
                          struct db *db, const struct api_crs *crs, const struct cases_case *c,
                          bool staff)
{
    struct report_json how = {
        .crs = crs, .areas = tools->snapshot->areas, .kind = kind_of(tools), .for_staff = staff};
    enum err e = cases_history(db, c->id, request->arena, &how.events, &how.event_count);
    if (e) return e;
    report_json_write(response_json(response), &how, c);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_reports_get(struct request *request, struct response *response, struct tools *tools)
{
    struct api_crs crs;
    struct cases_case found = {0};
    struct db *db;
    bool staff = false;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = fetch(request, tools, &db, &found, &staff);
    return e ? e : write_one(request, response, tools, db, &crs, &found, staff);
}

/* ---- the staff's list ------------------------------------------------------------------------ */

/* Whether `id` is the area or one above it. */
static bool is_within(const struct areaset *areas, int64_t id, int64_t area)
{
    for (int depth = 0; id && depth < API_AREA_DEPTH; depth++) {
        if (id == area) return true;
        long i = areaset_by_id(areas, id);
        id = i < 0 ? 0 : areaset_at(areas, (size_t)i)->parent_id;
    }
    return false;
}

/* What `wanted` leaves of the caller's areas. One area stands for all below it, so that is the
 * wanted one itself where the caller may see all of it, and else those of the caller within it. */
static enum err cut_areas(struct request *request, const struct areaset *areas, int64_t wanted,
                          struct cases_filter *filter)
{
    bool whole = !filter->areas_limited;
    size_t n = 0;
    int64_t *ids = arena_calloc(request->arena, filter->area_count + 1, sizeof *ids);
    if (!ids) return ERR_NOMEM;
    for (size_t i = 0; i < filter->area_count && !whole; i++) {
        whole = is_within(areas, wanted, filter->area_ids[i]);
        if (is_within(areas, filter->area_ids[i], wanted)) ids[n++] = filter->area_ids[i];
    }
    if (whole) {
        ids[0] = wanted;
        n = 1;
    }
    filter->areas_limited = true;
    filter->area_ids = ids;
    filter->area_count = n;
    return ERR_OK;
}

static enum err read_areas(struct request *request, struct tools *tools,
                           struct cases_filter *filter)
{
    const struct areaset *areas = tools->snapshot->areas;
    int64_t wanted = 0;
    enum err e = request_int(request, "area", 1, INT64_MAX, &wanted);
    if (!e)
        e = auth_areas(tools, kind_code, request->arena, &filter->areas_limited, &filter->area_ids,
                       &filter->area_count);
    if (e || !wanted) return e;
    if (areaset_by_id(areas, wanted) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    return cut_areas(request, areas, wanted, filter);
}

static enum err read_filter(struct request *request, struct tools *tools,
                            struct cases_filter *filter)
{
    const struct kinds_kind *kind = kind_of(tools);
    struct api_page page;
    *filter = (struct cases_filter){.kind = kind_code,
                                    .state = request_query(request, "state"),
                                    .category = request_query(request, "category"),
                                    .newest_first = true};
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    if (kind && filter->state && !kinds_state(kind, filter->state))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           "is unknown; /v1/categories lists the states");
    if (kind && filter->category && !kinds_category(kind, filter->category))
        return problem_say(request->problem, PROBLEM_PARAMETER, "category",
                           "is unknown; /v1/categories lists what there is under reports");
    filter->limit = (uint32_t)page.limit;
    filter->has_after = page.has_cursor;
    filter->after_created_ms = page.after[0];
    filter->after_id = page.after[1];
    return read_areas(request, tools, filter);
}

enum err api_reports_list(struct request *request, struct response *response, struct tools *tools)
{
    struct cases_filter filter;
    struct api_crs crs;
    const struct cases_case *cases = NULL;
    const char *next = NULL;
    size_t count = 0;
    bool more = false;
    struct why why = {""};
    struct db *db;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = read_filter(request, tools, &filter);
    if (!e) e = tools_db(tools, &db, &why);
    if (!e)
        e = cases_list(db, &filter, tools->service->kinds, request->arena, &cases, &count, &more);
    if (e) return problem_from_err(request->problem, e, &why);
    if (more)
        next = api_page_next(request, response, cases[count - 1].created_ms, cases[count - 1].id);
    const struct report_json how = {
        .crs = &crs, .areas = tools->snapshot->areas, .kind = kind_of(tools), .for_staff = true};
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "reports");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        report_json_write(json, &how, &cases[i]);
    jsonw_array_end(json);
    api_crs_write_name(json, &crs);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* ---- moving ---------------------------------------------------------------------------------- */

static enum err read_move(struct request *request, struct cases_moving *moving)
{
    const struct body_field fields[] = {
        {.name = "state",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = 40,
         .text = &moving->to},
        BODY_VERSION(&moving->version),
        {.name = "reason", .type = BODY_TEXT, .max = CASES_REASON_MAX, .text = &moving->reason},
        {.name = "duplicate_of", .type = BODY_TEXT, .max = 40, .text = &moving->duplicate_of}};
    return body_read(request, fields, sizeof fields / sizeof *fields);
}

enum err api_reports_move(struct request *request, struct response *response, struct tools *tools)
{
    struct cases_moving moving = {.public_id = request_arg(request, "id"),
                                  .actor = {KINDS_STAFF, tools->actor->id},
                                  .now_ms = clock_utc_ms()};
    struct api_crs crs;
    struct cases_case found = {0}, moved = {0};
    struct why why = {""};
    struct db *db;
    bool staff = false;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = read_move(request, &moving);
    if (!e) e = fetch(request, tools, &db, &found, &staff);
    if (e) return e;
    if (!staff)
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "the report lies in an area that is not yours");
    if (!kinds_state(kind_of(tools), moving.to))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           "is unknown; /v1/categories lists the states");
    e = cases_move(db, tools->service->kinds, &moving, request->arena, &moved, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    return write_one(request, response, tools, db, &crs, &moved, staff);
}

/* ---- photos ---------------------------------------------------------------------------------- */

static enum err send_photo(struct request *request, struct response *response, struct tools *tools,
                           bool small)
{
    const char *id = request_arg(request, "id");
    struct cases_photo photo;
    struct cases_case of;
    struct why why = {""};
    struct db *db;
    char *bytes = NULL;
    size_t len = 0;
    enum err e = tools_db(tools, &db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = secrets_is_public_id(id) ? cases_photo(db, id, request->arena, &photo, &of) : ERR_NOTFOUND;
    const struct kinds_kind *kind = e ? NULL : kinds_find(tools->service->kinds, of.kind);
    if (!e && (!kind || kind->is_private) && !auth_is_staff(tools, of.area_id, of.kind))
        e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such photo");
    if (!e)
        e = blobs_read(tools->service->dir, small ? photo.small : photo.large, PICTURE_BYTES,
                       &bytes, &len, &why);
    bool ours = e == ERR_NOTFOUND || e == ERR_DENIED; /* the row names it, so it should be there */
    if (e) return problem_from_err(request->problem, ours ? ERR_IO : e, &why);
    buf_put(&response->body, bytes, len);
    free(bytes);
    response->content_type = "image/jpeg";
    response_header(response, "Cache-Control", "private, max-age=86400");
    return ERR_OK;
}

enum err api_reports_photo(struct request *request, struct response *response, struct tools *tools)
{
    return send_photo(request, response, tools, false);
}

enum err api_reports_thumb(struct request *request, struct response *response, struct tools *tools)
{
    return send_photo(request, response, tools, true);
}

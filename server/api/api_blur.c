#include "server/api/api_blur.h"

#include "data/blobs.h"
#include "data/cases_blur.h"
#include "geo/base/clock.h"
#include "server/api/case_answer.h"
#include "server/auth.h"
#include "server/body.h"

#include <stdlib.h>

struct blurring {
    struct case_answer of;
    struct cases_photo photo;
    struct photos_region regions[PHOTOS_REGIONS];
    size_t count;
    int64_t version;
};

/* The photo and its case, for those who may blur it. */
static enum err find(struct request *request, struct tools *tools, struct blurring *b)
{
    struct why why = {""};
    const char *id = request_arg(request, "id");
    struct cases_case *of = &b->of.found;
    enum err e = tools_db(tools, &b->of.db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    e = secrets_is_public_id(id) ? cases_photo(b->of.db, id, request->arena, &b->photo, of)
                                 : ERR_NOTFOUND;
    if (!e) {
        b->of.kind = kinds_find(tools->service->kinds, of->kind);
        b->of.as = auth_roles(tools, of->area_id, of->kind);
        b->of.staff = auth_may(tools, RIGHTS_see, of->area_id, of->kind);
        b->of.sender = b->of.staff;
        if ((!b->of.kind || b->of.kind->is_private) && !b->of.staff) e = ERR_NOTFOUND;
    }
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no such photo of a report");
    if (!e && !auth_may(tools, RIGHTS_blur, of->area_id, of->kind))
        return problem_say(request->problem, PROBLEM_FORBIDDEN, NULL,
                           "the report lies in an area that is not yours");
    return problem_from_err(request->problem, e, NULL);
}

static enum err read_regions(struct request *request, struct blurring *b)
{
    struct body_boxes boxes = {0};
    const struct body_field fields[] = {BODY_VERSION(&b->version),
                                        {.name = "regions",
                                         .type = BODY_BOXES,
                                         .required = true,
                                         .min = 1,
                                         .max = PHOTOS_REGIONS,
                                         .boxes = &boxes}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    for (size_t i = 0; i < boxes.count && !e; i++) {
        const struct body_box *box = &boxes.items[i];
        b->regions[i] = (struct photos_region){box->x, box->y, box->width, box->height};
        if (!photos_region_ok(&b->regions[i]))
            e = problem_say(request->problem, PROBLEM_PARAMETER,
                            arena_printf(request->arena, "regions/%zu", i),
                            "must lie within the photo: fractions of its width and height, from "
                            "0 to 1");
    }
    b->count = boxes.count;
    return e;
}

static enum err clean(const struct tools *tools, const struct blurring *b,
                      struct photos_clean *made, struct why *why)
{
    char *bytes = NULL;
    size_t len = 0;
    enum err e = blobs_read(tools->service->dir, b->photo.blobs[PHOTOS_LARGE],
                            photos_defaults.max_bytes, &bytes, &len, why);
    if (e == ERR_NOTFOUND || e == ERR_DENIED) e = ERR_IO; /* the row names it */
    if (!e)
        e = photo_shop_blur(tools->service->photos, bytes, len, b->regions, b->count, made, why);
    free(bytes);
    return e;
}

enum err api_blur_photo(struct request *request, struct response *response, struct tools *tools)
{
    struct blurring *b = arena_calloc(request->arena, 1, sizeof *b);
    struct photos_clean made = {0};
    struct cases_case after = {0};
    struct api_crs crs;
    struct why why = {""};
    if (!b) return ERR_NOMEM;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = find(request, tools, b);
    if (!e) e = read_regions(request, b);
    if (e) return e;
    if (b->version != b->of.found.version)
        return problem_say(request->problem, PROBLEM_CONFLICT, "version",
                           "somebody else was faster: the case is at version %lld now",
                           (long long)b->of.found.version);
    e = clean(tools, b, &made, &why);
    const struct cases_blurring blurring = {.photo = b->photo.public_id,
                                            .large = b->photo.blobs[PHOTOS_LARGE],
                                            .clean = &made,
                                            .version = b->version,
                                            .actor = {b->of.as, tools->actor->id},
                                            .now_ms = clock_utc_ms()};
    if (!e) e = cases_blur(b->of.db, tools->service->dir, &blurring, request->arena, &after, &why);
    photos_clean_fini(&made);
    if (!e && why.text[0]) /* done, as far as anybody can see; forgetting.h tries again */
        log_say(tools->service->log, APP_LOG_ERROR, "what was blurred is still on the disk: %s",
                why.text);
    return e ? problem_from_err(request->problem, e, &why)
             : case_answer_write(request, response, tools, &crs, &b->of, &after);
}

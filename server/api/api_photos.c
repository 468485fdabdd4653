#include "server/api/api_photos.h"

#include "data/cases.h"
#include "data/photo_pass.h"
#include "data/place_photos.h"
#include "geo/base/clock.h"
#include "server/api/look.h"
#include "server/api/photo_file.h"
#include "server/api/place_right.h"
#include "server/auth.h"

/* A case's photos stay. A place's may be taken off at any time, so a browser that has one asks
 * whether it may still show it, and is told so without being sent it again. What not everybody may
 * see is kept nowhere. */
static const char stays[] = "private, max-age=86400", may_go[] = "private, no-cache",
                  keep_not[] = "private, no-store";

/* Photos that were cleaned when there were two sizes have no middle one. */
static const char *pick(const char *const blobs[PHOTOS_SIZES], enum photos_size size)
{
    return blobs[size][0] ? blobs[size] : blobs[PHOTOS_LARGE];
}

/* An address that was signed minutes ago; to all others the photo does not exist. */
static enum err use_pass(const struct request *request, struct db *db, const char *id,
                         enum photos_size size)
{
    const char *until = request_query(request, "expires");
    const char *signature = request_query(request, "signature");
    struct photo_pass_key key;
    if (!until || !signature) return ERR_NOTFOUND;
    enum err e = photo_pass_key(db, &key);
    if (e) return e;
    return photo_pass_ok(&key, id, size, until, signature, clock_utc_ms()) ? ERR_OK : ERR_NOTFOUND;
}

/* Of which file a photo is, for those who may see it. ERR_NOTFOUND for all others. */
static enum err find_of_case(struct request *request, struct tools *tools, struct db *db,
                             const char *id, enum photos_size size, const char **blob,
                             const char **freshness)
{
    struct cases_photo photo;
    struct cases_case of;
    enum err e = cases_photo(db, id, request->arena, &photo, &of);
    if (e) return e;
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, of.kind);
    bool own = tools->actor && of.reporter == tools->actor->id &&
               cases_is_shown(photo.seen, photo.by_staff, KINDS_REPORTER);
    bool is_private = !kind || kind->is_private;
    if (is_private || photo.seen != CASES_PUBLIC) {
        *freshness = keep_not;
        if (auth_may(tools, RIGHTS_see, of.area_id, of.kind))
            e = is_private ? look_note(request, tools, db, &of, 1) : ERR_OK;
        else if (!own)
            e = use_pass(request, db, id, size);
        if (e) return e;
    }
    *blob = pick(photo.blobs, size);
    return ERR_OK;
}

/* A place's is for everybody, while the place is on the map. */
static enum err find_of_place(struct request *request, const struct tools *tools, struct db *db,
                              const char *id, enum photos_size size, const char **blob)
{
    struct place_photos_photo photo;
    enum err e = place_photos_get(db, id, request->arena, &photo);
    if (e) return e;
    if (!photo.shown && !place_right_at(tools, photo.at)) return ERR_NOTFOUND;
    *blob = pick(photo.blobs, size);
    return ERR_OK;
}

static enum err find(struct request *request, struct tools *tools, struct db *db,
                     enum photos_size size, const char **blob, const char **freshness)
{
    const char *id = request_arg(request, "id");
    *freshness = stays;
    enum err e = secrets_is_public_id(id)
                     ? find_of_case(request, tools, db, id, size, blob, freshness)
                     : ERR_NOTFOUND;
    if (e != ERR_NOTFOUND) return e;
    *freshness = may_go;
    return find_of_place(request, tools, db, id, size, blob);
}

static enum err send(struct request *request, struct response *response, struct tools *tools,
                     enum photos_size size)
{
    const char *blob = NULL, *freshness = NULL;
    struct why why = {""};
    struct db *db;
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = find(request, tools, db, size, &blob, &freshness);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such photo");
    if (e) return problem_from_err(request->problem, e, &why);
    return photo_file_send(request, response, tools, blob, freshness);
}

enum err api_photos_large(struct request *request, struct response *response, struct tools *tools)
{
    return send(request, response, tools, PHOTOS_LARGE);
}

enum err api_photos_middle(struct request *request, struct response *response, struct tools *tools)
{
    return send(request, response, tools, PHOTOS_MIDDLE);
}

enum err api_photos_small(struct request *request, struct response *response, struct tools *tools)
{
    return send(request, response, tools, PHOTOS_SMALL);
}

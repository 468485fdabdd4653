#include "server/api/api_photos.h"

#include "data/blobs.h"
#include "data/cases.h"
#include "data/place_photos.h"
#include "server/api/place_right.h"
#include "server/auth.h"

#include <stdlib.h>

enum { PICTURE_BYTES = 32 * 1024 * 1024 };

/* A case's photos stay. A place's may be taken off at any time, so a browser that has one asks
 * whether it may still show it, and is told so without being sent it again. */
static const char stays[] = "private, max-age=86400", may_go[] = "private, no-cache";

/* Of which file a photo is, for those who may see it. ERR_NOTFOUND for all others. */
static enum err find_of_case(struct request *request, const struct tools *tools, struct db *db,
                             const char *id, bool small, const char **blob)
{
    struct cases_photo photo;
    struct cases_case of;
    enum err e = cases_photo(db, id, request->arena, &photo, &of);
    if (e) return e;
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, of.kind);
    if ((!kind || kind->is_private) && !auth_is_staff(tools, of.area_id, of.kind))
        return ERR_NOTFOUND;
    *blob = small ? photo.small : photo.large;
    return ERR_OK;
}

/* A place's is for everybody, while the place is on the map. */
static enum err find_of_place(struct request *request, const struct tools *tools, struct db *db,
                              const char *id, bool small, const char **blob)
{
    struct place_photos_photo photo;
    enum err e = place_photos_get(db, id, request->arena, &photo);
    if (e) return e;
    if (!photo.shown && !place_right_at(tools, photo.at)) return ERR_NOTFOUND;
    *blob = small ? photo.small : photo.large;
    return ERR_OK;
}

static enum err find(struct request *request, const struct tools *tools, struct db *db, bool small,
                     const char **blob, const char **freshness)
{
    const char *id = request_arg(request, "id");
    *freshness = stays;
    enum err e =
        secrets_is_public_id(id) ? find_of_case(request, tools, db, id, small, blob) : ERR_NOTFOUND;
    if (e != ERR_NOTFOUND) return e;
    *freshness = may_go;
    return find_of_place(request, tools, db, id, small, blob);
}

static enum err read(struct request *request, struct response *response, const struct tools *tools,
                     const char *blob)
{
    struct why why = {""};
    char *bytes = NULL;
    size_t len = 0;
    enum err e = blobs_read(tools->service->dir, blob, PICTURE_BYTES, &bytes, &len, &why);
    bool ours = e == ERR_NOTFOUND || e == ERR_DENIED; /* the row names it, so it should be there */
    if (e) return problem_from_err(request->problem, ours ? ERR_IO : e, &why);
    buf_put(&response->body, bytes, len);
    free(bytes);
    response->content_type = "image/jpeg";
    return ERR_OK;
}

static enum err send(struct request *request, struct response *response, struct tools *tools,
                     bool small)
{
    const char *blob = NULL, *freshness = NULL;
    struct why why = {""};
    struct db *db;
    enum err e = tools_db(tools, &db, &why);
    if (!e) e = find(request, tools, db, small, &blob, &freshness);
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such photo");
    if (e) return problem_from_err(request->problem, e, &why);
    const char *tag = arena_printf(request->arena, "\"%s\"", blob);
    if (!tag) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    response_header(response, "Cache-Control", freshness);
    response_tagged(response, request, tag); /* a file is named by what is in it */
    return response->status == 304 ? ERR_OK : read(request, response, tools, blob);
}

enum err api_photos_large(struct request *request, struct response *response, struct tools *tools)
{
    return send(request, response, tools, false);
}

enum err api_photos_small(struct request *request, struct response *response, struct tools *tools)
{
    return send(request, response, tools, true);
}

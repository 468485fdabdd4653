#include "data/photo_files.h"

#include "data/blobs.h"
#include "data/blobs_doomed.h"

#include <limits.h>
#include <unistd.h>

enum err photo_files_put(const struct datadir *dir, const struct photos_clean *photos, size_t count,
                         struct photo_files *files, struct why *why)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && !e; i++) {
        const struct photos_clean *photo = &photos[i];
        secrets_public_id(files[i].public_id);
        for (int size = 0; size < PHOTOS_SIZES && !e; size++)
            e = blobs_put(dir, photo->sizes[size].bytes, photo->sizes[size].len,
                          files[i].blobs[size], why);
    }
    /* A folder that is gone or closed is no fault of what was sent. */
    return e == ERR_NOTFOUND || e == ERR_DENIED ? ERR_IO : e;
}

struct taking {
    const struct photo_files *files;
    size_t count;
};

static enum err doom(struct db *db, void *user)
{
    const struct taking *t = user;
    enum err e = ERR_OK;
    for (size_t i = 0; i < t->count && !e; i++) {
        const char *names[PHOTOS_SIZES];
        for (int size = 0; size < PHOTOS_SIZES; size++)
            names[size] = t->files[i].blobs[size];
        e = blobs_doomed_add(db, names, PHOTOS_SIZES);
    }
    return e;
}

void photo_files_take_back(struct db *db, const struct datadir *dir,
                           const struct photo_files *files, size_t count)
{
    struct taking t = {files, count};
    if (count && !db_write(db, doom, &t)) (void)blobs_doomed_erase(db, dir, NULL, NULL);
}

/* Nobody deletes a file while this transaction has the writer's turn. */
static enum err put_back(const struct datadir *dir, const struct photos_picture *picture,
                         const char *name)
{
    char path[PATH_MAX], again[SECRETS_HEX_SIZE];
    enum err e = blobs_path(dir, name, path, sizeof path);
    if (e || access(path, F_OK) == 0) return e;
    return blobs_put(dir, picture->bytes, picture->len, again, NULL);
}

enum err photo_files_keep(struct db *db, const struct datadir *dir,
                          const struct photos_clean *photo, const struct photo_files *files,
                          int64_t now_ms)
{
    enum err e = ERR_OK;
    for (int size = 0; size < PHOTOS_SIZES && !e; size++) {
        e = put_back(dir, &photo->sizes[size], files->blobs[size]);
        if (!e) e = blobs_keep(db, files->blobs[size], photo->sizes[size].len, now_ms);
    }
    return e;
}

void photo_files_bind(struct db_query *q, const struct photos_clean *photo,
                      const struct photo_files *files, int64_t now_ms)
{
    db_bind_text(q, ":public", files->public_id);
    db_bind_text(q, ":large", files->blobs[PHOTOS_LARGE]);
    db_bind_text(q, ":middle", files->blobs[PHOTOS_MIDDLE]);
    db_bind_text(q, ":small", files->blobs[PHOTOS_SMALL]);
    db_bind_int(q, ":width", photo->large.width);
    db_bind_int(q, ":height", photo->large.height);
    db_bind_blob(q, ":hash", photo->original_hash, sizeof photo->original_hash);
    db_bind_int(q, ":now", now_ms);
}

/* Every table whose rows name files. */
#define NO_OTHER(table)                                                                            \
    " AND NOT EXISTS (SELECT 1 FROM " table " p WHERE p.large = blobs.name OR p.middle = "         \
    "blobs.name OR p.small = blobs.name)"

enum err photo_files_drop(struct db *db, const char *const blobs[PHOTOS_SIZES])
{
    struct db_query *q;
    enum err e =
        db_prepare(db,
                   "DELETE FROM blobs WHERE name IN (:large, :middle, :small)" NO_OTHER("photos")
                       NO_OTHER("place_photos") NO_OTHER("pictures"),
                   &q);
    if (e) return e;
    db_bind_text(q, ":large", blobs[PHOTOS_LARGE]);
    db_bind_text(q, ":middle", blobs[PHOTOS_MIDDLE]);
    db_bind_text(q, ":small", blobs[PHOTOS_SMALL]);
    return db_run(q, NULL);
}

enum err photo_files_doom(struct db *db, const char *const blobs[PHOTOS_SIZES])
{
    enum err e = photo_files_drop(db, blobs);
    return e ? e : blobs_doomed_add(db, blobs, PHOTOS_SIZES);
}

#include "data/photo_files.h"

#include "data/blobs.h"

enum err photo_files_put(const struct datadir *dir, const struct photos_clean *photos, size_t count,
                         struct photo_files *files, struct why *why)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && !e; i++) {
        const struct photos_clean *photo = &photos[i];
        secrets_public_id(files[i].public_id);
        e = blobs_put(dir, photo->large.bytes, photo->large.len, files[i].large, why);
        if (!e) e = blobs_put(dir, photo->small.bytes, photo->small.len, files[i].small, why);
    }
    /* A folder that is gone or closed is no fault of what was sent. */
    return e == ERR_NOTFOUND || e == ERR_DENIED ? ERR_IO : e;
}

enum err photo_files_keep(struct db *db, const struct photos_clean *photo,
                          const struct photo_files *files, int64_t now_ms)
{
    enum err e = blobs_keep(db, files->large, photo->large.len, now_ms);
    return e ? e : blobs_keep(db, files->small, photo->small.len, now_ms);
}

void photo_files_bind(struct db_query *q, const struct photos_clean *photo,
                      const struct photo_files *files, int64_t now_ms)
{
    db_bind_text(q, ":public", files->public_id);
    db_bind_text(q, ":large", files->large);
    db_bind_text(q, ":small", files->small);
    db_bind_int(q, ":width", photo->large.width);
    db_bind_int(q, ":height", photo->large.height);
    db_bind_blob(q, ":hash", photo->original_hash, sizeof photo->original_hash);
    db_bind_int(q, ":now", now_ms);
}

enum err photo_files_drop(struct db *db, const char *large, const char *small)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "DELETE FROM blobs WHERE name IN (:large, :small) AND NOT EXISTS (SELECT 1 FROM photos p "
        "WHERE p.large = blobs.name OR p.small = blobs.name) AND NOT EXISTS (SELECT 1 FROM "
        "place_photos p WHERE p.large = blobs.name OR p.small = blobs.name)",
        &q);
    if (e) return e;
    db_bind_text(q, ":large", large);
    db_bind_text(q, ":small", small);
    return db_run(q, NULL);
}

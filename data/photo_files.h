/* Photos on their way into the store: their files first, then, in the transaction of whatever they
 * belong to, that the database knows of them. */
#ifndef YZ_DATA_PHOTO_FILES_H
#define YZ_DATA_PHOTO_FILES_H

#include "data/datadir.h"
#include "data/db.h"
#include "data/photos.h"
#include "data/secrets.h"

/* What is known of a photo before its row: its files are on disk by then. */
struct photo_files {
    char public_id[SECRETS_ID_SIZE];
    char blobs[PHOTOS_SIZES][SECRETS_HEX_SIZE]; /* names, by enum photos_size */
};

/* Writes the files of `count` photos, durably, and makes up their public ids. ERR_FULL, ERR_IO with
 * a sentence. */
enum err photo_files_put(const struct datadir *dir, const struct photos_clean *photos, size_t count,
                         struct photo_files *files, struct why *why);

/* Deletes the files again, in its own transaction, where whatever they belonged to was refused:
 * those that another photo has stay. What fails here is left for the next start's blobs_sweep. A
 * name may be "". */
void photo_files_take_back(struct db *db, const struct datadir *dir,
                           const struct photo_files *files, size_t count);

/* Names the files in the database, inside db_write, before a row refers to them. One that was
 * deleted since it was put (blobs_doomed.h), being the same picture, is written again. */
enum err photo_files_keep(struct db *db, const struct datadir *dir,
                          const struct photos_clean *photo, const struct photo_files *files,
                          int64_t now_ms);

/* The same in the other direction, after a row is gone: the database forgets files that no other
 * photo has, so that blobs_sweep sets them aside. A name may be "". */
enum err photo_files_drop(struct db *db, const char *const blobs[PHOTOS_SIZES]);

/* The same, and so that their files do not survive: blobs_doomed_erase deletes them, after the
 * transaction. What another photo still has stays. */
enum err photo_files_doom(struct db *db, const char *const blobs[PHOTOS_SIZES]);

/* Binds :public, :large, :middle, :small, :width, :height, :hash and :now of a statement that
 * inserts a photo's row. */
void photo_files_bind(struct db_query *q, const struct photos_clean *photo,
                      const struct photo_files *files, int64_t now_ms);

#endif

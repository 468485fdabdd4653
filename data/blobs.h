/* Content files: blobs/xx/yyyy…, named by the SHA-256 of what is in them. A file is on disk, synced
 * with its folder, before a row may name it. What no row names is set aside, in blobs/orphans/,
 * when a server starts, and comes back when a row names it again. */
#ifndef YZ_DATA_BLOBS_H
#define YZ_DATA_BLOBS_H

#include "data/datadir.h"
#include "data/db.h"
#include "data/secrets.h"

/* Writes `len` bytes, durably, and gives their name (64 hex characters). ERR_FULL, ERR_IO. */
enum err blobs_put(const struct datadir *dir, const void *bytes, size_t len,
                   char name[SECRETS_HEX_SIZE], struct why *why);

/* Makes a written file one that a row names. Inside db_write, before the row that refers to it. */
enum err blobs_keep(struct db *db, const char *name, size_t len, int64_t now_ms);

/* Path of a content file; ERR_INVALID if the name is none, so that no name leads elsewhere. */
enum err blobs_path(const struct datadir *dir, const char *name, char *path, size_t size);

/* Where it is when it was set aside. */
enum err blobs_path_aside(const struct datadir *dir, const char *name, char *path, size_t size);

/* Reads a content file of at most `max_bytes`; the caller frees it. ERR_NOTFOUND. */
enum err blobs_read(const struct datadir *dir, const char *name, size_t max_bytes, char **bytes,
                    size_t *len, struct why *why);

struct blobs_swept {
    uint64_t kept;
    uint64_t set_aside; /* whole files that no row names: in blobs/orphans/ now */
    uint64_t returned;  /* from there, because a row names them: a newer database was restored */
    uint64_t removed;   /* half-written ones */
    uint64_t missing;   /* named by a row, and not there: a damaged directory */
};

/* Brings blobs/ in line with the committed rows and empties tmp/; no whole file is ever deleted.
 * Only with DATADIR_SERVE, before anything is written. What is doomed (blobs_doomed.h) and could
 * not be deleted stays where it is. ERR_CONFLICT when the database names no file at all and is
 * younger than files that are there: it is not the one that they belong to. */
enum err blobs_sweep(const struct datadir *dir, struct db *db, struct blobs_swept *swept,
                     struct why *why);

#endif

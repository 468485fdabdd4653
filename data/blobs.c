#include "data/blobs.h"

#include "geo/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_LEN = SECRETS_HEX_SIZE - 1 };

static bool name_ok(const char *name)
{
    return strnlen(name, NAME_LEN + 1) == NAME_LEN && strspn(name, "0123456789abcdef") == NAME_LEN;
}

enum err blobs_path(const struct datadir *dir, const char *name, char *path, size_t size)
{
    if (!name_ok(name)) return ERR_INVALID;
    int n = snprintf(path, size, "%s/%.2s/%s", datadir_path(dir, DATADIR_BLOBS), name, name + 2);
    return n >= 0 && (size_t)n < size ? ERR_OK : ERR_LIMIT;
}

/* Equal content has one file. One that is there was synced before it got its name, its folder
 * perhaps not yet, if another thread has just renamed it. */
static enum err put_again(const char *path, struct why *why)
{
    char folder[PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    return file_sync_dir(folder, why);
}

enum err blobs_put(const struct datadir *dir, const void *bytes, size_t len,
                   char name[SECRETS_HEX_SIZE], struct why *why)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    char hex[SECRETS_HEX_SIZE], path[PATH_MAX];
    struct stat st;
    secrets_sha256(bytes, len, hash);
    secrets_hex(hash, hex);
    enum err e = blobs_path(dir, hex, path, sizeof path);
    if (e) return err_say(why, e, "the path of the data directory is too long");
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size == len)
        e = put_again(path, why);
    else
        e = file_replace(path, bytes, len, why);
    if (!e) memcpy(name, hex, sizeof hex);
    return e;
}

enum err blobs_keep(struct db *db, const char *name, size_t len, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO blobs (name, bytes, created_ms) "
                            "VALUES (:name, :bytes, :now) ON CONFLICT (name) DO NOTHING",
                            &q);
    if (e) return e;
    db_bind_text(q, ":name", name);
    db_bind_int(q, ":bytes", (int64_t)len);
    db_bind_int(q, ":now", now_ms);
    return db_run(q, NULL);
}

enum err blobs_read(const struct datadir *dir, const char *name, size_t max_bytes, char **bytes,
                    size_t *len, struct why *why)
{
    char path[PATH_MAX];
    enum err e = blobs_path(dir, name, path, sizeof path);
    if (e) return err_say(why, e, "that is not the name of a content file");
    return file_read(path, max_bytes, bytes, len, why);
}

/* --- sweeping --- */

static enum err is_named(struct db *db, const char *name, bool *named)
{
    struct db_query *q;
    enum err e = db_prepare(db, "SELECT 1 FROM blobs WHERE name = :name", &q);
    if (e) return e;
    db_bind_text(q, ":name", name);
    e = db_step(q, named);
    db_done(q);
    return e;
}

static enum err remove_at(const char *folder, const char *entry, struct why *why)
{
    char path[PATH_MAX], text[96];
    if (file_join(path, sizeof path, folder, entry)) return ERR_LIMIT;
    if (unlink(path) == 0 || errno == ENOENT) return ERR_OK;
    int code = errno;
    return err_say(why, err_from_errno(code), "cannot remove %s: %s", path,
                   strerror_r(code, text, sizeof text));
}

/* A file is an orphan when its name is that of no row, half-written ones included. */
static enum err sweep_entry(struct db *db, const char *folder, const char *prefix,
                            const char *entry, struct blobs_swept *swept, struct why *why)
{
    char name[NAME_MAX + 4];
    bool named = false;
    (void)snprintf(name, sizeof name, "%s%s", prefix, entry);
    if (name_ok(name)) {
        enum err e = is_named(db, name, &named);
        if (e) return err_say(why, e, "cannot read the database: %s", db_error(db));
    }
    if (named)
        swept->kept++;
    else
        swept->removed++;
    return named ? ERR_OK : remove_at(folder, entry, why);
}

static enum err sweep_folder(struct db *db, const char *folder, const char *prefix,
                             struct blobs_swept *swept, struct why *why)
{
    DIR *open_folder = opendir(folder);
    if (!open_folder) return errno == ENOENT ? ERR_OK : err_from_errno(errno);
    enum err e = ERR_OK;
    for (struct dirent *entry; !e && (entry = readdir(open_folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            e = sweep_entry(db, folder, prefix, entry->d_name, swept, why);
    closedir(open_folder);
    return e;
}

static enum err empty_tmp(const struct datadir *dir, struct why *why)
{
    const char *folder = datadir_path(dir, DATADIR_TMP);
    DIR *open_folder = opendir(folder);
    if (!open_folder) return err_from_errno(errno);
    enum err e = ERR_OK;
    for (struct dirent *entry; !e && (entry = readdir(open_folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            e = remove_at(folder, entry->d_name, why);
    closedir(open_folder);
    return e;
}

static enum err count_missing(const struct datadir *dir, struct db *db, uint64_t *missing)
{
    struct db_query *q;
    struct stat st;
    char path[PATH_MAX];
    bool row;
    enum err e = db_prepare(db, "SELECT name, bytes FROM blobs", &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row)
        if (blobs_path(dir, db_text(q, 0), path, sizeof path) || stat(path, &st) != 0 ||
            (int64_t)st.st_size != db_int(q, 1))
            (*missing)++;
    db_done(q);
    return e;
}

enum err blobs_sweep(const struct datadir *dir, struct db *db, struct blobs_swept *swept,
                     struct why *why)
{
    struct blobs_swept seen = {0};
    char folder[PATH_MAX], prefix[3];
    enum err e = empty_tmp(dir, why);
    for (unsigned i = 0; i < 256 && !e; i++) {
        (void)snprintf(prefix, sizeof prefix, "%02x", i);
        e = file_join(folder, sizeof folder, datadir_path(dir, DATADIR_BLOBS), prefix);
        if (!e) e = sweep_folder(db, folder, prefix, &seen, why);
    }
    if (!e) e = count_missing(dir, db, &seen.missing);
    if (!e) *swept = seen;
    return e;
}

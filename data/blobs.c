#include "data/blobs.h"

#include "geo/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    NAME_LEN = SECRETS_HEX_SIZE - 1,
    SLACK_MS = 1000 /* between the clocks of files and of the database */
};

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

/* Whether a row names it; and whether it is to be deleted, which is not the sweep's to do. */
static enum err look_up(struct db *db, const char *name, bool *named, bool *doomed)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT EXISTS (SELECT 1 FROM blobs WHERE name = :name), EXISTS "
                            "(SELECT 1 FROM blobs_doomed WHERE name = :name)",
                            &q);
    if (e) return e;
    db_bind_text(q, ":name", name);
    if (!(e = db_step(q, &row))) {
        *named = db_int(q, 0) == 1;
        *doomed = db_int(q, 1) == 1;
    }
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

struct sweep {
    const struct datadir *dir;
    struct db *db;
    struct blobs_swept seen;
    bool is_strange; /* the database names no file */
    int64_t made_ms; /* when the database was made */
    struct why *why;
};

static const char orphans[] = "orphans";

enum err blobs_path_aside(const struct datadir *dir, const char *name, char *path, size_t size)
{
    if (!name_ok(name)) return ERR_INVALID;
    int n = snprintf(path, size, "%s/%s/%s", datadir_path(dir, DATADIR_BLOBS), orphans, name);
    return n >= 0 && (size_t)n < size ? ERR_OK : ERR_LIMIT;
}

static enum err move(const char *from, const char *to, struct why *why)
{
    char text[96];
    if (rename(from, to) == 0) return ERR_OK;
    int code = errno;
    return err_say(why, err_from_errno(code), "cannot move %s to %s: %s", from, to,
                   strerror_r(code, text, sizeof text));
}

static int64_t mtime_ms(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000;
}

/* Only ever a move: the next backup to be restored may know the file. */
static enum err set_aside(struct sweep *sweep, const char *name)
{
    char from[PATH_MAX], to[PATH_MAX], folder[PATH_MAX];
    struct stat st;
    enum err e = blobs_path(sweep->dir, name, from, sizeof from);
    if (!e) e = blobs_path_aside(sweep->dir, name, to, sizeof to);
    if (!e) e = file_join(folder, sizeof folder, datadir_path(sweep->dir, DATADIR_BLOBS), orphans);
    if (e) return e;
    if (sweep->is_strange && stat(from, &st) == 0 && mtime_ms(&st) + SLACK_MS < sweep->made_ms)
        return err_say(sweep->why, ERR_CONFLICT,
                       "%s holds photos that are older than the database, which knows none of "
                       "them: restore yizhan.db from a backup, or move that folder away to begin "
                       "anew",
                       datadir_path(sweep->dir, DATADIR_BLOBS));
    e = file_make_dir(folder, sweep->why);
    if (!e) e = move(from, to, sweep->why);
    if (!e) sweep->seen.set_aside++;
    return e;
}

static enum err sweep_entry(struct sweep *sweep, const char *folder, const char *prefix,
                            const char *entry)
{
    char name[512];
    bool named = false, doomed = false;
    (void)snprintf(name, sizeof name, "%s%s", prefix, entry);
    if (!name_ok(name)) { /* half-written, when something was cut short */
        sweep->seen.removed++;
        return remove_at(folder, entry, sweep->why);
    }
    enum err e = look_up(sweep->db, name, &named, &doomed);
    if (e) return err_say(sweep->why, e, "cannot read the database: %s", db_error(sweep->db));
    if (!named) return doomed ? ERR_OK : set_aside(sweep, name);
    sweep->seen.kept++;
    return ERR_OK;
}

static enum err sweep_folder(struct sweep *sweep, const char *folder, const char *prefix)
{
    DIR *open_folder = opendir(folder);
    if (!open_folder) return errno == ENOENT ? ERR_OK : err_from_errno(errno);
    enum err e = ERR_OK;
    for (struct dirent *entry; !e && (entry = readdir(open_folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            e = sweep_entry(sweep, folder, prefix, entry->d_name);
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

static bool has_size(const char *path, int64_t bytes)
{
    struct stat st;
    return stat(path, &st) == 0 && (int64_t)st.st_size == bytes;
}

/* What a row names is there, or comes back from where it was set aside, or is missing. */
static enum err find_named(struct sweep *sweep, const char *name, int64_t bytes)
{
    char path[PATH_MAX], aside[PATH_MAX];
    enum err e = blobs_path(sweep->dir, name, path, sizeof path);
    if (!e) e = blobs_path_aside(sweep->dir, name, aside, sizeof aside);
    if (e || has_size(path, bytes)) return e;
    if (!has_size(aside, bytes)) {
        sweep->seen.missing++;
        return ERR_OK;
    }
    sweep->seen.returned++;
    return move(aside, path, sweep->why);
}

static enum err find_all_named(struct sweep *sweep)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(sweep->db, "SELECT name, bytes FROM blobs", &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row && !(e = find_named(sweep, db_text(q, 0), db_int(q, 1))))
        ;
    db_done(q);
    return e;
}

static enum err look_at_database(struct sweep *sweep)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(sweep->db,
                            "SELECT NOT EXISTS (SELECT 1 FROM blobs), (SELECT min(ran_ms) FROM "
                            "schema_migrations)",
                            &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) {
        sweep->is_strange = db_int(q, 0) == 1;
        sweep->made_ms = db_int(q, 1);
    }
    db_done(q);
    return e;
}

enum err blobs_sweep(const struct datadir *dir, struct db *db, struct blobs_swept *swept,
                     struct why *why)
{
    struct sweep sweep = {.dir = dir, .db = db, .why = why};
    char folder[PATH_MAX], prefix[12]; /* room for any unsigned */
    enum err e = empty_tmp(dir, why);
    if (!e) e = look_at_database(&sweep);
    for (unsigned i = 0; i < 256 && !e; i++) {
        (void)snprintf(prefix, sizeof prefix, "%02x", i);
        e = file_join(folder, sizeof folder, datadir_path(dir, DATADIR_BLOBS), prefix);
        if (!e) e = sweep_folder(&sweep, folder, prefix);
    }
    if (!e) e = find_all_named(&sweep);
    if (!e) *swept = sweep.seen;
    return e;
}

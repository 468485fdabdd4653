#include "data/blobs_doomed.h"

#include "geo/base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 32 }; /* names of one transaction, each of which costs some syncs */

enum err blobs_doomed_add(struct db *db, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct db_query *q;
        enum err e = db_prepare(db,
                                "INSERT INTO blobs_doomed (name) SELECT :name WHERE :name <> '' "
                                "AND NOT EXISTS (SELECT 1 FROM blobs WHERE name = :name) "
                                "ON CONFLICT (name) DO NOTHING",
                                &q);
        if (e) return e;
        db_bind_text(q, ":name", names[i]);
        if ((e = db_run(q, NULL))) return e;
    }
    return ERR_OK;
}

struct erasing {
    struct db *own; /* the caller's connection */
    const struct datadir *dir;
    char names[BATCH][SECRETS_HEX_SIZE]; /* behind the last of the batch before */
    size_t count;
    uint64_t erased;
    enum err failed; /* the first file that could not be deleted */
    struct why why;
};

/* --- files --- */

/* Gone, and durably so before the list forgets it. */
static enum err erase_file(struct erasing *w, const char *path, struct why *why)
{
    char folder[PATH_MAX], text[96];
    if (unlink(path)) {
        int code = errno;
        if (code == ENOENT) return ERR_OK;
        return err_say(why, err_from_errno(code), "cannot delete %s: %s", path,
                       strerror_r(code, text, sizeof text));
    }
    w->erased++;
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    return file_sync_dir(folder, why);
}

static enum err erase_files(struct erasing *w, const char *name)
{
    struct why why = {""};
    char path[PATH_MAX];
    enum err e = blobs_path(w->dir, name, path, sizeof path);
    if (!e) e = erase_file(w, path, &why);
    if (!e) e = blobs_path_aside(w->dir, name, path, sizeof path);
    if (!e) e = erase_file(w, path, &why);
    if (e && !w->failed) {
        w->failed = e;
        w->why = why;
    }
    return e;
}

/* --- the list --- */

#define TO_BE_ERASED                                                                               \
    "SELECT d.name FROM blobs_doomed d WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.name = "    \
    "d.name) AND "

/* What the connection sees of the next names. */
static enum err read_names(struct db *db, const char *after, struct erasing *w)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, TO_BE_ERASED "d.name > :after ORDER BY d.name LIMIT :most", &q);
    w->count = 0;
    if (e) return e;
    db_bind_text(q, ":after", after);
    db_bind_int(q, ":most", BATCH);
    while (w->count < BATCH && !(e = db_step(q, &row)) && row)
        (void)snprintf(w->names[w->count++], SECRETS_HEX_SIZE, "%s", db_text(q, 0));
    db_done(q);
    return e;
}

static enum err erase_one(struct db *db, struct erasing *w, const char *name)
{
    struct db_query *q;
    bool still = false;
    enum err e = db_prepare(db, TO_BE_ERASED "d.name = :name", &q);
    if (e) return e;
    db_bind_text(q, ":name", name);
    e = db_step(q, &still);
    db_done(q);
    if (e || !still || erase_files(w, name)) return e;
    if ((e = db_prepare(db, "DELETE FROM blobs_doomed WHERE name = :name", &q))) return e;
    db_bind_text(q, ":name", name);
    return db_run(q, NULL);
}

/* It may be one of several pieces of work of a transaction that does not reach the disk (writer.h),
 * and a file does not come back. So only what is doomed on disk goes, which the caller's own
 * connection sees: nobody commits while this one has the turn. And of that only what no earlier
 * piece of work has named again. */
static enum err erase(struct db *db, void *user)
{
    struct erasing *w = user;
    char after[SECRETS_HEX_SIZE];
    (void)snprintf(after, sizeof after, "%s", w->count ? w->names[w->count - 1] : "");
    enum err e = read_names(w->own, after, w);
    for (size_t i = 0; i < w->count && !e; i++)
        e = erase_one(db, w, w->names[i]);
    return e ? e : db_exec(db, "DELETE FROM blobs_doomed WHERE name IN (SELECT name FROM blobs)");
}

static enum err are_some(struct db *db, bool *some)
{
    struct db_query *q;
    enum err e = db_prepare(db, "SELECT 1 FROM blobs_doomed LIMIT 1", &q);
    if (e) return e;
    e = db_step(q, some);
    db_done(q);
    return e;
}

enum err blobs_doomed_erase(struct db *db, const struct datadir *dir, uint64_t *erased,
                            struct why *why)
{
    struct erasing w = {.own = db, .dir = dir};
    bool some = false;
    enum err e = are_some(db, &some);
    for (bool more = !e && some; more; more = !e && w.count == BATCH)
        e = db_write(db, erase, &w);
    if (erased) *erased = w.erased;
    if (e) return err_say(why, e, "cannot delete files: %s", db_error(db));
    return w.failed ? err_say(why, w.failed, "%s", w.why.text) : ERR_OK;
}

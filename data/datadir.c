#include "data/datadir.h"

#include "data/mbtiles.h"
#include "data/migrate.h"
#include "geo/base/file.h"
#include "geo/place/placepart_file.h"
#include "geo/road/graph.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct datadir {
    char paths[DATADIR_PARTS][PATH_MAX];
    int lock_fd; /* -1: not held */
};

static const char *const names[DATADIR_PARTS] = {
    [DATADIR_ROOT] = "",
    [DATADIR_DATABASE] = "yizhan.db",
    [DATADIR_PLACES] = "places.yzp",
    [DATADIR_ROADS] = "roads.yzr",
    [DATADIR_ROADS_OSM] = "roads.osm.pbf",
    [DATADIR_BASEMAP] = "basemap.mbtiles",
    [DATADIR_BLOBS] = "blobs",
    [DATADIR_TMP] = "tmp",
    [DATADIR_KEY] = "secret.key",
    [DATADIR_LOCK] = "lock",
};

static enum err name_parts(struct datadir *dir, const char *path, struct why *why)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    if (len == 0) return err_say(why, ERR_INVALID, "the data directory has an empty name");
    for (int i = 0; i < DATADIR_PARTS; i++) {
        int n =
            snprintf(dir->paths[i], PATH_MAX, "%.*s%s%s", (int)len, path, i ? "/" : "", names[i]);
        /* Files in it have longer names yet. */
        if (n < 0 || n > PATH_MAX - 128)
            return err_say(why, ERR_LIMIT, "the path of the data directory is too long");
    }
    return ERR_OK;
}

/* Says what is wrong with a folder that refuses to be written, and what mends it. */
static enum err explain(const char *path, int code, struct why *why)
{
    switch (code) {
    case EACCES:
    case EPERM:
        return err_say(why, ERR_DENIED,
                       "the data directory %s cannot be written by this user: run \"chown -R %ld "
                       "%s\" or choose another with --data",
                       path, (long)geteuid(), path);
    case EROFS:
        return err_say(why, ERR_READONLY,
                       "the data directory %s is on a read-only file system: remount it or choose "
                       "another with --data",
                       path);
    case ENOSPC:
    case EDQUOT:
        return err_say(why, ERR_FULL, "the disk of %s is full: make room", path);
    case ENOTDIR:
    case EEXIST:
        return err_say(why, ERR_FORMAT, "%s, or a part of that path, is a file and not a folder",
                       path);
    default: {
        char text[96];
        return err_say(why, err_from_errno(code), "cannot use the data directory %s: %s", path,
                       strerror_r(code, text, sizeof text));
    }
    }
}

static int make_folder(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0) return S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
    if (errno != ENOENT) return errno;
    return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : errno;
}

/* The folder and those above it. */
static int make_root(const char *path)
{
    char part[PATH_MAX];
    (void)snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int code = make_folder(part);
        if (code) return code;
        *slash = '/';
    }
    return make_folder(path);
}

/* The folders of content files are all made at once, so that no photo waits for one. */
static int make_blobs(const char *blobs)
{
    char last[PATH_MAX], folder[PATH_MAX];
    struct stat st;
    int code = make_folder(blobs);
    (void)snprintf(last, sizeof last, "%.*s/ff", PATH_MAX - 8, blobs);
    if (code || stat(last, &st) == 0) return code;
    for (unsigned i = 0; i < 256 && !code; i++) {
        (void)snprintf(folder, sizeof folder, "%.*s/%02x", PATH_MAX - 8, blobs, i);
        code = make_folder(folder);
    }
    if (!code && file_sync_dir(blobs, NULL)) code = EIO;
    return code;
}

/* A file is written, synced and removed: permission bits alone tell half the truth. */
static int try_writing(const char *folder)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%.*s/probe.XXXXXX", PATH_MAX - 16, folder);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) return errno;
    int code = write(fd, "probe", 5) == 5 && fsync(fd) == 0 ? 0 : errno;
    close(fd);
    unlink(path);
    return code;
}

static enum err make_parts(struct datadir *dir, struct why *why)
{
    const char *root = dir->paths[DATADIR_ROOT];
    int code = make_root(root);
    if (!code) code = make_folder(dir->paths[DATADIR_TMP]);
    if (!code) code = make_blobs(dir->paths[DATADIR_BLOBS]);
    if (!code) code = try_writing(root);
    if (!code) code = try_writing(dir->paths[DATADIR_TMP]);
    if (code) return explain(root, code, why);
    return file_sync_dir(root, why);
}

static enum err take_lock(struct datadir *dir, struct why *why)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char holder[24] = "";
    const char *path = dir->paths[DATADIR_LOCK], *root = dir->paths[DATADIR_ROOT];
    dir->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (dir->lock_fd < 0) return explain(root, errno, why);
    if (fcntl(dir->lock_fd, F_OFD_SETLK, &lock) == 0) {
        int n = snprintf(holder, sizeof holder, "%ld\n", (long)getpid());
        if (ftruncate(dir->lock_fd, 0) != 0 || pwrite(dir->lock_fd, holder, (size_t)n, 0) != n)
            return explain(root, errno, why);
        return ERR_OK;
    }
    if (errno != EAGAIN && errno != EACCES) return explain(root, errno, why);
    ssize_t n = pread(dir->lock_fd, holder, sizeof holder - 1, 0);
    holder[n > 0 ? strcspn(holder, "\n") : 0] = '\0';
    return err_say(why, ERR_LOCKED,
                   "another server (process %s) serves from %s: stop it or choose another data "
                   "directory with --data",
                   holder[0] ? holder : "?", root);
}

enum err datadir_open(const char *path, enum datadir_use use, struct datadir **dir, struct why *why)
{
    struct datadir *made = malloc(sizeof *made);
    if (!made) return err_say(why, ERR_NOMEM, "no memory to open %s", path);
    made->lock_fd = -1;
    enum err e = name_parts(made, path, why);
    if (!e) e = make_parts(made, why);
    if (!e && use == DATADIR_SERVE) e = take_lock(made, why);
    if (e)
        datadir_close(made);
    else
        *dir = made;
    return e;
}

void datadir_close(struct datadir *dir)
{
    if (!dir) return;
    if (dir->lock_fd >= 0) close(dir->lock_fd);
    free(dir);
}

const char *datadir_path(const struct datadir *dir, enum datadir_part part)
{
    return dir->paths[part];
}

enum err datadir_database(const struct datadir *dir, enum db_mode mode, struct db **db,
                          struct why *why)
{
    struct db *made;
    enum err e = db_open(dir->paths[DATADIR_DATABASE], mode, &made, why);
    if (e) return e;
    e = mode == DB_CREATE ? migrate_up(made, NULL, why) : migrate_check(made, why);
    if (e)
        db_close(made);
    else
        *db = made;
    return e;
}

/* --- looking --- */

struct look {
    struct datadir dir;
    void (*tell)(void *user, const struct datadir_finding *finding);
    void *user;
    int bad;
};

static void found(struct look *look, bool good, const char *subject, const char *text,
                  const char *mend)
{
    struct datadir_finding finding = {good, subject, text, good ? "" : mend};
    if (!good) look->bad++;
    look->tell(look->user, &finding);
}

static bool look_at_folder(struct look *look)
{
    const char *root = look->dir.paths[DATADIR_ROOT];
    struct why why = {""};
    struct stat st;
    if (stat(root, &st) != 0 && errno == ENOENT) {
        (void)err_say(&why, ERR_OK, "%s does not exist yet", root);
        found(look, false, "folder", why.text, "the first import or start makes it");
        return false;
    }
    int code = stat(root, &st) != 0 ? errno : !S_ISDIR(st.st_mode) ? ENOTDIR : 0;
    if (!code && access(root, W_OK | X_OK) != 0) code = errno;
    if (code) {
        (void)explain(root, code, &why);
        found(look, false, "folder", why.text, "see the sentence before");
        return false;
    }
    (void)err_say(&why, ERR_OK, "%s can be written", root);
    found(look, true, "folder", why.text, "");
    return true;
}

static void look_at_space(struct look *look)
{
    struct statvfs fs;
    char text[96];
    if (statvfs(look->dir.paths[DATADIR_ROOT], &fs) != 0) return;
    unsigned long long free_mb = (unsigned long long)fs.f_bavail * fs.f_frsize / 1000000;
    (void)snprintf(text, sizeof text, "%llu MB are free on its disk", free_mb);
    found(look, free_mb >= 200, "disk", text, "make room: below 200 MB photos will be refused");
}

/* quick_check reads every page: minutes on a huge database, seconds on most. */
static enum err ask_health(struct db *db, struct why *why)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "PRAGMA quick_check(1)", &q);
    if (e) return e;
    e = db_step(q, &row);
    if (!e && (!row || strcmp(db_text(q, 0), "ok") != 0))
        e = err_say(why, ERR_CHECKSUM, "the database is damaged: %s", db_text(q, 0));
    db_done(q);
    return e;
}

static void look_at_database(struct look *look)
{
    struct db *db = NULL;
    struct why why = {""};
    enum err e = datadir_database(&look->dir, DB_READ, &db, &why);
    if (!e) e = ask_health(db, &why);
    const char *mend = e == ERR_NOTFOUND  ? "the first import or start makes it"
                       : e == ERR_VERSION ? "see the sentence before"
                                          : "restore yizhan.db from a backup";
    if (e && !why.text[0]) (void)err_say(&why, e, "%s", err_text(e));
    found(look, !e, "database", e ? why.text : "it is whole and has this program's shape", mend);
    db_close(db);
}

/* There need not be one, and without it nothing is missing; but a disk that damages files does not
 * stop at this one. */
static void look_at_places(struct look *look)
{
    struct why why = {""};
    struct placepart_file *file = NULL;
    struct placepart *part = NULL;
    const char *path = look->dir.paths[DATADIR_PLACES];
    enum err e = placepart_file_open(path, &file, &why);
    if (e == ERR_NOTFOUND) return;
    if (!e) e = placepart_file_read(file, PLACESET_CATEGORIES, PLACESET_AMENITIES, &part, &why);
    if (!e)
        (void)err_say(&why, ERR_OK,
                      "%s is whole: %u places for a quick start; remove it when another program "
                      "has edited the database",
                      path, part->count);
    placepart_release(part);
    placepart_file_close(file);
    found(look, e == ERR_OK, "places", why.text, "remove it: the next start writes it anew");
}

static void look_at_roads(struct look *look)
{
    struct why why = {""};
    struct graph *graph = NULL;
    const char *path = look->dir.paths[DATADIR_ROADS];
    enum err e = graph_open(path, &graph, &why);
    if (!e)
        (void)err_say(&why, ERR_OK, "%s is whole: %zu edges for %zu profiles", path,
                      graph_edge_count(graph), graph_profile_count(graph));
    graph_free(graph);
    found(look, e == ERR_OK, "roads", why.text,
          "run \"yizhan build-roads\" after an import of roads");
}

/* There need not be one; but what lies there must be one. */
static void look_at_basemap(struct look *look)
{
    struct why why = {""};
    struct mbtiles *tiles = NULL;
    const char *path = look->dir.paths[DATADIR_BASEMAP];
    enum err e = mbtiles_open(path, &tiles, &why);
    if (e == ERR_NOTFOUND) return;
    if (!e)
        (void)err_say(&why, ERR_OK, "%s has %zu layers, zoom %u to %u", path,
                      mbtiles_info(tiles)->layer_count, mbtiles_info(tiles)->min_zoom,
                      mbtiles_info(tiles)->max_zoom);
    mbtiles_close(tiles);
    found(look, e == ERR_OK, "base map", why.text,
          "make it anew with tilemaker (docs/tiles.md), or remove it");
}

enum err datadir_check(const char *path,
                       void (*tell)(void *user, const struct datadir_finding *finding), void *user,
                       int *bad)
{
    struct look *look = calloc(1, sizeof *look);
    if (!look) return ERR_NOMEM;
    look->tell = tell;
    look->user = user;
    struct why why = {""};
    if (name_parts(&look->dir, path, &why)) {
        found(look, false, "folder", why.text, "name another with --data");
    } else if (look_at_folder(look)) {
        look_at_space(look);
        look_at_database(look);
        look_at_places(look);
        look_at_roads(look);
        look_at_basemap(look);
    }
    *bad = look->bad;
    free(look);
    return ERR_OK;
}

#include "server/basemap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

struct basemap_sheet {
    struct mbtiles *file; /* only for what it says; tiles are read by each thread's own */
    unsigned references;  /* under the lock */
};

/* All zero: there is no file. */
struct identity {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};

struct basemap {
    const char *path;
    struct log *log;
    pthread_mutex_t lock;
    struct basemap_sheet *sheet;
    atomic_uint_fast64_t number;
    /* who looks: */
    struct identity seen;
    uint64_t last_number;
};

enum err basemap_new(const char *path, struct log *log, struct basemap **basemap)
{
    struct basemap *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->path = path;
    fresh->log = log;
    pthread_mutex_init(&fresh->lock, NULL);
    *basemap = fresh;
    return ERR_OK;
}

static void release(struct basemap_sheet *sheet)
{
    if (!sheet || --sheet->references > 0) return;
    mbtiles_close(sheet->file);
    free(sheet);
}

void basemap_free(struct basemap *basemap)
{
    if (!basemap) return;
    release(basemap->sheet);
    pthread_mutex_destroy(&basemap->lock);
    free(basemap);
}

/* ---- looking --------------------------------------------------------------------------------- */

static struct identity identity_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) return (struct identity){0};
    return (struct identity){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
}

static bool is_same(const struct identity *a, const struct identity *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static struct basemap_sheet *open_sheet(const struct basemap *basemap)
{
    struct why why = {""};
    struct basemap_sheet *fresh = calloc(1, sizeof *fresh);
    enum err e = fresh ? mbtiles_open(basemap->path, &fresh->file, &why) : ERR_NOMEM;
    if (e) {
        log_say(basemap->log, APP_LOG_ERROR, "the base map is not shown: %s",
                why.text[0] ? why.text : err_text(e));
        free(fresh);
        return NULL;
    }
    fresh->references = 1;
    log_say(basemap->log, APP_LOG_INFO, "the base map is shown");
    return fresh;
}

void basemap_look(struct basemap *basemap)
{
    const struct identity now = identity_of(basemap->path);
    if (is_same(&now, &basemap->seen)) return;
    basemap->seen = now;
    struct basemap_sheet *fresh = now.inode ? open_sheet(basemap) : NULL;
    pthread_mutex_lock(&basemap->lock);
    struct basemap_sheet *old = basemap->sheet;
    basemap->sheet = fresh;
    atomic_store(&basemap->number, fresh ? ++basemap->last_number : 0);
    release(old);
    pthread_mutex_unlock(&basemap->lock);
}

/* ---- reading --------------------------------------------------------------------------------- */

uint64_t basemap_number(const struct basemap *basemap)
{
    return atomic_load(&basemap->number);
}

const struct basemap_sheet *basemap_enter(struct basemap *basemap)
{
    pthread_mutex_lock(&basemap->lock);
    struct basemap_sheet *sheet = basemap->sheet;
    if (sheet) sheet->references++;
    pthread_mutex_unlock(&basemap->lock);
    return sheet;
}

const struct mbtiles_info *basemap_info(const struct basemap_sheet *sheet)
{
    return mbtiles_info(sheet->file);
}

void basemap_leave(struct basemap *basemap, const struct basemap_sheet *sheet)
{
    if (!sheet) return;
    pthread_mutex_lock(&basemap->lock);
    release((struct basemap_sheet *)(uintptr_t)sheet);
    pthread_mutex_unlock(&basemap->lock);
}

void basemap_reader_fini(struct basemap_reader *reader)
{
    mbtiles_close(reader->tiles);
    *reader = (struct basemap_reader){0};
}

enum err basemap_tile(struct basemap *basemap, struct basemap_reader *reader, uint32_t z,
                      uint32_t x, uint32_t y, struct buf *out)
{
    uint64_t number = basemap_number(basemap);
    struct why why = {""};
    if (reader->number != number) basemap_reader_fini(reader);
    if (!number) return ERR_NOTFOUND;
    if (!reader->tiles) {
        enum err e = mbtiles_open(basemap->path, &reader->tiles, &why);
        if (e) return e;
        reader->number = number;
    }
    return mbtiles_tile(reader->tiles, z, x, y, out);
}

#include "server/watcher.h"

#include "data/areas.h"
#include "data/changes.h"
#include "data/places.h"
#include "server/anchoring.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { LOOK_MS = 200, RETRY_MS = 2000 };

/* Which road file was loaded last; all zero: none. */
struct road_file {
    dev_t device;
    ino_t inode;
    struct timespec changed;
};

struct watcher {
    struct service *service;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool poked, stopping;
    pthread_t thread;
    /* the thread's own: */
    struct db *db;
    struct road_file roads;
    struct snapshot shown; /* the parts last published, which the store keeps */
    int64_t last;          /* number of the last change taken in */
    bool had_first;        /* a snapshot has been published */
    bool told;             /* that something fails */
};

static bool keep_going(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct watcher *w = user;
    (void)stage, (void)done, (void)total;
    return !atomic_load(&w->service->stopping);
}

/* A road file that is damaged leaves the server with the roads it has, and says so; one that is not
 * there, without any. */
static void load_roads(struct watcher *w, bool force, struct snapshot_parts *parts)
{
    const char *path = datadir_path(w->service->dir, DATADIR_ROADS);
    struct road_file now = {0};
    struct stat st;
    struct why why = {""};
    if (stat(path, &st) == 0) now = (struct road_file){st.st_dev, st.st_ino, st.st_mtim};
    bool same = now.device == w->roads.device && now.inode == w->roads.inode &&
                now.changed.tv_sec == w->roads.changed.tv_sec &&
                now.changed.tv_nsec == w->roads.changed.tv_nsec;
    if (same && !force) return;
    w->roads = now;
    if (!now.inode) {
        parts->drop_roads = true;
        log_say(w->service->log, APP_LOG_WARN,
                "there is no road file: routes are not offered until `yizhan build-roads` has run");
        return;
    }
    enum err e = graph_open(path, &parts->roads, &why);
    if (e)
        log_say(w->service->log, APP_LOG_ERROR, "the road file is not taken: %s",
                why.text[0] ? why.text : err_text(e));
}

static enum err load_places(struct watcher *w, struct snapshot_parts *parts)
{
    const struct progress progress = {keep_going, w};
    uint64_t skipped = 0;
    enum err e = places_load(w->db, w->service->categories, &progress, &parts->places, &skipped);
    if (!e && skipped)
        log_say(w->service->log, APP_LOG_WARN,
                "%llu places have a category that the operator's list does not have",
                (unsigned long long)skipped);
    return e;
}

/* Places or roads that are new meet. */
static enum err load_anchors(struct watcher *w, struct snapshot_parts *parts)
{
    const struct progress progress = {keep_going, w};
    const struct placeset *places = parts->places ? parts->places : w->shown.places;
    const struct graph *roads = parts->roads ? parts->roads : w->shown.roads;
    bool is_new = parts->places || parts->roads;
    if (!is_new || parts->drop_roads || !roads) return ERR_OK;
    return anchoring_make(places, roads, w->shown.anchors, &progress, &parts->anchors);
}

static void remember(struct watcher *w, const struct snapshot_parts *parts)
{
    struct snapshot *shown = &w->shown;
    if (parts->drop_roads) shown->roads = NULL;
    if (parts->roads) shown->roads = parts->roads;
    if (parts->places) shown->places = parts->places;
    if (parts->places || parts->roads || parts->drop_roads) shown->anchors = parts->anchors;
}

static enum err load(struct watcher *w, unsigned topics, bool poked, struct why *why)
{
    const unsigned places = 1u << CHANGES_places, areas = 1u << CHANGES_areas,
                   roads = 1u << CHANGES_roads;
    struct snapshot_parts parts = {0};
    enum err e = ERR_OK;
    if (topics & places) e = load_places(w, &parts);
    if (!e && (topics & areas)) e = areas_load(w->db, &parts.areas, why);
    if (!e && ((topics & roads) || poked)) load_roads(w, (topics & roads) != 0, &parts);
    if (!e) e = load_anchors(w, &parts);
    if (e) {
        placeset_free(parts.places);
        areaset_free(parts.areas);
        graph_free(parts.roads);
        return e;
    }
    if (!parts.places && !parts.areas && !parts.roads && !parts.drop_roads) return ERR_OK;
    struct snapshot_parts given = parts;
    e = snapshot_publish(w->service->snapshots, &parts);
    if (e) return e;
    remember(w, &given);
    log_say(w->service->log, APP_LOG_DEBUG, "snapshot %llu is published",
            (unsigned long long)snapshot_version(w->service->snapshots));
    return e;
}

/* One look. The number is read before the data: what is written in between is seen twice, never
 * missed. */
static enum err look(struct watcher *w, bool poked, struct why *why)
{
    unsigned topics = 0;
    int64_t last = w->last;
    enum err e = ERR_OK;
    if (!w->db) e = datadir_database(w->service->dir, DB_READ, &w->db, why);
    if (!e && !w->had_first) {
        topics = ~0u;
        e = changes_last(w->db, &last);
    } else if (!e) {
        e = changes_since(w->db, w->last, &topics, &last);
    }
    if (!e) e = load(w, topics, poked, why);
    if (e) return e;
    w->last = last;
    w->had_first = true;
    snapshot_sweep(w->service->snapshots);
    return ERR_OK;
}

static void tell(struct watcher *w, enum err e, const struct why *why)
{
    atomic_store(&w->service->failing, e != ERR_OK);
    if (e == ERR_CANCELLED || (e != ERR_OK) == w->told) return;
    w->told = e != ERR_OK;
    if (e)
        log_say(w->service->log, APP_LOG_ERROR, "the data cannot be read: %s",
                why->text[0] ? why->text : err_text(e));
    else
        log_say(w->service->log, APP_LOG_INFO, "the data can be read again");
}

static void wait_a_while(struct watcher *w, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    int rc = 0;
    while (!w->poked && !w->stopping && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&w->wake, &w->lock, &until);
}

static void *watch(void *argument)
{
    struct watcher *w = argument;
    bool poked = true;
    pthread_mutex_lock(&w->lock);
    while (!w->stopping) {
        struct why why = {""};
        w->poked = false;
        pthread_mutex_unlock(&w->lock);
        enum err e = look(w, poked, &why);
        tell(w, e, &why);
        pthread_mutex_lock(&w->lock);
        if (!w->poked && !w->stopping) wait_a_while(w, e ? RETRY_MS : LOOK_MS);
        poked = w->poked;
    }
    pthread_mutex_unlock(&w->lock);
    db_close(w->db);
    w->db = NULL;
    return NULL;
}

enum err watcher_start(struct service *service, struct watcher **watcher)
{
    struct watcher *fresh = calloc(1, sizeof *fresh);
    pthread_condattr_t monotonic;
    if (!fresh) return ERR_NOMEM;
    fresh->service = service;
    pthread_mutex_init(&fresh->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&fresh->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&fresh->thread, NULL, watch, fresh)) {
        free(fresh);
        return ERR_SYSTEM;
    }
    *watcher = fresh;
    return ERR_OK;
}

static void signal_watcher(struct watcher *watcher, bool stop)
{
    pthread_mutex_lock(&watcher->lock);
    watcher->poked = true;
    watcher->stopping = watcher->stopping || stop;
    pthread_cond_signal(&watcher->wake);
    pthread_mutex_unlock(&watcher->lock);
}

void watcher_poke(struct watcher *watcher)
{
    signal_watcher(watcher, false);
}

void watcher_stop(struct watcher *watcher)
{
    if (!watcher) return;
    signal_watcher(watcher, true);
    pthread_join(watcher->thread, NULL);
    pthread_cond_destroy(&watcher->wake);
    pthread_mutex_destroy(&watcher->lock);
    free(watcher);
}

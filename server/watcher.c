#include "server/watcher.h"

#include "data/areas.h"
#include "data/changes.h"
#include "data/grids.h"
#include "geo/base/clock.h"
#include "server/anchoring.h"
#include "server/inforce.h"
#include "server/keeping.h"
#include "server/placing.h"
#include "server/rebuild.h"
#include "server/rounds.h"
#include "server/wording.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { LOOK_MS = 200, RETRY_MS = 2000 };

/* Which road file was looked at last; all zero: none. */
struct road_file {
    dev_t device;
    ino_t inode;
    struct timespec changed;
};

struct watcher {
    struct service *service;
    struct rounds rounds;
    atomic_bool reload; /* the road file, since the last look */
    /* the thread's own: */
    struct db *db;
    struct snapshot shown; /* the parts last published, which the store keeps */
    int64_t last;          /* number of the last change taken in */
    bool had_first;        /* a snapshot has been published */
    bool told;             /* that something fails */
    struct placing placing;
    struct keeping *keeping;
    struct wording *wording;
    /* roads: */
    struct road_file file;
    struct rebuild *rebuild;     /* a road file is being prepared */
    bool wanted;                 /* and one is to be prepared after it */
    struct roads_keeper *keeper; /* of the roads in use */
    struct inforce *inforce;
    bool stale;               /* other closures may be in force than those of the roads in use */
    int64_t made_ms, next_ms; /* when they were made, and when others will be in force */
};

/* What one look is for. */
struct errand {
    unsigned topics;
    struct placing_span span; /* of changes */
    bool reload;              /* the road file is to be taken anew, whatever it is */
    int64_t now_ms;
};

static bool keep_going(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct watcher *w = user;
    (void)stage, (void)done, (void)total;
    return !atomic_load(&w->service->stopping);
}

/* --- roads --- */

static void drop_roads(struct watcher *w, struct snapshot_parts *parts)
{
    if (w->rebuild) rebuild_cancel(w->rebuild);
    roads_keeper_free(w->keeper);
    w->keeper = NULL;
    w->wanted = false;
    inforce_set_graph(w->inforce, NULL);
    parts->drop_roads = true;
    log_say(w->service->log, APP_LOG_WARN,
            "there is no road file: routes are not offered until `yizhan build-roads` has run");
}

/* Whether another road file lies there than before. */
static void look_at_file(struct watcher *w, bool reload, struct snapshot_parts *parts)
{
    struct road_file now = {0};
    struct stat st;
    if (stat(datadir_path(w->service->dir, DATADIR_ROADS), &st) == 0)
        now = (struct road_file){st.st_dev, st.st_ino, st.st_mtim};
    bool same = now.device == w->file.device && now.inode == w->file.inode &&
                now.changed.tv_sec == w->file.changed.tv_sec &&
                now.changed.tv_nsec == w->file.changed.tv_nsec;
    if (same && !reload) return;
    w->file = now;
    if (now.inode)
        w->wanted = true;
    else
        drop_roads(w, parts);
}

static void beside_done(void *user) /* what was made on a thread of its own */
{
    watcher_poke(user);
}

/* Requests go on with the roads there are; the first ones are waited for by everybody. */
static enum err begin_rebuild(struct watcher *w)
{
    const struct rebuild_plan plan = {.path = datadir_path(w->service->dir, DATADIR_ROADS),
                                      .threads = w->service->cores,
                                      .gently = w->keeper != NULL,
                                      .done = beside_done,
                                      .user = w};
    if (!w->wanted || w->rebuild) return ERR_OK;
    enum err e = rebuild_start(&plan, &w->rebuild);
    if (!e) w->wanted = false;
    return e;
}

/* A road file that is damaged leaves the server with the roads it has, and says so. */
static void take_rebuild(struct watcher *w)
{
    struct roads_keeper *keeper = NULL;
    struct why why = {""};
    if (!w->rebuild || !rebuild_is_done(w->rebuild)) return;
    enum err e = rebuild_end(w->rebuild, &keeper, &why);
    w->rebuild = NULL;
    if (e == ERR_CANCELLED) return;
    if (e) {
        log_say(w->service->log, APP_LOG_ERROR, "the road file is not taken: %s",
                why.text[0] ? why.text : err_text(e));
        return;
    }
    if (!w->file.inode) { /* it was taken away meanwhile */
        roads_keeper_free(keeper);
        return;
    }
    roads_keeper_free(w->keeper); /* what it made lives on */
    w->keeper = keeper;
    inforce_set_graph(w->inforce, roads_keeper_graph(keeper));
    w->stale = true;
    log_say(w->service->log, APP_LOG_INFO, "the road file is taken in");
}

/* New roads when other closures are in force than those they were made under. */
static enum err make_roads(struct watcher *w, int64_t now_ms, struct snapshot_parts *parts)
{
    const struct roads_closure *closures;
    size_t count;
    int64_t next_ms;
    bool due = w->stale || now_ms >= w->next_ms || now_ms < w->made_ms;
    if (!w->keeper || !due) return ERR_OK;
    enum err e = inforce_at(w->inforce, now_ms, &closures, &count, &next_ms);
    if (e) return e;
    e = roads_make(w->keeper, closures, count, &parts->roads);
    if (e) { /* what it would make from now on is not to be trusted */
        roads_keeper_free(w->keeper);
        w->keeper = NULL;
        w->wanted = true;
        return e;
    }
    w->stale = false;
    w->made_ms = now_ms;
    w->next_ms = next_ms;
    log_say(w->service->log, APP_LOG_DEBUG, "%zu closures are in force", count);
    return ERR_OK;
}

/* Whether the first road file is being prepared. */
static bool is_first(const struct watcher *w)
{
    return !w->keeper && w->rebuild;
}

static enum err load_roads(struct watcher *w, const struct errand *errand, bool poked,
                           struct snapshot_parts *parts)
{
    bool built = errand->topics & 1u << CHANGES_roads;
    enum err e = ERR_OK;
    if (errand->topics & 1u << CHANGES_closures) {
        e = inforce_load(w->inforce, w->db, errand->now_ms);
        if (!e) w->stale = true;
    }
    if (!e && (built || errand->reload || poked)) look_at_file(w, built || errand->reload, parts);
    take_rebuild(w);
    if (!e) e = begin_rebuild(w);
    if (!e) e = make_roads(w, errand->now_ms, parts);
    if (is_first(w)) atomic_store(&w->service->preparing, true);
    return e;
}

/* --- the rest --- */

static enum err load_places(struct watcher *w, const struct errand *errand,
                            struct snapshot_parts *parts)
{
    const struct progress progress = {keep_going, w};
    uint64_t skipped = 0;
    enum err e = placing_load(&w->placing, w->db, w->service->categories, &errand->span, &progress,
                              w->shown.places, &parts->places, &skipped);
    if (!e && skipped)
        log_say(w->service->log, APP_LOG_WARN,
                "%llu places have a category that the operator's list does not have",
                (unsigned long long)skipped);
    return e;
}

/* Places or roads that are new meet: only the parts that are. */
static enum err load_anchors(struct watcher *w, struct snapshot_parts *parts)
{
    const struct progress progress = {keep_going, w};
    const struct placeset *places = parts->places ? parts->places : w->shown.places;
    const struct roads *roads = parts->roads ? parts->roads : w->shown.roads;
    enum err e = ERR_OK;
    if (parts->drop_roads || !roads) return ERR_OK;
    for (unsigned p = 0; p < PLACESET_PARTS && !e; p++) {
        const struct placepart *part = placeset_part(places, p);
        bool same = w->shown.places && part == placeset_part(w->shown.places, p);
        if (same && !parts->roads) continue;
        e = anchoring_make(part, roads, w->shown.anchors[p], &progress, &parts->anchors[p]);
    }
    return e;
}

static void remember(struct watcher *w, const struct snapshot_parts *parts)
{
    struct snapshot *shown = &w->shown;
    if (parts->drop_roads) shown->roads = NULL;
    if (parts->roads) shown->roads = parts->roads;
    if (parts->places) shown->places = parts->places;
    bool other_roads = parts->roads || parts->drop_roads;
    if (parts->anchors[PLACESET_BASE] || other_roads)
        shown->anchors[PLACESET_BASE] = parts->anchors[PLACESET_BASE];
    if (parts->anchors[PLACESET_DELTA] || other_roads)
        shown->anchors[PLACESET_DELTA] = parts->anchors[PLACESET_DELTA];
}

/* A grid that is damaged is no reason to go without places and roads. */
static enum err load_grids(struct watcher *w, struct snapshot_parts *parts)
{
    struct why why = {""};
    enum err e = grids_load(w->db, &parts->grids, &why);
    if (e != ERR_FORMAT) return e;
    log_say(w->service->log, APP_LOG_ERROR, "no grids are offered: %s", why.text);
    return gridset_new(&parts->grids);
}

static enum err load_parts(struct watcher *w, const struct errand *errand, bool poked,
                           struct snapshot_parts *parts, struct why *why)
{
    enum err e = ERR_OK;
    if (errand->topics & 1u << CHANGES_places) e = load_places(w, errand, parts);
    if (!e && errand->topics & 1u << CHANGES_areas) e = areas_load(w->db, &parts->areas, why);
    if (!e) e = wording_follow(w->wording, &w->shown, parts);
    if (!e && errand->topics & 1u << CHANGES_grids) e = load_grids(w, parts);
    if (!e) e = load_roads(w, errand, poked, parts);
    return e ? e : load_anchors(w, parts);
}

static void free_parts(struct watcher *w, struct snapshot_parts *parts)
{
    if (parts->words[PLACESET_BASE]) wording_forget(w->wording);
    for (unsigned p = 0; p < PLACESET_PARTS; p++) {
        anchors_free(parts->anchors[p]);
        lexicon_free(parts->words[p]);
    }
    lexicon_free(parts->area_words);
    placeset_free(parts->places);
    areaset_free(parts->areas);
    gridset_free(parts->grids);
    roads_free(parts->roads);
}

static enum err load(struct watcher *w, const struct errand *errand, bool poked, struct why *why)
{
    struct snapshot_parts parts = {0};
    enum err e = load_parts(w, errand, poked, &parts, why);
    if (e) {
        w->stale = w->stale || parts.roads; /* they were made and are not shown */
        free_parts(w, &parts);
        return e;
    }
    if (!parts.places && !parts.areas && !parts.grids && !parts.roads && !parts.drop_roads &&
        !parts.words[PLACESET_BASE])
        return ERR_OK;
    struct snapshot_parts given = parts;
    e = snapshot_publish(w->service->snapshots, &parts);
    w->stale = w->stale || (e && given.roads);
    if (e && given.words[PLACESET_BASE]) wording_forget(w->wording);
    if (e) return e;
    remember(w, &given);
    if (given.places && w->placing.from_rows) {
        keeping_write(w->keeping, given.places, &w->placing.mark);
        w->placing.from_rows = false; /* once */
    }
    log_say(w->service->log, APP_LOG_DEBUG, "snapshot %llu is published",
            (unsigned long long)snapshot_version(w->service->snapshots));
    return e;
}

/* One look. The number is read before the data: what is written in between is seen twice, never
 * missed. */
static enum err look(struct watcher *w, bool poked, bool reload, struct why *why)
{
    struct errand errand = {.reload = reload, .now_ms = clock_utc_ms()};
    int64_t last = w->last;
    enum err e = ERR_OK;
    basemap_look(w->service->basemap);
    if (!w->db) e = datadir_database(w->service->dir, DB_READ, &w->db, why);
    if (!e && !w->had_first) {
        errand.topics = ~0u;
        e = changes_last(w->db, &last);
    } else if (!e) {
        e = changes_since(w->db, w->last, &errand.topics, &last);
        errand.span = (struct placing_span){w->last, last};
    }
    if (!e) e = load(w, &errand, poked, why);
    if (e) return e;
    /* Only now that what was prepared, or refused, is also shown. */
    if (!is_first(w)) atomic_store(&w->service->preparing, false);
    w->last = last;
    w->had_first = true;
    snapshot_sweep(w->service->snapshots);
    return ERR_OK;
}

/* Until the next look: sooner where closures begin or end. */
static int patience_ms(const struct watcher *w)
{
    int64_t left = w->keeper ? w->next_ms - clock_utc_ms() : LOOK_MS;
    return left < 1 ? 1 : left < LOOK_MS ? (int)left : LOOK_MS;
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

static void end(struct watcher *w)
{
    struct roads_keeper *keeper = NULL;
    if (w->rebuild) {
        rebuild_cancel(w->rebuild);
        if (rebuild_end(w->rebuild, &keeper, NULL) == ERR_OK) roads_keeper_free(keeper);
    }
    roads_keeper_free(w->keeper);
    keeping_free(w->keeping);
    wording_free(w->wording);
    inforce_free(w->inforce);
    db_close(w->db);
}

static void *watch(void *argument)
{
    struct watcher *w = argument;
    bool reload = false;
    enum rounds_call call = ROUNDS_poked;
    while (call) {
        struct why why = {""};
        enum err e = look(w, call == ROUNDS_poked, reload, &why);
        tell(w, e, &why);
        call = rounds_wait(&w->rounds, e ? RETRY_MS : patience_ms(w));
        reload =
            atomic_exchange(&w->reload, false) || (e && reload); /* what failed is still owed */
    }
    end(w);
    return NULL;
}

enum err watcher_start(struct service *service, struct watcher **watcher)
{
    struct watcher *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->service = service;
    fresh->next_ms = INT64_MAX;
    fresh->placing.kept = datadir_path(service->dir, DATADIR_PLACES);
    fresh->placing.log = service->log;
    if (inforce_new(&fresh->inforce) || wording_new(beside_done, fresh, &fresh->wording) ||
        keeping_new(fresh->placing.kept, service->log, &fresh->keeping)) {
        end(fresh);
        free(fresh);
        return ERR_NOMEM;
    }
    service->watcher = fresh; /* before the thread that makes the first snapshot */
    if (rounds_start(&fresh->rounds, watch, fresh)) {
        service->watcher = NULL;
        end(fresh);
        free(fresh);
        return ERR_SYSTEM;
    }
    *watcher = fresh;
    return ERR_OK;
}

void watcher_poke(struct watcher *watcher)
{
    rounds_poke(&watcher->rounds);
}

void watcher_reload(struct watcher *watcher)
{
    atomic_store(&watcher->reload, true);
    rounds_poke(&watcher->rounds);
}

void watcher_stop(struct watcher *watcher)
{
    if (!watcher) return;
    rounds_end(&watcher->rounds);
    free(watcher);
}

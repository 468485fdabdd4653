/* What a handler works with: this thread's workspaces and the snapshot of the request, over what
 * the whole server shares. */
#ifndef YZ_SERVER_TOOLS_H
#define YZ_SERVER_TOOLS_H

#include "data/activity_kinds.h"
#include "data/categories.h"
#include "data/datadir.h"
#include "data/holidays.h"
#include "data/kinds.h"
#include "data/offers_kinds.h"
#include "data/people.h"
#include "data/photo_shop.h"
#include "data/points_rules.h"
#include "data/posts_kinds.h"
#include "data/writer.h"
#include "geo/place/nearest.h"
#include "geo/place/seek.h"
#include "geo/road/nearby.h"
#include "geo/road/reach.h"
#include "geo/road/route.h"
#include "geo/road/table.h"
#include "geo/space/crs.h"
#include "server/app.h"
#include "server/basemap.h"
#include "server/cache.h"
#include "server/clustering.h"
#include "server/known.h"
#include "server/limit.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/pages.h"
#include "server/router.h"
#include "server/snapshot.h"
#include "server/worker.h"

#include <pthread.h>
#include <stdatomic.h>

struct courier;
struct herald;
struct hub;
struct watcher;
struct wechat;

/* Made by the app before the first request and read-only from then on, but for what is atomic or
 * has its own locks. */
struct service {
    const struct app_options *options;
    struct datadir *dir;
    struct writer *writer; /* through which all lanes write */
    struct categories *categories;
    const char **category_codes; /* by index */
    struct lexicon *labels;      /* what categories and amenities are called */
    struct kinds *kinds;
    struct points_rules *points;       /* NULL: nobody gets any */
    struct activity_kinds *activities; /* NULL: there are none */
    struct posts_kinds *posts;         /* NULL: nobody writes any */
    struct offers_kinds *offers;       /* NULL: partners offer nothing */
    struct holidays *holidays;         /* NULL: nothing is known of any */
    struct pages *pages;               /* NULL: none */
    struct snapshot_store *snapshots;
    struct clustering *clustering;
    struct cache *tiles;
    struct basemap *basemap;
    struct people_policy policy;               /* of signing in */
    unsigned char seal_key[SECRETS_KEY_BYTES]; /* secret.key */
    struct limit *limit;
    struct known *known;
    struct metrics *metrics;
    struct log *log;
    struct photo_shop *photos;               /* where photos are decoded */
    struct watcher *watcher;                 /* NULL before it runs, when there is no data either */
    struct hub *hub;                         /* where clients wait for news */
    struct herald *herald;                   /* NULL before it runs */
    struct courier *courier;                 /* the same */
    struct wechat *wechat;                   /* NULL: it is not set up */
    struct worker_pool *lanes[ROUTER_LANES]; /* NULL for the event loops */
    struct http *http;
    pthread_key_t tools_key;
    bool has_tools_key;
    unsigned cores; /* that this machine has */
    atomic_bool stopping;
    atomic_bool importing; /* a list is being brought in */
    atomic_bool preparing; /* the first road file is there and not in use yet */
    atomic_bool failing;   /* the database could not be read the last time the watcher tried */
    atomic_uint covering;  /* requests for coverage at work */
};

/* Marks on edges that are forgotten all at once: an edge is marked when its number is `stamp`. */
struct tools_stamps {
    uint32_t *of_edge;
    size_t room;
    uint32_t stamp;
};

/* One thread's. What is expensive to make is made when first used. */
struct tools {
    struct service *service;
    struct crs_context *crs;
    struct nearest_work nearest;
    struct heap heap; /* of searches for roads */
    struct seek_work seek;
    struct route_work *route;
    struct table *table;
    struct nearby *nearby;
    struct reach *reach;
    struct tools_stamps stamps;
    struct basemap_reader basemap; /* only in the lane of the store */
    struct db *db;                 /* of workers, not of event loops; through tools_db */
    struct snapshot_reader *reader;
    /* of the request being answered: */
    const struct snapshot *snapshot;  /* NULL while the first is being loaded */
    const struct people_actor *actor; /* NULL: nobody signed in */
    const struct router_rule *rule;
    const char *token; /* that the actor came with; NULL: none */
    bool by_cookie;
};

/* Makes the key under which a thread finds its tools; tools die with their thread. */
enum err tools_init(struct service *service);
void tools_fini(struct service *service);

/* This thread's tools; NULL when memory is out. */
struct tools *tools_get(struct service *service);

/* This thread's connection to the database, opened when first asked for; for the lane of the store,
 * and for what little a long computation reads before it begins. It reads; its db_write goes
 * through the server's one writer. */
enum err tools_db(struct tools *tools, struct db **db, struct why *why);
/* This thread's PROJ context and road workspaces, likewise. */
enum err tools_crs(struct tools *tools, struct crs_context **context);
enum err tools_route(struct tools *tools, struct route_work **work);
enum err tools_table(struct tools *tools, struct table **table);
enum err tools_nearby(struct tools *tools, struct nearby **nearby);
enum err tools_reach(struct tools *tools, struct reach **reach);
/* This thread's marks, none of them set, for `edge_count` edges. ERR_NOMEM. */
enum err tools_stamp(struct tools *tools, size_t edge_count, struct tools_stamps **stamps);

#endif

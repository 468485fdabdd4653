#include "server/app.h"

#include "data/blobs.h"
#include "data/blobs_doomed.h"
#include "data/secrets.h"
#include "data/writer.h"
#include "geo/base/file.h"
#include "geo/base/zone.h"
#include "server/counting.h"
#include "server/courier.h"
#include "server/dispatch.h"
#include "server/forgetting.h"
#include "server/herald.h"
#include "server/hub.h"
#include "server/messenger.h"
#include "server/post.h"
#include "server/washing.h"
#include "server/watcher.h"
#include "server/wechat.h"
#include "server/wording.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    QUEUE_MAX = 512,
    SIGN_INS_PER_MINUTE = 20,
    OWN_WRITES = 5,       /* as many as an address has */
    LONG_PER_MINUTE = 30, /* what takes a processor seconds */
    PHOTO_THREADS = 8,    /* they wait: for a child that decodes, then for the disk */
    DRAIN_MS = 10000,     /* for requests that are under way when the server is told to stop */
    WORKER_PATIENCE_S = 15,
    LOG_PATIENCE_MS = 2000
};
static const size_t max_body_bytes = (size_t)256 * 1024 * 1024;

const char app_photo_worker[] = "photo-worker";

struct app {
    struct app_options options; /* with the defaults filled in */
    struct service service;
    struct watcher *watcher;
    struct forgetting *forgetting;
    struct counting *counting;
    struct washing *washing;
    struct messenger *messenger;
    bool has_post;
};

static unsigned or_default(unsigned value, unsigned instead)
{
    return value ? value : instead;
}

static unsigned count_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 && cores < 1024 ? (unsigned)cores : 1;
}

static void fill_defaults(struct app_options *o)
{
    unsigned n = count_cores();
    o->threads = or_default(o->threads, n);
    o->workers = or_default(o->workers, n < 2 ? 4 : 2 * n);
    o->max_connections = or_default(o->max_connections, 4096);
    o->max_connections_per_address = or_default(o->max_connections_per_address, 256);
    o->max_waiting = or_default(o->max_waiting, o->max_connections / 2);
    o->max_waiting_per_address = or_default(o->max_waiting_per_address, 64);
    o->requests_per_minute = or_default(o->requests_per_minute, 6000);
    o->writes_per_minute = or_default(o->writes_per_minute, 60);
    unsigned most = UINT_MAX / OWN_WRITES;
    o->own_writes_per_minute =
        or_default(o->own_writes_per_minute,
                   o->writes_per_minute < most ? OWN_WRITES * o->writes_per_minute : UINT_MAX);
    o->webhook_retry_ms = or_default(o->webhook_retry_ms, 5000);
    o->session_minutes = or_default(o->session_minutes, 720);
    o->session_idle_minutes = or_default(o->session_idle_minutes, 120);
    o->tile_cache_mib = or_default(o->tile_cache_mib, 64);
    o->idle_timeout_s = or_default(o->idle_timeout_s, 30);
    o->request_deadline_s = or_default(o->request_deadline_s, 60);
    if (!o->timezone) o->timezone = "Asia/Shanghai";
    if (!o->holidays) o->holidays = "cn";
    if (o->behind_proxy) o->max_connections_per_address = 0; /* they are all the proxy's */
}

static struct people_policy policy_of(const struct app_options *o)
{
    return (struct people_policy){.session_ms = o->session_minutes * (int64_t)60000,
                                  .idle_ms = o->session_idle_minutes * (int64_t)60000,
                                  .second_factor = o->second_factor};
}

/* A key that is named, and missing, is not made anew where one lies in the data directory: what
 * that sealed would open no more. */
static enum err read_key(struct app *app, struct why *why)
{
    const char *own = datadir_path(app->service.dir, DATADIR_KEY);
    const char *named = app->options.secret_key;
    if (named && access(named, F_OK) != 0 && access(own, F_OK) == 0)
        return err_say(why, ERR_NOTFOUND, "there is no %s: move %s there first", named, own);
    return secrets_key_file(named ? named : own, app->service.seal_key, why);
}

static enum err open_data(struct app *app, struct why *why)
{
    struct service *s = &app->service;
    struct blobs_swept swept;
    struct why left = {""};
    struct db *db = NULL;
    enum err e = datadir_open(app->options.data_dir, DATADIR_SERVE, &s->dir, why);
    if (!e) e = read_key(app, why);
    if (!e) e = datadir_database(s->dir, DB_CREATE, &db, why);
    if (!e && blobs_doomed_erase(db, s->dir, NULL, &left))
        log_say(s->log, APP_LOG_ERROR, "what was blurred or forgotten is still there: %s",
                left.text);
    if (!e) e = blobs_sweep(s->dir, db, &swept, why);
    if (e) {
        db_close(db);
        return e;
    }
    if ((e = writer_start(db, &s->writer))) return e;
    if (swept.missing)
        log_say(
            s->log, APP_LOG_ERROR,
            "%llu content files are missing from the data directory: restore them from a backup",
            (unsigned long long)swept.missing);
    if (swept.set_aside)
        log_say(s->log, APP_LOG_WARN,
                "%llu photo files that the database does not name were set aside in blobs/orphans",
                (unsigned long long)swept.set_aside);
    if (swept.returned)
        log_say(s->log, APP_LOG_INFO, "%llu photo files came back from blobs/orphans",
                (unsigned long long)swept.returned);
    return ERR_OK;
}

/* Without the folder nobody gets points. */
static enum err load_points(struct app *app, struct why *why)
{
    struct service *s = &app->service;
    char path[PATH_MAX];
    enum err e = file_join(path, sizeof path, app->options.share_dir, "points");
    if (!e) e = points_rules_load(path, s->kinds, &s->points, why);
    if (!e) kinds_set_points(s->kinds, s->points);
    if (e != ERR_NOTFOUND) return e;
    log_say(s->log, APP_LOG_INFO, "there is no %s: nobody gets points", path);
    return ERR_OK;
}

/* Without the folder there are no activities. */
static enum err load_activities(struct app *app, struct why *why)
{
    struct service *s = &app->service;
    char path[PATH_MAX];
    enum err e = file_join(path, sizeof path, app->options.share_dir, "activities");
    if (!e) e = activity_kinds_load(path, s->points, &s->activities, why);
    if (e != ERR_NOTFOUND) return e;
    log_say(s->log, APP_LOG_INFO, "there is no %s: there are no activities", path);
    return ERR_OK;
}

/* Without the folder nobody writes posts. */
static enum err load_posts(struct app *app, struct why *why)
{
    struct service *s = &app->service;
    char path[PATH_MAX];
    enum err e = file_join(path, sizeof path, app->options.share_dir, "posts");
    if (!e) e = posts_kinds_load(path, s->points, &s->posts, why);
    if (e != ERR_NOTFOUND) return e;
    log_say(s->log, APP_LOG_INFO, "there is no %s: nobody writes posts", path);
    return ERR_OK;
}

/* Without the folder partners offer nothing. */
static enum err load_offers(struct app *app, struct why *why)
{
    char path[PATH_MAX];
    enum err e = file_join(path, sizeof path, app->options.share_dir, "offers");
    if (!e) e = offers_kinds_load(path, &app->service.offers, why);
    if (e != ERR_NOTFOUND) return e;
    log_say(app->service.log, APP_LOG_INFO, "there is no %s: partners offer nothing", path);
    return ERR_OK;
}

static enum err load_words(struct app *app, struct why *why)
{
    struct service *s = &app->service;
    char path[PATH_MAX];
    enum err e = file_join(path, sizeof path, app->options.share_dir, "categories");
    if (!e) e = categories_load(path, &s->categories, why);
    if (!e) e = file_join(path, sizeof path, app->options.share_dir, "kinds");
    const struct hours_calendar *calendar = s->holidays ? holidays_calendar(s->holidays) : NULL;
    if (!e) e = kinds_load(path, calendar, &s->kinds, why);
    if (!e) e = load_points(app, why);
    if (!e) e = load_offers(app, why);
    if (!e) e = load_activities(app, why);
    if (!e) e = load_posts(app, why);
    if (e) return e;
    size_t count = categories_count(s->categories);
    s->category_codes = calloc(count + 1, sizeof *s->category_codes);
    if (!s->category_codes) return ERR_NOMEM;
    for (size_t i = 0; i < count; i++)
        s->category_codes[i] = categories_at(s->categories, i)->code;
    e = wording_labels(s->categories, &s->labels);
    if (e) return e;
    if (!app->options.web_dir) return ERR_OK;
    return pages_load(app->options.web_dir, &s->pages, why);
}

/* Without the file the server goes on: what hangs on a holiday is then unknown. */
static enum err load_holidays(struct app *app, struct why *why)
{
    const char *country = app->options.holidays;
    char path[PATH_MAX];
    if (strcmp(country, "none") == 0) return ERR_OK;
    enum err e = file_join(path, sizeof path, app->options.share_dir, "holidays");
    if (!e) e = holidays_load(path, country, &app->service.holidays, why);
    if (e != ERR_NOTFOUND) return e;
    log_say(app->service.log, APP_LOG_WARN,
            "there is no %s/%s.yaml: whether it is a public holiday is not known", path, country);
    return ERR_OK;
}

static unsigned quota(unsigned per_minute)
{
    return per_minute == UINT_MAX ? LIMIT_NONE : per_minute;
}

static enum err make_parts(struct app *app)
{
    struct service *s = &app->service;
    const struct app_options *o = &app->options;
    unsigned n = s->cores = count_cores();
    const unsigned per_minute[LIMIT_CLASSES] = {[LIMIT_READ] = quota(o->requests_per_minute),
                                                [LIMIT_WRITE] = quota(o->writes_per_minute),
                                                [LIMIT_SIGN_IN] = SIGN_INS_PER_MINUTE,
                                                [LIMIT_LONG] = LONG_PER_MINUTE,
                                                [LIMIT_OWN_WRITE] =
                                                    quota(o->own_writes_per_minute)};
    enum err e = tools_init(s);
    if (!e) e = snapshot_store_new(&s->snapshots);
    if (!e) e = clustering_new(&s->clustering);
    if (!e) e = basemap_new(datadir_path(s->dir, DATADIR_BASEMAP), s->log, &s->basemap);
    if (!e) e = cache_new((size_t)o->tile_cache_mib << 20, &s->tiles);
    if (!e) e = limit_new(per_minute, &s->limit);
    if (!e) e = known_new(&s->known);
    const struct hub_limits waiting = {o->max_waiting, o->max_waiting_per_address};
    if (!e) e = hub_new(&waiting, &s->hub);
    if (!e) e = dispatch_metrics(&s->metrics);
    if (!e) e = worker_start(n < 2 ? 2 : n, QUEUE_MAX, &s->lanes[ROUTER_COMPUTE]);
    if (!e) e = worker_start(o->workers, QUEUE_MAX, &s->lanes[ROUTER_STORE]);
    if (!e) e = worker_start(PHOTO_THREADS, QUEUE_MAX, &s->lanes[ROUTER_PHOTO]);
    if (!e) e = photo_shop_new(app_photo_worker, PHOTO_SHOP_HANDS, &s->photos);
    return e;
}

static enum err start_http(struct app *app, struct why *why)
{
    struct service *s = &app->service;
    const struct app_options *o = &app->options;
    const struct http_options options = {.listen = o->listen,
                                         .threads = o->threads,
                                         .max_connections = o->max_connections,
                                         .max_connections_per_address =
                                             o->max_connections_per_address,
                                         .idle_timeout_s = o->idle_timeout_s,
                                         .request_deadline_s = o->request_deadline_s,
                                         .max_body_bytes = max_body_bytes,
                                         .behind_proxy = o->behind_proxy,
                                         .hooks = dispatch_hooks(s)};
    enum err e = http_open(&options, &s->http, why);
    return e ? e : http_serve(s->http, why);
}

enum err app_start(const struct app_options *options, struct app **app, struct why *why)
{
    struct app *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->options = *options;
    fill_defaults(&fresh->options);
    fresh->service.options = &fresh->options;
    fresh->service.policy = policy_of(&fresh->options);
    enum err e =
        log_start(STDERR_FILENO, options->log_format, options->log_level, &fresh->service.log);
    if (!e) e = secrets_init();
    if (!e) e = post_init();
    fresh->has_post = !e;
    if (!e) e = zone_use(fresh->options.timezone, why);
    if (!e) e = load_holidays(fresh, why);
    if (!e) e = load_words(fresh, why);
    if (!e && options->wechat) e = wechat_load(options->wechat, &fresh->service.wechat, why);
    if (!e) e = open_data(fresh, why);
    if (!e) e = make_parts(fresh);
    if (!e) e = herald_start(&fresh->service);
    if (!e) e = courier_start(&fresh->service);
    if (!e) e = start_http(fresh, why);
    if (!e) e = watcher_start(&fresh->service, &fresh->watcher);
    if (!e) e = counting_start(&fresh->service, &fresh->counting);
    if (!e) e = forgetting_start(&fresh->service, &fresh->forgetting);
    if (!e) e = messenger_start(&fresh->service, &fresh->messenger);
    if (!e) e = washing_start(&fresh->service, &fresh->washing);
    if (e) {
        app_free(fresh);
        return e;
    }
    if (!options->web_dir)
        log_say(fresh->service.log, APP_LOG_WARN,
                "no pages are served: run npm ci && npm run build in web/, or name their folder "
                "with --web");
    *app = fresh;
    return ERR_OK;
}

uint16_t app_port(const struct app *app)
{
    return http_port(app->service.http);
}

void app_poke(struct app *app)
{
    watcher_poke(app->watcher);
}

void app_reload(struct app *app)
{
    watcher_reload(app->watcher);
}

static void wait_until_quiet(struct http *http, int patience_ms)
{
    const struct timespec nap = {.tv_nsec = 10000000};
    for (int waited = 0; waited < patience_ms && !http_is_quiet(http); waited += 10)
        (void)nanosleep(&nap, NULL);
}

/* Everything that has threads, in the order that lets every accepted request have its answer.
 * ERR_TIMEOUT: a worker does not come back. */
static enum err stop(struct app *app)
{
    struct service *s = &app->service;
    atomic_store(&s->stopping, true);
    if (s->http) {
        http_quiesce(s->http);
        if (s->hub) hub_close(s->hub); /* who waits would wait for ever */
        wait_until_quiet(s->http, DRAIN_MS);
    }
    for (int i = 0; i < ROUTER_LANES; i++) {
        enum err e = s->lanes[i] ? worker_stop(s->lanes[i], WORKER_PATIENCE_S) : ERR_OK;
        if (e) return e;
    }
    if (s->http) wait_until_quiet(s->http, 1000); /* answers that workers just made */
    http_stop(s->http);
    washing_stop(app->washing);
    messenger_stop(app->messenger);
    forgetting_stop(app->forgetting);
    counting_stop(app->counting);
    courier_stop(s->courier);
    herald_stop(s->herald);
    watcher_stop(app->watcher);
    writer_stop(s->writer); /* after everybody who writes */
    s->writer = NULL;
    return ERR_OK;
}

static enum err app_end(struct app *app)
{
    struct service *s = &app->service;
    enum err e = stop(app);
    if (e) {
        log_say(s->log, APP_LOG_ERROR, "a request does not end; the server stops without it");
        log_flush(s->log, LOG_PATIENCE_MS);
        return e; /* its thread still uses all of it, which the end of the process takes */
    }
    for (int i = 0; i < ROUTER_LANES; i++)
        worker_free(s->lanes[i]);
    photo_shop_free(s->photos);
    tools_fini(s);
    cache_free(s->tiles);
    basemap_free(s->basemap);
    clustering_free(s->clustering);
    snapshot_store_free(s->snapshots);
    hub_free(s->hub);
    limit_free(s->limit);
    known_free(s->known);
    metrics_free(s->metrics);
    pages_free(s->pages);
    lexicon_free(s->labels);
    free(s->category_codes);
    kinds_free(s->kinds);
    activity_kinds_free(s->activities);
    posts_kinds_free(s->posts);
    points_rules_free(s->points);
    offers_kinds_free(s->offers);
    holidays_free(s->holidays);
    categories_free(s->categories);
    datadir_close(s->dir);
    wechat_free(s->wechat);
    if (app->has_post) post_fini();
    log_stop(s->log);
    free(app);
    return ERR_OK;
}

void app_free(struct app *app)
{
    if (app) (void)app_end(app);
}

static void wait_for_the_end(struct app *app, const sigset_t *signals)
{
    for (int number = 0; number != SIGTERM && number != SIGINT;) {
        if (sigwait(signals, &number)) return;
        if (number == SIGHUP) app_reload(app);
    }
}

enum err app_run(const struct app_options *options, struct why *why)
{
    sigset_t signals;
    struct app *app;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    enum err e = app_start(options, &app, why);
    if (e) return e;
    printf("listening on %s\n", http_url(app->service.http));
    (void)fflush(stdout);
    wait_for_the_end(app, &signals);
    e = app_end(app);
    return e ? err_say(why, e, "a request did not end in time") : ERR_OK;
}

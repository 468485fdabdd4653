/* The server as one thing: what it is told, started, run, stopped. */
#ifndef YZ_SERVER_APP_H
#define YZ_SERVER_APP_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum app_log_format { APP_LOG_LOGFMT, APP_LOG_JSON };
enum app_log_level { APP_LOG_ERROR, APP_LOG_WARN, APP_LOG_INFO, APP_LOG_DEBUG };

/* Zero-initialised is a sound default for everything but `data_dir` and `listen`. Text is borrowed
 * until app_run or app_free returns. */
struct app_options {
    const char *data_dir;   /* the data directory; made if it is missing */
    const char *secret_key; /* the file of what is sealed with; NULL: secret.key in data_dir */
    const char *share_dir;  /* what the operator may edit: categories/, kinds/, profiles/ */
    const char *listen;     /* "127.0.0.1:8080", "[::1]:8080"; port 0 takes a free one */
    const char *web_dir;    /* the built pages; NULL serves none */
    const char *public_url; /* "https://map.example.org", for addresses inside of answers; NULL: as
                               the request's Host says */
    const char *timezone;   /* whose clocks opening hours go by; NULL: Asia/Shanghai */
    const char *holidays;   /* the country whose public holidays count, "none"; NULL: cn */
    const char *wechat;     /* file of the mini program; NULL: WeChat is not set up */
    bool behind_proxy;      /* the last X-Forwarded-For address is the client's */
    unsigned threads;       /* event loops; 0: one a core */
    unsigned workers; /* threads that may wait for the disk; 0: twice the cores, at least four */
    unsigned max_connections;             /* 0: 4096 */
    unsigned max_connections_per_address; /* 0: 256 */
    unsigned max_waiting;                 /* for news, in all; 0: half of the connections */
    unsigned max_waiting_per_address;     /* 0: 64 */
    unsigned requests_per_minute;         /* of one address; 0: 6000 */
    unsigned writes_per_minute;           /* of one address; 0: 60 */
    unsigned own_writes_per_minute;       /* of one account; 0: five times those of an address */
    unsigned webhook_retry_ms;            /* until a webhook's first retry; 0: 5000 */
    bool webhooks_inside; /* webhooks may lead to private networks and this machine, by http too */
    unsigned session_minutes;      /* how long a session lasts; 0: 720 */
    unsigned session_idle_minutes; /* and without being used; 0: 120 */
    unsigned second_factor;        /* roles that need one, bits 1 << enum people_role */
    unsigned tile_cache_mib;       /* memory for tiles; 0: 64 */
    unsigned idle_timeout_s;       /* 0: 30 */
    unsigned request_deadline_s;   /* until the whole request is in; 0: 60 */
    enum app_log_format log_format;
    enum app_log_level log_level; /* 0 is errors only; APP_LOG_INFO has a line a request */
};

/* The command of this program that decodes photos for the server. */
extern const char app_photo_worker[];

/* Opens the data, listens, writes the line "listening on http://ADDRESS:PORT" to standard output
 * and serves until SIGTERM or SIGINT; SIGHUP looks for changes at once and takes
 * the road file anew. Finishes what runs, in
 * bounded time, then returns. Errors name what is wrong and how to mend it. Blocks the signals it
 * waits for: call it from the main thread, with no others running. */
enum err app_run(const struct app_options *options, struct why *why);

/* The same in parts, for tests: start, learn the port, stop. app_free(NULL) does nothing. */
struct app;
enum err app_start(const struct app_options *options, struct app **app, struct why *why);
uint16_t app_port(const struct app *app);
/* Looks for changes now instead of within the next moments. */
void app_poke(struct app *app);
/* What SIGHUP does. */
void app_reload(struct app *app);
void app_free(struct app *app);

#endif

#include "server/app.h"
#include "server/command.h"

#include "geo/base/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int run(int argc, char **argv);
const struct command command_serve = {
    "serve", "Serves the page, the JSON API and the photos until SIGTERM or SIGINT.", run};

/* A count that may be left out. */
struct count {
    const char *name;
    unsigned *to;
    const char *text; /* NULL: not given */
};

static enum err read_counts(const struct count *counts, size_t n, struct why *why)
{
    for (size_t i = 0; i < n; i++) {
        const struct count *c = &counts[i];
        int64_t number = 0;
        if (!c->text) continue;
        if (!text_int(c->text, strlen(c->text), 1, UINT_MAX, &number))
            return err_say(why, ERR_INVALID, "--%s is a whole number from 1, not \"%s\"", c->name,
                           c->text);
        *c->to = (unsigned)number;
    }
    return ERR_OK;
}

/* What else the command line says, over the configuration. */
struct words {
    const char *listen, *web, *secret_key, *level, *public_url, *zone, *holidays, *webhooks,
        *wechat;
    bool json, proxy;
};

static enum err fill(const struct words *words, const struct config *config,
                     struct app_options *app, struct why *why)
{
    const char *web = words->web;
    if (!web && access(config->web_dir, R_OK) == 0) web = config->web_dir;
    app->data_dir = config->data_dir;
    app->share_dir = config->share_dir;
    app->secret_key = words->secret_key ? words->secret_key : config->secret_key;
    if (!*app->secret_key) app->secret_key = NULL;
    app->listen = words->listen ? words->listen : config->listen;
    app->web_dir = web;
    app->public_url = words->public_url;
    app->timezone = words->zone ? words->zone : config->timezone;
    app->holidays = words->holidays ? words->holidays : config->holidays;
    app->wechat = words->wechat ? words->wechat : config->wechat[0] ? config->wechat : NULL;
    app->session_minutes = config->session_minutes;
    app->session_idle_minutes = config->session_idle_minutes;
    app->second_factor = config->second_factor;
    app->behind_proxy = words->proxy;
    app->log_format = words->json ? APP_LOG_JSON : APP_LOG_LOGFMT;
    enum err e = config_inside(words->webhooks ? words->webhooks : config->webhooks,
                               &app->webhooks_inside, why);
    return e ? e
             : config_level(words->level ? words->level : config->log_level, &app->log_level, why);
}

static int run(int argc, char **argv)
{
    struct command_common common = {0};
    struct app_options app = {0};
    struct count counts[] = {
        {"requests-per-minute", &app.requests_per_minute, NULL},
        {"writes-per-minute", &app.writes_per_minute, NULL},
        {"connections", &app.max_connections_per_address, NULL},
        {"waiting", &app.max_waiting, NULL},
        {"waiting-each", &app.max_waiting_per_address, NULL},
        {"workers", &app.workers, NULL},
        {"tile-cache", &app.tile_cache_mib, NULL},
        {"webhook-retry-ms", &app.webhook_retry_ms, NULL},
        {"own-writes-per-minute", &app.own_writes_per_minute, NULL},
    };
    struct words words = {0};
    const struct option options[] = {
        {"listen", "ADDR:PORT", "where to listen (127.0.0.1:8080; port 0: any)", false,
         &words.listen, NULL},
        {"web", "FOLDER", "the built pages", false, &words.web, NULL},
        {"secret-key", "FILE", "what is sealed with (secret.key of the data)", false,
         &words.secret_key, NULL},
        {"public-url", "URL", "how clients reach it, for addresses in answers", false,
         &words.public_url, NULL},
        {"timezone", "ZONE", "whose clocks opening hours go by (Asia/Shanghai)", false, &words.zone,
         NULL},
        {"holidays", "COUNTRY", "whose public holidays count, or none (cn)", false, &words.holidays,
         NULL},
        {"behind-proxy", NULL, "take the client's address from X-Forwarded-For", false, NULL,
         &words.proxy},
        {"requests-per-minute", "N", "of one address (6000)", false, &counts[0].text, NULL},
        {"writes-per-minute", "N", "of one address (60)", false, &counts[1].text, NULL},
        {"own-writes-per-minute", "N", "of one account (300)", false, &counts[8].text, NULL},
        {"connections", "N", "of one address at once (256)", false, &counts[2].text, NULL},
        {"waiting", "N", "clients that may wait for news (half of the connections)", false,
         &counts[3].text, NULL},
        {"waiting-each", "N", "of one address (64)", false, &counts[4].text, NULL},
        {"workers", "N", "threads that may wait for the disk (twice the cores, at least 4)", false,
         &counts[5].text, NULL},
        {"tile-cache", "MIB", "memory for tiles that are kept (64)", false, &counts[6].text, NULL},
        {"webhook-retry-ms", "N", "until a webhook is tried again (5000), at first", false,
         &counts[7].text, NULL},
        {"webhooks", "WHERE", "they may lead outside, or inside of private networks, too", false,
         &words.webhooks, NULL},
        {"wechat", "FILE", "what the mini program is, for messages and signing in by WeChat", false,
         &words.wechat, NULL},
        {"log-level", "LEVEL", "error, warn, info or debug", false, &words.level, NULL},
        {"log-json", NULL, "log in JSON instead of logfmt", false, NULL, &words.json},
        COMMAND_COMMON(common),
    };
    struct config config;
    struct why why = {""};
    int end = command_begin(&command_serve, options, sizeof options / sizeof *options, argc, argv,
                            &common, &config);
    if (end >= 0) return end;
    enum err e = fill(&words, &config, &app, &why);
    if (!e) e = read_counts(counts, sizeof counts / sizeof *counts, &why);
    if (!e) e = app_run(&app, &why);
    return e ? command_fail(&command_serve, e, &why) : COMMAND_DONE;
}

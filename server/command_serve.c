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
static enum err read_count(const char *text, const char *name, unsigned *count, struct why *why)
{
    int64_t number = 0;
    if (!text) return ERR_OK;
    if (!text_int(text, strlen(text), 1, UINT_MAX, &number))
        return err_say(why, ERR_INVALID, "--%s is a whole number from 1, not \"%s\"", name, text);
    *count = (unsigned)number;
    return ERR_OK;
}

static int run(int argc, char **argv)
{
    struct command_common common = {0};
    const char *requests = NULL, *writes = NULL, *workers = NULL, *connections = NULL;
    const char *listen = NULL, *web = NULL, *level = NULL, *public_url = NULL;
    const char *zone = NULL, *holidays = NULL, *tile_cache = NULL;
    bool json = false, proxy = false;
    const struct option options[] = {
        {"listen", "ADDR:PORT", "where to listen (127.0.0.1:8080; port 0: any)", false, &listen,
         NULL},
        {"web", "FOLDER", "the built pages", false, &web, NULL},
        {"public-url", "URL", "how clients reach it, for addresses in answers", false, &public_url,
         NULL},
        {"timezone", "ZONE", "whose clocks opening hours go by (Asia/Shanghai)", false, &zone,
         NULL},
        {"holidays", "COUNTRY", "whose public holidays count, or none (cn)", false, &holidays,
         NULL},
        {"behind-proxy", NULL, "take the client's address from X-Forwarded-For", false, NULL,
         &proxy},
        {"requests-per-minute", "N", "of one address (6000)", false, &requests, NULL},
        {"writes-per-minute", "N", "of one address (60)", false, &writes, NULL},
        {"connections", "N", "of one address at once (256)", false, &connections, NULL},
        {"workers", "N", "threads that may wait for the disk (twice the cores, at least 4)", false,
         &workers, NULL},
        {"tile-cache", "MIB", "memory for tiles that are kept (64)", false, &tile_cache, NULL},
        {"log-level", "LEVEL", "error, warn, info (a line a request) or debug", false, &level,
         NULL},
        {"log-json", NULL, "log in JSON instead of logfmt", false, NULL, &json},
        COMMAND_COMMON(common),
    };
    struct config config;
    struct why why = {""};
    int end = command_begin(&command_serve, options, sizeof options / sizeof *options, argc, argv,
                            &common, &config);
    if (end >= 0) return end;
    struct app_options app = {
        .data_dir = config.data_dir,
        .share_dir = config.share_dir,
        .listen = listen ? listen : config.listen,
        .web_dir = web                                 ? web
                   : access(config.web_dir, R_OK) == 0 ? config.web_dir
                                                       : NULL,
        .public_url = public_url,
        .timezone = zone ? zone : config.timezone,
        .holidays = holidays ? holidays : config.holidays,
        .behind_proxy = proxy,
        .log_format = json ? APP_LOG_JSON : APP_LOG_LOGFMT,
    };
    enum err e = config_level(level ? level : config.log_level, &app.log_level, &why);
    if (!e) e = read_count(requests, "requests-per-minute", &app.requests_per_minute, &why);
    if (!e) e = read_count(writes, "writes-per-minute", &app.writes_per_minute, &why);
    if (!e) e = read_count(connections, "connections", &app.max_connections_per_address, &why);
    if (!e) e = read_count(workers, "workers", &app.workers, &why);
    if (!e) e = read_count(tile_cache, "tile-cache", &app.tile_cache_mib, &why);
    if (!e) e = app_run(&app, &why);
    return e ? command_fail(&command_serve, e, &why) : COMMAND_DONE;
}

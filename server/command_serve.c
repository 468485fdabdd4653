#include "server/app.h"
#include "server/command.h"

#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int run(int argc, char **argv);
const struct command command_serve = {
    "serve", "Serves the page, the JSON API and the photos until SIGTERM or SIGINT.", run};

static enum err read_level(const char *text, enum app_log_level *level, struct why *why)
{
    static const struct {
        const char *name;
        enum app_log_level level;
    } levels[] = {{"error", APP_LOG_ERROR},
                  {"warn", APP_LOG_WARN},
                  {"info", APP_LOG_INFO},
                  {"debug", APP_LOG_DEBUG}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (text_same(text, levels[i].name)) {
            *level = levels[i].level;
            return ERR_OK;
        }
    return err_say(why, ERR_INVALID, "the log level is error, warn, info or debug, not \"%s\"",
                   text);
}

static int run(int argc, char **argv)
{
    struct command_common common = {NULL};
    const char *listen = NULL, *web = NULL, *level = NULL, *public_url = NULL;
    bool json = false, proxy = false;
    const struct option options[] = {
        {"listen", "ADDR:PORT", "where to listen (127.0.0.1:8080; port 0: any)", false, &listen,
         NULL},
        {"web", "FOLDER", "the built pages", false, &web, NULL},
        {"public-url", "URL", "how clients reach it, for addresses in answers", false, &public_url,
         NULL},
        {"behind-proxy", NULL, "take the client's address from X-Forwarded-For", false, NULL,
         &proxy},
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
        .behind_proxy = proxy,
        .log_format = json ? APP_LOG_JSON : APP_LOG_LOGFMT,
    };
    enum err e = read_level(level ? level : config.log_level, &app.log_level, &why);
    if (!e) e = app_run(&app, &why);
    return e ? command_fail(&command_serve, e, &why) : COMMAND_DONE;
}

#include "server/config.h"

#include "data/conf.h"
#include "data/people.h"
#include "geo/base/file.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WEEK_MINUTES = 7 * 24 * 60 };

/* The folder `up` levels above the running program's. */
static void beside_program(char *path, size_t size, const char *relative)
{
    char program[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    program[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash) *slash = '\0';
    slash = strrchr(program, '/');
    if (slash) *slash = '\0';
    if (file_join(path, size, program, relative)) *path = '\0';
}

void config_init(struct config *config)
{
    *config = (struct config){.data_dir = "/var/lib/yizhan",
                              .listen = "127.0.0.1:8080",
                              .log_level = "info",
                              .timezone = "Asia/Shanghai",
                              .holidays = "cn",
                              .webhooks = "outside"};
    beside_program(config->share_dir, sizeof config->share_dir, "share/yizhan");
    beside_program(config->web_dir, sizeof config->web_dir, "share/yizhan/web");
}

/* Copies a setting; a path is taken from the folder the file lies in. */
static enum err take(const struct conf_node *root, const char *file, const char *key, char *to,
                     size_t size, bool is_path, struct why *why)
{
    const struct conf_node *node = conf_get(root, key);
    const char *value = NULL;
    enum err e = conf_string(node, &value, why);
    if (e || !value) return e;
    if (!*value) return conf_fail(node, why, "%s must not be empty", key);
    const char *slash = strrchr(file, '/');
    int n = is_path && *value != '/' && slash
                ? snprintf(to, size, "%.*s/%s", (int)(slash - file), file, value)
                : snprintf(to, size, "%s", value);
    return n >= 0 && (size_t)n < size ? ERR_OK : conf_fail(node, why, "%s is too long", key);
}

static enum err take_minutes(const struct conf_node *root, const char *key, unsigned *to,
                             struct why *why)
{
    int64_t minutes = *to;
    enum err e = conf_int(conf_get(root, key), 1, WEEK_MINUTES, &minutes, why);
    if (!e) *to = (unsigned)minutes;
    return e;
}

/* `[city_admin, area_lead]` as bits. */
static enum err take_roles(const struct conf_node *list, unsigned *bits, struct why *why)
{
    unsigned found = 0;
    if (!list) return ERR_OK;
    if (!conf_is_list(list))
        return conf_fail(list, why, "second_factor is a list of roles: [city_admin, area_lead]");
    for (size_t i = 0; i < conf_count(list); i++) {
        const char *name = conf_text(conf_at(list, i));
        enum people_role role;
        if (!name || people_role_find(name, &role))
            return conf_fail(conf_at(list, i), why, "there is no role \"%s\"", name ? name : "");
        found |= 1u << role;
    }
    *bits = found;
    return ERR_OK;
}

enum err config_load(struct config *config, const char *path, struct why *why)
{
    const struct {
        const char *key;
        char *to;
        size_t size;
        bool is_path;
    } settings[] = {
        {"data", config->data_dir, sizeof config->data_dir, true},
        {"secret_key", config->secret_key, sizeof config->secret_key, true},
        {"share", config->share_dir, sizeof config->share_dir, true},
        {"web", config->web_dir, sizeof config->web_dir, true},
        {"listen", config->listen, sizeof config->listen, false},
        {"log_level", config->log_level, sizeof config->log_level, false},
        {"timezone", config->timezone, sizeof config->timezone, false},
        {"holidays", config->holidays, sizeof config->holidays, false},
        {"webhooks", config->webhooks, sizeof config->webhooks, false},
        {"wechat", config->wechat, sizeof config->wechat, true},
    };
    static const char *const keys[] = {"data",
                                       "share",
                                       "web",
                                       "listen",
                                       "log_level",
                                       "timezone",
                                       "holidays",
                                       "webhooks",
                                       "session_minutes",
                                       "session_idle_minutes",
                                       "second_factor",
                                       "secret_key",
                                       "wechat",
                                       NULL};
    struct conf *conf;
    enum err e = conf_load(path, &conf, why);
    if (e) return e;
    const struct conf_node *root = conf_root(conf);
    e = conf_keys(root, keys, why);
    for (size_t i = 0; !e && i < sizeof settings / sizeof *settings; i++)
        e = take(root, path, settings[i].key, settings[i].to, settings[i].size, settings[i].is_path,
                 why);
    if (!e) e = take_minutes(root, "session_minutes", &config->session_minutes, why);
    if (!e) e = take_minutes(root, "session_idle_minutes", &config->session_idle_minutes, why);
    if (!e) e = take_roles(conf_get(root, "second_factor"), &config->second_factor, why);
    conf_free(conf);
    return e;
}

enum err config_level(const char *text, enum app_log_level *level, struct why *why)
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

enum err config_inside(const char *text, bool *inside, struct why *why)
{
    *inside = text_same(text, "inside");
    if (*inside || text_same(text, "outside")) return ERR_OK;
    return err_say(why, ERR_INVALID, "webhooks lead outside or inside, not \"%s\"", text);
}

enum err config_share(const struct config *config, const char *name, char *path, size_t size)
{
    return file_join(path, size, config->share_dir, name);
}

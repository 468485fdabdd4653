#include "server/command.h"

#include "data/activity_kinds.h"
#include "data/categories.h"
#include "data/datadir.h"
#include "data/holidays.h"
#include "data/kinds.h"
#include "data/offers_kinds.h"
#include "data/points_rules.h"
#include "data/posts_kinds.h"
#include "data/profiles.h"
#include "server/listener.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int run(int argc, char **argv);
const struct command command_check = {
    "check", "Looks at configuration, database and files: what is wrong and how to mend it.", run};

static void tell(bool good, const char *subject, const char *text, const char *mend)
{
    printf("%s  %-10s %s\n", good ? "ok  " : "MEND", subject, text);
    if (!good && *mend) printf("      %-10s -> %s\n", "", mend);
}

static void tell_finding(void *user, const struct datadir_finding *finding)
{
    (void)user;
    tell(finding->good, finding->subject, finding->text, finding->mend);
}

static int tell_loaded(const char *subject, const char *path, enum err e, const struct why *why)
{
    if (e)
        tell(false, subject, why->text[0] ? why->text : err_text(e),
             "correct the file, or restore the one that came with the program");
    else
        tell(true, subject, path, "");
    return e != ERR_OK;
}

static int check_categories(const char *path)
{
    struct categories *categories = NULL;
    struct why why = {""};
    int bad = tell_loaded("categories", path, categories_load(path, &categories, &why), &why);
    categories_free(categories);
    return bad;
}

static int check_kinds(const char *path)
{
    struct kinds *kinds = NULL;
    struct why why = {""};
    int bad = tell_loaded("kinds", path, kinds_load(path, NULL, &kinds, &why), &why);
    kinds_free(kinds);
    return bad;
}

/* Beside the rules of points. */
static int check_activities(const struct config *config, const struct points_rules *rules)
{
    char path[PATH_MAX];
    struct activity_kinds *kinds = NULL;
    struct why why = {""};
    if (config_share(config, "activities", path, sizeof path)) return 0;
    int bad = tell_loaded("activities", path, activity_kinds_load(path, rules, &kinds, &why), &why);
    activity_kinds_free(kinds);
    return bad;
}

/* Beside the rules of points, which their quizzes speak of. */
static int check_posts(const struct config *config, const struct points_rules *rules)
{
    char path[PATH_MAX];
    struct posts_kinds *kinds = NULL;
    struct why why = {""};
    if (config_share(config, "posts", path, sizeof path)) return 0;
    int bad = tell_loaded("posts", path, posts_kinds_load(path, rules, &kinds, &why), &why);
    posts_kinds_free(kinds);
    return bad;
}

/* Beside the kinds of cases, which they speak of; mistakes in those are told by check_kinds. */
static int check_points(const struct config *config)
{
    char path[PATH_MAX];
    struct kinds *kinds = NULL;
    struct points_rules *rules = NULL;
    struct why why = {""};
    int bad = 0;
    if (config_share(config, "points", path, sizeof path)) return 0;
    char beside[PATH_MAX];
    if (config_share(config, "kinds", beside, sizeof beside) == ERR_OK &&
        kinds_load(beside, NULL, &kinds, NULL) == ERR_OK)
        bad = tell_loaded("points", path, points_rules_load(path, kinds, &rules, &why), &why);
    if (!bad) bad = check_activities(config, rules);
    bad += check_posts(config, rules);
    points_rules_free(rules);
    kinds_free(kinds);
    return bad;
}

static int check_offers(const char *path)
{
    struct offers_kinds *kinds = NULL;
    struct why why = {""};
    int bad = tell_loaded("offers", path, offers_kinds_load(path, &kinds, &why), &why);
    offers_kinds_free(kinds);
    return bad;
}

static int check_profiles(const char *path)
{
    struct profiles *profiles = NULL;
    struct why why = {""};
    int bad = tell_loaded("profiles", path, profiles_load_dir(path, &profiles, &why), &why);
    profiles_free(profiles);
    return bad;
}

static int check_holidays(const struct config *config)
{
    char path[PATH_MAX];
    struct holidays *holidays = NULL;
    struct why why = {""};
    if (strcmp(config->holidays, "none") == 0) return 0;
    if (config_share(config, "holidays", path, sizeof path)) return 0;
    int bad =
        tell_loaded("holidays", path, holidays_load(path, config->holidays, &holidays, &why), &why);
    holidays_free(holidays);
    return bad;
}

static int check_share(const struct config *config)
{
    static const struct {
        const char *name;
        int (*check)(const char *path);
    } folders[] = {{"categories", check_categories},
                   {"kinds", check_kinds},
                   {"profiles", check_profiles},
                   {"offers", check_offers}};
    int bad = 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[PATH_MAX];
        if (config_share(config, folders[i].name, path, sizeof path) == ERR_OK)
            bad += folders[i].check(path);
    }
    return bad + check_points(config) + check_holidays(config);
}

static int check_web(const struct config *config)
{
    char page[PATH_MAX];
    struct stat st;
    int n = snprintf(page, sizeof page, "%s/index.html", config->web_dir);
    bool good = n > 0 && (size_t)n < sizeof page && stat(page, &st) == 0;
    tell(good, "pages", good ? config->web_dir : "the pages are not built",
         "run npm ci && npm run build in web/, or name their folder with web: in yizhan.yaml");
    return !good;
}

static int check_setting(const char *subject, const char *value, enum err e, const struct why *why)
{
    const char *sentence = why->text[0] ? why->text : err_text(e);
    tell(!e, subject, e ? sentence : value, "correct it in yizhan.yaml");
    return e != ERR_OK;
}

static int check_settings(const struct config *config)
{
    enum app_log_level level;
    struct why why = {""};
    enum err e = listener_check(config->listen, &why);
    int bad = check_setting("listen", config->listen, e, &why);
    why = (struct why){""};
    e = config_level(config->log_level, &level, &why);
    bad += check_setting("log_level", config->log_level, e, &why);
    bool inside;
    why = (struct why){""};
    e = config_inside(config->webhooks, &inside, &why);
    return bad + check_setting("webhooks", config->webhooks, e, &why);
}

static int run(int argc, char **argv)
{
    struct command_common common = {0};
    const struct option options[] = {COMMAND_COMMON(common)};
    struct config config;
    int end = command_begin(&command_check, options, sizeof options / sizeof *options, argc, argv,
                            &common, &config);
    if (end >= 0) return end;
    int bad = 0;
    enum err e = datadir_check(config.data_dir, tell_finding, NULL, &bad);
    if (e) return command_fail(&command_check, e, NULL);
    bad += check_settings(&config) + check_share(&config) + check_web(&config);
    if (!bad) return COMMAND_DONE;
    printf("%d to mend\n", bad);
    return COMMAND_FOUND;
}

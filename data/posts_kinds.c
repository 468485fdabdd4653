#include "data/posts_kinds.h"

#include "data/conf.h"
#include "data/markdown.h"
#include "geo/base/arena.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { CODE_MAX = 40, HOST_MAX = 253 };

struct posts_kinds {
    struct arena arena;
    struct posts_kind list[POSTS_KINDS_MAX];
    size_t count;
    const char *hosts[POSTS_KINDS_HOSTS_MAX];
    size_t host_count;
};

/* ---- reading --------------------------------------------------------------------------------- */

struct reader {
    struct posts_kinds *kinds;
    const struct points_rules *rules;
    struct why *why;
};

static enum err read_text(const struct reader *r, const struct conf_node *map, const char *key,
                          const char **kept)
{
    const char *text = NULL;
    enum err e = conf_string(conf_get(map, key), &text, r->why);
    if (e) return e;
    if (!text || !text[0]) return conf_fail(map, r->why, "%s is missing", key);
    *kept = arena_strdup(&r->kinds->arena, text);
    return *kept ? ERR_OK : err_say(r->why, ERR_NOMEM, "no memory for the kinds of posts");
}

static enum err read_number(const struct reader *r, const struct conf_node *map, const char *key,
                            int64_t min, int64_t max, int64_t *number)
{
    return conf_int(conf_get(map, key), min, max, number, r->why);
}

/* Without rules of points a lesson is one all the same, and brings none. */
static enum err read_points(const struct reader *r, const struct conf_node *map,
                            struct posts_kind *kind)
{
    const struct conf_node *node = conf_get(map, "points");
    if (!node) return ERR_OK;
    enum err e = read_text(r, map, "points", &kind->points);
    if (!e) e = read_number(r, map, "amount", 0, POINTS_RULES_MAX, &kind->amount);
    if (e) return e;
    if (!points_rules_count(r->rules)) {
        kind->points = NULL;
        kind->amount = 0;
        return ERR_OK;
    }
    const struct points_kind *points = points_rules_find(r->rules, kind->points);
    if (!points) return conf_fail(node, r->why, "there are no points \"%s\"", kind->points);
    kind->most = points->bounds[POINTS_LESSON].most;
    if (kind->amount <= kind->most) return ERR_OK;
    return conf_fail(conf_get(map, "amount"), r->why,
                     "the points \"%s\" allow a lesson %lld at most", kind->points,
                     (long long)kind->most);
}

static enum err read_quiz(const struct reader *r, const struct conf_node *map,
                          struct posts_kind *kind)
{
    static const char *const of_quiz[] = {"tries", "pass", "points", "amount"};
    enum err e = conf_bool(conf_get(map, "quiz"), &kind->quiz, r->why);
    for (size_t i = 0; i < sizeof of_quiz / sizeof *of_quiz && !e && !kind->quiz; i++)
        if (conf_get(map, of_quiz[i]))
            e = conf_fail(conf_get(map, of_quiz[i]), r->why, "%s is for kinds with a quiz",
                          of_quiz[i]);
    if (!e) e = read_number(r, map, "tries", 1, POSTS_KINDS_TRIES_MAX, &kind->tries);
    if (!e) e = read_number(r, map, "pass", 1, 100, &kind->pass);
    return e ? e : read_points(r, map, kind);
}

static enum err read_kind(const struct reader *r, const struct conf_node *map)
{
    static const char *const keys[] = {"code",  "zh",   "en",     "pictures", "quiz",
                                       "tries", "pass", "points", "amount",   NULL};
    struct posts_kind kind = {.tries = 3, .pass = 60};
    if (!conf_is_map(map)) return conf_fail(map, r->why, "an entry of kinds is no mapping");
    enum err e = conf_keys(map, keys, r->why);
    if (!e) e = read_text(r, map, "code", &kind.code);
    if (!e) e = read_text(r, map, "zh", &kind.label.zh);
    if (!e) e = read_text(r, map, "en", &kind.label.en);
    if (!e) e = read_number(r, map, "pictures", 0, 20, &kind.pictures);
    if (!e) e = read_quiz(r, map, &kind);
    if (e) return e;
    size_t n = strlen(kind.code);
    if (n > CODE_MAX || strspn(kind.code, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
        return conf_fail(conf_get(map, "code"), r->why,
                         "a code has at most %d characters of a-z 0-9 _", CODE_MAX);
    if (posts_kinds_find(r->kinds, kind.code))
        return conf_fail(map, r->why, "the kind \"%s\" is there already", kind.code);
    r->kinds->list[r->kinds->count++] = kind;
    return ERR_OK;
}

static enum err read_host(const struct reader *r, const struct conf_node *node)
{
    const char *host = conf_text(node);
    size_t n = host ? strlen(host) : 0;
    if (!n || n > HOST_MAX || !strchr(host, '.') || host[0] == '.' ||
        strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") != n)
        return conf_fail(node, r->why, "videos: the name of a host in lower case is expected");
    const char *kept = arena_strdup(&r->kinds->arena, host);
    if (!kept) return err_say(r->why, ERR_NOMEM, "no memory for the kinds of posts");
    r->kinds->hosts[r->kinds->host_count++] = kept;
    return ERR_OK;
}

static enum err read_list(const struct reader *r, const struct conf_node *root, const char *key,
                          size_t max,
                          enum err (*read)(const struct reader *r, const struct conf_node *node))
{
    const struct conf_node *list = conf_get(root, key);
    enum err e = ERR_OK;
    if (!list) return ERR_OK;
    if (!conf_is_list(list)) return conf_fail(list, r->why, "%s must be a list", key);
    if (conf_count(list) > max)
        return conf_fail(list, r->why, "%s has more than %zu entries", key, max);
    for (size_t i = 0; i < conf_count(list) && !e; i++)
        e = read(r, conf_at(list, i));
    return e;
}

static enum err read_all(const struct conf *conf, const char *name,
                         const struct points_rules *rules, struct posts_kinds *kinds,
                         struct why *why)
{
    static const char *const keys[] = {"kinds", "videos", NULL};
    const struct reader r = {.kinds = kinds, .rules = rules, .why = why};
    const struct conf_node *root = conf_root(conf);
    if (!conf_is_map(root)) return err_say(why, ERR_FORMAT, "%s: it has no kinds of posts", name);
    enum err e = conf_keys(root, keys, why);
    if (!e) e = read_list(&r, root, "kinds", POSTS_KINDS_MAX, read_kind);
    return e ? e : read_list(&r, root, "videos", POSTS_KINDS_HOSTS_MAX, read_host);
}

/* Takes `conf`. */
static enum err make(struct conf *conf, const char *name, const struct points_rules *rules,
                     struct posts_kinds **kinds, struct why *why)
{
    struct posts_kinds *made = calloc(1, sizeof *made);
    enum err e = made ? ERR_OK : err_say(why, ERR_NOMEM, "no memory for the kinds of posts");
    if (made) arena_init(&made->arena, 0);
    if (!e) e = read_all(conf, name, rules, made, why);
    conf_free(conf);
    if (e)
        posts_kinds_free(made);
    else
        *kinds = made;
    return e;
}

/* ---- from outside ---------------------------------------------------------------------------- */

enum err posts_kinds_parse(const char *name, const char *text, size_t len,
                           const struct points_rules *rules, struct posts_kinds **kinds,
                           struct why *why)
{
    struct conf *conf;
    enum err e = conf_parse(name, text, len, &conf, why);
    return e ? e : make(conf, name, rules, kinds, why);
}

enum err posts_kinds_load(const char *path, const struct points_rules *rules,
                          struct posts_kinds **kinds, struct why *why)
{
    char file[PATH_MAX];
    struct conf *conf;
    struct stat st;
    bool is_folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    int n = snprintf(file, sizeof file, "%s%s", path, is_folder ? "/kinds.yaml" : "");
    if (n < 0 || (size_t)n >= sizeof file) return err_say(why, ERR_LIMIT, "a path is too long");
    enum err e = conf_load(file, &conf, why);
    return e ? e : make(conf, file, rules, kinds, why);
}

void posts_kinds_free(struct posts_kinds *kinds)
{
    if (!kinds) return;
    arena_fini(&kinds->arena);
    free(kinds);
}

/* ---- asking ---------------------------------------------------------------------------------- */

size_t posts_kinds_count(const struct posts_kinds *kinds)
{
    return kinds ? kinds->count : 0;
}

const struct posts_kind *posts_kinds_at(const struct posts_kinds *kinds, size_t i)
{
    return &kinds->list[i];
}

const struct posts_kind *posts_kinds_find(const struct posts_kinds *kinds, const char *code)
{
    for (size_t i = 0; i < posts_kinds_count(kinds); i++)
        if (strcmp(kinds->list[i].code, code) == 0) return &kinds->list[i];
    return NULL;
}

size_t posts_kinds_host_count(const struct posts_kinds *kinds)
{
    return kinds ? kinds->host_count : 0;
}

const char *posts_kinds_host(const struct posts_kinds *kinds, size_t i)
{
    return kinds->hosts[i];
}

bool posts_kinds_video(const struct posts_kinds *kinds, const char *url)
{
    if (!kinds || !markdown_is_web(url) || strncasecmp(url, "https://", 8) != 0) return false;
    const char *host = url + 8;
    size_t n = strcspn(host, "/?#");
    /* Also no '@', ':' or '\', each of which some program reads as the end or the beginning of the
     * host. */
    for (size_t i = 0; i < n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", host[i]))
            return false;
    for (size_t i = 0; i < kinds->host_count; i++) {
        size_t len = strlen(kinds->hosts[i]);
        if (n < len || strncasecmp(host + n - len, kinds->hosts[i], len) != 0) continue;
        if (n == len || host[n - len - 1] == '.') return true;
    }
    return false;
}

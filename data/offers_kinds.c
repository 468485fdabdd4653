#include "data/offers_kinds.h"

#include "data/conf.h"
#include "geo/base/arena.h"
#include "geo/base/file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct offers_kinds {
    struct arena arena;
    struct offers_kind list[OFFERS_KINDS_MAX];
    size_t count;
};

static enum err read_text(struct offers_kinds *kinds, const struct conf_node *map, const char *key,
                          const char **kept, struct why *why)
{
    const char *text = NULL;
    enum err e = conf_string(conf_get(map, key), &text, why);
    if (e) return e;
    if (!text || !text[0]) return conf_fail(map, why, "%s is missing", key);
    *kept = arena_strdup(&kinds->arena, text);
    return *kept ? ERR_OK : ERR_NOMEM;
}

static enum err check_code(const struct offers_kinds *kinds, const struct conf_node *node,
                           const char *code, struct why *why)
{
    size_t len = strlen(code);
    if (len > OFFERS_KINDS_CODE_MAX || strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_") != len)
        return conf_fail(node, why, "code must be at most %d of a-z, 0-9 and _",
                         OFFERS_KINDS_CODE_MAX);
    if (offers_kinds_find(kinds, code))
        return conf_fail(node, why, "the code \"%s\" stands twice", code);
    return ERR_OK;
}

static enum err read_kind(struct offers_kinds *kinds, const struct conf_node *node, struct why *why)
{
    static const char *const keys[] = {"code", "label", NULL};
    static const char *const languages[] = {"zh", "en", NULL};
    struct offers_kind kind = {"", {"", ""}};
    if (!conf_is_map(node)) return conf_fail(node, why, "a kind is a mapping");
    const struct conf_node *label = conf_get(node, "label");
    enum err e = conf_keys(node, keys, why);
    if (!e) e = read_text(kinds, node, "code", &kind.code, why);
    if (!e) e = check_code(kinds, node, kind.code, why);
    if (!e && (!label || !conf_is_map(label)))
        e = conf_fail(node, why, "label must have zh and en");
    if (!e) e = conf_keys(label, languages, why);
    if (!e) e = read_text(kinds, label, "zh", &kind.label.zh, why);
    if (!e) e = read_text(kinds, label, "en", &kind.label.en, why);
    if (!e) kinds->list[kinds->count++] = kind;
    return e;
}

static enum err read_all(const struct conf *conf, struct offers_kinds *kinds, struct why *why)
{
    static const char *const keys[] = {"kinds", NULL};
    const struct conf_node *root = conf_root(conf), *list = conf_get(root, "kinds");
    if (!root) return err_say(why, ERR_FORMAT, "the file is empty");
    if (!conf_is_map(root)) return conf_fail(root, why, "kinds is missing");
    enum err e = conf_keys(root, keys, why);
    if (!e && (!conf_is_list(list) || !conf_count(list) || conf_count(list) > OFFERS_KINDS_MAX))
        e = conf_fail(list ? list : root, why, "kinds must be a list of 1 to %d", OFFERS_KINDS_MAX);
    for (size_t i = 0; i < conf_count(list) && !e; i++)
        e = read_kind(kinds, conf_at(list, i), why);
    return e;
}

static enum err take(struct conf *conf, struct offers_kinds **kinds, struct why *why)
{
    struct offers_kinds *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    arena_init(&made->arena, 0);
    enum err e = read_all(conf, made, why);
    if (e)
        offers_kinds_free(made);
    else
        *kinds = made;
    return e;
}

enum err offers_kinds_load(const char *folder, struct offers_kinds **kinds, struct why *why)
{
    char path[PATH_MAX];
    struct conf *conf = NULL;
    enum err e = file_join(path, sizeof path, folder, "kinds.yaml");
    if (!e) e = conf_load(path, &conf, why);
    if (!e) e = take(conf, kinds, why);
    conf_free(conf);
    return e;
}

enum err offers_kinds_parse(const char *name, const char *text, size_t len,
                            struct offers_kinds **kinds, struct why *why)
{
    struct conf *conf = NULL;
    enum err e = conf_parse(name, text, len, &conf, why);
    if (!e) e = take(conf, kinds, why);
    conf_free(conf);
    return e;
}

void offers_kinds_free(struct offers_kinds *kinds)
{
    if (!kinds) return;
    arena_fini(&kinds->arena);
    free(kinds);
}

size_t offers_kinds_count(const struct offers_kinds *kinds)
{
    return kinds ? kinds->count : 0;
}

const struct offers_kind *offers_kinds_at(const struct offers_kinds *kinds, size_t i)
{
    return &kinds->list[i];
}

const struct offers_kind *offers_kinds_find(const struct offers_kinds *kinds, const char *code)
{
    for (size_t i = 0; i < offers_kinds_count(kinds); i++)
        if (strcmp(kinds->list[i].code, code) == 0) return &kinds->list[i];
    return NULL;
}

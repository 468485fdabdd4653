#include "data/kinds.h"

#include "data/conf.h"
#include "geo/base/arena.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KINDS = 16, MAX_CATEGORIES = 500, CODE_MAX = 40 };

struct kinds {
    struct arena arena;
    struct kinds_kind list[MAX_KINDS];
    size_t count;
};

struct reader {
    struct kinds *kinds;
    struct kinds_kind *kind;
    struct why *why;
};

/* --- pieces --- */

static enum err keep(const struct reader *r, const char *text, const char **kept)
{
    char *copy = arena_strdup(&r->kinds->arena, text);
    if (!copy) {
        (void)err_say(r->why, ERR_NOMEM, "no memory for the kinds of cases");
        return ERR_NOMEM;
    }
    *kept = copy;
    return ERR_OK;
}

/* A text that must be there. */
static enum err read_text(const struct reader *r, const struct conf_node *map, const char *key,
                          const char **text)
{
    const char *value = NULL;
    enum err e = conf_string(conf_get(map, key), &value, r->why);
    if (e) return e;
    if (!value || !value[0]) {
        (void)conf_fail(map, r->why, "%s is missing", key);
        return ERR_FORMAT;
    }
    return keep(r, value, text);
}

static enum err read_code(const struct reader *r, const struct conf_node *map, const char *key,
                          const char **code)
{
    enum err e = read_text(r, map, key, code);
    if (e) return e;
    size_t n = strlen(*code);
    if (n > CODE_MAX || strspn(*code, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
        return conf_fail(conf_get(map, key), r->why,
                         "a code has at most %d characters of a-z 0-9 _", CODE_MAX);
    return ERR_OK;
}

static enum err read_label(const struct reader *r, const struct conf_node *map,
                           struct kinds_label *label)
{
    enum err e = read_text(r, map, "zh", &label->zh);
    return e ? e : read_text(r, map, "en", &label->en);
}

/* A list with at least one entry, all of them mappings with no other keys than these. */
static enum err read_list(const struct reader *r, const struct conf_node *map, const char *key,
                          const char *const *keys, const struct conf_node **list)
{
    const struct conf_node *found = conf_get(map, key);
    enum err e = ERR_OK;
    if (!found || !conf_is_list(found) || !conf_count(found)) {
        (void)conf_fail(found ? found : map, r->why, found ? "%s must be a list" : "%s is missing",
                        key);
        return ERR_FORMAT;
    }
    for (size_t i = 0; i < conf_count(found) && !e; i++) {
        const struct conf_node *entry = conf_at(found, i);
        e = conf_is_map(entry) ? conf_keys(entry, keys, r->why)
                               : conf_fail(entry, r->why, "an entry of %s is no mapping", key);
    }
    if (e) return e;
    *list = found;
    return ERR_OK;
}

static enum err room(const struct reader *r, size_t count, size_t size, void **list)
{
    void *memory = arena_calloc(&r->kinds->arena, count, size);
    if (!memory) {
        (void)err_say(r->why, ERR_NOMEM, "no memory for the kinds of cases");
        return ERR_NOMEM;
    }
    *list = memory;
    return ERR_OK;
}

/* --- states and moves --- */

static enum err read_state(const struct reader *r, const struct conf_node *entry,
                           struct kinds_state *state)
{
    state->open = true;
    enum err e = read_code(r, entry, "code", &state->code);
    if (!e) e = read_label(r, entry, &state->label);
    if (!e) e = conf_bool(conf_get(entry, "open"), &state->open, r->why);
    if (!e && kinds_state(r->kind, state->code))
        return conf_fail(entry, r->why, "the state \"%s\" is given twice", state->code);
    return e;
}

static enum err read_states(const struct reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"code", "zh", "en", "open", NULL};
    const struct conf_node *list;
    void *memory;
    enum err e = read_list(r, root, "states", keys, &list);
    if (!e) e = room(r, conf_count(list), sizeof(struct kinds_state), &memory);
    if (e) return e;
    struct kinds_state *states = memory;
    r->kind->states = states;
    for (size_t i = 0; i < conf_count(list) && !e; i++) {
        struct kinds_state state = {0};
        if ((e = read_state(r, conf_at(list, i), &state))) break;
        states[i] = state;
        r->kind->state_count = i + 1;
    }
    return e;
}

static enum err read_end(const struct reader *r, const struct conf_node *entry, const char *key,
                         size_t *state)
{
    const char *code = NULL;
    enum err e = read_code(r, entry, key, &code);
    if (e) return e;
    const struct kinds_state *found = kinds_state(r->kind, code);
    if (!found) return conf_fail(conf_get(entry, key), r->why, "there is no state \"%s\"", code);
    *state = (size_t)(found - r->kind->states);
    return ERR_OK;
}

/* Words of a short list as bits; `words` ends with NULL. */
static enum err read_words(const struct reader *r, const struct conf_node *list,
                           const char *const *words, unsigned *bits)
{
    for (size_t i = 0; i < conf_count(list); i++) {
        const char *text = conf_is_list(list) ? conf_text(conf_at(list, i)) : NULL;
        size_t w = 0;
        while (text && words[w] && strcmp(words[w], text) != 0)
            w++;
        if (!text || !words[w])
            return conf_fail(list, r->why, "\"%s\" is not known here", text ? text : "");
        *bits |= 1u << w;
    }
    return ERR_OK;
}

static enum err read_move(const struct reader *r, const struct conf_node *entry,
                          struct kinds_move *move)
{
    static const char *const actors[] = {"staff", "reporter", NULL};
    static const char *const needs[] = {"reason", "link", NULL};
    unsigned needed = 0;
    enum err e = read_end(r, entry, "from", &move->from);
    if (!e) e = read_end(r, entry, "to", &move->to);
    if (!e) e = read_words(r, conf_get(entry, "by"), actors, &move->by);
    if (!e) e = read_words(r, conf_get(entry, "needs"), needs, &needed);
    if (!e) e = read_label(r, entry, &move->label);
    if (e) return e;
    move->reason = needed & 1;
    move->link = needed & 2;
    if (!move->by) return conf_fail(entry, r->why, "by: who may make this move is missing");
    const struct kinds_state *states = r->kind->states;
    if (kinds_move(r->kind, states[move->from].code, states[move->to].code))
        return conf_fail(entry, r->why, "the move from %s to %s is given twice",
                         states[move->from].code, states[move->to].code);
    return ERR_OK;
}

static enum err read_moves(const struct reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"from", "to", "by", "needs", "zh", "en", NULL};
    const struct conf_node *list;
    void *memory;
    enum err e = read_list(r, root, "moves", keys, &list);
    if (!e) e = room(r, conf_count(list), sizeof(struct kinds_move), &memory);
    if (e) return e;
    struct kinds_move *moves = memory;
    r->kind->moves = moves;
    for (size_t i = 0; i < conf_count(list) && !e; i++) {
        struct kinds_move move = {0};
        if ((e = read_move(r, conf_at(list, i), &move))) break;
        moves[i] = move;
        r->kind->move_count = i + 1;
    }
    return e;
}

/* A state that nothing leads to can only be a mistake in writing. */
static enum err check_reach(const struct reader *r, const struct conf_node *root)
{
    const struct kinds_kind *kind = r->kind;
    for (size_t s = 0; s < kind->state_count; s++) {
        bool reached = s == kind->first_state;
        for (size_t m = 0; m < kind->move_count && !reached; m++)
            reached = kind->moves[m].to == s;
        if (!reached)
            return conf_fail(conf_at(conf_get(root, "states"), s), r->why,
                             "no move leads to the state \"%s\"", kind->states[s].code);
    }
    return ERR_OK;
}

/* --- categories --- */

static enum err read_group(const struct reader *r, const struct conf_node *entry, size_t group,
                           struct kinds_category *categories)
{
    static const char *const keys[] = {"code", "zh", "en", NULL};
    const struct conf_node *list;
    enum err e = read_list(r, entry, "categories", keys, &list);
    for (size_t i = 0; !e && i < conf_count(list); i++) {
        struct kinds_category made = {.group = group};
        const struct conf_node *node = conf_at(list, i);
        if (r->kind->category_count == MAX_CATEGORIES)
            return conf_fail(node, r->why, "more than %d categories", MAX_CATEGORIES);
        if ((e = read_code(r, node, "code", &made.code))) break;
        if ((e = read_label(r, node, &made.label))) break;
        if (kinds_category(r->kind, made.code))
            return conf_fail(node, r->why, "the category \"%s\" is given twice", made.code);
        categories[r->kind->category_count++] = made;
    }
    return e;
}

static enum err read_groups(const struct reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"code", "zh", "en", "categories", NULL};
    const struct conf_node *list;
    void *groups_memory, *categories_memory;
    enum err e = read_list(r, root, "groups", keys, &list);
    if (!e) e = room(r, conf_count(list), sizeof(struct kinds_group), &groups_memory);
    if (!e) e = room(r, MAX_CATEGORIES, sizeof(struct kinds_category), &categories_memory);
    if (e) return e;
    struct kinds_group *groups = groups_memory;
    r->kind->groups = groups;
    r->kind->categories = categories_memory;
    for (size_t i = 0; i < conf_count(list) && !e; i++) {
        const struct conf_node *entry = conf_at(list, i);
        e = read_code(r, entry, "code", &groups[i].code);
        if (!e) e = read_label(r, entry, &groups[i].label);
        if (!e) e = read_group(r, entry, i, categories_memory);
        r->kind->group_count = i + 1;
    }
    return e;
}

/* --- files --- */

static enum err read_kind(const struct reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"kind",  "label",  "private", "states",
                                       "moves", "groups", NULL};
    static const char *const label_keys[] = {"zh", "en", NULL};
    struct kinds_kind *kind = r->kind;
    const struct conf_node *label = conf_get(root, "label");
    enum err e = conf_keys(root, keys, r->why);
    if (!e) e = read_code(r, root, "kind", &kind->code);
    if (!e && !conf_is_map(label)) e = conf_fail(root, r->why, "label is missing");
    if (!e) e = conf_keys(label, label_keys, r->why);
    if (!e) e = read_label(r, label, &kind->label);
    if (!e) e = conf_bool(conf_get(root, "private"), &kind->is_private, r->why);
    if (!e) e = read_states(r, root);
    if (!e) e = read_moves(r, root);
    if (!e) e = check_reach(r, root);
    if (!e) e = read_groups(r, root);
    return e;
}

static enum err add(struct kinds *kinds, const char *name, const struct conf *conf, struct why *why)
{
    struct kinds_kind kind = {0};
    struct reader r = {kinds, &kind, why};
    const struct conf_node *root = conf_root(conf);
    if (!conf_is_map(root)) return err_say(why, ERR_FORMAT, "%s: it describes no kind", name);
    if (kinds->count == MAX_KINDS)
        return err_say(why, ERR_LIMIT, "%s: more than %d kinds of cases", name, MAX_KINDS);
    enum err e = read_kind(&r, root);
    if (e) return e;
    if (kinds_find(kinds, kind.code))
        return conf_fail(conf_get(root, "kind"), why, "the kind \"%s\" is given twice", kind.code);
    kinds->list[kinds->count++] = kind;
    return ERR_OK;
}

enum err kinds_parse(const char *name, const char *text, size_t len, struct kinds **kinds,
                     struct why *why)
{
    struct conf *conf;
    enum err e = conf_parse(name, text, len, &conf, why);
    if (e) return e;
    struct kinds *made = calloc(1, sizeof *made);
    e = made ? add(made, name, conf, why) : err_say(why, ERR_NOMEM, "no memory to read %s", name);
    conf_free(conf);
    if (e)
        kinds_free(made);
    else
        *kinds = made;
    return e;
}

static int is_yaml(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 5, ".yaml") == 0;
}

static enum err add_file(struct kinds *kinds, const char *folder, const char *entry,
                         struct why *why)
{
    char path[PATH_MAX];
    struct conf *conf;
    int n = snprintf(path, sizeof path, "%s/%s", folder, entry);
    if (n < 0 || (size_t)n >= sizeof path) return err_say(why, ERR_LIMIT, "a path is too long");
    enum err e = conf_load(path, &conf, why);
    if (e) return e;
    e = add(kinds, path, conf, why);
    conf_free(conf);
    return e;
}

enum err kinds_load(const char *folder, struct kinds **kinds, struct why *why)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_yaml, alphasort);
    if (count < 0)
        return err_say(why, err_from_errno(errno),
                       "cannot read the folder %s, where the kinds of "
                       "cases are described",
                       folder);
    struct kinds *made = calloc(1, sizeof *made);
    enum err e = made ? ERR_OK : err_say(why, ERR_NOMEM, "no memory to read %s", folder);
    if (!e && !count) e = err_say(why, ERR_NOTFOUND, "%s holds no .yaml file", folder);
    for (int i = 0; i < count; i++) {
        if (!e) e = add_file(made, folder, entries[i]->d_name, why);
        free(entries[i]);
    }
    free(entries);
    if (e)
        kinds_free(made);
    else
        *kinds = made;
    return e;
}

void kinds_free(struct kinds *kinds)
{
    if (!kinds) return;
    arena_fini(&kinds->arena);
    free(kinds);
}

/* --- asking --- */

size_t kinds_count(const struct kinds *kinds)
{
    return kinds->count;
}

const struct kinds_kind *kinds_at(const struct kinds *kinds, size_t i)
{
    return &kinds->list[i];
}

const struct kinds_kind *kinds_find(const struct kinds *kinds, const char *code)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->list[i].code, code) == 0) return &kinds->list[i];
    return NULL;
}

const struct kinds_category *kinds_category(const struct kinds_kind *kind, const char *code)
{
    for (size_t i = 0; i < kind->category_count; i++)
        if (strcmp(kind->categories[i].code, code) == 0) return &kind->categories[i];
    return NULL;
}

const struct kinds_state *kinds_state(const struct kinds_kind *kind, const char *code)
{
    for (size_t i = 0; i < kind->state_count; i++)
        if (strcmp(kind->states[i].code, code) == 0) return &kind->states[i];
    return NULL;
}

const struct kinds_move *kinds_move(const struct kinds_kind *kind, const char *from, const char *to)
{
    for (size_t i = 0; i < kind->move_count; i++)
        if (strcmp(kind->states[kind->moves[i].from].code, from) == 0 &&
            strcmp(kind->states[kind->moves[i].to].code, to) == 0)
            return &kind->moves[i];
    return NULL;
}

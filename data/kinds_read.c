#include "data/kinds_read.h"

#include "geo/base/text.h"

#include <string.h>

enum { MAX_CATEGORIES = 500, CODE_MAX = 40 };

struct reader {
    struct arena *arena;
    struct kinds_kind *kind;
    struct why *why;
};

/* --- pieces --- */

static enum err keep(const struct reader *r, const char *text, const char **kept)
{
    char *copy = arena_strdup(r->arena, text);
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
    void *memory = arena_calloc(r->arena, count, size);
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
    if (!e) e = conf_bool(conf_get(entry, "paused"), &state->paused, r->why);
    if (!e && state->paused && !state->open)
        return conf_fail(entry, r->why, "the state \"%s\" is paused, but not open", state->code);
    if (!e && kinds_state(r->kind, state->code))
        return conf_fail(entry, r->why, "the state \"%s\" is given twice", state->code);
    return e;
}

static enum err read_states(const struct reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"code", "zh", "en", "open", "paused", NULL};
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
    static const char *const needs[] = {"reason", "link", "deadline", NULL};
    unsigned needed = 0;
    enum err e = read_end(r, entry, "from", &move->from);
    if (!e) e = read_end(r, entry, "to", &move->to);
    if (!e) e = read_words(r, conf_get(entry, "by"), actors, &move->by);
    if (!e) e = read_words(r, conf_get(entry, "needs"), needs, &needed);
    if (!e) e = read_label(r, entry, &move->label);
    if (e) return e;
    move->reason = needed & 1;
    move->link = needed & 2;
    move->deadline = needed & 4;
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

/* --- deadlines --- */

/* "30min", "2h", "7d": minutes that are worked, hours, or days as long as a usual one. */
static enum err read_span(const struct reader *r, const struct conf_node *map, const char *key,
                          int64_t *minutes)
{
    const struct conf_node *node = conf_get(map, key);
    const struct worktime work = {r->kind->work, NULL};
    static const char *const units[] = {"min", "h", "d"};
    const int64_t sizes[] = {1, 60, worktime_day(&work)};
    const char *text = NULL;
    int64_t number = 0;
    enum err e = conf_string(node, &text, r->why);
    if (e || !text) return e;
    size_t digits = strspn(text, "0123456789");
    bool is_number = digits && text_int(text, digits, 1, 10000, &number);
    for (size_t i = 0; i < sizeof units / sizeof *units && is_number; i++)
        if (strcmp(text + digits, units[i]) == 0) {
            *minutes = number * sizes[i];
            return ERR_OK;
        }
    return conf_fail(node, r->why,
                     "%s: \"%s\" is no time to work: give minutes, hours or working days, like "
                     "30min, 2h or 7d",
                     key, text);
}

/* Hours that nobody ever works would make deadlines that never come, and those that hang on the sun
 * deadlines that nobody can tell. */
static enum err read_work(const struct reader *r, const struct conf_node *root)
{
    const struct conf_node *node = conf_get(root, "work");
    const char *text = NULL;
    struct why why = {""};
    struct hours *hours;
    enum err e = conf_string(node, &text, r->why);
    if (e || !text) return e;
    e = hours_parse(text, strlen(text), &hours, &why);
    if (e == ERR_NOMEM) return err_say(r->why, e, "no memory for the kinds of cases");
    if (e) return conf_fail(node, r->why, "work: %s", why.text);
    r->kind->work = hours;
    const struct worktime work = {hours, NULL};
    if (!worktime_is_certain(&work))
        return conf_fail(node, r->why, "work: \"%s\" does not always say whether people work",
                         text);
    if (worktime_day(&work) > 0) return ERR_OK;
    return conf_fail(node, r->why, "work: \"%s\" leaves no time of a week to work", text);
}

static enum err read_deadlines(const struct reader *r, const struct conf_node *root)
{
    enum err e = read_work(r, root);
    if (!e) e = read_span(r, root, "deadline", &r->kind->deadline_min);
    if (!e) e = read_span(r, root, "near", &r->kind->near_min);
    return e;
}

/* --- categories --- */

static enum err read_group(const struct reader *r, const struct conf_node *entry, size_t group,
                           struct kinds_category *categories)
{
    static const char *const keys[] = {"code", "zh", "en", "deadline", NULL};
    const struct conf_node *list;
    enum err e = read_list(r, entry, "categories", keys, &list);
    for (size_t i = 0; !e && i < conf_count(list); i++) {
        struct kinds_category made = {.group = group, .deadline_min = r->kind->deadline_min};
        const struct conf_node *node = conf_at(list, i);
        if (r->kind->category_count == MAX_CATEGORIES)
            return conf_fail(node, r->why, "more than %d categories", MAX_CATEGORIES);
        if ((e = read_code(r, node, "code", &made.code))) break;
        if ((e = read_label(r, node, &made.label))) break;
        if ((e = read_span(r, node, "deadline", &made.deadline_min))) break;
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

/* --- the kind --- */

enum err kinds_read(const struct conf_node *root, struct arena *arena, struct kinds_kind *kind,
                    struct why *why)
{
    static const char *const keys[] = {"kind", "label",  "private", "work",   "deadline",
                                       "near", "states", "moves",   "groups", NULL};
    static const char *const label_keys[] = {"zh", "en", NULL};
    const struct reader reader = {arena, kind, why}, *r = &reader;
    const struct conf_node *label = conf_get(root, "label");
    enum err e = conf_keys(root, keys, why);
    if (!e) e = read_code(r, root, "kind", &kind->code);
    if (!e && !conf_is_map(label)) e = conf_fail(root, why, "label is missing");
    if (!e) e = conf_keys(label, label_keys, why);
    if (!e) e = read_label(r, label, &kind->label);
    if (!e) e = conf_bool(conf_get(root, "private"), &kind->is_private, why);
    if (!e) e = read_deadlines(r, root);
    if (!e) e = read_states(r, root);
    if (!e) e = read_moves(r, root);
    if (!e) e = check_reach(r, root);
    if (!e) e = read_groups(r, root);
    return e;
}

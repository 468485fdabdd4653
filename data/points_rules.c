#include "data/points_rules.h"

#include "data/conf.h"
#include "data/conf_folder.h"
#include "geo/base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS_MOST = 8, CODE_MAX = 40 };

struct points_rules {
    struct arena arena;
    struct points_kind list[KINDS_MOST];
    size_t count;
};

static const char *const shares[POINTS_SHARES] = {"reporter", "joiner", "repeat"};

const char *points_share_name(enum points_share share)
{
    return shares[share];
}

/* As a row of the ledger says it, and as a file does. */
static const char *const sources[POINTS_SOURCES] = {"activity", "lesson"};
static const char *const source_keys[POINTS_SOURCES] = {"activities", "lessons"};

const char *points_source_name(enum points_source source)
{
    return sources[source];
}

/* ---- reading --------------------------------------------------------------------------------- */

struct reader {
    struct points_rules *rules;
    const struct kinds *kinds;
    struct points_kind *points; /* being read */
    struct why *why;
};

static enum err no_memory(const struct reader *r)
{
    return err_say(r->why, ERR_NOMEM, "no memory for the rules of points");
}

static enum err read_text(const struct reader *r, const struct conf_node *map, const char *key,
                          const char **kept)
{
    const char *text = NULL;
    enum err e = conf_string(conf_get(map, key), &text, r->why);
    if (e) return e;
    if (!text || !text[0]) {
        (void)conf_fail(map, r->why, "%s is missing", key);
        return ERR_FORMAT;
    }
    *kept = arena_strdup(&r->rules->arena, text);
    return *kept ? ERR_OK : no_memory(r);
}

static enum err read_number(const struct reader *r, const struct conf_node *map, const char *key,
                            int64_t *number)
{
    return conf_int(conf_get(map, key), 0, POINTS_RULES_MAX, number, r->why);
}

/* States of the kind of case, with a NULL behind them. */
static enum err read_states(const struct reader *r, const struct kinds_kind *kind,
                            const struct conf_node *map, const char *key,
                            const char *const **states)
{
    const struct conf_node *list = conf_get(map, key);
    size_t count = conf_count(list);
    if (!list || !conf_is_list(list) || !count)
        return conf_fail(list ? list : map, r->why, "%s must be a list of states", key);
    const char **made = arena_calloc(&r->rules->arena, count + 1, sizeof *made);
    if (!made) return no_memory(r);
    for (size_t i = 0; i < count; i++) {
        const struct conf_node *node = conf_at(list, i);
        const struct kinds_state *state =
            conf_text(node) ? kinds_state(kind, conf_text(node)) : NULL;
        if (!state)
            return conf_fail(node, r->why, "%s: the kind \"%s\" has no state \"%s\"", key,
                             kind->code, conf_text(node) ? conf_text(node) : "");
        made[i] = arena_strdup(&r->rules->arena, state->code);
        if (!made[i]) return no_memory(r);
    }
    *states = made;
    return ERR_OK;
}

static enum err read_categories(const struct reader *r, const struct kinds_kind *kind,
                                const struct conf_node *map, struct points_rule *rule)
{
    const struct conf_node *node = conf_get(map, "categories");
    if (!node) return ERR_OK;
    if (!conf_is_map(node)) return conf_fail(node, r->why, "categories must be a mapping");
    size_t count = conf_count(node);
    rule->categories = arena_calloc(&r->rules->arena, count ? count : 1, sizeof *rule->categories);
    if (!rule->categories) return no_memory(r);
    for (size_t i = 0; i < count; i++) {
        struct points_category *c = &rule->categories[i];
        if (!kinds_category(kind, conf_key(node, i)))
            return conf_fail(conf_at(node, i), r->why, "the kind \"%s\" has no category \"%s\"",
                             kind->code, conf_key(node, i));
        c->code = arena_strdup(&r->rules->arena, conf_key(node, i));
        if (!c->code) return no_memory(r);
        enum err e = conf_int(conf_at(node, i), 0, POINTS_RULES_MAX, &c->amount, r->why);
        if (e) return e;
    }
    rule->category_count = count;
    return ERR_OK;
}

/* A state does one thing. */
static enum err check_states(const struct reader *r, const struct conf_node *map,
                             const struct points_rule *rule)
{
    const char *const *lists[] = {rule->pending, rule->settled, rule->voided};
    for (size_t a = 0; a < 3; a++)
        for (size_t b = a + 1; b < 3; b++)
            for (const char *const *x = lists[a]; *x; x++)
                for (const char *const *y = lists[b]; *y; y++)
                    if (strcmp(*x, *y) == 0)
                        return conf_fail(map, r->why,
                                         "\"%s\" stands in two of pending, settled and void", *x);
    return ERR_OK;
}

static enum err read_rule(const struct reader *r, const struct conf_node *map,
                          struct points_rule *rule)
{
    static const char *const keys[] = {"kind",   "pending", "settled",    "void", "reporter",
                                       "joiner", "repeat",  "categories", NULL};
    if (!conf_is_map(map)) return conf_fail(map, r->why, "an entry of cases is no mapping");
    enum err e = conf_keys(map, keys, r->why);
    if (!e) e = read_text(r, map, "kind", &rule->kind);
    if (e) return e;
    const struct kinds_kind *kind = kinds_find(r->kinds, rule->kind);
    if (!kind)
        return conf_fail(conf_get(map, "kind"), r->why, "there is no kind of case \"%s\"",
                         rule->kind);
    if (kind->is_private)
        return conf_fail(conf_get(map, "kind"), r->why,
                         "the kind \"%s\" is private: points would tell of it", rule->kind);
    rule->points = r->points->code;
    e = read_states(r, kind, map, "pending", &rule->pending);
    if (!e) e = read_states(r, kind, map, "settled", &rule->settled);
    if (!e) e = read_states(r, kind, map, "void", &rule->voided);
    if (!e) e = check_states(r, map, rule);
    for (int s = 0; s < POINTS_SHARES && !e; s++)
        e = read_number(r, map, shares[s], &rule->amounts[s]);
    return e ? e : read_categories(r, kind, map, rule);
}

static enum err read_rules(const struct reader *r, const struct conf_node *root)
{
    const struct conf_node *list = conf_get(root, "cases");
    size_t count = conf_count(list);
    if (!list) return ERR_OK;
    if (!conf_is_list(list)) return conf_fail(list, r->why, "cases must be a list");
    struct points_rule *made = arena_calloc(&r->rules->arena, count ? count : 1, sizeof *made);
    if (!made) return no_memory(r);
    r->points->rules = made;
    for (size_t i = 0; i < count; i++) {
        enum err e = read_rule(r, conf_at(list, i), &made[i]);
        if (e) return e;
        bool twice = points_rules_of(r->rules, made[i].kind) != NULL;
        for (size_t j = 0; j < i; j++)
            twice = twice || strcmp(made[j].kind, made[i].kind) == 0;
        if (twice)
            return conf_fail(conf_at(list, i), r->why, "the kind \"%s\" brings points already",
                             made[i].kind);
        r->points->rule_count++;
    }
    return ERR_OK;
}

static enum err read_caps(const struct reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"day", "week", NULL};
    const struct conf_node *caps = conf_get(root, "caps");
    if (!caps) return ERR_OK;
    if (!conf_is_map(caps)) return conf_fail(caps, r->why, "caps must be a mapping");
    enum err e = conf_keys(caps, keys, r->why);
    if (!e) e = read_number(r, caps, "day", &r->points->day_cap);
    if (!e) e = read_number(r, caps, "week", &r->points->week_cap);
    return e;
}

/* What activities, or lessons, bring. */
static enum err read_bounds(const struct reader *r, const struct conf_node *root, const char *key,
                            struct points_bounds *bounds)
{
    static const char *const keys[] = {"most", "day", "week", NULL};
    const struct conf_node *map = conf_get(root, key);
    if (!map) return ERR_OK;
    if (!conf_is_map(map)) return conf_fail(map, r->why, "%s must be a mapping", key);
    enum err e = conf_keys(map, keys, r->why);
    if (!e && !conf_get(map, "most"))
        e = conf_fail(map, r->why, "%s: most is missing: what one of them brings at most", key);
    if (!e) e = read_number(r, map, "most", &bounds->most);
    if (!e) e = read_number(r, map, "day", &bounds->day_cap);
    if (!e) e = read_number(r, map, "week", &bounds->week_cap);
    return e;
}

/* What hands may give at once, and one of them in a day. */
static enum err read_hand(const struct reader *r, const struct conf_node *root)
{
    enum { GIFTS = 10 }; /* of the most that is given at once, where no number is said */
    struct points_kind *points = r->points;
    enum err e = read_number(r, root, "hand", &points->hand_max);
    points->hand_day = GIFTS * points->hand_max;
    if (!e) e = read_number(r, root, "hand_day", &points->hand_day);
    if (!e && points->hand_day < points->hand_max)
        return conf_fail(conf_get(root, "hand_day"), r->why,
                         "hand_day must be hand or more: what one may give in a day");
    return e;
}

static enum err read_head(const struct reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"points", "label",      "caps",    "hand", "hand_day",
                                       "cases",  "activities", "lessons", NULL};
    static const char *const label_keys[] = {"zh", "en", NULL};
    const struct conf_node *label = conf_get(root, "label");
    enum err e = conf_keys(root, keys, r->why);
    if (!e) e = read_text(r, root, "points", &r->points->code);
    if (e) return e;
    size_t n = strlen(r->points->code);
    if (n > CODE_MAX || strspn(r->points->code, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
        return conf_fail(conf_get(root, "points"), r->why,
                         "a code has at most %d characters of a-z 0-9 _", CODE_MAX);
    if (points_rules_find(r->rules, r->points->code))
        return conf_fail(conf_get(root, "points"), r->why, "the points \"%s\" are given twice",
                         r->points->code);
    if (!conf_is_map(label)) return conf_fail(root, r->why, "label is missing");
    e = conf_keys(label, label_keys, r->why);
    if (!e) e = read_text(r, label, "zh", &r->points->label.zh);
    if (!e) e = read_text(r, label, "en", &r->points->label.en);
    return e ? e : read_hand(r, root);
}

static enum err add(struct points_rules *rules, const char *name, const struct conf *conf,
                    const struct kinds *kinds, struct why *why)
{
    const struct conf_node *root = conf_root(conf);
    struct points_kind points = {0};
    const struct reader r = {.rules = rules, .kinds = kinds, .points = &points, .why = why};
    if (!conf_is_map(root)) return err_say(why, ERR_FORMAT, "%s: it describes no points", name);
    if (rules->count == KINDS_MOST)
        return err_say(why, ERR_LIMIT, "%s: more than %d kinds of points", name, KINDS_MOST);
    enum err e = read_head(&r, root);
    if (!e) e = read_caps(&r, root);
    for (int i = 0; i < POINTS_SOURCES && !e; i++)
        e = read_bounds(&r, root, source_keys[i], &points.bounds[i]);
    if (!e) e = read_rules(&r, root);
    if (!e) rules->list[rules->count++] = points;
    return e;
}

/* ---- from outside ---------------------------------------------------------------------------- */

enum err points_rules_parse(const char *name, const char *text, size_t len,
                            const struct kinds *kinds, struct points_rules **rules, struct why *why)
{
    struct conf *conf;
    enum err e = conf_parse(name, text, len, &conf, why);
    if (e) return e;
    struct points_rules *made = calloc(1, sizeof *made);
    e = made ? add(made, name, conf, kinds, why) : err_say(why, ERR_NOMEM, "no memory");
    conf_free(conf);
    if (e)
        points_rules_free(made);
    else
        *rules = made;
    return e;
}

struct reading {
    struct points_rules *rules;
    const struct kinds *kinds;
};

static enum err add_file(void *user, const char *path, struct why *why)
{
    const struct reading *reading = user;
    struct conf *conf;
    enum err e = conf_load(path, &conf, why);
    if (e) return e;
    e = add(reading->rules, path, conf, reading->kinds, why);
    conf_free(conf);
    return e;
}

enum err points_rules_load(const char *folder, const struct kinds *kinds,
                           struct points_rules **rules, struct why *why)
{
    struct reading reading = {calloc(1, sizeof *reading.rules), kinds};
    if (!reading.rules) return err_say(why, ERR_NOMEM, "no memory to read %s", folder);
    enum err e = conf_folder_each(folder, "the rules of points", add_file, &reading, NULL, why);
    if (e)
        points_rules_free(reading.rules);
    else
        *rules = reading.rules;
    return e;
}

void points_rules_free(struct points_rules *rules)
{
    if (!rules) return;
    arena_fini(&rules->arena);
    free(rules);
}

/* ---- asking ---------------------------------------------------------------------------------- */

size_t points_rules_count(const struct points_rules *rules)
{
    return rules ? rules->count : 0;
}

const struct points_kind *points_rules_at(const struct points_rules *rules, size_t i)
{
    return &rules->list[i];
}

const struct points_kind *points_rules_find(const struct points_rules *rules, const char *code)
{
    for (size_t i = 0; i < points_rules_count(rules); i++)
        if (strcmp(rules->list[i].code, code) == 0) return &rules->list[i];
    return NULL;
}

const struct points_rule *points_rules_of(const struct points_rules *rules, const char *case_kind)
{
    for (size_t i = 0; i < points_rules_count(rules); i++)
        for (size_t j = 0; j < rules->list[i].rule_count; j++)
            if (strcmp(rules->list[i].rules[j].kind, case_kind) == 0)
                return &rules->list[i].rules[j];
    return NULL;
}

int64_t points_rules_amount(const struct points_rule *rule, const char *category,
                            enum points_share share)
{
    for (size_t i = 0; i < rule->category_count; i++)
        if (strcmp(rule->categories[i].code, category) == 0 &&
            (share == POINTS_REPORTER || rule->categories[i].amount == 0))
            return rule->categories[i].amount;
    return rule->amounts[share];
}

#include "data/activity_kinds.h"

#include "data/conf_folder.h"
#include "data/kinds_piece.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS_MOST = 40, METRES_MAX = 5000, MINUTES_MAX = 7 * 24 * 60 };

struct activity_kinds {
    struct arena arena;
    struct activity_kinds_kind list[KINDS_MOST];
    size_t count;
};

static const char *const ways[ACTIVITY_WAYS] = {"position", "code", "staff"};

const char *activity_kinds_way_name(enum activity_kinds_way way)
{
    return ways[way];
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum err read_labels(const struct kinds_reader *r, const struct conf_node *map,
                            struct kinds_label *label)
{
    static const char *const keys[] = {"zh", "en", NULL};
    const struct conf_node *node = conf_get(map, "label");
    if (!conf_is_map(node)) return conf_fail(map, r->why, "label is missing");
    enum err e = conf_keys(node, keys, r->why);
    return e ? e : kinds_piece_label(r, node, label);
}

static enum err read_is(const struct kinds_reader *r, const struct conf_node *map, bool *is_event)
{
    const char *is = NULL;
    enum err e = kinds_piece_text(r, map, "is", &is);
    if (e) return e;
    *is_event = strcmp(is, "event") == 0;
    if (*is_event || strcmp(is, "task") == 0) return ERR_OK;
    return conf_fail(conf_get(map, "is"), r->why, "is: must be task or event");
}

static enum err read_check_in(const struct kinds_reader *r, const struct conf_node *map,
                              struct activity_kinds_kind *kind)
{
    static const struct kinds_word words[] = {{"position", 1u << ACTIVITY_POSITION},
                                              {"code", 1u << ACTIVITY_CODE},
                                              {"staff", 1u << ACTIVITY_STAFF},
                                              {NULL, 0}};
    const struct conf_node *list = conf_get(map, "check_in");
    if (!list || !conf_is_list(list) || !conf_count(list))
        return conf_fail(list ? list : map, r->why,
                         "check_in must be a list of position, code and staff");
    enum err e = kinds_piece_words(r, list, words, &kind->check_in);
    if (!e) e = conf_int(conf_get(map, "within_m"), 10, METRES_MAX, &kind->within_m, r->why);
    if (!e) e = conf_int(conf_get(map, "around_min"), 0, MINUTES_MAX, &kind->around_min, r->why);
    if (!e) e = conf_int(conf_get(map, "code_min"), 0, MINUTES_MAX, &kind->code_min, r->why);
    return e;
}

static enum err read_points(const struct kinds_reader *r, const struct conf_node *root,
                            const struct points_rules *rules, struct activity_kinds_kind *kind)
{
    static const char *const keys[] = {"kind", "amount", NULL};
    const struct conf_node *map = conf_get(root, "points");
    if (!map) return ERR_OK;
    if (!conf_is_map(map)) return conf_fail(map, r->why, "points must be a mapping");
    enum err e = conf_keys(map, keys, r->why);
    if (!e) e = kinds_piece_text(r, map, "kind", &kind->points);
    if (!e) e = conf_int(conf_get(map, "amount"), 0, POINTS_RULES_MAX, &kind->amount, r->why);
    if (e || !rules) return e;
    const struct points_kind *points = points_rules_find(rules, kind->points);
    if (!points)
        return conf_fail(conf_get(map, "kind"), r->why, "there are no points \"%s\"", kind->points);
    int64_t most = points->bounds[POINTS_ACTIVITY].most;
    if (!most)
        return conf_fail(conf_get(map, "kind"), r->why,
                         "the points \"%s\" have no line \"activities\": activities bring none",
                         kind->points);
    if (kind->amount > most)
        return conf_fail(conf_get(map, "amount"), r->why, "an activity brings at most %lld \"%s\"",
                         (long long)most, kind->points);
    return ERR_OK;
}

static enum err read_numbers(const struct kinds_reader *r, const struct conf_node *root,
                             struct activity_kinds_kind *kind)
{
    static const char *const keys[] = {"code", "zh", "en", "most", NULL};
    const struct conf_node *list = NULL;
    void *room = NULL;
    if (!conf_get(root, "tally")) return ERR_OK;
    enum err e = kinds_piece_list(r, root, "tally", keys, &list);
    if (e) return e;
    if (conf_count(list) > ACTIVITY_KINDS_NUMBERS)
        return conf_fail(list, r->why, "at most %d numbers are counted", ACTIVITY_KINDS_NUMBERS);
    e = kinds_piece_room(r, conf_count(list), sizeof *kind->numbers, &room);
    struct activity_kinds_number *made = room;
    kind->numbers = made;
    for (size_t i = 0; i < conf_count(list) && !e; i++) {
        const struct conf_node *map = conf_at(list, i);
        made[i].most = ACTIVITY_KINDS_NUMBER_MAX;
        e = kinds_piece_code(r, map, "code", &made[i].code);
        if (!e) e = kinds_piece_label(r, map, &made[i].label);
        if (!e)
            e = conf_int(conf_get(map, "most"), 1, ACTIVITY_KINDS_NUMBER_MAX, &made[i].most,
                         r->why);
        if (!e && activity_kinds_number(kind, made[i].code))
            return conf_fail(map, r->why, "\"%s\" is given twice", made[i].code);
        kind->number_count++;
    }
    return e;
}

static enum err read_kind(const struct kinds_reader *r, const struct conf_node *root,
                          const struct points_rules *rules, struct activity_kinds_kind *kind)
{
    static const char *const keys[] = {
        "activity", "label",   "is",    "waiting_list", "check_in", "within_m", "around_min",
        "code_min", "confirm", "deeds", "points",       "tally",    NULL};
    enum err e = conf_keys(root, keys, r->why);
    if (!e) e = kinds_piece_code(r, root, "activity", &kind->code);
    if (!e) e = read_labels(r, root, &kind->label);
    if (!e) e = read_is(r, root, &kind->is_event);
    if (!e) e = conf_bool(conf_get(root, "waiting_list"), &kind->waiting_list, r->why);
    if (!e) e = conf_bool(conf_get(root, "confirm"), &kind->confirm, r->why);
    if (!e) e = conf_bool(conf_get(root, "deeds"), &kind->deeds, r->why);
    if (!e) e = read_check_in(r, root, kind);
    if (!e) e = read_points(r, root, rules, kind);
    return e ? e : read_numbers(r, root, kind);
}

static enum err add(struct activity_kinds *kinds, const char *name, const struct conf *conf,
                    const struct points_rules *rules, struct why *why)
{
    const struct conf_node *root = conf_root(conf);
    const struct kinds_reader r = {.arena = &kinds->arena, .why = why};
    struct activity_kinds_kind kind = {
        .confirm = true, .within_m = 200, .around_min = 60, .code_min = 10};
    if (!conf_is_map(root))
        return err_say(why, ERR_FORMAT, "%s: it describes no kind of activity", name);
    if (kinds->count == KINDS_MOST)
        return err_say(why, ERR_LIMIT, "%s: more than %d kinds of activities", name, KINDS_MOST);
    enum err e = read_kind(&r, root, rules, &kind);
    if (!e && activity_kinds_find(kinds, kind.code))
        return conf_fail(conf_get(root, "activity"), why, "the activity \"%s\" is given twice",
                         kind.code);
    if (!e) kinds->list[kinds->count++] = kind;
    return e;
}

/* ---- from outside ---------------------------------------------------------------------------- */

enum err activity_kinds_parse(const char *name, const char *text, size_t len,
                              const struct points_rules *rules, struct activity_kinds **kinds,
                              struct why *why)
{
    struct conf *conf;
    enum err e = conf_parse(name, text, len, &conf, why);
    if (e) return e;
    struct activity_kinds *made = calloc(1, sizeof *made);
    e = made ? add(made, name, conf, rules, why) : err_say(why, ERR_NOMEM, "no memory");
    conf_free(conf);
    if (e)
        activity_kinds_free(made);
    else
        *kinds = made;
    return e;
}

struct reading {
    struct activity_kinds *kinds;
    const struct points_rules *rules;
};

static enum err add_file(void *user, const char *path, struct why *why)
{
    const struct reading *reading = user;
    struct conf *conf;
    enum err e = conf_load(path, &conf, why);
    if (e) return e;
    e = add(reading->kinds, path, conf, reading->rules, why);
    conf_free(conf);
    return e;
}

enum err activity_kinds_load(const char *folder, const struct points_rules *rules,
                             struct activity_kinds **kinds, struct why *why)
{
    struct reading reading = {calloc(1, sizeof *reading.kinds), rules};
    if (!reading.kinds) return err_say(why, ERR_NOMEM, "no memory to read %s", folder);
    enum err e = conf_folder_each(folder, "the kinds of activities", add_file, &reading, NULL, why);
    if (e)
        activity_kinds_free(reading.kinds);
    else
        *kinds = reading.kinds;
    return e;
}

void activity_kinds_free(struct activity_kinds *kinds)
{
    if (!kinds) return;
    arena_fini(&kinds->arena);
    free(kinds);
}

/* ---- asking ---------------------------------------------------------------------------------- */

size_t activity_kinds_count(const struct activity_kinds *kinds)
{
    return kinds ? kinds->count : 0;
}

const struct activity_kinds_kind *activity_kinds_at(const struct activity_kinds *kinds, size_t i)
{
    return &kinds->list[i];
}

const struct activity_kinds_kind *activity_kinds_find(const struct activity_kinds *kinds,
                                                      const char *code)
{
    for (size_t i = 0; i < activity_kinds_count(kinds); i++)
        if (strcmp(kinds->list[i].code, code) == 0) return &kinds->list[i];
    return NULL;
}

const struct activity_kinds_number *activity_kinds_number(const struct activity_kinds_kind *kind,
                                                          const char *code)
{
    for (size_t i = 0; i < kind->number_count; i++)
        if (strcmp(kind->numbers[i].code, code) == 0) return &kind->numbers[i];
    return NULL;
}

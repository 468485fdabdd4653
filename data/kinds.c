#include "data/kinds.h"

#include "data/conf_folder.h"
#include "data/kinds_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KINDS = 16 };

struct kinds {
    struct arena arena;
    const struct hours_calendar *calendar;
    const struct points_rules *points;
    struct kinds_kind list[MAX_KINDS];
    size_t count;
};

static enum err add(struct kinds *kinds, const char *name, const struct conf *conf, struct why *why)
{
    struct kinds_kind kind = {0};
    const struct conf_node *root = conf_root(conf);
    if (!conf_is_map(root)) return err_say(why, ERR_FORMAT, "%s: it describes no kind", name);
    if (kinds->count == MAX_KINDS)
        return err_say(why, ERR_LIMIT, "%s: more than %d kinds of cases", name, MAX_KINDS);
    enum err e = kinds_read(root, &kinds->arena, &kind, why);
    if (!e && kinds_find(kinds, kind.code))
        e = conf_fail(conf_get(root, "kind"), why, "the kind \"%s\" is given twice", kind.code);
    if (e)
        hours_free(kind.work);
    else
        kinds->list[kinds->count++] = kind;
    return e;
}

enum err kinds_parse(const char *name, const char *text, size_t len,
                     const struct hours_calendar *calendar, struct kinds **kinds, struct why *why)
{
    struct conf *conf;
    enum err e = conf_parse(name, text, len, &conf, why);
    if (e) return e;
    struct kinds *made = calloc(1, sizeof *made);
    e = made ? add(made, name, conf, why) : err_say(why, ERR_NOMEM, "no memory to read %s", name);
    conf_free(conf);
    if (e) {
        kinds_free(made);
        return e;
    }
    made->calendar = calendar;
    *kinds = made;
    return ERR_OK;
}

static enum err add_file(void *user, const char *path, struct why *why)
{
    struct conf *conf;
    enum err e = conf_load(path, &conf, why);
    if (e) return e;
    e = add(user, path, conf, why);
    conf_free(conf);
    return e;
}

enum err kinds_load(const char *folder, const struct hours_calendar *calendar, struct kinds **kinds,
                    struct why *why)
{
    size_t count = 0;
    struct kinds *made = calloc(1, sizeof *made);
    if (!made) return err_say(why, ERR_NOMEM, "no memory to read %s", folder);
    enum err e = conf_folder_each(folder, "the kinds of cases", add_file, made, &count, why);
    if (!e && !count) e = err_say(why, ERR_NOTFOUND, "%s holds no .yaml file", folder);
    if (e) {
        kinds_free(made);
        return e;
    }
    made->calendar = calendar;
    *kinds = made;
    return ERR_OK;
}

void kinds_free(struct kinds *kinds)
{
    if (!kinds) return;
    for (size_t i = 0; i < kinds->count; i++)
        hours_free(kinds->list[i].work);
    arena_fini(&kinds->arena);
    free(kinds);
}

void kinds_set_points(struct kinds *kinds, const struct points_rules *rules)
{
    kinds->points = rules;
}

const struct points_rules *kinds_points(const struct kinds *kinds)
{
    return kinds->points;
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

const char *kinds_label_in(const struct kinds_label *label, bool english)
{
    return english && label->en && label->en[0] ? label->en : label->zh;
}

const struct kinds_kind *kinds_find(const struct kinds *kinds, const char *code)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->list[i].code, code) == 0) return &kinds->list[i];
    return NULL;
}

struct worktime kinds_work(const struct kinds *kinds, const struct kinds_kind *kind)
{
    return (struct worktime){kind->work, kinds->calendar};
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

bool kinds_is_listed(const struct kinds_kind *kind, const struct kinds_state *state)
{
    bool first = state == &kind->states[kind->first_state];
    return kind->public && state->step > 0 && (!first || kind->public == KINDS_AT_ONCE);
}

const struct kinds_move *kinds_move(const struct kinds_kind *kind, const char *from, const char *to)
{
    for (size_t i = 0; i < kind->move_count; i++)
        if (strcmp(kind->states[kind->moves[i].from].code, from) == 0 &&
            strcmp(kind->states[kind->moves[i].to].code, to) == 0)
            return &kind->moves[i];
    return NULL;
}

#include "data/profiles.h"

#include "data/conf.h"
#include "data/conf_folder.h"
#include "geo/base/file.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 20 };

struct profiles {
    struct profile *items[PROFILE_MAX];
    size_t count;
};

/* A file being read into a profile. */
struct reader {
    struct profile *profile;
    struct why *why;
};

static const char *keep(const struct reader *r, const char *text)
{
    return arena_strdup(&r->profile->memory, text);
}

static enum err read_keys(const struct reader *r, const struct conf_node *node,
                          struct profile_keys *keys)
{
    if (!node) return ERR_OK;
    if (!conf_is_list(node)) return conf_fail(node, r->why, "expected a list of keys, [a, b]");
    const char **items = arena_calloc(&r->profile->memory, conf_count(node), sizeof *items);
    if (!items) return ERR_NOMEM;
    for (size_t i = 0; i < conf_count(node); i++) {
        const char *text = conf_text(conf_at(node, i));
        if (!text || strlen(text) > 60)
            return conf_fail(node, r->why, "expected keys of at most 60 letters");
        if (!(items[i] = keep(r, text))) return ERR_NOMEM;
    }
    *keys = (struct profile_keys){items, conf_count(node)};
    return ERR_OK;
}

/* Words that may stand for numbers in a table. */
struct word {
    const char *word;
    double number;
};
static const struct word access_words[] = {
    {"allow", PROFILE_YES},       {"destination", PROFILE_DESTINATION},
    {"private", PROFILE_PRIVATE}, {"push", PROFILE_DISMOUNT},
    {"deny", PROFILE_NO},         {NULL, 0}};
static const struct word seconds_words[] = {{"no", PROFILE_BLOCKED}, {NULL, 0}};
static const struct word speed_words[] = {{"no", 0}, {NULL, 0}};

/* One of the words, or a number up to `max`; below 0: words only. */
static enum err read_number(const struct reader *r, const struct conf_node *node,
                            const struct word *words, double max, double *number)
{
    const char *text = conf_text(node);
    for (; words->word; words++) {
        if (!text || strcmp(text, words->word) != 0) continue;
        *number = words->number;
        return ERR_OK;
    }
    if (max < 0)
        return conf_fail(node, r->why, "expected allow, destination, private, push or deny");
    return conf_number(node, 0, max, number, r->why);
}

static enum err read_table(const struct reader *r, const struct conf_node *node,
                           const struct word *words, double max, struct profile_table *table)
{
    if (!node) return ERR_OK;
    if (!conf_is_map(node)) return conf_fail(node, r->why, "expected value: number pairs");
    struct profile_value *items =
        arena_calloc(&r->profile->memory, conf_count(node), sizeof *items);
    if (!items) return ERR_NOMEM;
    for (size_t i = 0; i < conf_count(node); i++) {
        if (!(items[i].value = keep(r, conf_key(node, i)))) return ERR_NOMEM;
        enum err e = read_number(r, conf_at(node, i), words, max, &items[i].number);
        if (e) return e;
    }
    *table = (struct profile_table){items, conf_count(node)};
    return ERR_OK;
}

/* key: {value: number} */
static enum err read_keyed(const struct reader *r, const struct conf_node *node,
                           const struct word *words, const struct profile_keyed **keyed,
                           size_t *count)
{
    if (!node) return ERR_OK;
    if (!conf_is_map(node)) return conf_fail(node, r->why, "expected tables by OSM key");
    struct profile_keyed *items =
        arena_calloc(&r->profile->memory, conf_count(node), sizeof *items);
    if (!items) return ERR_NOMEM;
    for (size_t i = 0; i < conf_count(node); i++) {
        if (!(items[i].key = keep(r, conf_key(node, i)))) return ERR_NOMEM;
        enum err e = read_table(r, conf_at(node, i), words, 3600, &items[i].table);
        if (e) return e;
    }
    *keyed = items;
    *count = conf_count(node);
    return ERR_OK;
}

/* key: value or key: [value, value], as a flat list of tags */
static enum err read_tags(const struct reader *r, const struct conf_node *node,
                          const struct profile_tag **tags, size_t *count)
{
    size_t total = 0, n = 0;
    if (!node) return ERR_OK;
    if (!conf_is_map(node)) return conf_fail(node, r->why, "expected OSM tags, key: [values]");
    for (size_t i = 0; i < conf_count(node); i++)
        total += conf_is_list(conf_at(node, i)) ? conf_count(conf_at(node, i)) : 1;
    struct profile_tag *items = arena_calloc(&r->profile->memory, total, sizeof *items);
    if (!items) return ERR_NOMEM;
    for (size_t i = 0; i < conf_count(node); i++) {
        const struct conf_node *values = conf_at(node, i);
        bool list = conf_is_list(values);
        for (size_t k = 0; k < (list ? conf_count(values) : 1); k++) {
            const char *value = conf_text(list ? conf_at(values, k) : values);
            if (!value) return conf_fail(values, r->why, "expected a value or a list of values");
            items[n] = (struct profile_tag){keep(r, conf_key(node, i)), keep(r, value)};
            if (!items[n].key || !items[n].value) return ERR_NOMEM;
            n++;
        }
    }
    *tags = items;
    *count = total;
    return ERR_OK;
}

static enum err read_seconds(const struct reader *r, const struct conf_node *node,
                             const char *const *names, size_t count, double *seconds)
{
    char const *known[PROFILE_TURNS + 1] = {NULL};
    if (!node) return ERR_OK;
    for (size_t i = 0; i < count; i++)
        known[i] = names[i];
    enum err e = conf_keys(node, known, r->why);
    for (size_t i = 0; !e && i < count; i++)
        e = conf_number(conf_get(node, names[i]), 0, 3600, &seconds[i], r->why);
    return e;
}

static enum err read_name(const struct reader *r, const struct conf_node *root)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const char *name = NULL, *mode = "riding";
    enum err e = conf_string(conf_get(root, "name"), &name, r->why);
    if (!e) e = conf_string(conf_get(root, "mode"), &mode, r->why);
    if (e) return e;
    if (!name || !name[0] || strlen(name) >= PROFILE_NAME_SIZE || name[strspn(name, letters)])
        return conf_fail(root, r->why,
                         "name must be 1 to %d letters, digits, '-' and '_': it is part of URLs",
                         PROFILE_NAME_SIZE - 1);
    memcpy(r->profile->name, name, strlen(name) + 1);
    if (strcmp(mode, "riding") != 0 && strcmp(mode, "walking") != 0)
        return conf_fail(conf_get(root, "mode"), r->why, "mode must be riding or walking");
    r->profile->mode = mode[0] == 'w' ? ROUTE_WALKING : ROUTE_RIDING;
    return ERR_OK;
}

static enum err read_access(const struct reader *r, const struct conf_node *node)
{
    static const char *const known[] = {"own", "general", "foot", "values", "forbid", NULL};
    struct profile *p = r->profile;
    enum err e = node ? conf_keys(node, known, r->why) : ERR_OK;
    if (!e) e = read_keys(r, conf_get(node, "own"), &p->own_keys);
    if (!e) e = read_keys(r, conf_get(node, "general"), &p->general_keys);
    if (!e) e = read_keys(r, conf_get(node, "foot"), &p->foot_keys);
    if (!e) e = read_table(r, conf_get(node, "values"), access_words, -1, &p->access);
    if (!e) e = read_tags(r, conf_get(node, "forbid"), &p->forbid, &p->forbid_count);
    return e;
}

static enum err read_speeds(const struct reader *r, const struct conf_node *node)
{
    static const char *const known[] = {"max",   "ride",     "ride_if_signed", "push",
                                        "ferry", "maxspeed", "limits",         NULL};
    struct profile *p = r->profile;
    enum err e = node ? conf_keys(node, known, r->why)
                      : err_say(r->why, ERR_FORMAT, "profile %s has no speeds", p->name);
    if (!e) e = conf_number(conf_get(node, "max"), 1, 300, &p->max_kmh, r->why);
    if (!e && p->max_kmh <= 0) e = conf_fail(node, r->why, "speeds need max: km/h");
    if (!e) e = read_table(r, conf_get(node, "ride"), speed_words, p->max_kmh, &p->ride);
    if (!e)
        e = read_table(r, conf_get(node, "ride_if_signed"), speed_words, p->max_kmh,
                       &p->ride_if_signed);
    if (!e) e = read_table(r, conf_get(node, "push"), speed_words, p->max_kmh, &p->push);
    if (!e) e = conf_number(conf_get(node, "ferry"), 0, 100, &p->ferry_kmh, r->why);
    if (!e) e = conf_bool(conf_get(node, "maxspeed"), &p->use_maxspeed, r->why);
    if (!e) e = read_keyed(r, conf_get(node, "limits"), speed_words, &p->limits, &p->limit_count);
    if (!e && p->ride.count == 0) e = conf_fail(node, r->why, "speeds.ride has no road");
    return e;
}

static enum err read_direction(const struct reader *r, const struct conf_node *node)
{
    static const char *const known[] = {"keys", "implied", "contraflow", NULL};
    struct profile *p = r->profile;
    enum err e = node ? conf_keys(node, known, r->why) : ERR_OK;
    if (!e) e = read_keys(r, conf_get(node, "keys"), &p->oneway_keys);
    if (!e) e = conf_bool(conf_get(node, "implied"), &p->implied_oneway, r->why);
    if (!e) e = read_tags(r, conf_get(node, "contraflow"), &p->contraflow, &p->contraflow_count);
    return e;
}

static enum err read_junctions(const struct reader *r, const struct conf_node *node)
{
    static const char *const known[] = {
        "nodes", "turns", "uturn_anywhere", "enter", "destination", "private", NULL};
    static const char *const turns[PROFILE_TURNS] = {"uturn",        "sharp_right", "right",
                                                     "slight_right", "straight",    "slight_left",
                                                     "left",         "sharp_left"};
    static const char *const modes[ROUTE_MODES] = {"riding", "walking", "pushing", "ferry"};
    struct profile *p = r->profile;
    enum err e = node ? conf_keys(node, known, r->why) : ERR_OK;
    if (!e) e = read_keyed(r, conf_get(node, "nodes"), seconds_words, &p->nodes, &p->node_count);
    if (!e) e = read_seconds(r, conf_get(node, "turns"), turns, PROFILE_TURNS, p->turn_s);
    if (!e) e = conf_bool(conf_get(node, "uturn_anywhere"), &p->uturn_anywhere, r->why);
    if (!e) e = read_seconds(r, conf_get(node, "enter"), modes, ROUTE_MODES, p->enter_s);
    if (!e) e = conf_number(conf_get(node, "destination"), 0, 36000, &p->destination_s, r->why);
    if (!e) e = conf_number(conf_get(node, "private"), 0, 36000, &p->private_s, r->why);
    return e;
}

static enum err read_restrictions(const struct reader *r, const struct conf_node *node)
{
    static const char *const known[] = {"keys", "except", NULL};
    enum err e = node ? conf_keys(node, known, r->why) : ERR_OK;
    if (!e) e = read_keys(r, conf_get(node, "keys"), &r->profile->restriction_keys);
    if (!e) e = read_keys(r, conf_get(node, "except"), &r->profile->except_words);
    return e;
}

enum err profiles_parse(const char *name, const char *text, size_t len, struct profile *profile,
                        struct why *why)
{
    static const char *const known[] = {"name",      "mode",      "access",       "speeds",
                                        "direction", "junctions", "restrictions", NULL};
    struct profile read = {0};
    struct reader r = {&read, why};
    struct conf *conf = NULL;
    enum err e = conf_parse(name, text, len, &conf, why);
    if (e) return e;
    const struct conf_node *root = conf_root(conf);
    if (!conf_is_map(root)) e = err_say(why, ERR_FORMAT, "%s: not a profile: no keys", name);
    if (!e) e = conf_keys(root, known, why);
    if (!e) e = read_name(&r, root);
    if (!e) e = read_access(&r, conf_get(root, "access"));
    if (!e) e = read_speeds(&r, conf_get(root, "speeds"));
    if (!e) e = read_direction(&r, conf_get(root, "direction"));
    if (!e) e = read_junctions(&r, conf_get(root, "junctions"));
    if (!e) e = read_restrictions(&r, conf_get(root, "restrictions"));
    conf_free(conf);
    if (e)
        profile_fini(&read);
    else
        *profile = read;
    return e;
}

void profiles_free(struct profiles *profiles)
{
    if (!profiles) return;
    for (size_t i = 0; i < profiles->count; i++) {
        profile_fini(profiles->items[i]);
        free(profiles->items[i]);
    }
    free(profiles);
}

static enum err load_file(void *user, const char *path, struct why *why)
{
    struct profiles *profiles = user;
    char *text = NULL;
    size_t len = 0;
    if (profiles->count == PROFILE_MAX)
        return err_say(why, ERR_LIMIT, "%s: there can be at most %d profiles", path, PROFILE_MAX);
    struct profile *profile = calloc(1, sizeof *profile);
    if (!profile) return ERR_NOMEM;
    enum err e = file_read(path, MAX_BYTES, &text, &len, why);
    if (!e) e = profiles_parse(path, text, len, profile, why);
    free(text);
    for (size_t i = 0; !e && i < profiles->count; i++)
        if (strcmp(profiles->items[i]->name, profile->name) == 0)
            e = err_say(why, ERR_CONFLICT, "%s: another profile is named %s too", path,
                        profile->name);
    if (e) {
        profile_fini(profile);
        free(profile);
        return e;
    }
    profiles->items[profiles->count++] = profile;
    return ERR_OK;
}

enum err profiles_load_dir(const char *dir, struct profiles **profiles, struct why *why)
{
    struct profiles *loaded = calloc(1, sizeof *loaded);
    if (!loaded) return ERR_NOMEM;
    enum err e = conf_folder_each(dir, "the road profiles", load_file, loaded, NULL, why);
    if (!e && loaded->count == 0)
        e = err_say(why, ERR_NOTFOUND, "%s holds no road profile (*.yaml)", dir);
    if (e)
        profiles_free(loaded);
    else
        *profiles = loaded;
    return e;
}

const struct profile *const *profiles_list(const struct profiles *profiles, size_t *count)
{
    *count = profiles->count;
    return (const struct profile *const *)profiles->items;
}

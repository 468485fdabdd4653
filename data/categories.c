#include "data/categories.h"

#include "data/conf.h"
#include "geo/base/text.h"
#include "geo/place/placeset.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { CODE_LEN = 32 };

/* One line of the operator's list. The file stays in memory: text, aliases and rules are its nodes.
 */
struct entry {
    struct category shown;
    const struct conf_node *aliases, *rules;
};

struct list {
    struct entry *items;
    size_t count;
};

struct categories {
    struct conf *conf;
    struct list places, amenities;
};

/* ---- rules ---- */

/* Whether `text` fits a pattern in which * stands for any run of characters. Greedy with one point
 * to return to, which is enough: an earlier star never has to move once a later one was reached. */
static bool fits(const char *pattern, const char *text, size_t len)
{
    const char *star = NULL;
    size_t i = 0, retry = 0;
    while (i < len) {
        if (*pattern == '*') {
            star = ++pattern;
            retry = i;
        } else if (*pattern && *pattern == text[i]) {
            pattern++;
            i++;
        } else if (star) {
            pattern = star;
            i = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

/* Whether one of a tag's values, which semicolons separate, fits. */
static bool fits_any_value(const char *pattern, const char *value)
{
    for (;;) {
        const char *end = strchrnul(value, ';'), *piece = value;
        size_t len = (size_t)(end - value);
        text_trim(&piece, &len);
        if (fits(pattern, piece, len)) return true;
        if (!*end) return false;
        value = end + 1;
    }
}

/* A node that is one text or a list of them: how many, and which. */
static size_t word_count(const struct conf_node *node)
{
    return conf_text(node) ? 1 : conf_count(node);
}

static const char *word_at(const struct conf_node *node, size_t i)
{
    return conf_text(node) ? conf_text(node) : conf_text(conf_at(node, i));
}

static bool has_any_value(const struct conf_node *patterns, const char *value)
{
    for (size_t i = 0; i < word_count(patterns); i++)
        if (fits_any_value(word_at(patterns, i), value)) return true;
    return false;
}

static bool condition_holds(const char *key, const struct conf_node *patterns,
                            const struct osm_tags *tags)
{
    bool negated = key[0] == '!', found = false;
    for (size_t i = 0; i < tags->count && !found; i++) {
        const struct osm_tag *tag = &tags->items[i];
        found =
            fits(key + negated, tag->key, strlen(tag->key)) && has_any_value(patterns, tag->value);
    }
    return found != negated;
}

static bool rule_holds(const struct conf_node *rule, const struct osm_tags *tags)
{
    for (size_t i = 0; i < conf_count(rule); i++)
        if (!condition_holds(conf_key(rule, i), conf_at(rule, i), tags)) return false;
    return true;
}

static bool any_rule_holds(const struct conf_node *rules, const struct osm_tags *tags)
{
    for (size_t i = 0; i < conf_count(rules); i++)
        if (rule_holds(conf_at(rules, i), tags)) return true;
    return false;
}

int categories_of_tags(const struct categories *categories, const struct osm_tags *tags)
{
    for (size_t i = 0; i < categories->places.count; i++)
        if (any_rule_holds(categories->places.items[i].rules, tags)) return (int)i;
    return -1;
}

uint64_t categories_amenities_of_tags(const struct categories *categories,
                                      const struct osm_tags *tags)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < categories->amenities.count; i++)
        if (any_rule_holds(categories->amenities.items[i].rules, tags)) bits |= UINT64_C(1) << i;
    return bits;
}

/* ---- words ---- */

static bool same_word(const char *known, const char *word, size_t len)
{
    return strlen(known) == len && strncasecmp(known, word, len) == 0;
}

static bool entry_has_word(const struct entry *entry, const char *word, size_t len)
{
    if (same_word(entry->shown.code, word, len) || same_word(entry->shown.zh, word, len) ||
        same_word(entry->shown.en, word, len))
        return true;
    for (size_t i = 0; i < word_count(entry->aliases); i++)
        if (same_word(word_at(entry->aliases, i), word, len)) return true;
    return false;
}

static int list_match(const struct list *list, const char *word, size_t len)
{
    text_trim(&word, &len);
    for (size_t i = 0; i < list->count; i++)
        if (entry_has_word(&list->items[i], word, len)) return (int)i;
    return -1;
}

static int list_find(const struct list *list, const char *code)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].shown.code, code) == 0) return (int)i;
    return -1;
}

int categories_match(const struct categories *categories, const char *word, size_t len)
{
    return list_match(&categories->places, word, len);
}

int categories_amenity_match(const struct categories *categories, const char *word, size_t len)
{
    return list_match(&categories->amenities, word, len);
}

static const char *list_alias(const struct list *list, size_t i, size_t k)
{
    const struct conf_node *aliases = list->items[i].aliases;
    return k < word_count(aliases) ? word_at(aliases, k) : NULL;
}

const char *categories_alias(const struct categories *categories, size_t i, size_t k)
{
    return list_alias(&categories->places, i, k);
}

const char *categories_amenity_alias(const struct categories *categories, size_t i, size_t k)
{
    return list_alias(&categories->amenities, i, k);
}

int categories_find(const struct categories *categories, const char *code)
{
    return list_find(&categories->places, code);
}

int categories_amenity_find(const struct categories *categories, const char *code)
{
    return list_find(&categories->amenities, code);
}

/* Bytes of the separator that `text` starts with, 0 if it starts with none. */
static size_t separator_len(const char *text)
{
    static const char *const wide[] = {"、", "，", "；", "／"};
    if (*text && strchr(",;|/\r\n\t", *text)) return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0) return strlen(wide[i]);
    return 0;
}

/* A piece is one word, such as "Air conditioning", or else words between spaces. */
static enum err read_piece(const struct categories *categories, const char *piece, size_t len,
                           uint64_t *bits, struct why *why)
{
    text_trim(&piece, &len);
    if (len == 0) return ERR_OK;
    int found = categories_amenity_match(categories, piece, len);
    const char *space = memchr(piece, ' ', len);
    if (found >= 0) {
        *bits |= UINT64_C(1) << found;
        return ERR_OK;
    }
    if (!space)
        return err_say(why, ERR_INVALID, "\"%.*s\" is no known amenity", (int)(len > 60 ? 60 : len),
                       piece);
    enum err e = ERR_OK;
    for (const char *end = piece + len; piece < end;) {
        const char *next = memchr(piece, ' ', (size_t)(end - piece));
        size_t n = next ? (size_t)(next - piece) : (size_t)(end - piece);
        enum err here = read_piece(categories, piece, n, bits, why);
        if (here) e = here;
        piece += n + 1;
    }
    return e;
}

enum err categories_read_amenities(const struct categories *categories, const char *text,
                                   uint64_t *amenities, struct why *why)
{
    enum err e = ERR_OK;
    while (*text) {
        size_t len = 0;
        while (text[len] && !separator_len(text + len))
            len++;
        enum err here = read_piece(categories, text, len, amenities, why);
        if (here) e = here;
        text += len;
        text += separator_len(text);
    }
    return e;
}

void categories_write_amenities(const struct categories *categories, uint64_t amenities,
                                char text[CATEGORIES_AMENITIES_SIZE])
{
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < categories->amenities.count; i++) {
        if (!(amenities >> i & 1)) continue;
        int n = snprintf(text + len, CATEGORIES_AMENITIES_SIZE - len, "%s%s", len ? " " : "",
                         categories->amenities.items[i].shown.code);
        if (n > 0) len += (size_t)n;
    }
}

/* ---- the file ---- */

static enum err check_words(const struct conf_node *node, const char *what, struct why *why)
{
    if (!node) return ERR_OK;
    if (!conf_text(node) && (!conf_is_list(node) || conf_count(node) == 0))
        return conf_fail(node, why, "%s must be text or a list of texts", what);
    for (size_t i = 0; i < word_count(node); i++)
        if (!word_at(node, i) || !*word_at(node, i))
            return conf_fail(node, why, "%s has an entry that is no text", what);
    return ERR_OK;
}

static enum err check_rules(const struct conf_node *rules, struct why *why)
{
    if (!rules) return ERR_OK;
    if (!conf_is_list(rules)) return conf_fail(rules, why, "osm must be a list of rules");
    for (size_t i = 0; i < conf_count(rules); i++) {
        const struct conf_node *rule = conf_at(rules, i);
        if (!conf_is_map(rule) || conf_count(rule) == 0)
            return conf_fail(rule, why, "a rule needs at least one condition, as in {key: value}");
        for (size_t k = 0; k < conf_count(rule); k++) {
            const char *key = conf_key(rule, k);
            if (!*key || strcmp(key, "!") == 0)
                return conf_fail(conf_at(rule, k), why, "a condition needs the key of a tag");
            enum err e = check_words(conf_at(rule, k), key, why);
            if (e) return e;
        }
    }
    return ERR_OK;
}

static bool code_valid(const char *code)
{
    size_t len = strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return len > 0 && len <= CODE_LEN && !code[len] && code[0] >= 'a' && code[0] <= 'z';
}

static enum err read_texts(const struct conf_node *node, const char *const *keys,
                           struct category *shown, struct why *why)
{
    if (!conf_is_map(node)) return conf_fail(node, why, "an entry needs code, zh and en");
    enum err e = conf_keys(node, keys, why);
    if (!e) e = conf_string(conf_get(node, "code"), &shown->code, why);
    if (!e) e = conf_string(conf_get(node, "zh"), &shown->zh, why);
    if (!e) e = conf_string(conf_get(node, "en"), &shown->en, why);
    if (!e) e = conf_string(conf_get(node, "icon"), &shown->icon, why);
    if (!e) e = conf_bool(conf_get(node, "named"), &shown->named, why);
    if (e) return e;
    if (!code_valid(shown->code))
        return conf_fail(
            node, why, "code must be 1 to %d of a-z, 0-9 and _, and start with a letter", CODE_LEN);
    if (!*shown->zh || !*shown->en)
        return conf_fail(node, why, "%s needs labels, zh and en", shown->code);
    return ERR_OK;
}

static enum err read_colour(const struct conf_node *node, size_t index, const char **colour,
                            struct why *why)
{
    /* Told apart on a light map, and dark enough for a white sign. */
    static const char *const palette[] = {"#2563c9", "#0e8a6a", "#b06a00", "#7a4fc0",
                                          "#c2367a", "#5d6b7a", "#4d7a2c", "#0a86b8"};
    const char *text = conf_text(node);
    *colour = palette[index % (sizeof palette / sizeof *palette)];
    if (!node) return ERR_OK;
    if (!text || text[0] != '#' || strspn(text + 1, "0123456789abcdefABCDEF") != 6 || text[7])
        return conf_fail(node, why, "colour must be \"#rrggbb\", in quotes");
    *colour = text;
    return ERR_OK;
}

/* The first character of the label, an ASCII letter as a capital, unless a sign is given. */
static enum err read_sign(const struct conf_node *node, const char *label,
                          char sign[CATEGORY_SIGN_SIZE], struct why *why)
{
    const char *text = conf_text(node);
    size_t len = text ? strlen(text) : 0, count = text_utf8_count(text, len);
    if (node && (!text || count < 1 || count > 2))
        return conf_fail(node, why, "a sign is one or two characters");
    if (!node) len = text_utf8_len(label, strlen(label));
    memcpy(sign, node ? text : label, len);
    sign[len] = '\0';
    if (!node && sign[0] >= 'a' && sign[0] <= 'z') sign[0] = (char)(sign[0] - 'a' + 'A');
    return ERR_OK;
}

static enum err read_look(const struct conf_node *node, size_t index, struct category *shown,
                          struct why *why)
{
    static const char *const keys[] = {"zh", "en", NULL};
    const struct conf_node *sign = conf_get(node, "sign");
    if (sign && !conf_is_map(sign))
        return conf_fail(sign, why, "sign must be {zh: …, en: …}, one or two characters each");
    enum err e = sign ? conf_keys(sign, keys, why) : ERR_OK;
    if (!e) e = read_colour(conf_get(node, "colour"), index, &shown->colour, why);
    if (!e) e = read_sign(conf_get(sign, "zh"), shown->zh, shown->sign_zh, why);
    if (!e) e = read_sign(conf_get(sign, "en"), shown->en, shown->sign_en, why);
    return e;
}

/* A word that means two things would make a table's rows land anywhere. */
static enum err check_unique(const struct list *list, const struct conf_node *node,
                             const struct entry *entry, struct why *why)
{
    const char *own[] = {entry->shown.code, entry->shown.zh, entry->shown.en};
    for (size_t i = 0; i < 3 + word_count(entry->aliases); i++) {
        const char *word = i < 3 ? own[i] : word_at(entry->aliases, i - 3);
        int other = list_match(list, word, strlen(word));
        if (other >= 0)
            return conf_fail(node, why, "\"%s\" already stands for %s", word,
                             list->items[other].shown.code);
    }
    return ERR_OK;
}

/* Only a category has a `look`. */
static enum err read_entry(const struct conf_node *node, bool look, struct list *list,
                           struct why *why)
{
    static const char *const category_keys[] = {"code",  "zh",  "en",     "aliases", "icon",
                                                "named", "osm", "colour", "sign",    NULL};
    static const char *const amenity_keys[] = {"code", "zh", "en", "aliases", "icon", "osm", NULL};
    struct entry entry = {.shown = {.code = "", .zh = "", .en = "", .icon = "", .colour = ""}};
    enum err e = read_texts(node, look ? category_keys : amenity_keys, &entry.shown, why);
    if (!e && look) e = read_look(node, list->count, &entry.shown, why);
    if (e) return e;
    entry.aliases = conf_get(node, "aliases");
    entry.rules = conf_get(node, "osm");
    if ((e = check_words(entry.aliases, "aliases", why))) return e;
    if ((e = check_rules(entry.rules, why))) return e;
    if ((e = check_unique(list, node, &entry, why))) return e;
    list->items[list->count++] = entry;
    return ERR_OK;
}

static enum err read_list(const struct conf_node *root, const char *key, size_t max, bool look,
                          struct list *list, struct why *why)
{
    const struct conf_node *node = conf_get(root, key);
    if (!node) return ERR_OK;
    if (!conf_is_list(node)) return conf_fail(node, why, "%s must be a list", key);
    if (conf_count(node) > max) {
        (void)conf_fail(node, why, "at most %zu entries are possible, and there are %zu", max,
                        conf_count(node));
        return ERR_LIMIT;
    }
    list->items = calloc(conf_count(node) + 1, sizeof *list->items);
    if (!list->items) return ERR_NOMEM;
    for (size_t i = 0; i < conf_count(node); i++) {
        enum err e = read_entry(conf_at(node, i), look, list, why);
        if (e) return e;
    }
    return ERR_OK;
}

/* Takes `conf`. */
static enum err build(const char *name, struct conf *conf, struct categories **categories,
                      struct why *why)
{
    static const char *const keys[] = {"categories", "amenities", NULL};
    struct categories *made = calloc(1, sizeof *made);
    if (!made) {
        conf_free(conf);
        return ERR_NOMEM;
    }
    made->conf = conf;
    const struct conf_node *root = conf_root(conf);
    enum err e = ERR_OK;
    if (!conf_is_map(root)) e = err_say(why, ERR_FORMAT, "%s: has no list of categories", name);
    if (!e) e = conf_keys(root, keys, why);
    if (!e) e = read_list(root, "categories", PLACESET_CATEGORIES, true, &made->places, why);
    if (!e) e = read_list(root, "amenities", PLACESET_AMENITIES, false, &made->amenities, why);
    if (!e && made->places.count == 0)
        e = err_say(why, ERR_FORMAT, "%s: has no list of categories", name);
    if (e)
        categories_free(made);
    else
        *categories = made;
    return e;
}

enum err categories_load(const char *path, struct categories **categories, struct why *why)
{
    struct stat st;
    struct conf *conf;
    char file[PATH_MAX];
    bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    int n = snprintf(file, sizeof file, "%s%s", path, folder ? "/places.yaml" : "");
    if (n < 0 || (size_t)n >= sizeof file)
        return err_say(why, ERR_LIMIT, "the path %s is too long", path);
    enum err e = conf_load(file, &conf, why);
    return e ? e : build(file, conf, categories, why);
}

enum err categories_parse(const char *name, const char *text, size_t len,
                          struct categories **categories, struct why *why)
{
    struct conf *conf;
    enum err e = conf_parse(name, text, len, &conf, why);
    return e ? e : build(name, conf, categories, why);
}

void categories_free(struct categories *categories)
{
    if (!categories) return;
    free(categories->places.items);
    free(categories->amenities.items);
    conf_free(categories->conf);
    free(categories);
}

size_t categories_count(const struct categories *categories)
{
    return categories->places.count;
}

size_t categories_amenity_count(const struct categories *categories)
{
    return categories->amenities.count;
}

const struct category *categories_at(const struct categories *categories, size_t i)
{
    return &categories->places.items[i].shown;
}

const struct category *categories_amenity_at(const struct categories *categories, size_t i)
{
    return &categories->amenities.items[i].shown;
}

#include "data/kinds_piece.h"

#include "geo/base/text.h"

#include <string.h>

enum { CODE_MAX = 40 };

static enum err keep(const struct kinds_reader *r, const char *text, const char **kept)
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
enum err kinds_piece_text(const struct kinds_reader *r, const struct conf_node *map,
                          const char *key, const char **text)
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

enum err kinds_piece_code(const struct kinds_reader *r, const struct conf_node *map,
                          const char *key, const char **code)
{
    enum err e = kinds_piece_text(r, map, key, code);
    if (e) return e;
    size_t n = strlen(*code);
    if (n > CODE_MAX || strspn(*code, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
        return conf_fail(conf_get(map, key), r->why,
                         "a code has at most %d characters of a-z 0-9 _", CODE_MAX);
    return ERR_OK;
}

enum err kinds_piece_label(const struct kinds_reader *r, const struct conf_node *map,
                           struct kinds_label *label)
{
    enum err e = kinds_piece_text(r, map, "zh", &label->zh);
    return e ? e : kinds_piece_text(r, map, "en", &label->en);
}

/* A list with at least one entry, all of them mappings with no other keys than these. */
enum err kinds_piece_list(const struct kinds_reader *r, const struct conf_node *map,
                          const char *key, const char *const *keys, const struct conf_node **list)
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

enum err kinds_piece_room(const struct kinds_reader *r, size_t count, size_t size, void **list)
{
    void *memory = arena_calloc(r->arena, count, size);
    if (!memory) {
        (void)err_say(r->why, ERR_NOMEM, "no memory for the kinds of cases");
        return ERR_NOMEM;
    }
    *list = memory;
    return ERR_OK;
}

/* "30min", "2h", "7d": minutes that are worked, hours, or days as long as a usual one. */
enum err kinds_piece_span(const struct kinds_reader *r, const struct conf_node *map,
                          const char *key, int64_t *minutes)
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

/* Words of a short list, as bits. */
enum err kinds_piece_words(const struct kinds_reader *r, const struct conf_node *list,
                           const struct kinds_word *words, unsigned *bits)
{
    for (size_t i = 0; i < conf_count(list); i++) {
        const char *text = conf_is_list(list) ? conf_text(conf_at(list, i)) : NULL;
        size_t w = 0;
        while (text && words[w].word && strcmp(words[w].word, text) != 0)
            w++;
        if (!text || !words[w].word)
            return conf_fail(list, r->why, "\"%s\" is not known here", text ? text : "");
        *bits |= words[w].bits;
    }
    return ERR_OK;
}

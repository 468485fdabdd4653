#include "data/kinds_groups.h"

#include <string.h>

enum { MAX_CATEGORIES = 500, MAX_QUESTIONS = 20 };

/* A word of a few; untouched where there is none. */
static enum err read_choice(const struct kinds_reader *r, const struct conf_node *map,
                            const char *key, const char *const *words, int *choice)
{
    const struct conf_node *node = conf_get(map, key);
    const char *text = NULL;
    enum err e = conf_string(node, &text, r->why);
    if (e || !text) return e;
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], text) == 0) {
            *choice = i;
            return ERR_OK;
        }
    return conf_fail(node, r->why, "%s: \"%s\" is not known here", key, text);
}

/* --- questions --- */

static enum err read_values(const struct kinds_reader *r, const struct conf_node *entry,
                            struct kinds_question *question)
{
    static const char *const keys[] = {"code", "zh", "en", NULL};
    const struct conf_node *list;
    void *memory;
    enum err e = kinds_piece_list(r, entry, "values", keys, &list);
    if (!e) e = kinds_piece_room(r, conf_count(list), sizeof(struct kinds_value), &memory);
    if (e) return e;
    struct kinds_value *values = memory;
    question->values = values;
    for (size_t i = 0; i < conf_count(list) && !e; i++) {
        e = kinds_piece_code(r, conf_at(list, i), "code", &values[i].code);
        if (!e) e = kinds_piece_label(r, conf_at(list, i), &values[i].label);
        question->value_count = i + 1;
    }
    return e;
}

static enum err read_question(const struct kinds_reader *r, const struct conf_node *entry,
                              struct kinds_question *question)
{
    const char *names[KINDS_ANSWERS + 1] = {NULL};
    int type = KINDS_STRING;
    for (int i = 0; i < KINDS_ANSWERS; i++)
        names[i] = kinds_answer_name((enum kinds_answer)i);
    enum err e = kinds_piece_code(r, entry, "code", &question->code);
    if (!e) e = kinds_piece_label(r, entry, &question->label);
    if (!e) e = read_choice(r, entry, "type", names, &type);
    if (!e) e = conf_bool(conf_get(entry, "required"), &question->required, r->why);
    question->type = (enum kinds_answer)type;
    bool listed = type == KINDS_SINGLE || type == KINDS_MULTI;
    if (!e && listed) e = read_values(r, entry, question);
    if (!e && !listed && conf_get(entry, "values"))
        e = conf_fail(entry, r->why, "values go with singlevaluelist and multivaluelist alone");
    return e;
}

static enum err read_questions(const struct kinds_reader *r, const struct conf_node *entry,
                               struct kinds_category *category)
{
    static const char *const keys[] = {"code", "zh", "en", "type", "required", "values", NULL};
    const struct conf_node *list;
    void *memory;
    if (!conf_get(entry, "questions")) return ERR_OK;
    enum err e = kinds_piece_list(r, entry, "questions", keys, &list);
    if (!e && conf_count(list) > MAX_QUESTIONS)
        return conf_fail(list, r->why, "more than %d questions", MAX_QUESTIONS);
    if (!e) e = kinds_piece_room(r, conf_count(list), sizeof(struct kinds_question), &memory);
    if (e) return e;
    struct kinds_question *questions = memory;
    category->questions = questions;
    for (size_t i = 0; i < conf_count(list); i++) {
        struct kinds_question made = {0};
        if ((e = read_question(r, conf_at(list, i), &made))) return e;
        if (kinds_question(category, made.code))
            return conf_fail(conf_at(list, i), r->why, "the question \"%s\" is given twice",
                             made.code);
        questions[i] = made;
        category->question_count = i + 1;
    }
    return ERR_OK;
}

/* --- categories --- */

/* Whom to call instead. */
static enum err read_redirect(const struct kinds_reader *r, const struct conf_node *entry,
                              struct kinds_category *category)
{
    static const char *const keys[] = {"phone", "zh", "en", NULL};
    const struct conf_node *node = conf_get(entry, "redirect");
    if (!node) return ERR_OK;
    if (!conf_is_map(node)) return conf_fail(node, r->why, "redirect must be a mapping");
    enum err e = conf_keys(node, keys, r->why);
    if (!e) e = kinds_piece_text(r, node, "phone", &category->phone);
    return e ? e : kinds_piece_label(r, node, &category->redirect);
}

static enum err read_category(const struct kinds_reader *r, const struct conf_node *entry,
                              struct kinds_category *category)
{
    static const char *const closures[] = {"none", "shut", "slow", NULL};
    int closure = KINDS_NO_CLOSURE;
    category->unit = "";
    enum err e = kinds_piece_code(r, entry, "code", &category->code);
    if (!e) e = kinds_piece_label(r, entry, &category->label);
    if (!e) e = kinds_piece_span(r, entry, "deadline", &category->deadline_min);
    if (!e) e = read_redirect(r, entry, category);
    if (!e)
        e = conf_int(conf_get(entry, "radius"), 0, KINDS_RADIUS_MAX_M, &category->radius_m, r->why);
    if (!e && conf_get(entry, "unit")) e = kinds_piece_text(r, entry, "unit", &category->unit);
    if (!e) e = read_choice(r, entry, "closure", closures, &closure);
    category->closure = (enum kinds_closure)closure;
    return e ? e : read_questions(r, entry, category);
}

static enum err read_group(const struct kinds_reader *r, const struct conf_node *entry,
                           size_t group, struct kinds_category *categories)
{
    static const char *const keys[] = {"code",   "zh",   "en",      "deadline",  "redirect",
                                       "radius", "unit", "closure", "questions", NULL};
    const struct conf_node *list;
    enum err e = kinds_piece_list(r, entry, "categories", keys, &list);
    for (size_t i = 0; !e && i < conf_count(list); i++) {
        struct kinds_category made = {.group = group, .deadline_min = r->kind->deadline_min};
        const struct conf_node *node = conf_at(list, i);
        if (r->kind->category_count == MAX_CATEGORIES)
            return conf_fail(node, r->why, "more than %d categories", MAX_CATEGORIES);
        made.radius_m = r->radius_m;
        if ((e = read_category(r, node, &made))) break;
        if (kinds_category(r->kind, made.code))
            return conf_fail(node, r->why, "the category \"%s\" is given twice", made.code);
        categories[r->kind->category_count++] = made;
    }
    return e;
}

enum err kinds_groups_read(const struct kinds_reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"code", "zh", "en", "categories", NULL};
    const struct conf_node *list;
    void *groups_memory, *categories_memory;
    enum err e = kinds_piece_list(r, root, "groups", keys, &list);
    if (!e) e = kinds_piece_room(r, conf_count(list), sizeof(struct kinds_group), &groups_memory);
    if (!e)
        e = kinds_piece_room(r, MAX_CATEGORIES, sizeof(struct kinds_category), &categories_memory);
    if (e) return e;
    struct kinds_group *groups = groups_memory;
    r->kind->groups = groups;
    r->kind->categories = categories_memory;
    for (size_t i = 0; i < conf_count(list) && !e; i++) {
        const struct conf_node *entry = conf_at(list, i);
        e = kinds_piece_code(r, entry, "code", &groups[i].code);
        if (!e) e = kinds_piece_label(r, entry, &groups[i].label);
        if (!e) e = read_group(r, entry, i, categories_memory);
        r->kind->group_count = i + 1;
    }
    return e;
}

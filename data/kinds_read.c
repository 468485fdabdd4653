#include "data/kinds_read.h"

#include "data/kinds_flow.h"
#include "data/kinds_groups.h"
#include "data/kinds_piece.h"

#include <string.h>

/* --- deadlines --- */

/* Hours that nobody ever works would make deadlines that never come, and those that hang on the sun
 * deadlines that nobody can tell. */
static enum err read_work(const struct kinds_reader *r, const struct conf_node *root)
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

static enum err read_deadlines(const struct kinds_reader *r, const struct conf_node *root)
{
    enum err e = read_work(r, root);
    if (!e) e = kinds_piece_span(r, root, "deadline", &r->kind->deadline_min);
    if (!e) e = kinds_piece_span(r, root, "near", &r->kind->near_min);
    if (!e) e = kinds_piece_span(r, root, "respond", &r->kind->respond_min);
    return e;
}

/* --- the kind --- */

/* What a new case owes. */
static enum err read_owed(const struct kinds_reader *r, const struct conf_node *root)
{
    enum { PHOTO = 1, POSITION = 2 };
    static const struct kinds_word words[] = {{"photo", PHOTO}, {"position", POSITION}, {NULL, 0}};
    unsigned owed = 0;
    enum err e = kinds_piece_words(r, conf_get(root, "needs"), words, &owed);
    r->kind->photo = owed & PHOTO;
    r->kind->position = owed & POSITION;
    r->kind->anonymous = true;
    return e ? e : conf_bool(conf_get(root, "anonymous"), &r->kind->anonymous, r->why);
}

/* What everybody may see of such cases, and add to them. */
static enum err read_open(const struct kinds_reader *r, const struct conf_node *root)
{
    static const char *const words[] = {"none", "taken_up", "at_once"};
    const struct conf_node *node = conf_get(root, "public");
    const char *word = NULL;
    int found = 0;
    enum err e = conf_string(node, &word, r->why);
    if (!e) e = conf_bool(conf_get(root, "support"), &r->kind->support, r->why);
    if (!e) e = conf_bool(conf_get(root, "comments"), &r->kind->comments, r->why);
    if (e) return e;
    while (word && found < 3 && strcmp(words[found], word) != 0)
        found++;
    if (found == 3) return conf_fail(node, r->why, "public must be none, taken_up or at_once");
    r->kind->public = (enum kinds_public)found;
    if (found && r->kind->is_private)
        return conf_fail(node, r->why, "what is private cannot be public");
    if (!found && (r->kind->support || r->kind->comments))
        return conf_fail(root, r->why,
                         "support and comments are of others, who must find a case: say public");
    return ERR_OK;
}

/* How long what is closed is kept, in days. */
static enum err read_retention(const struct kinds_reader *r, const struct conf_node *root)
{
    enum { DAYS_MAX = 36500 };
    static const char *const keys[] = {"closed", "photos", NULL};
    const struct conf_node *node = conf_get(root, "retention");
    if (!node) return ERR_OK;
    if (!conf_is_map(node)) return conf_fail(node, r->why, "retention must be a mapping");
    enum err e = conf_keys(node, keys, r->why);
    if (!e) e = conf_int(conf_get(node, "closed"), 1, DAYS_MAX, &r->kind->keep_days, r->why);
    if (!e) e = conf_int(conf_get(node, "photos"), 1, DAYS_MAX, &r->kind->keep_photo_days, r->why);
    return e;
}

enum err kinds_read(const struct conf_node *root, struct arena *arena, struct kinds_kind *kind,
                    struct why *why)
{
    static const char *const keys[] = {"kind",     "label",   "private",   "anonymous", "needs",
                                       "public",   "support", "answer",    "comments",  "work",
                                       "deadline", "near",    "respond",   "radius",    "states",
                                       "moves",    "groups",  "retention", NULL};
    static const char *const label_keys[] = {"zh", "en", NULL};
    struct kinds_reader reader = {.arena = arena, .kind = kind, .why = why}, *r = &reader;
    const struct conf_node *label = conf_get(root, "label");
    enum err e = conf_keys(root, keys, why);
    if (!e) e = kinds_piece_code(r, root, "kind", &kind->code);
    if (!e && !conf_is_map(label)) e = conf_fail(root, why, "label is missing");
    if (!e) e = conf_keys(label, label_keys, why);
    if (!e) e = kinds_piece_label(r, label, &kind->label);
    if (!e) e = conf_bool(conf_get(root, "private"), &kind->is_private, why);
    if (!e) e = read_owed(r, root);
    if (!e) e = read_open(r, root);
    /* Before the hours of work are read, so that it counts night and day. */
    if (!e) e = kinds_piece_span(r, root, "answer", &r->kind->answer_min);
    if (!e) e = read_deadlines(r, root);
    if (!e) e = conf_int(conf_get(root, "radius"), 0, KINDS_RADIUS_MAX_M, &reader.radius_m, why);
    if (!e) e = read_retention(r, root);
    if (!e) e = kinds_flow_read(r, root);
    return e ? e : kinds_groups_read(r, root);
}

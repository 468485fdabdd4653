/* Texts that staff send again and again, kept by leads: for a kind of case, and where it is said
 * for a state that it is moved to and an area. */
#ifndef YZ_DATA_TEMPLATES_H
#define YZ_DATA_TEMPLATES_H

#include "data/db.h"
#include "geo/base/arena.h"

enum {
    TEMPLATES_OF_AREA = 200, /* of one kind in one area */
    TEMPLATES_NAME_MAX = 80, /* characters */
    TEMPLATES_TEXT_MAX = 1000,
    TEMPLATES_LISTED = 1000
};

/* What stands in braces for what the case says: the client puts it in. */
#define TEMPLATES_PLACEHOLDERS(X) X(id) X(category) X(state) X(area) X(address)

struct templates_template {
    int64_t id;
    const char *kind, *state; /* "": for every state */
    int64_t area_id;          /* 0: everywhere */
    const char *name, *text;
    int64_t version;
};

/* Whether each brace belongs to a placeholder: ERR_INVALID with a sentence. */
enum err templates_check(const char *text, struct why *why);

/* Adds one; `id` and `version` do not matter. ERR_LIMIT above TEMPLATES_OF_AREA, ERR_CONFLICT when
 * there is one of that name, kind, state and area. These three open their own transaction. */
enum err templates_add(struct db *db, const struct templates_template *fresh, int64_t now_ms,
                       int64_t *id, struct why *why);

/* Puts all but `id` in place of what was there at `version`. ERR_NOTFOUND, ERR_CONFLICT. */
enum err templates_put(struct db *db, const struct templates_template *one, int64_t now_ms,
                       struct why *why);

/* ERR_NOTFOUND, ERR_CONFLICT. */
enum err templates_delete(struct db *db, int64_t id, int64_t version, struct why *why);

/* One of them, in the arena. ERR_NOTFOUND. */
enum err templates_get(struct db *db, int64_t id, struct arena *arena,
                       struct templates_template *found);

/* Those of a kind (NULL: of all) that are for the state (NULL: for any), and that `shows` says true
 * of; by kind and name, at most TEMPLATES_LISTED. */
enum err templates_list(struct db *db, const char *kind, const char *state,
                        bool (*shows)(void *user, const struct templates_template *one), void *user,
                        struct arena *arena, const struct templates_template **list, size_t *count);

#endif

/* Views of the queue of cases that staff keep: a name, and what they ask for. */
#ifndef YZ_DATA_VIEWS_H
#define YZ_DATA_VIEWS_H

#include "data/db.h"
#include "geo/base/arena.h"

enum {
    VIEWS_OF_PERSON = 100,
    VIEWS_NAME_MAX = 80,    /* characters */
    VIEWS_QUERY_MAX = 2000, /* bytes of JSON */
    VIEWS_LISTED = 1000
};

struct views_view {
    int64_t id, person; /* whose */
    const char *name, *kind;
    const char *query; /* a JSON object of texts, as whoever saved it checked it */
    bool shared;       /* with those who work in an area */
    int64_t area_id;   /* 0: everywhere */
    int64_t version;
};

/* Adds one; `id` and `version` do not matter. ERR_LIMIT above VIEWS_OF_PERSON, ERR_CONFLICT when
 * the person has one of that name, each with a sentence. These three open their own transaction. */
enum err views_add(struct db *db, const struct views_view *fresh, int64_t now_ms, int64_t *id,
                   struct why *why);

/* Puts all but `id` and `person` in place of what was there at `version`. ERR_NOTFOUND,
 * ERR_CONFLICT when the version or the owner is another or the name taken. */
enum err views_put(struct db *db, const struct views_view *view, int64_t now_ms, struct why *why);

/* ERR_NOTFOUND, ERR_CONFLICT. */
enum err views_delete(struct db *db, int64_t id, int64_t version, struct why *why);

/* One of them, in the arena. ERR_NOTFOUND. */
enum err views_get(struct db *db, int64_t id, struct arena *arena, struct views_view *view);

/* The person's own, by name, and then what others share and `shows` says true of; at most
 * VIEWS_LISTED. */
enum err views_list(struct db *db, int64_t person,
                    bool (*shows)(void *user, const struct views_view *view), void *user,
                    struct arena *arena, const struct views_view **views, size_t *count);

#endif

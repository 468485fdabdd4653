/* People as those see them who keep accounts and rights: page by page, and only as far as they
 * reach. */
#ifndef YZ_DATA_PEOPLE_PAGE_H
#define YZ_DATA_PEOPLE_PAGE_H

#include "data/people_reach.h"

struct people_filter {
    const char *text;      /* in the name or the login; NULL: any */
    const char *ids;       /* whole numbers with commas between them; NULL: any */
    const char *role;      /* name; NULL: any */
    int64_t area_id;       /* a grant there or below; 0: anywhere */
    bool by_state, is_off; /* whether they are disabled */
    int64_t after, limit;  /* with greater ids; at most so many */
};
enum { PEOPLE_PAGE_MAX = 200 };

/* Text and grants are in the arena. */
struct people_told {
    int64_t id, made_ms;
    const char *login, *name;
    bool disabled, has_password, has_second_factor;
    const struct people_held *held; /* those within reach, or all one's own */
    size_t held_count;
    bool elsewhere; /* there are others */
    bool reached;   /* all of the account may be changed */
};

/* Those of whom a grant lies within the reach of `by`, and oneself; all of them for who reaches
 * everybody. By id. ERR_DENIED. */
enum err people_page(struct db *db, const struct people_by *by, const struct people_filter *filter,
                     struct arena *arena, const struct people_told **list, size_t *count,
                     bool *more);

/* One of them. ERR_NOTFOUND. */
enum err people_page_one(struct db *db, const struct people_by *by, int64_t person,
                         struct arena *arena, struct people_told *told);

/* Somebody who works on cases of a kind somewhere, and in which roles: bits 1 << enum people_role.
 */
struct people_worker {
    int64_t id;
    const char *name; /* else the login */
    unsigned roles;
};
enum { PEOPLE_WORKERS_MAX = 500 };

/* Everybody who is not disabled and for some grant of whom `roles` tells any; by name. */
enum err people_page_workers(struct db *db,
                             unsigned (*roles)(void *user, const struct people_grant *grant),
                             void *user, struct arena *arena, const struct people_worker **list,
                             size_t *count, bool *more);

#endif

/* The catalogue of rewards: what points can be given for, how many of it there are, and until when.
 *
 * What is left of one is never below zero: the database itself refuses more to be taken than there
 * are. One that is ended can be redeemed no more; codes that are out stay good. */
#ifndef YZ_DATA_REWARDS_H
#define YZ_DATA_REWARDS_H

#include "data/answers.h"
#include "data/points_rules.h"

enum {
    REWARDS_NAME_MAX = 60,
    REWARDS_DESCRIPTION_MAX = 2000,
    REWARDS_CODE_DAYS_MAX = 365,
    REWARDS_SUPPLY_MAX = 1000000
};

struct rewards_reward {
    int64_t id, version;
    const char *name, *name_en, *description;
    const char *kind; /* of points */
    int64_t cost;
    int64_t supply, taken;  /* what is left is the difference */
    int64_t from_ms, to_ms; /* 0: without end */
    int64_t code_days;
    int64_t per_person; /* 0: as many as they like */
    int64_t area_id;    /* 0: everybody's */
    int64_t ended_ms;   /* 0: it was not */
    int64_t created_ms, updated_ms;
};

/* ERR_NOTFOUND. Texts are in the arena. */
enum err rewards_find(struct db *db, int64_t id, struct arena *arena, struct rewards_reward *found);

/* Newest first, behind the id `before` (0: from the newest). */
struct rewards_filter {
    bool only_open; /* that can be redeemed at `now_ms` */
    const char *kind;
    int64_t now_ms, before;
    size_t limit;
};
enum err rewards_list(struct db *db, const struct rewards_filter *filter, struct arena *arena,
                      const struct rewards_reward **list, size_t *count, bool *more);

/* Each opens its own transaction; what is stored by then is in `*reward`. ERR_INVALID names the
 * field; ERR_CONFLICT: another was faster, it was ended, or fewer than are taken; ERR_NOTFOUND. */
enum err rewards_create(struct db *db, const struct points_rules *rules, int64_t by,
                        const struct answers_reply *reply, int64_t now_ms, struct arena *arena,
                        struct rewards_reward *reward, struct idempotency_answer *answer,
                        struct why *why);
enum err rewards_change(struct db *db, const struct points_rules *rules, int64_t now_ms,
                        struct arena *arena, struct rewards_reward *reward, struct why *why);
enum err rewards_end(struct db *db, int64_t id, int64_t version, int64_t now_ms, struct why *why);

#endif

/* News: what happened to cases and to people's rights, in the order of the outbox and with its
 * numbers. An item says how a case was after that change, not how it is now; none has private text.
 */
#ifndef YZ_DATA_NEWS_H
#define YZ_DATA_NEWS_H

#include "data/db.h"
#include "data/secrets.h"

/* Longest codes of kinds, categories, states and verbs, with the NUL; longer ones are cut. */
enum { NEWS_CODE_SIZE = 48 };

struct news_item {
    int64_t number, at_ms; /* of the outbox; UTC */
    int64_t person;        /* whose rights or sessions changed, and nothing else is set; else 0 */
    int64_t case_id, version;
    int64_t area_id;     /* 0: none */
    int64_t was_area_id; /* that this change moved it out of; 0: it did not */
    int64_t reporter;    /* 0: anonymous */
    char report[SECRETS_ID_SIZE];
    char kind[NEWS_CODE_SIZE], category[NEWS_CODE_SIZE], state[NEWS_CODE_SIZE];
    char verb[NEWS_CODE_SIZE]; /* what was done: one of data/news_verbs.h */
    bool by_staff;             /* who wrote, of "written"; of all others false */
};

/* What is asked for: numbers above `after` and up to `upto`. */
struct news_query {
    int64_t after, upto;
    int64_t case_id;  /* only of this case; 0: of any */
    int64_t reporter; /* only of cases that this person sent; 0: of anybody's */
    bool people;      /* news of people too */
};

/* At most `max` items, by number, into `items`. Fewer than `max`: there are no more. */
enum err news_read(struct db *db, const struct news_query *query, struct news_item *items,
                   size_t max, size_t *count);

/* The number behind which at most `keep` items of cases come, and none is missing. */
enum err news_floor(struct db *db, size_t keep, int64_t *after);

/* The number of the oldest row that the outbox still has, less one: who has seen less than this has
 * missed something for good. */
enum err news_oldest(struct db *db, int64_t *before);

#endif

/* Offers of partner merchants: what there is at a place, of which kind, on which terms, from when
 * to when; and for members only, where a card is checked (data/offers_use.h). */
#ifndef YZ_DATA_OFFERS_H
#define YZ_DATA_OFFERS_H

#include "data/answers.h"
#include "data/offers_kinds.h"
#include "data/pictures.h"

enum {
    OFFERS_TITLE_MAX = 60, /* characters */
    OFFERS_TERMS_MAX = 2000,
    OFFERS_PER_DAY_MAX = 1000,
    OFFERS_PICTURES_MAX = 5
};

struct offers_offer {
    int64_t id, version;
    int64_t place_id, area_id; /* the area in which the place lies; 0: none */
    const char *kind;
    const char *title, *title_en, *terms;
    bool members_only;
    int64_t per_day;        /* for one person; 0: as often as they like */
    int64_t from_ms, to_ms; /* 0: without end */
    int64_t ended_ms;       /* 0: it was not */
    int64_t created_ms, updated_ms;
    const struct pictures_picture *pictures; /* of a list: see offers_pictures */
    size_t picture_count;
};

/* Whether it can be had. */
bool offers_is_open(const struct offers_offer *offer, int64_t now_ms);

/* ERR_NOTFOUND. Texts and pictures are in the arena. */
enum err offers_find(struct db *db, int64_t id, struct arena *arena, struct offers_offer *found);
/* Finds the pictures that an offer of a list shows. */
enum err offers_pictures(struct db *db, struct arena *arena, struct offers_offer *offer);

/* Newest first, behind the id `before` (0: from the newest). */
struct offers_filter {
    bool only_open; /* that can be had at `now_ms` */
    const char *kind;
    int64_t area_id; /* and all below it; 0: all */
    int64_t place_id;
    int64_t now_ms, before;
    size_t limit;
};
enum err offers_list(struct db *db, const struct offers_filter *filter, struct arena *arena,
                     const struct offers_offer **list, size_t *count, bool *more);

/* How often it was taken: ever, and on this day. */
enum err offers_count(struct db *db, int64_t id, int64_t day, int64_t *ever, int64_t *today);

/* What is written: an offer and the pictures that it shows, by public id. */
struct offers_put {
    const struct offers_kinds *kinds;
    const char *const *pictures;
    size_t picture_count;
    int64_t by, now_ms;
};

/* Each opens its own transaction; what is stored by then is in `*offer`. ERR_INVALID names the
 * field; ERR_CONFLICT: another was faster, or it was ended; ERR_NOTFOUND. A picture must be there,
 * and shown by nothing else: `pictures/N` is named. */
enum err offers_create(struct db *db, const struct offers_put *put,
                       const struct answers_reply *reply, struct arena *arena,
                       struct offers_offer *offer, struct idempotency_answer *answer,
                       struct why *why);
enum err offers_change(struct db *db, const struct offers_put *put, struct arena *arena,
                       struct offers_offer *offer, struct why *why);
enum err offers_end(struct db *db, int64_t id, int64_t version, int64_t now_ms, struct why *why);

#endif

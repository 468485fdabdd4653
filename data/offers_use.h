/* Taking an offer: a partner checks the card of a member, and counts. */
#ifndef YZ_DATA_OFFERS_USE_H
#define YZ_DATA_OFFERS_USE_H

#include "data/member_card.h"
#include "data/offers.h"

struct offers_use {
    int64_t offer;
    struct member_card_check card;
    int64_t day; /* since 1970, by the local clock */
};

/* Counts it for whose card it is, in one transaction with the check. `*times`: how often they took
 * it this day, with this time. As member_card_find, with why it failed in a sentence; ERR_CONFLICT
 * also where the offer is not open, or they took it as often as one may a day. */
struct offers_used {
    struct memberships_membership member;
    struct branches_branch branch; /* of which that is */
    struct branches_form form;     /* that was filled in */
    int64_t times;
};
enum err offers_use_take(struct db *db, const struct offers_use *use,
                         const struct answers_reply *reply, struct arena *arena,
                         struct offers_used *used, struct idempotency_answer *answer,
                         struct why *why);

/* Forgets who took what before this day; in a transaction of its own, which is not begun where
 * there is nothing. `*count`: how many. */
enum err offers_use_forget(struct db *db, int64_t day, int64_t *count);

/* What somebody took this day: the offers, newest first, with repeats; at most `room`. */
struct offers_taken {
    int64_t offer;
    const char *title; /* in the arena */
    int64_t day;
};
enum err offers_use_mine(struct db *db, int64_t person, struct arena *arena,
                         struct offers_taken *taken, size_t room, size_t *count);

#endif

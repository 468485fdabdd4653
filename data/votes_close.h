/* The end of a vote: it is counted, what comes out is written down once, and ballots are shuffled.
 */
#ifndef YZ_DATA_VOTES_CLOSE_H
#define YZ_DATA_VOTES_CLOSE_H

#include "data/votes.h"

/* Votes that are open and whose time is over, by their numbers behind `after`; at most `room`. */
enum err votes_close_due(struct db *db, int64_t now_ms, int64_t after, int64_t *ids, size_t room,
                         size_t *count);

/* Counts and closes one, in its own transaction. Sealed ballots are opened and written anew in an
 * order that tells nothing. `key` is secret.key. ERR_OK where it is closed already or not due;
 * ERR_CHECKSUM where a ballot does not open: the key is not the one that it was sealed with, and
 * the vote stays open, so that it can be put back. Failures have a sentence. */
enum err votes_close(struct db *db, int64_t id, const unsigned char *key, int64_t now_ms,
                     struct arena *arena, struct why *why);

/* What comes out of `ballots` ballots that were counted as `counts` says. */
enum votes_outcome votes_close_outcome(const struct votes_vote *vote, int64_t ballots,
                                       int64_t *const *counts);

#endif

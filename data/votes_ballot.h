/* Ballots: what somebody answers, as bytes of one length for each vote, and how they are cast.
 *
 * Of an open vote the answers stand beside who gave them. Of a secret one they are sealed under a
 * key that is not in the database, and stand under a random key, beside nobody: no row says when,
 * in which order, or by whom. That somebody has voted is with who may vote, and says nothing else.
 */
#ifndef YZ_DATA_VOTES_BALLOT_H
#define YZ_DATA_VOTES_BALLOT_H

#include "data/secrets.h"
#include "data/votes.h"

/* An answer to one question, as it came. Which member is meant depends on the question's type; none
 * of them given: no answer. Options count from 1. */
struct votes_answer {
    int64_t choice; /* 0: not given */
    int64_t value;  /* of a scale; 0: not given */
    const int64_t *choices, *weights;
    size_t choice_count, weight_count;
};

/* How many bytes a ballot of this vote has: at most VOTES_BALLOT_MAX. */
enum { VOTES_BALLOT_MAX = VOTES_QUESTIONS_MAX * VOTES_OPTIONS_MAX };
size_t votes_ballot_size(const struct votes_vote *vote);

/* Writes `count` answers, one a question. ERR_INVALID names the answer ("answers/2/weights"). */
enum err votes_ballot_write(const struct votes_vote *vote, const struct votes_answer *answers,
                            size_t count, unsigned char *bytes, struct why *why);

/* The answers of a ballot of the right size; lists are in the arena. */
enum err votes_ballot_read(const struct votes_vote *vote, const unsigned char *bytes,
                           struct arena *arena, struct votes_answer *answers);

/* Adds a ballot to what is counted (votes_counts). */
void votes_ballot_count(const struct votes_vote *vote, const unsigned char *bytes,
                        int64_t *const *counts);

/* What seals the ballots of a vote: it follows from secret.key and the vote. */
void votes_ballot_key(const unsigned char *key, int64_t vote, unsigned char *of);

struct votes_casting {
    int64_t vote, person;
    const char *once;         /* the request's own key; NULL: none */
    const unsigned char *key; /* SECRETS_KEY_BYTES; secret.key */
    const struct votes_answer *answers;
    size_t answer_count;
    int64_t now_ms;
};

/* In its own transaction. Sent again under the same `once` it is fine, whatever it then says: the
 * first counts, and nothing is kept by which the two could be compared. With a sentence:
 * ERR_INVALID names the answer; ERR_NOTFOUND; ERR_DENIED: they may not vote here; ERR_CONFLICT:
 * they have voted, or it is not the time. */
enum err votes_ballot_cast(struct db *db, const struct votes_casting *casting, struct arena *arena,
                           struct why *why);

#endif

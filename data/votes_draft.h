/* Drafts of votes: written, changed, opened, taken away; and an open vote that is cancelled. */
#ifndef YZ_DATA_VOTES_DRAFT_H
#define YZ_DATA_VOTES_DRAFT_H

#include "data/answers.h"
#include "data/votes.h"

/* What is written: a vote, of which id, state and what follows from it are not looked at, and whom
 * to ask where the electorate is a list. */
struct votes_draft {
    struct votes_vote vote; /* of a branch, in the area in which its writer saw that */
    const int64_t *people;
    size_t people_count;
    int64_t asker; /* who lists them, held to votes_people.h; 0: nobody is */
};

/* Each opens its own transaction; failures have a sentence. ERR_INVALID names the field
 * ("people/3", "questions/0/options"); ERR_NOTFOUND; ERR_CONFLICT: another was faster, or it is no
 * draft. What is stored by then is in `*made`. */
enum err votes_draft_create(struct db *db, const struct votes_draft *draft, int64_t by,
                            const struct answers_reply *reply, int64_t now_ms, struct arena *arena,
                            struct votes_vote *made, struct idempotency_answer *answer,
                            struct why *why);
enum err votes_draft_change(struct db *db, const struct votes_draft *draft, int64_t now_ms,
                            struct arena *arena, struct votes_vote *made, struct why *why);

/* Who does what to the version that they saw. */
struct votes_act {
    int64_t id, version, by, now_ms;
    const char *reason; /* of cancelling: owed where the vote is open */
    const char *route;
};

/* Writes down who may vote, and opens it: from then on nothing of it changes. ERR_CONFLICT where
 * there is nobody, too few for a secret vote, no time left, the plan does not fit the question, the
 * branch has ended or moved to another area since it was drafted, or somebody is listed whom who
 * opens it may not ask. */
enum err votes_draft_open(struct db *db, const struct votes_act *act, struct arena *arena,
                          struct votes_vote *made, struct why *why);

/* Takes a draft away (`*gone`); cancels a vote that is open: nothing is counted, and what was voted
 * is erased. */
enum err votes_draft_remove(struct db *db, const struct votes_act *act, struct arena *arena,
                            bool *gone, struct why *why);

#endif

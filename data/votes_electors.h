/* Who may vote: whether they have, being told, and what is left of them when their account goes. */
#ifndef YZ_DATA_VOTES_ELECTORS_H
#define YZ_DATA_VOTES_ELECTORS_H

#include "data/votes_ballot.h"

struct votes_elector {
    int64_t id;
    int64_t person;           /* 0: forgotten */
    const char *name, *login; /* "" then; a name may be "" anyway */
    bool voted;
    const unsigned char *ballot; /* of an open vote, votes_ballot_size bytes; NULL: none */
};

/* By the order in which they were written down, behind the id `after`. `voted` NULL: all. Texts and
 * ballots are in the arena. */
struct votes_electors_filter {
    const bool *voted;
    int64_t after;
    size_t limit;
};
enum err votes_electors_list(struct db *db, const struct votes_vote *vote,
                             const struct votes_electors_filter *filter, struct arena *arena,
                             const struct votes_elector **list, size_t *count, bool *more);

/* Somebody's place among the electors of a vote. ERR_NOTFOUND. */
enum err votes_electors_find(struct db *db, const struct votes_vote *vote, int64_t person,
                             struct arena *arena, struct votes_elector *found);

/* How many have voted. */
enum err votes_electors_voted(struct db *db, int64_t vote, int64_t *count);

/* Has those told who have not voted, by `votes_electors_tell`; asked again within VOTES_REMIND_H
 * hours it does nothing. `*reminded_ms`: when that was. In its own transaction; ERR_NOTFOUND,
 * ERR_CONFLICT with a sentence: it is not open. */
enum { VOTES_REMIND_H = 12 };
enum err votes_electors_remind(struct db *db, int64_t vote, int64_t now_ms, struct arena *arena,
                               int64_t *reminded_ms, struct why *why);

/* Puts into inboxes what electors of one vote have not been told yet: that it opened, that they
 * have not voted, that it has a result. At most `max` of them, in its own transaction; `*count`: so
 * many, 0: nobody is left. */
enum err votes_electors_tell(struct db *db, int64_t now_ms, size_t max, struct arena *arena,
                             size_t *count);

/* Inside db_write, when an account is emptied, which says so already: nobody is behind the place
 * among the electors any more, nor behind a row of a plan. Ballots are counted as they are; those
 * of secret votes could not be found. */
enum err votes_electors_forget(struct db *db, int64_t person);

#endif

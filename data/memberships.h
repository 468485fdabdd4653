/* Memberships of branches: who asked to belong to one, what they consented to, and how it went on.
 * What they answered is sealed, and erased when it ends (membership_answers.h). */
#ifndef YZ_DATA_MEMBERSHIPS_H
#define YZ_DATA_MEMBERSHIPS_H

#include "data/branches.h"

/* The first two go on; the others have ended. */
#define MEMBERSHIPS_STATES(X)                                                                      \
    X(waiting) X(member) X(refused) X(withdrawn) X(left) X(moved) X(removed)
enum memberships_state {
#define MEMBERSHIPS_STATE(name) MEMBERSHIPS_##name,
    MEMBERSHIPS_STATES(MEMBERSHIPS_STATE)
#undef MEMBERSHIPS_STATE
        MEMBERSHIPS_STATE_COUNT
};
const char *memberships_state_name(enum memberships_state state);

struct memberships_membership {
    int64_t id, branch, version;
    char public_id[SECRETS_ID_SIZE];
    int64_t person; /* 0: forgotten */
    enum memberships_state state;
    bool alone;   /* beside no other that is */
    bool moves;   /* leaves the other when this one approves */
    int64_t form; /* the version that was consented to */
    int64_t consented_ms;
    const void *sealed; /* answers; NULL: erased */
    size_t sealed_len;
    int64_t card;                         /* the number of the card; of members alone */
    const char *reason;                   /* of refusing or removing; or "" */
    int64_t judged_by;                    /* who did so; 0: nobody yet */
    int64_t made_ms, judged_ms, ended_ms; /* 0: not yet */
    const char *login;                    /* of the person; or "" */
    const char *name;                     /* what their account is called */
};

/* By its public id. ERR_NOTFOUND. Texts and answers are in the arena, for these all. */
enum err memberships_find(struct db *db, const char *public_id, struct arena *arena,
                          struct memberships_membership *found);
/* By the number of a card. ERR_NOTFOUND. */
enum err memberships_find_card(struct db *db, int64_t card, struct arena *arena,
                               struct memberships_membership *found);
/* That beside which no other may be. ERR_NOTFOUND. */
enum err memberships_find_alone(struct db *db, int64_t person, struct arena *arena,
                                struct memberships_membership *found);

/* Newest first, behind the id `before` (0: from the newest). */
struct memberships_filter {
    int64_t branch, person; /* 0: of any */
    const char *state;      /* NULL: of any */
    /* Which of them; NULL: all. Its sealed bytes and texts live until it returns. */
    bool (*wanted)(void *user, const struct memberships_membership *m);
    void *user;
    int64_t before;
    size_t limit;
};
enum err memberships_list(struct db *db, const struct memberships_filter *filter,
                          struct arena *arena, const struct memberships_membership **list,
                          size_t *count, bool *more);

/* How many of a branch are in a state. */
enum err memberships_count(struct db *db, int64_t branch, enum memberships_state state,
                           int64_t *count);

/* Inside db_write: how one goes on, whoever sees to it: its state, and when it was judged and
 * ended; what a state forbids (card, answers) goes. With its row in the outbox. ERR_CONFLICT where
 * the database refuses. */
struct memberships_step {
    enum memberships_state state;
    int64_t card;       /* of a member */
    int64_t by;         /* who judged; 0: nobody */
    const char *reason; /* or NULL */
    int64_t now_ms;
};
enum err memberships_go_on(struct db *db, const struct memberships_membership *m,
                           const struct memberships_step *step);

/* Inside db_write: ends all of somebody's, whose account goes. */
enum err memberships_forget(struct db *db, int64_t person, int64_t now_ms);

#endif

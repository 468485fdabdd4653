/* Messages on their way by WeChat: kept in the database, so that nothing is lost with the process,
 * and tried until they are taken, at most DELIVERIES_TRIES times; then they are dead until somebody
 * asks for them again. A message may come twice, where the server stops between two. */
#ifndef YZ_DATA_INBOX_SEND_H
#define YZ_DATA_INBOX_SEND_H

#include "data/deliveries.h"
#include "data/inbox.h"
#include "data/wechat_people.h"

/* One that is due. Text is in the arena. */
struct inbox_send {
    int64_t id, person;
    int tries;
    bool english;         /* its reader's language */
    const char *withheld; /* why it is not to be sent any more; NULL: it is */
    struct inbox_item item;
    char openid[WECHAT_PEOPLE_OPENID_SIZE]; /* "": it is withheld */
};
/* Earliest first, at most `max`; what a newer program wrote is left, and takes nobody's place.
 * Withheld is what was read meanwhile, or is of somebody who is disabled, not bound any more, wants
 * nothing of its group by WeChat any more, or whose openid cannot be opened with this key. */
enum err inbox_send_due(struct db *db, const unsigned char *key, int64_t now_ms,
                        struct arena *arena, struct inbox_send *due, size_t max, size_t *count);

/* How a try went. */
struct inbox_send_outcome {
    int64_t id, person;
    enum inbox_group group;
    enum deliveries_state state;
    bool tried;   /* else it does not count */
    bool refused; /* they want no more of this group */
    int64_t sent_ms;
    int64_t code; /* that the service answered */
    const char *error;
    int64_t next_ms; /* where it waits */
};
/* Of one that still waits, otherwise nothing is done; in its own transaction. A refusal holds where
 * they did not say anew, since it was sent, what they want. */
enum err inbox_send_settle(struct db *db, const struct inbox_send_outcome *outcome, int64_t now_ms);

/* For who runs the server: what was sent and what was not, newest first, behind the id `before`,
 * without a word of whom to. `state` DELIVERIES_STATES: any. */
struct inbox_send_listed {
    int64_t id, tries, code, next_ms, created_ms, changed_ms;
    const char *verb, *error; /* in the arena */
    enum deliveries_state state;
};
enum err inbox_send_list(struct db *db, enum deliveries_state state, int64_t before, size_t limit,
                         struct arena *arena, const struct inbox_send_listed **list, size_t *count,
                         bool *more);

/* Tries dead ones again from the beginning: the one with this id, 0: all; `*count` of them. */
enum err inbox_send_again(struct db *db, int64_t id, int64_t now_ms, int64_t *count);

#endif

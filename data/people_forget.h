/* A rider leaves: what is theirs is taken back or forgotten, and nobody is behind the row of the
 * account any more, whose login is free again. */
#ifndef YZ_DATA_PEOPLE_FORGET_H
#define YZ_DATA_PEOPLE_FORGET_H

#include "data/cases.h"

/* How old the session may be in which somebody deletes their account. */
enum { PEOPLE_FORGET_FRESH_S = 600 };

/* Every case of theirs as cases_forget_mine does it, then their joins, the rest of their traces in
 * histories, sessions, grants, login, name and password. Some cases at a time, each in its own
 * transaction, the account last: one that was broken off is done by asking again. ERR_DENIED: the
 * actor's session is older than PEOPLE_FORGET_FRESH_S, or a key; ERR_CONFLICT with a
 * sentence: they hold a role for which histories must name them. */
enum err people_forget(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                       const struct people_actor *actor, int64_t now_ms, struct why *why);

#endif

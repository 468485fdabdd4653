/* What a case says of people is forgotten: its photos, who sent it, all that was written. What a
 * city counts by stays: kind, category, state, area, times, rating, and the steps of its history.
 *
 * All inside db_write; files of photos are gone after blobs_doomed_erase. Each leaves an outbox
 * row. */
#ifndef YZ_DATA_CASES_FORGET_H
#define YZ_DATA_CASES_FORGET_H

#include "data/cases.h"

/* A position that stays is moved to the middle of a square of so many degrees: some 500 m. */
#define CASES_FORGET_GRID_DEG 0.005

/* Deletes the rows of all photos of the case, and dooms their files. `*gone`: so many. */
enum err cases_forget_photos(struct db *db, int64_t case_id, int64_t *gone);

/* Takes from the case all that tells of anybody but staff: description, address, answers, what
 * was written, photos, sender, joiners, kept answers; the position becomes coarse, and none where
 * `is_private`. It can never change again (cases_act refuses). `*photos`: so many went along. */
enum err cases_forget_all(struct db *db, int64_t case_id, bool is_private, int64_t now_ms,
                          int64_t *photos);

/* Nobody is the sender any more, neither a person nor a secret. The case goes on without them, and
 * is due for cases_forget_all as soon as it is closed. */
enum err cases_forget_sender(struct db *db, int64_t case_id, int64_t now_ms);

/* Whoever joined with this secret (NULL: none) or as this person (0: nobody) is not known any
 * more; that somebody joined stays counted. */
enum err cases_forget_joiner(struct db *db, int64_t case_id, const char *token, int64_t person);

/* What a sender takes back: withdraws the case where its kind lets them; forgets all of one that is
 * closed, the sender of one that is open. `token` as at cases_forget_joiner. */
struct cases_forgetting {
    const char *public_id;
    const char *token;
    int64_t person;
    int64_t now_ms;
};
/* Opens its own transaction. ERR_NOTFOUND: there is no such case; ERR_DENIED: they neither sent nor
 * joined it. */
enum err cases_forget_mine(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                           const struct cases_forgetting *forgetting, struct arena *arena,
                           struct why *why);

#endif

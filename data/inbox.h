/* An inbox for each person: what happened to what is theirs, told once and kept until it is old.
 *
 * Whoever makes the news puts the message in the same transaction (inbox_put). What it says is a
 * verb (data/inbox_verbs.h) and names; the sentence is made when it is read, in the language of who
 * reads. */
#ifndef YZ_DATA_INBOX_H
#define YZ_DATA_INBOX_H

#include "data/db.h"
#include "data/inbox_verbs.h"
#include "geo/base/arena.h"

enum {
    INBOX_TITLE_MAX = 80, /* characters; what is longer is cut */
    INBOX_KEPT = 500,     /* messages of one person; the oldest make room */
    INBOX_DAYS = 180      /* that a message is kept */
};

struct inbox_message {
    int64_t person; /* 0: nobody, and nothing is done */
    enum inbox_verb verb;
    const char *about; /* path of the thing: "/v1/activities/12" */
    const char *title; /* its name, cut at INBOX_TITLE_MAX; NULL: private, or it has none */
    int64_t at_ms;     /* the time that the sentence names; 0: none */
    const char *note;  /* what else it says: "+10", a reason, cut as the title; NULL: nothing */
};

/* Inside db_write. Nothing is put, and all is fine, for nobody, an account that is disabled or
 * gone, and one that wants nothing of the verb's group. The outbox says that
 * somebody was told, and not who. */
enum err inbox_put(struct db *db, const struct inbox_message *message, int64_t now_ms);

/* Whether one with this person, verb and thing waits to be read: for news that come often. */
enum err inbox_waits(struct db *db, const struct inbox_message *message, bool *yes);

/* ---- reading; by whose it is ----------------------------------------------------------------- */

struct inbox_item {
    int64_t id;
    enum inbox_verb verb;
    const char *about, *title, *note; /* in the arena; "" */
    int64_t at_ms;                    /* 0: none */
    int64_t created_ms, read_ms;      /* 0: not yet */
};
/* What was not read first, newest first; behind the one with the id `before` (0: from the first),
 * which was read or not. */
struct inbox_filter {
    int64_t person;
    bool only_unread;
    const enum inbox_group *group; /* NULL: any */
    int64_t before;
    bool before_read;
    size_t limit;
};
enum err inbox_list(struct db *db, const struct inbox_filter *filter, struct arena *arena,
                    const struct inbox_item **list, size_t *count, bool *more);

/* How many wait to be read, by group. */
enum err inbox_unread(struct db *db, int64_t person, int64_t counts[INBOX_GROUP_COUNT]);

/* Marks one (ERR_NOTFOUND) as read, or all with ids up to `upto`; read twice is fine, and the time
 * of the first stays. `*marked` (may be NULL): how many. Each in its own transaction. */
enum err inbox_read(struct db *db, int64_t person, int64_t id, int64_t now_ms);
enum err inbox_read_all(struct db *db, int64_t person, int64_t upto, int64_t now_ms,
                        int64_t *marked);

/* ---- keeping --------------------------------------------------------------------------------- */

/* Takes away what is older than INBOX_DAYS, some at a time; `*count`: so many now. */
enum err inbox_purge(struct db *db, int64_t now_ms, int64_t *count);

/* Inside db_write, when an account is emptied: all of theirs. */
enum err inbox_forget(struct db *db, int64_t person);

#endif

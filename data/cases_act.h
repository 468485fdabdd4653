/* What is done to a case: moved, given to somebody, written on, joined. Every change after the
 * first goes through here: it is judged by one table and by the kind's own moves, and leaves the
 * row, an event, what came with it and an outbox row, in one transaction. */
#ifndef YZ_DATA_CASES_ACT_H
#define YZ_DATA_CASES_ACT_H

#include "data/cases.h"

/* The name, what its event says besides, and what it leaves as the event's value. */
#define CASES_VERBS(X)                                                                             \
    X(moved, "to another state")                                                                   \
    X(written, "a word to whoever sent it, or from them; photos and answers come with it")         \
    X(noted, "a word among staff")                                                                 \
    X(assigned, "person:ID, unit:NAME, or nothing")                                                \
    X(transferred, "the area's id")                                                                \
    X(recategorised, "the category")                                                               \
    X(prioritised, "-1 to 2")                                                                      \
    X(joined, "somebody saw the same")                                                             \
    X(edited, "its sender changed the text, which is another edition since")                       \
    X(linked, "to the case of that id, which has to do with it")                                   \
    X(unlinked, "from it")
enum cases_verb {
#define CASES_VERB(name, words) CASES_##name,
    CASES_VERBS(CASES_VERB)
#undef CASES_VERB
        CASES_VERB_COUNT
};
const char *cases_verb_name(enum cases_verb verb);
/* Who is shown that it was done. */
enum cases_seen cases_verb_seen(enum cases_verb verb);

enum { CASES_ANY_VERSION = -1 };

struct cases_acting {
    const char *public_id;
    enum cases_verb verb;
    int64_t version; /* that the actor saw; CASES_ANY_VERSION, and 0 of senders and joiners:
                      * whatever it is now */
    bool strict; /* the version counts also where the verb changes nothing that others judge by */
    struct cases_actor actor;
    const char *reason; /* or what is written; NULL or "" where none is owed */
    const char *to;     /* moved: the state; recategorised: the category; linked: the other's id */
    const char *duplicate_of;          /* moved: public id, where the move owes a link */
    int64_t due_ms;                    /* moved: where it owes a new deadline; else 0 */
    int rating;                        /* moved: where it owes one; else 0 */
    int64_t assignee;                  /* assigned: a person, or */
    const char *unit;                  /* a body; neither: nobody any more. moved: the same, where
                                        * an owner is owed; neither: who has it keeps it */
    const char *description;           /* edited: the new text */
    int64_t area_id;                   /* transferred; 0: to none */
    int priority;                      /* prioritised */
    const char *voice;                 /* joined: who, so that each counts once (data/voices.h) */
    const struct photos_clean *photos; /* moved, written, noted */
    size_t photo_count;
    const struct kinds_said *said; /* moved, written: the sender's answers, replacing those */
    size_t said_count;
    int64_t now_ms;
};

struct cases_acted {
    struct cases_case now;
    char token[SECRETS_TOKEN_SIZE]; /* joined: the joiner's, shown this once; else "" */
    bool replayed;                  /* the request had been answered before */
    struct idempotency_answer answer;
};

/* Writes the photos, then all else in its own transaction. `dir` may be NULL without photos;
 * `reply` may be NULL. ERR_NOTFOUND; ERR_CONFLICT with a sentence: another was faster, the table
 * has no such move, joined already, or the key came before with another body; ERR_DENIED: not by
 * this actor; ERR_INVALID: what is owed is missing, naming it. */
enum err cases_act(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                   const struct cases_acting *acting, const struct cases_reply *reply,
                   struct arena *arena, struct cases_acted *acted, struct why *why);

/* The same inside db_write, without photos, with what else changes together. A failure has a
 * sentence, but for one of the database. */
enum err cases_act_within(struct db *db, const struct kinds *kinds,
                          const struct cases_acting *acting, struct arena *arena,
                          struct cases_case *now, struct why *why);

#endif

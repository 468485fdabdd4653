/* The outbox: every write leaves a row here in its own transaction; whoever keeps something in
 * memory reads on from the last row it saw. Rows are numbered without gaps that matter: a later
 * commit never has a smaller number. */
#ifndef YZ_DATA_CHANGES_H
#define YZ_DATA_CHANGES_H

#include "data/db.h"
#include "geo/base/buf.h"

/* What was touched. The name goes into the table, the number does not. */
#define CHANGES_TOPICS(X)                                                                          \
    X(places)                                                                                      \
    X(areas)                                                                                       \
    X(roads)                                                                                       \
    X(cases)                                                                                       \
    X(people)                                                                                      \
    X(closures)                                                                                    \
    X(grids)                                                                                       \
    X(webhooks)                                                                                    \
    X(points)                                                                                      \
    X(members)                                                                                     \
    X(votes)                                                                                       \
    X(activities)                                                                                  \
    X(posts)                                                                                       \
    X(offers)                                                                                      \
    X(inbox)
enum changes_topic {
#define CHANGES_ENUM(name) CHANGES_##name,
    CHANGES_TOPICS(CHANGES_ENUM)
#undef CHANGES_ENUM
        CHANGES_COUNT
};

/* Adds a row; only inside db_write. `subject` is the id of what changed, 0 for "many". `verb` is a
 * word for readers ("created", "imported", "moved"). */
enum err changes_add(struct db *db, enum changes_topic topic, int64_t subject, const char *verb);

/* The highest number so far, 0 for none. */
enum err changes_last(struct db *db, int64_t *number);

/* Appends what row `number` says, so that it can be told from the row of that number in a database
 * that went another way; nothing where there is none, or the buffer is full. */
enum err changes_say(struct db *db, int64_t number, struct buf *text);

/* Whether every row above `after`, up to number `upto`, is there. */
enum err changes_whole(struct db *db, int64_t after, int64_t upto, bool *whole);

/* Which topics moved above `after`: a bit set of 1 << topic, of all where rows behind it have been
 * trimmed; `*last` is the highest number seen. */
enum err changes_since(struct db *db, int64_t after, unsigned *topics, int64_t *last);

/* The different subjects of a topic above `after`, in order, up to number `upto`; 0 among them
 * stands for "many", also where rows above `after` have been trimmed. At most `max`; `*count` max +
 * 1 tells that there are more. */
enum err changes_subjects(struct db *db, enum changes_topic topic, int64_t after, int64_t upto,
                          int64_t *subjects, size_t max, size_t *count);

#endif

#include "data/changes.h"
#include "geo/base/clock.h"

#include <string.h>

static const char *const names[CHANGES_COUNT] = {
#define CHANGES_NAME(name) [CHANGES_##name] = #name,
    CHANGES_TOPICS(CHANGES_NAME)
#undef CHANGES_NAME
};

enum err changes_add(struct db *db, enum changes_topic topic, int64_t subject, const char *verb)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO changes (topic, subject, verb, at_ms) "
                            "VALUES (:topic, :subject, :verb, :now)",
                            &q);
    if (e) return e;
    db_bind_text(q, ":topic", names[topic]);
    db_bind_int(q, ":subject", subject);
    db_bind_text(q, ":verb", verb);
    db_bind_int(q, ":now", clock_utc_ms());
    return db_run(q, NULL);
}

enum err changes_last(struct db *db, int64_t *number)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db, "SELECT max(number) FROM changes", &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *number = db_int(q, 0);
    db_done(q);
    return e;
}

enum err changes_say(struct db *db, int64_t number, struct buf *text)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT topic, subject, verb, at_ms FROM changes WHERE number = :number", &q);
    if (e) return e;
    db_bind_int(q, ":number", number);
    if (!(e = db_step(q, &row)) && row)
        buf_printf(text, "%lld %s %lld %s %lld\n", (long long)number, db_text(q, 0),
                   (long long)db_int(q, 1), db_text(q, 2), (long long)db_int(q, 3));
    db_done(q);
    return e ? e : text->err;
}

enum err changes_whole(struct db *db, int64_t after, int64_t upto, bool *whole)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(
        db, "SELECT count(*) FROM changes WHERE number > :after AND number <= :upto", &q);
    if (e) return e;
    db_bind_int(q, ":after", after);
    db_bind_int(q, ":upto", upto);
    if (!(e = db_step(q, &row))) *whole = db_int(q, 0) == upto - after;
    db_done(q);
    return e;
}

/* Whether rows above `after` have been taken away (data/changes_trim.h). */
static enum err is_trimmed(struct db *db, int64_t after, bool *trimmed)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db, "SELECT min(number) FROM changes", &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *trimmed = db_int(q, 0) > after + 1;
    db_done(q);
    return e;
}

enum err changes_since(struct db *db, int64_t after, unsigned *topics, int64_t *last)
{
    struct db_query *q;
    unsigned found = 0;
    int64_t highest = after;
    bool row, trimmed;
    enum err e = is_trimmed(db, after, &trimmed);
    if (!e)
        e = db_prepare(
            db, "SELECT topic, max(number) FROM changes WHERE number > :after GROUP BY topic", &q);
    if (e) return e;
    db_bind_int(q, ":after", after);
    while (!(e = db_step(q, &row)) && row) {
        for (unsigned t = 0; t < CHANGES_COUNT; t++)
            if (strcmp(db_text(q, 0), names[t]) == 0) found |= 1u << t;
        if (db_int(q, 1) > highest) highest = db_int(q, 1);
    }
    db_done(q);
    if (e) return e;
    *topics = trimmed ? (1u << CHANGES_COUNT) - 1 : found;
    *last = highest;
    return ERR_OK;
}

enum err changes_subjects(struct db *db, enum changes_topic topic, int64_t after, int64_t upto,
                          int64_t *subjects, size_t max, size_t *count)
{
    struct db_query *q;
    size_t n = 0;
    bool row, trimmed;
    enum err e = is_trimmed(db, after, &trimmed);
    if (!e && trimmed) {
        if (max) subjects[0] = 0;
        *count = 1;
    }
    if (e || trimmed) return e;
    e = db_prepare(db,
                   "SELECT DISTINCT subject FROM changes WHERE topic = :topic AND number "
                   "> :after AND number <= :upto ORDER BY subject LIMIT :limit",
                   &q);
    if (e) return e;
    db_bind_text(q, ":topic", names[topic]);
    db_bind_int(q, ":after", after);
    db_bind_int(q, ":upto", upto);
    db_bind_int(q, ":limit", (int64_t)max + 1);
    while (!(e = db_step(q, &row)) && row) {
        if (n < max) subjects[n] = db_int(q, 0);
        n++;
    }
    db_done(q);
    if (!e) *count = n;
    return e;
}

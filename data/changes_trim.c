#include "data/changes_trim.h"

#include "data/inbox_feed.h"
#include "data/webhooks.h"

enum { BATCH = 1000 };
static const int64_t day_ms = 24 * 3600 * (int64_t)1000;

struct trimming {
    int64_t before_ms, count;
};

/* The first number that stays, whatever its age. */
static enum err find_floor(struct db *db, int64_t *floor)
{
    struct db_query *q;
    bool row = false;
    int64_t told = 0, untold = 0;
    enum err e = webhooks_told(db, &told);
    if (!e) e = inbox_feed_first(db, &untold);
    if (!e)
        e = db_prepare(db,
                       "SELECT min(n) FROM (SELECT max(number) AS n FROM changes UNION ALL SELECT "
                       "min(number) FROM webhook_deliveries WHERE state IN ('waiting', 'dead')) x",
                       &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *floor = db_int(q, 0) <= told ? db_int(q, 0) : told + 1;
    db_done(q);
    if (!e && untold && untold < *floor) *floor = untold;
    return e;
}

/* The last number of the oldest rows, at most a batch, that all go; a clock that was set back
 * keeps what is behind it. */
static enum err find_last(struct db *db, const struct trimming *t, int64_t *last)
{
    struct db_query *q;
    bool row = false;
    int64_t floor = 0;
    enum err e = find_floor(db, &floor);
    if (!e)
        e = db_prepare(
            db,
            "SELECT number, at_ms FROM changes WHERE number < :floor ORDER BY number LIMIT :max",
            &q);
    if (e) return e;
    db_bind_int(q, ":floor", floor);
    db_bind_int(q, ":max", BATCH);
    while (!(e = db_step(q, &row)) && row && db_int(q, 1) < t->before_ms)
        *last = db_int(q, 0);
    db_done(q);
    return e;
}

static enum err take(struct db *db, const char *sql, int64_t last, int64_t *count)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":last", last);
    return db_run(q, count);
}

static enum err trim(struct db *db, void *user)
{
    struct trimming *t = user;
    int64_t last = 0;
    enum err e = find_last(db, t, &last);
    t->count = 0;
    if (e || !last) return e;
    e = take(db,
             "DELETE FROM case_news WHERE number <= :last AND EXISTS (SELECT 1 FROM case_news n "
             "WHERE n.case_id = case_news.case_id AND n.number > case_news.number)",
             last, NULL);
    return e ? e : take(db, "DELETE FROM changes WHERE number <= :last", last, &t->count);
}

enum err changes_trim(struct db *db, int64_t now_ms, const struct progress *progress,
                      int64_t *count)
{
    struct trimming t = {.before_ms = now_ms - CHANGES_TRIM_DAYS * day_ms};
    *count = 0;
    do {
        enum err e = db_write(db, trim, &t);
        if (e) return e;
        *count += t.count;
        if (!progress_say(progress, "trimming", (uint64_t)*count, 0)) return ERR_CANCELLED;
    } while (t.count == BATCH);
    return ERR_OK;
}

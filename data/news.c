#include "data/news.h"

#include <stdio.h>

/* The columns that `fill` reads. */
#define COLUMNS                                                                                    \
    "n.number, n.at_ms, c.id, n.version, n.area_id, n.was_area_id, c.reporter_id, c.public_id, "   \
    "c.kind, c.category, n.state, n.verb, 0, n.by_staff"
#define OF_CASES "FROM case_news n JOIN cases c ON c.id = n.case_id "
#define BETWEEN  "n.number > :after AND n.number <= :upto "
#define IN_ORDER "ORDER BY 1 LIMIT :max"

/* A statement of its own for each, so that each finds its index. */
static const char of_all[] = "SELECT " COLUMNS " " OF_CASES "WHERE " BETWEEN IN_ORDER;
static const char of_case[] =
    "SELECT " COLUMNS " " OF_CASES "WHERE n.case_id = :only AND " BETWEEN IN_ORDER;
static const char of_reporter[] =
    "SELECT " COLUMNS " " OF_CASES "WHERE c.reporter_id = :only AND " BETWEEN IN_ORDER;
static const char of_people_too[] =
    "SELECT " COLUMNS " " OF_CASES "WHERE " BETWEEN "UNION ALL "
    "SELECT n.number, n.at_ms, 0, 0, 0, 0, 0, '', '', '', '', n.verb, n.subject, 0 FROM changes n "
    "WHERE n.topic = 'people' AND " BETWEEN IN_ORDER;

static void copy(char *to, size_t size, const char *text)
{
    (void)snprintf(to, size, "%s", text);
}

static void fill(struct db_query *q, struct news_item *item)
{
    *item = (struct news_item){.number = db_int(q, 0),
                               .at_ms = db_int(q, 1),
                               .case_id = db_int(q, 2),
                               .version = db_int(q, 3),
                               .area_id = db_int(q, 4),
                               .was_area_id = db_int(q, 5),
                               .reporter = db_int(q, 6),
                               .person = db_int(q, 12),
                               .by_staff = db_int(q, 13) != 0};
    copy(item->report, sizeof item->report, db_text(q, 7));
    copy(item->kind, sizeof item->kind, db_text(q, 8));
    copy(item->category, sizeof item->category, db_text(q, 9));
    copy(item->state, sizeof item->state, db_text(q, 10));
    copy(item->verb, sizeof item->verb, db_text(q, 11));
}

enum err news_read(struct db *db, const struct news_query *query, struct news_item *items,
                   size_t max, size_t *count)
{
    const char *sql = query->people     ? of_people_too
                      : query->case_id  ? of_case
                      : query->reporter ? of_reporter
                                        : of_all;
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":after", query->after);
    db_bind_int(q, ":upto", query->upto);
    db_bind_int(q, ":max", (int64_t)max);
    if (sql == of_case || sql == of_reporter)
        db_bind_int(q, ":only", query->case_id ? query->case_id : query->reporter);
    while (n < max && !(e = db_step(q, &row)) && row)
        fill(q, &items[n++]);
    db_done(q);
    if (!e) *count = n;
    return e;
}

static enum err one_number(struct db *db, const char *sql, int64_t keep, int64_t *number)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    if (keep >= 0) db_bind_int(q, ":keep", keep);
    if (!(e = db_step(q, &row))) *number = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

enum err news_floor(struct db *db, size_t keep, int64_t *after)
{
    int64_t floor = 0, oldest = 0;
    enum err e =
        one_number(db, "SELECT number FROM case_news ORDER BY number DESC LIMIT 1 OFFSET :keep",
                   (int64_t)keep, &floor);
    if (!e) e = news_oldest(db, &oldest);
    if (!e) *after = floor > oldest ? floor : oldest;
    return e;
}

enum err news_oldest(struct db *db, int64_t *before)
{
    return one_number(db, "SELECT COALESCE(min(number) - 1, 0) FROM changes", -1, before);
}

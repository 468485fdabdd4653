/* How the database would go about a statement, so that a test sees what is read where much is kept.
 */
#ifndef YZ_TESTS_DATA_PLAN_H
#define YZ_TESTS_DATA_PLAN_H

#include "data/db.h"
#include "tests/check.h"

#include <string.h>

/* Fails unless the plan names `wanted`, and sorts nothing. */
static inline void plan_uses(struct db *db, const char *explained, const char *wanted)
{
    struct db_query *q;
    bool row = false, uses = false;
    assert_ok(db_prepare(db, explained, &q));
    while (!db_step(q, &row) && row) {
        const char *step = db_text(q, 3);
        uses = uses || strstr(step, wanted);
        if (strstr(step, "TEMP B-TREE")) fail_msg("it sorts: %s", explained);
    }
    db_done(q);
    if (!uses) fail_msg("not by %s: %s", wanted, explained);
}

/* Fails if an insert, with all that its triggers ask, reads an index. */
static inline void plan_inserts_without(struct db *db, const char *insert, const char *index)
{
    char sql[1024];
    struct db_query *q;
    bool row = false;
    int64_t root = 0;
    size_t steps = 0;
    assert_ok(db_prepare(db, "SELECT rootpage FROM sqlite_master WHERE name = :name", &q));
    db_bind_text(q, ":name", index);
    if (!db_step(q, &row) && row) root = db_int(q, 0);
    db_done(q);
    if (!root) fail_msg("there is no %s", index);
    (void)snprintf(sql, sizeof sql, "EXPLAIN %s", insert);
    assert_ok(db_prepare(db, sql, &q));
    for (; !db_step(q, &row) && row; steps++)
        if (strcmp(db_text(q, 1), "OpenRead") == 0 && db_int(q, 3) == root)
            fail_msg("%s is read: %s", index, insert);
    db_done(q);
    assert_true(steps > 50); /* triggers are told, too */
}

#endif

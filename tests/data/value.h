/* One number out of a database, for a test to look at. */
#ifndef YZ_TESTS_DATA_VALUE_H
#define YZ_TESTS_DATA_VALUE_H

#include "tests/check.h"

#include "data/db.h"

static inline int64_t value_of(struct db *db, const char *sql)
{
    struct db_query *q;
    bool row = false;
    assert_ok(db_prepare(db, sql, &q));
    assert_ok(db_step(q, &row));
    assert_true(row);
    int64_t value = db_int(q, 0);
    db_done(q);
    return value;
}

#endif

#include "data/cases_mine.h"

#include <stdio.h>

enum err cases_mine_find(struct db *db, int64_t person, int64_t after, struct cases_mine *found,
                         size_t max, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT id, public_id, reporter_id IS :person FROM cases WHERE id > "
                            ":after AND id IN (SELECT id FROM cases WHERE reporter_id = :person "
                            "UNION SELECT case_id FROM case_joins WHERE person_id = :person) "
                            "ORDER BY id LIMIT :limit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":after", after);
    db_bind_int(q, ":limit", (int64_t)max);
    for (; n < max && !(e = db_step(q, &row)) && row; n++) {
        found[n].id = db_int(q, 0);
        found[n].sent = db_int(q, 2) != 0;
        (void)snprintf(found[n].public_id, sizeof found[n].public_id, "%s", db_text(q, 1));
    }
    db_done(q);
    if (!e) *count = n;
    return e;
}

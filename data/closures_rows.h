/* Rows of closures, as data/closures.h shows them. */
#ifndef YZ_DATA_CLOSURES_ROWS_H
#define YZ_DATA_CLOSURES_ROWS_H

#include "data/closures.h"

/* What closures_rows_read wants, in its order; behind it CLOSURES_ROWS_FROM and a condition. */
#define CLOSURES_ROWS_COLUMNS                                                                      \
    "c.factor, c.profiles, c.radius_m, c.from_ms, c.to_ms, c.reason, ST_AsBinary(c.geom), c.id, "  \
    "c.public_id, c.version, c.area_id, COALESCE(r.public_id, ''), c.created_by, c.updated_by, "   \
    "c.created_ms, c.updated_ms, c.ended_ms "
#define CLOSURES_ROWS_FROM "FROM closures c LEFT JOIN cases r ON r.id = c.case_id "

enum err closures_rows_read(struct db_query *q, struct arena *arena, struct closures_closure *read);

/* The terms alone: the first seven columns. */
enum err closures_rows_terms(struct db_query *q, struct arena *arena, struct closures_terms *terms);

/* Binds :effect :factor :profiles :radius :from :to :reason :wkb; `wkb` is where the last one is
 * put together. */
enum err closures_rows_bind(struct db_query *q, const struct closures_terms *terms,
                            struct buf *wkb);

/* ERR_NOTFOUND. */
enum err closures_rows_find(struct db *db, const char *public_id, struct arena *arena,
                            struct closures_closure *found);

#endif

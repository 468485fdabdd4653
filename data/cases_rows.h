/* How a case is read from a row: what cases.c, cases_create.c and cases_act.c share. */
#ifndef YZ_DATA_CASES_ROWS_H
#define YZ_DATA_CASES_ROWS_H

#include "data/cases.h"

/* The columns that cases_rows_read expects, of cases c left joined to cases d on c.duplicate_of. */
#define CASES_ROWS_COLUMNS                                                                         \
    "c.id, c.public_id, c.kind, c.category, c.state, c.version, c.lon, c.lat, c.accuracy_m, "      \
    "c.address, c.description, c.area_id, c.reporter_id, d.public_id, c.created_ms, "              \
    "c.updated_ms, c.place_id, c.amenity, c.to_lon, c.to_lat, c.due_ms, c.left_min, "              \
    "c.assignee_id, c.unit, c.priority, c.rating, c.opened_ms, c.closed_ms, "                      \
    "(SELECT count(*) FROM case_joins j WHERE j.case_id = c.id), "                                 \
    "c.anonymised_ms IS NOT NULL, c.edition, c.supports, c.answer_by_ms, c.answered_ms, (SELECT "  \
    "count(*) FROM case_comments m WHERE m.case_id = c.id AND m.text <> '' AND m.hidden_ms IS "    \
    "NULL)"
enum { CASES_ROWS_COUNT = 35 }; /* of them */
#define CASES_ROWS_FROM " FROM cases c LEFT JOIN cases d ON d.id = c.duplicate_of "

/* Reads the present row, without photos; text into the arena. ERR_NOMEM. */
enum err cases_rows_read(struct db_query *q, struct arena *arena, struct cases_case *read);

/* Adds its photos and answers. */
enum err cases_rows_photos(struct db *db, struct arena *arena, struct cases_case *of);

/* One row by public id, without photos; ERR_NOTFOUND. */
enum err cases_rows_find(struct db *db, const char *public_id, struct arena *arena,
                         struct cases_case *found);

/* One row by its id, with its photos and answers; ERR_NOTFOUND. */
enum err cases_rows_get(struct db *db, int64_t id, struct arena *arena, struct cases_case *found);

/* Adds an event; inside db_write. Its actor is told by `as`, of whose bits the first counts. */
enum err cases_rows_event(struct db *db, int64_t case_id, const struct cases_event *event,
                          unsigned as);

/* Of its word in the table; an unknown one is for staff. */
enum cases_seen cases_rows_seen(const char *name);

/* ERR_INVALID naming `field` when a text is no UTF-8, has control characters, or more than `max`
 * characters. NULL is fine. */
enum err cases_rows_text(const char *field, const char *text, size_t max, struct why *why);

#endif

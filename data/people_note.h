/* What all changes of people and their rights end with. */
#ifndef YZ_DATA_PEOPLE_NOTE_H
#define YZ_DATA_PEOPLE_NOTE_H

#include "data/audit.h"
#include "data/people.h"

/* Inside db_write: what was done to whom, into the audit trail and the outbox. `area` 0 and
 * `detail` NULL where there is none. */
enum err people_note(struct db *db, const struct people_by *by, enum audit_verb verb,
                     int64_t person, int64_t area, const char *detail);

/* How many can sign in as city administrators everywhere and for every kind. */
enum err people_note_admins(struct db *db, int64_t *count);

/* Inside db_write, after a change: ERR_CONFLICT where there were some before and none is left. */
enum err people_note_keep(struct db *db, int64_t before, struct why *why);

#endif

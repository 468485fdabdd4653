/* How a place is read from a row, checked, compared and written: what the files of places.h share.
 */
#ifndef YZ_DATA_PLACES_ROWS_H
#define YZ_DATA_PLACES_ROWS_H

#include "data/places.h"

/* The columns that places_rows_read expects, of table places. */
#define PLACES_ROWS_COLUMNS                                                                        \
    "id, lon, lat, vanished_ms, source, source_id, category, amenities, name, name_en, names, "    \
    "address, phone, hours, hours_self, closed_reason, confirmed_as, photos, capacity, version, "  \
    "held, closed_from_ms, closed_to_ms, confirmed_ms, removed_ms, created_ms, updated_ms, "       \
    "confirmed_by"

/* Reads the present row; text into the arena. ERR_NOMEM. */
enum err places_rows_read(struct db_query *q, struct arena *arena, struct places_row *row);

/* Of the present row: which fields are held, and which say something else than `row`. */
unsigned places_rows_held(struct db_query *q, bool *kept);
unsigned places_rows_differ(struct db_query *q, const struct places_row *row);
bool places_rows_vanished(struct db_query *q);

/* Of the present row, without its text: its id, where it stands, since when it is off the map, and
 * whether staff took it off; its category, borrowed from the row. */
int64_t places_rows_id(struct db_query *q);
struct coord places_rows_at(struct db_query *q);
int64_t places_rows_off_ms(struct db_query *q);
bool places_rows_removed(struct db_query *q);
const char *places_rows_category(struct db_query *q);

/* Whether the fields of `fields` may be stored. ERR_INVALID, ERR_RANGE with the field's name. */
enum err places_rows_check(const struct categories *categories, const struct places_row *row,
                           unsigned fields, struct why *why);

/* `*to` gets the fields of `fields` that `from` has. */
void places_rows_take(struct places_row *to, const struct places_row *from, unsigned fields);

/* The fields of `fields` in which two rows differ. */
unsigned places_rows_compare(const struct places_row *a, const struct places_row *b,
                             unsigned fields);

/* Bits of codes with a space between them; the first that is unknown is given back in `*unknown`
 * (may be NULL). */
uint64_t places_rows_amenities(const struct categories *categories, const char *codes,
                               const char **unknown);

/* Writes what a row says, all fields: an insert for id 0 (whose id and version are then set), else
 * an update that also sets held, kept, closing, photos and removed as the row has them, its version
 * as given. `import` 0: made or changed by hand, the import it came with stays. Inside db_write. */
enum err places_rows_insert(struct db *db, int64_t import, int64_t now_ms, struct places_row *row);
enum err places_rows_update(struct db *db, int64_t import, int64_t now_ms,
                            const struct places_row *row);

/* Lets a place count as brought by an import that left it as it is, so that places_prune does, too;
 * inside db_write. */
enum err places_rows_touch(struct db *db, int64_t import, int64_t id);

/* An event with what differs between two rows (`before` NULL: nothing is told), inside db_write. */
struct places_rows_event {
    const struct places_row *before, *after;
    const char *verb;
    const struct places_by *by;
    int64_t import; /* 0: none */
};
enum err places_rows_event(struct db *db, const struct places_rows_event *event);

#endif

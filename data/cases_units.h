/* The bodies that work on cases of an area. */
#ifndef YZ_DATA_CASES_UNITS_H
#define YZ_DATA_CASES_UNITS_H

#include "data/db.h"
#include "geo/base/arena.h"

enum { CASES_UNITS_MAX = 200 };

/* The units that cases of the kind have in this area (0: outside of all), by name, in the arena. */
enum err cases_units(struct db *db, int64_t area_id, const char *kind, struct arena *arena,
                     const char ***units, size_t *count);

#endif

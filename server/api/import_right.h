/* Who may bring lists in, of what and where. */
#ifndef YZ_SERVER_API_IMPORT_RIGHT_H
#define YZ_SERVER_API_IMPORT_RIGHT_H

#include "data/import_ogr.h"
#include "server/tools.h"

/* What a caller may. */
struct import_right {
    const struct tools *tools;
    bool everywhere;
    bool by_key; /* an integrator's: its own source alone */
};

/* Staff bring in places where they may edit them (RIGHTS_imports); areas are for city
 * administrators (RIGHTS_borders), since areas decide who may do what. A key brings in places where
 * its integrator has a grant for the kind `place` by name, under the integrator's login as source.
 * The sources `osm` and `local` have other ways. Notes 403, or 400 for a source. `tools->snapshot`
 * must be there. */
enum err import_right_read(struct request *request, const struct tools *tools,
                           enum import_ogr_kind kind, const char *source,
                           struct import_right *right);

/* Whether a place here is the caller's. */
bool import_right_may(const struct import_right *right, struct coord at);

/* Whether the caller sees everybody's imports, or the own alone. */
bool import_right_sees_all(const struct tools *tools);

#endif

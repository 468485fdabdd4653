/* The cells of a grid on their way in: what an import keeps of them, and stores as a whole. */
#ifndef YZ_DATA_IMPORT_CELLS_H
#define YZ_DATA_IMPORT_CELLS_H

#include "data/import_ogr.h"
#include "geo/space/gridset.h"

/* Zero-initialised is empty. */
struct import_cells {
    struct gridset_cell *cells;
    size_t count, size;
};
void import_cells_fini(struct import_cells *cells);

/* Whether a grid can keep it: finite, not less than nothing, not beyond a float. */
bool import_cells_weight_ok(double weight);

/* ERR_NOMEM; ERR_LIMIT for more than a grid may have. */
enum err import_cells_add(struct import_cells *cells, const struct gridset_cell *cell,
                          struct why *why);

/* Puts the grid that the options name in the place of the one before, in a transaction of its own,
 * and counts its cells as created. Errors as of import_ogr_run. */
enum err import_cells_store(const struct import_cells *cells, struct db *db,
                            const struct import_ogr_options *options, const char *file,
                            struct import_report *report, struct why *why);

#endif

#include "data/import_cells.h"

#include "data/grids.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

void import_cells_fini(struct import_cells *cells)
{
    free(cells->cells);
    *cells = (struct import_cells){0};
}

bool import_cells_weight_ok(double weight)
{
    return isfinite(weight) && weight >= 0 && weight <= (double)FLT_MAX;
}

enum err import_cells_add(struct import_cells *cells, const struct gridset_cell *cell,
                          struct why *why)
{
    if (cells->count == GRIDS_CELLS_MAX)
        return err_say(why, ERR_LIMIT,
                       "it has more than %d cells: cut it to your area or make it coarser (of a "
                       "raster, gdalwarp -te and -tr do that)",
                       GRIDS_CELLS_MAX);
    if (cells->count == cells->size) {
        size_t size = cells->size ? 2 * cells->size : 4096;
        struct gridset_cell *more = reallocarray(cells->cells, size, sizeof *more);
        if (!more) return ERR_NOMEM;
        cells->cells = more;
        cells->size = size;
    }
    cells->cells[cells->count++] = *cell;
    return ERR_OK;
}

struct storing {
    struct grids_new grid;
    bool dry_run, undone;
    struct why *why;
};

static enum err store(struct db *db, void *user)
{
    struct storing *s = user;
    bool replaced;
    enum err e = grids_put(db, &s->grid, &replaced, s->why);
    if (e || !s->dry_run) return e;
    s->undone = true;
    return ERR_CANCELLED; /* so that nothing of it stays */
}

static enum err check(const struct import_cells *cells, const struct import_ogr_options *options,
                      const char *file, const struct import_report *report, struct why *why)
{
    uint64_t bad = report->fates[IMPORT_FATE_refused];
    if (report->rows == 0) return err_say(why, ERR_INVALID, "%s has no cells", file);
    if (cells->count == 0)
        return err_say(why, ERR_INVALID, "%s: none of its %" PRIu64 " cells can be used: %s", file,
                       report->rows, report->count ? report->lines[0].note : "see the report");
    if (options->strict && bad)
        return err_say(why, ERR_INVALID,
                       "%s: %" PRIu64 " of %" PRIu64
                       " cells cannot be used, so nothing was imported",
                       file, bad, report->rows);
    return ERR_OK;
}

enum err import_cells_store(const struct import_cells *cells, struct db *db,
                            const struct import_ogr_options *options, const char *file,
                            struct import_report *report, struct why *why)
{
    struct storing storing = {.grid = {options->source, file, cells->cells, cells->count},
                              .dry_run = options->dry_run,
                              .why = why};
    enum err e = check(cells, options, file, report, why);
    if (e) return e;
    e = db_write(db, store, &storing);
    if (storing.undone) e = ERR_OK;
    if (e && !*why->text) return err_say(why, e, "%s", db_error(db));
    if (e) return e;
    report->fates[IMPORT_FATE_created] += cells->count;
    report->untold += cells->count;
    return ERR_OK;
}

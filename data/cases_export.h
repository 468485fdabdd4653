/* Cases as files that offices read: a row for each, with codes and their labels, how long each
 * official step took, and nothing of who sent or joined it. docs/cases.md has the columns. */
#ifndef YZ_DATA_CASES_EXPORT_H
#define YZ_DATA_CASES_EXPORT_H

#include "data/cases.h"
#include "data/ogr_format.h"
#include "geo/base/progress.h"
#include "geo/space/areaset.h"
#include "geo/space/crs.h"

struct cases_export {
    enum ogr_format format;            /* CSV, XLSX or GEOJSON */
    const struct cases_filter *filter; /* its page and sort do not count; of one kind */
    const struct kinds *kinds;
    const struct areaset *areas; /* for their names; NULL: none */
    const struct crs *crs;       /* of the coordinates; NULL: WGS 84 */
    int64_t now_ms;              /* for what is overdue */
    uint64_t max_rows;
    /* Told of every row, without photos and answers; may be NULL. What it fails with ends it. */
    enum err (*each)(void *user, const struct cases_case *c);
    void *user;
    const struct progress *progress;
};

/* Appends the file of the cases that the filter wants, oldest first; `*count` is their number. None
 * is ERR_OK, with the columns. ERR_LIMIT: too many rows, areas, or bytes for the buffer;
 * ERR_INVALID: a case lies outside the world of `crs`; ERR_CANCELLED. Has a sentence. */
enum err cases_export_write(struct db *db, const struct cases_export *export, struct arena *arena,
                            struct buf *out, uint64_t *count, struct why *why);

#endif

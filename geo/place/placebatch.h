/* Places on their way into a part: rows in the order in which they come, and their texts. */
#ifndef YZ_GEO_PLACE_PLACEBATCH_H
#define YZ_GEO_PLACE_PLACEBATCH_H

#include "geo/place/placepart.h"

/* A place as it waits. Its texts are the batch's from `more.texts` to where the next one's begin.
 */
struct placebatch_row {
    struct placepart_more more;
    struct coord_e7 at;
    uint32_t hours[2]; /* staffed, self-service: offsets in the pool of hours */
};

/* Belongs to one thread; zero-initialised is empty. */
struct placebatch {
    struct placebatch_row *rows;
    uint32_t count, size;
    char *texts; /* those of each place, as PLACEPART_TEXTS says */
    size_t text_bytes, text_size;
    struct pool hours;                  /* each text of opening hours once */
    struct placepart_closing *closings; /* `place` is the row; reasons are offsets in `hours` */
    uint32_t closing_count, closing_size;
};

void placebatch_fini(struct placebatch *batch);

/* Room for so many rows at once; more are taken, too. ERR_NOMEM. */
enum err placebatch_expect(struct placebatch *batch, size_t rows);

/* Copies a place; its coordinate is kept to 1e-7 degrees. ERR_RANGE for a coordinate or category
 * out of range, ERR_NOMEM, ERR_LIMIT beyond 2^31 places or 4 GiB of text. */
enum err placebatch_add(struct placebatch *batch, const struct place *place);

#endif

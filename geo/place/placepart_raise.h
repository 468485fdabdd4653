/* A part from what a file keeps of it: all of it is checked, and what follows from it is made. */
#ifndef YZ_GEO_PLACE_PLACEPART_RAISE_H
#define YZ_GEO_PLACE_PLACEPART_RAISE_H

#include "geo/place/placepart.h"

/* What was read, of which nothing is believed yet. The part has `count`, `coords`, `more`, `texts`,
 * `closings` and `reasons`; its tree was begun, and its items are in their places. */
struct placepart_raw {
    struct placepart *part;
    size_t text_bytes;
    const uint32_t *by_id;          /* [count] places in order of their ids */
    const uint32_t *hours;          /* [count * OPENINGS_KINDS] as of openings_numbers */
    unsigned categories, amenities; /* that there are: a place with others is refused */
};

/* Makes the rest of the part, on several threads where there is much of it. ERR_FORMAT, with a
 * sentence, when something in it is not as placepart_new leaves it, as far as it could lead anybody
 * astray who uses the part; ERR_NOMEM. The part is the caller's in any case. */
enum err placepart_raise(const struct placepart_raw *raw, struct why *why);

#endif

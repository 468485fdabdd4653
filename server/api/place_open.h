/* Whether a place is open, until when, and its hours in words: the member `open` of places. */
#ifndef YZ_SERVER_API_PLACE_OPEN_H
#define YZ_SERVER_API_PLACE_OPEN_H

#include "geo/base/jsonw.h"
#include "geo/place/placeset.h"
#include "server/tools.h"

/* Writes `"open": {…}` of a place, `place` in the snapshot's set and read as `p`, as seen at a
 * moment: for the hours of the staff and of self-service together, and for each of the two of which
 * something is said. Without memory for a sentence it is left out. */
void place_open_write(struct jsonw *json, const struct tools *tools, uint32_t place,
                      const struct place *p, int64_t utc_ms);

#endif

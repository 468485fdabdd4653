/* Puts the places on the roads, for searches by travel time: a part of the snapshot that is derived
 * from two others. */
#ifndef YZ_SERVER_ANCHORING_H
#define YZ_SERVER_ANCHORING_H

#include "geo/place/placeset.h"
#include "geo/road/anchors.h"
#include "geo/road/roads.h"

/* How far a road may be from a point: farther is another place, not another road. */
extern const double anchoring_radius_m;

/* Point i is place i of the part, a group a category. `before` (NULL: none) serves where it was
 * built on the same road file. ERR_NOMEM, ERR_CANCELLED. */
enum err anchoring_make(const struct placepart *places, const struct roads *roads,
                        const struct anchors *before, const struct progress *progress,
                        struct anchors **anchors);

#endif

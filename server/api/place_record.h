/* A place as it is stored, for those who keep it: with what staff hold, who confirmed it, and
 * whether it is on the map at all. */
#ifndef YZ_SERVER_API_PLACE_RECORD_H
#define YZ_SERVER_API_PLACE_RECORD_H

#include "data/places.h"
#include "server/api/place_form.h"

/* What stands around the row. */
struct place_record {
    const struct api_crs *crs;
    const struct areaset *areas;
    const struct place_form *form; /* whose warnings to tell; NULL: none */
    int64_t open_feedback;         /* cases about it */
};

void place_record_write(struct jsonw *json, const struct place_record *how,
                        const struct places_row *row);

#endif

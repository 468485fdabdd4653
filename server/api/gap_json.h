/* The answer about coverage. */
#ifndef YZ_SERVER_API_GAP_JSON_H
#define YZ_SERVER_API_GAP_JSON_H

#include "geo/road/coverage.h"
#include "server/api/gap_query.h"

struct gap_answer {
    size_t places; /* that were looked at */
    struct coverage found;
    struct polygon *out[REACH_MAX_LIMITS], *in[REACH_MAX_LIMITS]; /* of the area asked for */
    struct siting siting;
    struct coverage after[SITING_MAX]; /* of the area asked for, with the places suggested so far */
};
void gap_json_fini(struct gap_answer *answer);

/* What is out of reach, what is within, and suggestions as GeoJSON; the shares beside them. */
void gap_json_write(struct response *response, const struct gap_query *query,
                    const struct gap_answer *answer);

#endif

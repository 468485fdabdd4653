/* OSRM's trip service: in which order to visit stops, exactly, and the way through them
 * (https://project-osrm.org/docs/v5.24.0/api/, "Trip service"). */
#ifndef YZ_SERVER_API_OSRM_TRIP_H
#define YZ_SERVER_API_OSRM_TRIP_H

#include "server/router.h"

enum err osrm_trip_answer(struct request *request, struct response *response, struct tools *tools);

#endif

/* The options of an OSRM request that are not lists by coordinate. */
#ifndef YZ_SERVER_API_OSRM_OPTIONS_H
#define YZ_SERVER_API_OSRM_OPTIONS_H

#include "server/api/osrm_query.h"

/* Reads them all; `query->point_count` is known. Whatever is not given is left as it is. */
enum err osrm_options_read(struct request *request, struct osrm_query *query);

#endif

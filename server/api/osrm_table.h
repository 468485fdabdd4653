/* OSRM's table service: what the ways between many points take
 * (https://project-osrm.org/docs/v5.24.0/api/, "Table service"). */
#ifndef YZ_SERVER_API_OSRM_TABLE_H
#define YZ_SERVER_API_OSRM_TABLE_H

#include "server/router.h"

enum err osrm_table_answer(struct request *request, struct response *response, struct tools *tools);

#endif

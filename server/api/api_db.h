/* The database, for a handler. */
#ifndef YZ_SERVER_API_API_DB_H
#define YZ_SERVER_API_API_DB_H

#include "server/request.h"
#include "server/tools.h"

/* tools_db, with what fails said as the request's problem. */
enum err api_db(struct request *request, struct tools *tools, struct db **db);

#endif

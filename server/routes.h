/* THE table: every route of the server. */
#ifndef YZ_SERVER_ROUTES_H
#define YZ_SERVER_ROUTES_H

#include "server/router.h"

enum { ROUTES_MAX = 64 };

extern const struct router_rule routes[];
extern const size_t routes_count; /* at most ROUTES_MAX */

#endif

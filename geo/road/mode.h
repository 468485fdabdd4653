/* How an arc is travelled. */
#ifndef YZ_GEO_ROAD_MODE_H
#define YZ_GEO_ROAD_MODE_H

enum route_mode { ROUTE_RIDING, ROUTE_WALKING, ROUTE_PUSHING, ROUTE_FERRY };
enum { ROUTE_MODES = 4 };

#endif

/* How clients reach this server, for addresses inside of answers. */
#ifndef YZ_SERVER_API_API_BASE_H
#define YZ_SERVER_API_API_BASE_H

#include "server/request.h"
#include "server/tools.h"

#define API_BASE_ATTRIBUTION                                                                       \
    "<a href=\"https://www.openstreetmap.org/copyright\">© OpenStreetMap contributors</a>"

/* "https://map.example.org": the operator's word for it, or what the request's Host says; in the
 * arena or for ever. A Host that is no host is passed over for the address listened on. NULL when
 * memory is out. */
const char *api_base_url(const struct request *request, const struct tools *tools);

#endif

/* Who is at the other end, as limits count: IPv4 mapped into IPv6, IPv6 cut to its /64. */
#ifndef YZ_SERVER_PEER_H
#define YZ_SERVER_PEER_H

#include "server/request.h"

struct sockaddr;

/* From a socket's address; NULL and other families are all zero. */
void peer_address(const struct sockaddr *from, struct request_address *address);

/* From the last element of X-Forwarded-For, which the proxy in front has added. What does not parse
 * (or NULL) leaves `*address`, the proxy's own. */
void peer_forwarded(const char *header, struct request_address *address);

/* Whether the other end of a connection, which is not read from at the moment, has closed it. Does
 * not wait. */
bool peer_is_gone(int fd);

#endif

/* Which addresses lead back inside: this machine, its network, and what is kept for special use.
 * What strangers name is not called there. */
#ifndef YZ_SERVER_INWARD_H
#define YZ_SERVER_INWARD_H

#include <stdbool.h>

struct sockaddr;

/* Whether the address is none of the public internet's (IANA's registries of special-purpose IPv4
 * and IPv6 addresses, RFC 6890), also where an IPv6 address carries an IPv4 one. Other families
 * are inward. */
bool inward_is(const struct sockaddr *address);

#endif

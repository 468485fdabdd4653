#include "server/peer.h"

#include "geo/base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void from_v4(const void *bytes, struct request_address *address)
{
    memcpy(address->bytes, mapped, sizeof mapped);
    memcpy(address->bytes + sizeof mapped, bytes, 4);
}

static void from_v6(const void *bytes, struct request_address *address)
{
    bool is_v4 = memcmp(bytes, mapped, sizeof mapped) == 0;
    *address = (struct request_address){{0}};
    memcpy(address->bytes, bytes, is_v4 ? 16 : 8);
}

void peer_address(const struct sockaddr *from, struct request_address *address)
{
    *address = (struct request_address){{0}};
    if (from && from->sa_family == AF_INET)
        from_v4(&((const struct sockaddr_in *)(const void *)from)->sin_addr, address);
    else if (from && from->sa_family == AF_INET6)
        from_v6(&((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, address);
}

void peer_forwarded(const char *header, struct request_address *address)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char v6[16], v4[4];
    if (!header) return;
    const char *comma = strrchr(header, ','), *item = comma ? comma + 1 : header;
    size_t len = strlen(item);
    text_trim(&item, &len);
    if (len >= sizeof text) return;
    memcpy(text, item, len);
    text[len] = '\0';
    if (inet_pton(AF_INET, text, v4) == 1)
        from_v4(v4, address);
    else if (inet_pton(AF_INET6, text, v6) == 1)
        from_v6(v6, address);
}

bool peer_is_gone(int fd)
{
    char byte;
    ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

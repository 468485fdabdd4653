#include "server/inward.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct block {
    unsigned char bytes[16];
    unsigned bits;
};

static const struct block v4[] = {
    {{0}, 8},             /* this network */
    {{10}, 8},            /* private */
    {{100, 64}, 10},      /* shared by carriers */
    {{127}, 8},           /* loopback */
    {{169, 254}, 16},     /* link-local, and where clouds tell their machines' secrets */
    {{172, 16}, 12},      /* private */
    {{192, 0, 0}, 24},    /* of the IETF */
    {{192, 0, 2}, 24},    /* for documentation */
    {{192, 88, 99}, 24},  /* relays of 6to4 */
    {{192, 168}, 16},     /* private */
    {{198, 18}, 15},      /* for benchmarks */
    {{198, 51, 100}, 24}, /* for documentation */
    {{203, 0, 113}, 24},  /* for documentation */
    {{224}, 4},           /* multicast */
    {{240}, 4},           /* reserved; broadcast */
};

/* Of IPv6 only 2000::/3 is given out for the public internet; of that, not these. */
static const struct block global_v6 = {{0x20}, 3};
static const struct block v6[] = {
    {{0x20, 0x01, 0x00}, 23},       /* of the IETF; Teredo, ORCHID */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* for documentation */
    {{0x3f, 0xff}, 20},             /* for documentation */
};

/* Where an IPv4 address lies within an IPv6 one. */
static const struct {
    struct block block;
    size_t at;
} carriers[] = {
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12}, /* mapped */
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                   /* NAT64 */
    {{{0x20, 0x02}, 16}, 2},                                /* 6to4 */
};

static bool lies_in(const unsigned char *bytes, const struct block *block)
{
    unsigned whole = block->bits / 8, rest = block->bits % 8;
    if (memcmp(bytes, block->bytes, whole) != 0) return false;
    unsigned mask = 0xffu << (8 - rest) & 0xffu;
    return rest == 0 || ((bytes[whole] ^ block->bytes[whole]) & mask) == 0;
}

static bool v4_is_inward(const unsigned char *bytes)
{
    for (size_t i = 0; i < sizeof v4 / sizeof *v4; i++)
        if (lies_in(bytes, &v4[i])) return true;
    return false;
}

static bool v6_is_inward(const unsigned char *bytes)
{
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
        if (lies_in(bytes, &carriers[i].block)) return v4_is_inward(bytes + carriers[i].at);
    if (!lies_in(bytes, &global_v6)) return true;
    for (size_t i = 0; i < sizeof v6 / sizeof *v6; i++)
        if (lies_in(bytes, &v6[i])) return true;
    return false;
}

bool inward_is(const struct sockaddr *address)
{
    unsigned char bytes[16];
    if (address->sa_family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        return v4_is_inward(bytes);
    }
    if (address->sa_family != AF_INET6) return true;
    memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    return v6_is_inward(bytes);
}

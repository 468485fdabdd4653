/* Points of the world's finest grid along a Z: every square that halving cuts out of the world is
 * one run of codes (G. M. Morton, A computer oriented geodetic data base, IBM 1966). */
#ifndef YZ_GEO_TILE_MORTON_H
#define YZ_GEO_TILE_MORTON_H

#include "geo/tile/mercator.h"

/* Bit i to bit 2i. */
static inline uint64_t morton_spread(uint32_t v)
{
    uint64_t b = v;
    b = (b | b << 16) & 0x0000ffff0000ffffu;
    b = (b | b << 8) & 0x00ff00ff00ff00ffu;
    b = (b | b << 4) & 0x0f0f0f0f0f0f0f0fu;
    b = (b | b << 2) & 0x3333333333333333u;
    return (b | b << 1) & 0x5555555555555555u;
}

/* Bit 2i to bit i. */
static inline uint32_t morton_gather(uint64_t b)
{
    b &= 0x5555555555555555u;
    b = (b | b >> 1) & 0x3333333333333333u;
    b = (b | b >> 2) & 0x0f0f0f0f0f0f0f0fu;
    b = (b | b >> 4) & 0x00ff00ff00ff00ffu;
    b = (b | b >> 8) & 0x0000ffff0000ffffu;
    return (uint32_t)(b | b >> 16);
}

static inline uint64_t morton_code(struct mercator_grid p)
{
    return morton_spread(p.x) | morton_spread(p.y) << 1;
}

static inline struct mercator_grid morton_point(uint64_t code)
{
    return (struct mercator_grid){morton_gather(code), morton_gather(code >> 1)};
}

/* How often both can be halved and stay in one square: 0 to 32, 32 for the same point. */
static inline unsigned morton_common(uint64_t a, uint64_t b)
{
    return a == b ? 32 : (unsigned)__builtin_clzll(a ^ b) / 2;
}

#endif

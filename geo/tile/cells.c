#include "geo/tile/cells.h"

enum { FINE_ZOOM = 14, WORLD_BITS = 32, TILE_BITS = 12 };

_Static_assert(MVT_EXTENT == 1 << TILE_BITS, "a tile's side is so many halvings of it");

unsigned cells_depth(uint32_t zoom)
{
    return zoom + (zoom < FINE_ZOOM ? 3 : 4);
}

int64_t cells_across(struct tile_id id)
{
    return (int64_t)1 << (cells_depth(id.z) - id.z);
}

uint32_t cells_apart(uint64_t a, uint64_t b)
{
    uint32_t zoom = 0;
    while (zoom <= TILE_CLUSTER_ZOOM && cells_depth(zoom) <= morton_common(a, b))
        zoom++;
    return zoom;
}

uint64_t cells_id(unsigned depth, uint64_t code)
{
    return (uint64_t)1 << 52 | (uint64_t)depth << 40 | code;
}

struct clip_point cells_unit(struct tile_id id, struct mercator_grid p)
{
    unsigned shift = WORLD_BITS - TILE_BITS - id.z;
    return (struct clip_point){(int32_t)((int64_t)(p.x >> shift) - (int64_t)id.x * MVT_EXTENT),
                               (int32_t)((int64_t)(p.y >> shift) - (int64_t)id.y * MVT_EXTENT)};
}

bool cells_on_tile(struct clip_point unit)
{
    const int32_t min = -MVT_BUFFER, max = MVT_EXTENT + MVT_BUFFER;
    return unit.x >= min && unit.y >= min && unit.x <= max && unit.y <= max;
}

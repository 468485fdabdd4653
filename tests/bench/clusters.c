#include "tests/bench/clusters.h"

#include <math.h>

/* SplitMix64 (Steele, Lea, Flood 2014). */
static double unit(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

static double gauss(uint64_t *state)
{
    double radius = sqrt(-2 * log(1 - unit(state)));
    return radius * cos(6.283185307179586 * unit(state));
}

static double rounded(double degrees)
{
    return round(degrees * 1e6) / 1e6;
}

void clusters_init(struct clusters *clusters)
{
    clusters->state = 42;
    for (int i = 0; i < CLUSTERS; i++) {
        clusters->list[i].lon = 100 + 20 * unit(&clusters->state);
        clusters->list[i].lat = 22 + 20 * unit(&clusters->state);
        clusters->list[i].spread = 0.02 + 0.05 * unit(&clusters->state);
    }
}

static struct coord draw(const struct clusters *clusters, uint64_t *state, unsigned *category)
{
    int i = (int)(unit(state) * CLUSTERS);
    double lon = clusters->list[i].lon + gauss(state) * clusters->list[i].spread;
    double lat = clusters->list[i].lat + gauss(state) * clusters->list[i].spread;
    *category = (unsigned)(unit(state) * CLUSTERS_CATEGORIES);
    return (struct coord){rounded(lon), rounded(lat)};
}

struct coord clusters_point(struct clusters *clusters, unsigned *category)
{
    return draw(clusters, &clusters->state, category);
}

struct coord clusters_query(const struct clusters *clusters, unsigned n, unsigned *category)
{
    uint64_t state = 7 + (uint64_t)n * 0xd6e8feb86659fd93u;
    return draw(clusters, &state, category);
}

/* The places nearest by travel time, and the places along a way by what the detour costs; exact.
 *
 * Candidates come from R-trees in the order of a bound that no travel time undercuts (straight
 * chord times the profile's least milliseconds per metre) and are weighed by a sweep, until the
 * bound has passed the last place wanted: incremental restriction with a distance oracle
 * (D. Papadias et al., "Query processing in spatial network databases", VLDB 2003; T. Abeywickrama,
 * M. Cheema, D. Taniar, "k-nearest neighbors on road networks", PVLDB 9, 2016). */
#ifndef YZ_GEO_ROAD_NEARBY_H
#define YZ_GEO_ROAD_NEARBY_H

#include "geo/road/anchors.h"
#include "geo/road/sweep.h"

struct nearby; /* one thread's workspace; grows to the largest limit and network met */
enum err nearby_new(struct nearby **nearby);
void nearby_free(struct nearby *nearby); /* NULL does nothing */

enum { NEARBY_GROUNDS = 2 };

struct nearby_query {
    const struct metric *metric;
    /* Points: those of each ground are numbered from its `first` on. All were built under the
     * metric's view, among others, and with the same groups. */
    struct nearby_ground {
        const struct anchors *anchors;
        uint32_t first;
    } grounds[NEARBY_GROUNDS];
    size_t ground_count;
    const struct network_bar *bar; /* NULL: nothing barred */
    const uint32_t *groups;        /* of the anchors: those to search, none twice */
    size_t group_count;
    /* Whether a point counts, asked once its travel time is known; NULL: every one. */
    bool (*accept)(void *user, uint32_t point, uint32_t time_ms);
    /* Asked before, cheaply; NULL: every one. */
    bool (*wanted)(void *user, uint32_t point);
    void *user;
    uint32_t limit;       /* at most so many hits */
    uint32_t time_max_ms; /* of travel, or of detour */
    uint64_t states_max;  /* as for sweep_begin, of each sweep */
};

struct nearby_hit {
    uint32_t point;
    uint32_t time_ms;   /* there, by the clock, of the cheapest way */
    uint32_t detour_ms; /* nearby_along: more than the way without it takes */
};

/* The nearest from a place given by its ends (as a start), least time first, equal ones by point.
 * Writes up to `limit` hits. ERR_NOMEM, ERR_LIMIT. */
enum err nearby_find(struct nearby *nearby, const struct nearby_query *query,
                     const struct network_end *from, size_t from_count, struct nearby_hit *hits,
                     uint32_t *count);

/* The places that cost the least detour on the way from one point to another, equal ones by point:
 * the cheapest way to the place and, by either direction of the street arrived on, on to the goal,
 * less the time of the cheapest way. (That may be negative where the cheapest way is not the
 * quickest; it counts as none.) `*direct` is that way's weight. ERR_UNREACHABLE: there is no way to
 * measure against. */
enum err nearby_along(struct nearby *nearby, const struct nearby_query *query,
                      const struct network_end *from, size_t from_count,
                      const struct network_end *to, size_t to_count, struct nearby_hit *hits,
                      uint32_t *count, uint64_t *direct);

#endif

/* The places nearest to a point by geodesic distance, exactly. */
#ifndef YZ_GEO_PLACE_NEAREST_H
#define YZ_GEO_PLACE_NEAREST_H

#include "geo/place/filter.h"
#include "geo/place/least.h"

struct nearest_query {
    struct coord at;
    double radius_m; /* INFINITY: no limit */
    uint32_t limit;  /* at most so many hits */
    struct place_filter filter;
};

struct nearest_hit {
    uint32_t place; /* index in the set */
    double distance_m;
};

/* One thread's workspace; zero-initialised is fresh. Stops allocating once warm. */
struct nearest_work {
    struct least least;
};
void nearest_work_fini(struct nearest_work *work);

/* Writes up to `query->limit` hits, nearest first, equal distances by place id. Correct everywhere,
 * poles and antimeridian included. ERR_NOMEM. */
enum err nearest_find(const struct placeset *set, struct nearest_work *work,
                      const struct nearest_query *query, struct nearest_hit *hits, uint32_t *count);

/* One page of the places in a box: those that pass the filter and have an id above `after_id`,
 * ordered by id, at most `limit` of them, with a distance of 0. `*more` tells whether another page
 * follows. The whole world is not searched but walked by id, so that reading all of it page by page
 * costs what there is once. ERR_NOMEM. */
enum err nearest_in_box(const struct placeset *set, struct nearest_work *work, struct box box,
                        const struct place_filter *filter, int64_t after_id, uint32_t limit,
                        struct nearest_hit *hits, uint32_t *count, bool *more);

#endif

/* The places of a set that are found by a phrase and pass a filter: best first, and among equals
 * nearest first, or by id. */
#ifndef YZ_GEO_PLACE_SEEK_H
#define YZ_GEO_PLACE_SEEK_H

#include "geo/place/finder.h"
#include "geo/place/nearest.h"

#include <math.h>

/* The names and addresses of one part of a set. Other names stand between semicolons. ERR_NOMEM,
 * ERR_LIMIT, ERR_CANCELLED. */
enum err seek_read(const struct placepart *part, const struct progress *progress,
                   struct lexicon **words);

struct seek_query {
    const struct placeset *set;
    const struct lexicon *words[PLACESET_PARTS]; /* of its parts, from seek_read */
    const struct lexicon *labels;                /* as of finder.h, or NULL */
    const struct phrase *phrase;
    bool names_only; /* labels, what is offered and addresses do not count */
    bool has_near;
    struct coord near;
    double radius_m; /* from `near`; INFINITY: no limit */
    uint32_t limit;
    const struct place_filter *filter;
};

struct seek_hit {
    uint32_t place; /* index in the set */
    enum term_tier tier;
    double distance_m; /* 0 without `near` */
};

/* One thread's workspace; zero-initialised is fresh. Stops allocating once warm. */
struct seek_work {
    struct finder_work finder;
    struct nearest_work nearest;
    struct nearest_hit *walked;
    struct finder_hit *found;
    uint32_t found_size;
    struct finder_docs judged; /* what seek_has looks at */
};
void seek_work_fini(struct seek_work *work);

/* Writes up to `query->limit` hits, in order of tier, distance and id. ERR_NOMEM. */
enum err seek_find(const struct seek_query *query, struct seek_work *work, struct seek_hit *hits,
                   uint32_t *count);

/* For searches in another order: prepares for seek_has, which may be the `accept` of a filter with
 * the workspace as its `user`. Borrows the query, of which set, words, labels and phrase count.
 * ERR_NOMEM. */
enum err seek_begin(const struct seek_query *query, struct seek_work *work);
/* Whether the phrase is found in a place of the set. */
bool seek_has(void *work, uint32_t place);

/* The name of a place that fits a phrase best, and its tier; borrowed from the set, not ended by a
 * NUL where it is one of several others. TERM_NONE where none does. */
enum term_tier seek_name(const struct placeset *set, uint32_t place, const struct phrase *phrase,
                         const char **name, size_t *len);

#endif

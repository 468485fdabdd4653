/* All places as one immutable set, in two parts: a large base, and what changed since it was made.
 *
 * A change of a few places makes a new set that shares the base with the one before, hides what is
 * no longer true of it, and has the changed places in a small second part: so an edit costs what it
 * touches, not what there is. Whoever searches searches both parts and leaves out what is hidden.
 */
#ifndef YZ_GEO_PLACE_PLACESET_H
#define YZ_GEO_PLACE_PLACESET_H

#include "geo/place/placepart.h"

#include <stdbool.h>

enum { PLACESET_BASE, PLACESET_DELTA, PLACESET_PARTS };

struct placeset; /* read-only once built */

/* Collects places one by one, so that a loader need not hold them twice. */
struct placeset_builder;
enum err placeset_builder_new(size_t expected, struct placeset_builder **builder);
void placeset_builder_free(struct placeset_builder *builder);
/* Copies a place; its coordinate is kept to 1e-7 degrees. ERR_RANGE for a coordinate or category
 * out of range, ERR_NOMEM, ERR_LIMIT beyond 2^31 places or 4 GiB of text. */
enum err placeset_add(struct placeset_builder *builder, const struct place *place);

/* A set of its own. The builder must still be freed. */
enum err placeset_build(const struct placeset_builder *builder, struct placeset **set);

/* The same of what several builders collected, each in its thread. Their ids are all different. */
enum { PLACESET_BUILDERS = 8 };
enum err placeset_build_all(struct placeset_builder *const *builders, size_t count,
                            struct placeset **set);

/* A set of a base that was made before, with nothing changed since. Takes the base, also on
 * failure. ERR_NOMEM. */
enum err placeset_of_base(struct placepart *base, struct placeset **set);

/* A set over the base of `before`: without the places of `ids` in it (any order; those that are not
 * in it do no harm), and with those of the builder, whose ids must be among `ids`. What `before`
 * had in its own second part is not taken over: `ids` are all that were touched since the base was
 * made. */
enum err placeset_patch(const struct placeset *before, const struct placeset_builder *builder,
                        const int64_t *ids, size_t id_count, struct placeset **set);

void placeset_free(struct placeset *set);

/* How many places there are: those that are not hidden. */
size_t placeset_count(const struct placeset *set);

/* The places have indices below this, with holes where some are hidden. They are stable within a
 * set; those of the base also in every set that shares it. */
uint32_t placeset_end(const struct placeset *set);

/* Never NULL; the second may be empty. Part's place k is place part->first + k of the set. */
const struct placepart *placeset_part(const struct placeset *set, unsigned part);
/* Whether two sets share their base; NULL shares nothing. */
bool placeset_same_base(const struct placeset *a, const struct placeset *b);

/* Bit i of word i / 64: place i of the base is hidden. NULL: none is. */
const uint64_t *placeset_hidden(const struct placeset *set);
bool placeset_is_hidden(const struct placeset *set, uint32_t i);

/* Place `i`; text is borrowed from the set. Who will look at several has their memory sent for
 * before: of all of them the columns first, then the texts. The single columns, likewise. */
struct place placeset_at(const struct placeset *set, uint32_t i);
void placeset_fetch(const struct placeset *set, uint32_t i);
void placeset_fetch_texts(const struct placeset *set, uint32_t i);
struct coord_e7 placeset_coord(const struct placeset *set, uint32_t i);
unsigned placeset_category(const struct placeset *set, uint32_t i);
uint64_t placeset_amenities(const struct placeset *set, uint32_t i);
int64_t placeset_id(const struct placeset *set, uint32_t i);

/* Index of the place with this id, or -1. O(log n). */
int64_t placeset_by_id(const struct placeset *set, int64_t id);

/* Whether there are, or were in the base, places of a category. */
bool placeset_has_category(const struct placeset *set, unsigned category);

/* Calls `visit` with every place in the box, until it returns false. */
void placeset_search(const struct placeset *set, struct box_e7 box,
                     bool (*visit)(void *user, uint32_t place), void *user);

/* Calls `visit` with every place whose id is above `after_id`, in order of ids, until it returns
 * false. */
void placeset_walk(const struct placeset *set, int64_t after_id,
                   bool (*visit)(void *user, uint32_t place), void *user);

/* A box that holds all of them; empty for an empty set. */
struct box placeset_box(const struct placeset *set);

/* A moment: for the hours, in the places' own calendar, and for closings. */
struct placeset_moment {
    struct hours_moment hours;
    int64_t utc_ms;
};

/* Whether one can get in: closed while it is closed for a while, else what its hours say. */
enum hours_state placeset_state_at(const struct placeset *set, uint32_t i,
                                   const struct placeset_moment *moment);
/* What its hours of one kind say, as openings_hours. */
bool placeset_hours(const struct placeset *set, uint32_t i, enum openings_kind kind,
                    const struct hours **hours);

#endif

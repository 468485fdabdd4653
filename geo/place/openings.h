/* When the places of a set are open: each distinct text of opening hours compiled once. */
#ifndef YZ_GEO_PLACE_OPENINGS_H
#define YZ_GEO_PLACE_OPENINGS_H

#include "geo/place/hours.h"

struct openings; /* read-only once made */

/* The two texts of one place: when somebody is there, when one can let oneself in; "" where nothing
 * is said. Equal texts must have equal addresses. */
struct openings_texts {
    const char *staffed, *self;
};

/* For `count` places; what cannot be read counts as unknown. Borrows nothing. ERR_NOMEM. */
enum err openings_new(const struct openings_texts *texts, size_t count, struct openings **openings);
void openings_free(struct openings *openings); /* NULL does nothing */

/* The texts as numbers, OPENINGS_KINDS a place: each text has the next number where it first
 * stands, and UINT32_MAX is none. Together with the places' texts they are all that need be kept.
 */
enum openings_kind { OPENINGS_STAFFED, OPENINGS_SELF, OPENINGS_KINDS };
const uint32_t *openings_numbers(const struct openings *openings);
/* The same made again from such numbers; `text` tells that of a place, and is asked once a number.
 * ERR_FORMAT: a number comes before its turn. ERR_NOMEM. */
enum err openings_renew(const uint32_t *numbers, size_t count,
                        const char *(*text)(const void *user, uint32_t place,
                                            enum openings_kind kind),
                        const void *user, struct openings **openings);

/* Whether one can get in, in either manner: open where one of them is; else unknown where one is,
 * or where nothing is said of both. */
enum hours_state openings_at(const struct openings *openings, uint32_t place,
                             const struct hours_moment *moment);

/* The hours of one kind: when somebody is there, or when one can let oneself in. False: nothing is
 * said of it; `*hours` NULL: what is said cannot be read. */
bool openings_hours(const struct openings *openings, uint32_t place, enum openings_kind kind,
                    const struct hours **hours);

#endif

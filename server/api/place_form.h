/* What the body of a request about a place says, as plain values. */
#ifndef YZ_SERVER_API_PLACE_FORM_H
#define YZ_SERVER_API_PLACE_FORM_H

#include "data/places.h"
#include "server/api/api_crs.h"

/* A text of opening hours that is kept although nobody understands it. */
struct place_form_warning {
    const char *field;
    struct why why;
};
enum { PLACE_FORM_WARNINGS = 2 };

struct place_form {
    struct api_crs crs; /* of the position that came, and of the answer's */
    struct places_row row;
    unsigned fields, release; /* bits 1 << enum places_field: what came, what is let go of */
    int64_t version;          /* that the sender saw; 0 for a new place */
    const char *reason;       /* NULL: none */
    struct place_form_warning warnings[PLACE_FORM_WARNINGS];
    size_t warning_count;
};

/* Reads body and query (`crs`). `old` (NULL for a new place, which owes a category and a location)
 * is what the place was. Hours that are not understood, and not what the place said anyhow, are
 * refused unless the body says `force`: then they are warned of. Every fault names the member. */
enum err place_form_read(struct request *request, struct tools *tools, const struct places_row *old,
                         struct place_form *form);

/* Reads `{version, from, to, reason}`: closed from, of which the default is now, to, INT64_MAX
 * where it is missing. */
struct place_form_closing {
    int64_t version, from_ms, to_ms;
    const char *reason;
};
enum err place_form_closing_read(struct request *request, int64_t now_ms,
                                 struct place_form_closing *closing);

/* `from` and `to` of a body, NULL where they did not come: when a closing begins, of which the
 * default is now, and ends, INT64_MAX where it is not said. */
enum err place_form_span(struct request *request, const char *from, const char *to, int64_t now_ms,
                         int64_t *from_ms, int64_t *to_ms);

/* `value` as opening hours for `field`: ERR_OK where they are understood, or `force` is set and
 * `*why` says why not (else it is left empty); notes 400. */
enum err place_form_hours(struct request *request, const char *field, const char *value, bool force,
                          struct why *why);

#endif

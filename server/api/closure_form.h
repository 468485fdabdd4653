/* What the body of a request about a closure says, as plain values. */
#ifndef YZ_SERVER_API_CLOSURE_FORM_H
#define YZ_SERVER_API_CLOSURE_FORM_H

#include "data/closures.h"
#include "server/api/api_crs.h"

struct closure_form {
    struct api_crs crs;
    struct closures_terms terms;
    const char *report;   /* "" for none */
    int64_t version;      /* that the sender saw; 0 when `old` is NULL */
    bool dry_run;         /* of the query */
    const char *hash_key; /* the body's systems, which a repeated request must share */
};

/* Reads body and query. `old` (NULL for a new closure) is what the closure was: a `from` that is
 * not given stays. Every fault names the member. */
enum err closure_form_read(struct request *request, struct tools *tools,
                           const struct closures_closure *old, int64_t now_ms,
                           struct closure_form *form);

#endif

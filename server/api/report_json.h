/* How a report is written. */
#ifndef YZ_SERVER_API_REPORT_JSON_H
#define YZ_SERVER_API_REPORT_JSON_H

#include "data/cases.h"
#include "server/api/api_crs.h"
#include "server/api/photo_json.h"
#include "server/snapshot.h"

/* For whom, and what beside the case itself. */
struct report_json {
    const struct api_crs *crs;
    const struct snapshot *snapshot;  /* for the area and the place */
    const struct kinds_kind *kind;    /* for `moves` and `mends`; NULL leaves them out */
    const struct cases_event *events; /* for `history`; NULL leaves it out */
    size_t event_count;
    unsigned as;       /* what the reader is to the case, bits of enum kinds_actor: what is shown */
    const char *token; /* the sender's, told once; NULL: none */
    struct photo_json photos;
    const struct photo_reuse *reused; /* for `reused`, with `tools`; NULL leaves it out */
    size_t reused_count;
    const struct tools *tools;
    const bool *supported;   /* whether the reader supports it; NULL leaves it out */
    int64_t now_ms, near_ms; /* for `due`, as cases_due_near tells it */
};

void report_json_write(struct jsonw *json, const struct report_json *how,
                       const struct cases_case *c);

#endif

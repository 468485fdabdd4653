/* How closures are written, and what they would close. */
#ifndef YZ_SERVER_API_CLOSURE_JSON_H
#define YZ_SERVER_API_CLOSURE_JSON_H

#include "data/closures.h"
#include "server/api/api_crs.h"

/* What stands around a closure. */
struct closure_json {
    const struct api_crs *crs;
    const struct areaset *areas;
    const struct graph *graph; /* NULL: no roads at the moment, so that nobody knows what it hits */
    int64_t now_ms;
    const struct closures_event *events; /* NULL: without its history */
    size_t event_count;
    struct arena *arena; /* for what is counted */
};

/* One closure. ERR_NOMEM. */
enum err closure_json_write(struct jsonw *json, const struct closure_json *how,
                            const struct closures_closure *c);

/* What a shape would close: how many edges, of which streets and ways, and their lines, of very
 * many the first. ERR_NOMEM. */
enum err closure_json_covers(struct jsonw *json, const struct closure_json *how,
                             const struct cover_shape *shape);

#endif

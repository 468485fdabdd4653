/* How the photos of a case are written. */
#ifndef YZ_SERVER_API_PHOTO_JSON_H
#define YZ_SERVER_API_PHOTO_JSON_H

#include "data/cases.h"
#include "data/photo_pass.h"
#include "data/photo_reuse.h"
#include "geo/base/jsonw.h"
#include "server/tools.h"

/* For whom. */
struct photo_json {
    const struct photo_pass_key *pass; /* signs addresses of photos that not everybody is shown */
    bool is_private;                   /* nobody is shown any of the case */
    int64_t now_ms;                    /* for addresses that end */
};

/* The member `photos`, of those that somebody who is `as` to the case is shown: their addresses,
 * which end within minutes where `pass` is given. */
void photo_json_write(struct jsonw *json, const struct photo_json *how, unsigned as,
                      const struct cases_case *c);

/* The member `reused`, for staff: a case that they may not see is told of without its id. */
void photo_json_reused(struct jsonw *json, const struct tools *tools,
                       const struct photo_reuse *reused, size_t count);

#endif

/* The reference systems of one request: what its coordinates are in, and what the answer's shall be
 * (`crs`, or Baidu's spelling `coord_type` and `ret_coordtype`). */
#ifndef YZ_SERVER_API_API_CRS_H
#define YZ_SERVER_API_API_CRS_H

#include "geo/space/crs.h"
#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

struct api_crs {
    const struct crs *in, *out; /* NULL: WGS 84 */
    struct problem *problem;    /* the request's, for what cannot be written in `out` */
    const char *out_name;       /* the parameter that named `out` */
    bool flipped;               /* the answer's points are written north first */
};

/* Reads the parameters of the query. */
enum err api_crs_read(struct request *request, struct tools *tools, struct api_crs *crs);
/* The same from values that came elsewhere: crs, coord_type, ret_coordtype; NULL: not given. */
enum err api_crs_take(struct request *request, struct tools *tools, const char *name,
                      const char *alias_in, const char *alias_out, struct api_crs *crs);

/* Turns points of a parameter into WGS 84, or notes that parameter as out of range. */
enum err api_crs_inward(struct request *request, const struct api_crs *crs, const char *name,
                        struct coord *points, size_t count);

/* A point of the query (`lon,lat`), in WGS 84. `*given` tells whether it is there. */
enum err api_crs_point(struct request *request, const struct api_crs *crs, const char *name,
                       struct coord *at, bool *given);

/* Turns points of the answer from WGS 84 into its system. A point outside of its domain is told to
 * the problem, which names the parameter: ERR_RANGE. */
enum err api_crs_outward(const struct api_crs *crs, struct coord *points, size_t count);

/* Writes a WGS 84 point as `[x, y]` in the answer's system, or `[y, x]`. A point outside of its
 * domain makes the answer fail likewise. */
void api_crs_write(struct jsonw *json, const struct api_crs *crs, struct coord at);
/* `"crs": name` */
void api_crs_write_name(struct jsonw *json, const struct api_crs *crs);

#endif

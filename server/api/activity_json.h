/* Activities, sign-ups and their kinds as JSON. */
#ifndef YZ_SERVER_API_ACTIVITY_JSON_H
#define YZ_SERVER_API_ACTIVITY_JSON_H

#include "data/signups.h"
#include "server/api/api_crs.h"

struct activity_json {
    const struct api_crs *crs;
    const struct tools *tools;
    double distance_m;                 /* below 0: not said */
    const struct signups_signup *mine; /* NULL: not said */
    bool for_staff;
    bool brief; /* without its text and pictures */
};
void activity_json_write(struct jsonw *json, const struct activity_json *how,
                         const struct activities_activity *a);

/* One that has a position, as a GeoJSON Feature (RFC 7946) with what a map shows of it. */
void activity_json_feature(struct jsonw *json, const struct activity_json *how,
                           const struct activities_activity *a);

/* `activity` may be NULL; `for_staff`: with whose it is. */
void activity_json_signup(struct jsonw *json, const struct signups_signup *s,
                          const struct activity_json *how, const struct activities_activity *a,
                          bool for_staff);

void activity_json_kind(struct jsonw *json, const struct activity_kinds_kind *kind);

#endif

/* What the handlers that change one stored place begin and end with. */
#ifndef YZ_SERVER_API_PLACE_WORK_H
#define YZ_SERVER_API_PLACE_WORK_H

#include "data/feedback.h"
#include "data/places.h"
#include "server/api/api_crs.h"
#include "server/api/place_form.h"

struct place_work {
    struct tools *tools;
    struct db *db;
    struct api_crs crs;
    struct places_row old; /* as it is before */
    struct places_by by;   /* staff, now, without a reason */
};

/* The database and the clock; `crs` of the query. */
enum err place_work_begin(struct request *request, struct tools *tools, struct place_work *work);
/* The same, and the place of the path. 404 where there is none. */
enum err place_work_find(struct request *request, struct tools *tools, struct place_work *work);
/* The same; 403 unless the caller is staff where it stands. */
enum err place_work_own(struct request *request, struct tools *tools, struct place_work *work);

/* Notes what a write refused: 400 with the field its sentence begins with, 409 with the place as
 * it is now (`present`). ERR_OK passes. */
enum err place_work_refuse(struct request *request, const struct place_work *work, enum err e,
                           const struct why *why);

/* Answers with the place as it is now. `form` (may be NULL): whose warnings to tell. */
enum err place_work_answer(struct response *response, const struct place_work *work,
                           const struct place_form *form, const struct places_row *now);

#endif

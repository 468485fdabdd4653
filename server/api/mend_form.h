/* What the body says with which staff mend a place along with a case about it. */
#ifndef YZ_SERVER_API_MEND_FORM_H
#define YZ_SERVER_API_MEND_FORM_H

#include "data/feedback.h"
#include "server/api/place_form.h"

struct mend_form {
    enum feedback_mend mend;
    const char *state;              /* that the case becomes */
    int64_t version, place_version; /* that the writer saw */
    int64_t from_ms, to_ms;         /* CLOSE */
    const char *reason;             /* of the change; NULL: none */
    struct coord at;                /* MOVE */
    struct places_row row;          /* HOURS */
    unsigned fields;
};

/* Reads it for a case. Of a place that moves the rider's position is the default; closing owes a
 * reason, hours one of the two texts, which must be understood unless `force` is set; what does not
 * go with the mending is refused. */
enum err mend_form_read(struct request *request, const struct api_crs *crs,
                        const struct cases_case *c, int64_t now_ms, struct mend_form *form);

#endif

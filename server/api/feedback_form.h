/* The multipart form in which somebody says that a place is not as it says, as checked values. */
#ifndef YZ_SERVER_API_FEEDBACK_FORM_H
#define YZ_SERVER_API_FEEDBACK_FORM_H

#include "data/feedback.h"
#include "server/api/photo_form.h"

struct feedback_form {
    struct photo_form sent;
    const char *problem, *description, *amenity;
    bool has_position; /* where the place is instead */
    struct coord at;   /* WGS 84 */
    double accuracy_m; /* negative: not said */
};

/* As report_form_read. `missing_facility` owes the amenity, `other` a description; a position comes
 * with `moved` alone. */
enum err feedback_form_read(struct request *request, struct tools *tools,
                            struct feedback_form *form);

#endif
